"""Objecting to a result on its page, and replying there."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import requires
from accounts.permissions import Permission
from assessments.forms.objections import ObjectionForm, ReplyForm
from assessments.models import Objection, Participant, Result
from assessments.operations.objections import raise_objection, reply
from assessments.views.cycles import KEEP, VIEW
from assessments.views.results import ROWS_PER_PAGE, result_page
from registers.refusals import tell

OBJECT = Permission.OBJECT_TO_RESULT


@require_safe
@requires(VIEW)
def objection_list(request: HttpRequest) -> HttpResponse:
    """The objections that one may read, the latest first; ?state=waiting: those to reply to."""
    rows = Objection.objects.for_user(request.user, VIEW)
    if request.GET.get("state") == "waiting":
        rows = rows.waiting()
    rows = rows.select_related(
        "participant__cycle", "participant__department", "participant__committee"
    )
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    results = Result.objects.for_user(request.user, VIEW).counting()
    found = results.filter(participant__in=[each.participant_id for each in page])
    pages = dict(found.order_by().values_list("participant", "pk"))
    context = {
        "page": page,
        "entries": [(each, _url(pages.get(each.participant_id))) for each in page],
        "crumbs": [(_("Assessments"), reverse("assessments:cycle-list")), (_("Objections"), "")],
    }
    return render(request, "assessments/objection_list.html", context)


def _url(result: int | None) -> str:
    return reverse("assessments:result-detail", args=[result]) if result else ""


@require_POST
@requires(OBJECT)
def objection_raise(request: HttpRequest, pk: int) -> HttpResponse:
    """Object to the result of a participant for which one answers."""
    participant = get_object_or_404(Participant.objects.for_user(request.user, OBJECT), pk=pk)
    form = ObjectionForm(request.POST)

    def write() -> None:
        text = form.cleaned_data["text"]
        raise_objection(participant=participant, text=text, by=request.user)

    return _answered(request, participant, form, write, objection_form=form)


@require_POST
@requires(KEEP)
def objection_reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Reply to an objection."""
    rows = Objection.objects.for_user(request.user, KEEP).select_related("participant")
    objection = get_object_or_404(rows, pk=pk)
    form = ReplyForm(request.POST)

    def write() -> None:
        reply(objection=objection, by=request.user, **form.cleaned_data)

    return _answered(request, objection.participant, form, write, reply_form=form)


def _answered(
    request: HttpRequest, participant: Participant, form: Any, write: Any, **forms: Any
) -> HttpResponse:
    """Back to the page of the participant's result, filled in again where something is wrong."""
    result = Result.objects.counting().filter(participant=participant).first()
    if form.is_valid():
        try:
            write()
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("Saved."))
            if result is None:
                return redirect(reverse("assessments:cycle-list"))
            return redirect("assessments:result-detail", result.pk)
    if result is None:
        messages.error(request, _("This result is not open to objections."))
        return redirect("assessments:cycle-list")
    return result_page(request, result.pk, status=422, **forms)
