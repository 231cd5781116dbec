"""New rows that the registry may have under another name: say what they mean, once and for all."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from registers import jobs
from registers.keys import key_of
from registers.matching import DIFFERENT, answer, matched_rows
from registers.models import ImportBatch
from registers.previews import has_sheets
from registers.views.access import own_batch

ROWS_PER_PAGE = 25
FIELD = "row-"


@require_http_methods(["GET", "HEAD", "POST"])
def matches(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows with what they may mean; posted, the answers."""
    batch = own_batch(request, pk)
    if not batch.register.knows_matches:
        raise Http404
    if batch.status != ImportBatch.Status.STAGED:
        return redirect("registers:batch-detail", pk)
    if request.method == "POST":
        return _answered(request, batch)
    found = matched_rows(batch, request.user)
    page = Paginator(found, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "batch": batch,
        "page": page,
        "different": DIFFERENT,
        "has_sheets": has_sheets(batch),
    }
    return render(request, "registers/import_matches.html", context)


def _answered(request: HttpRequest, batch: ImportBatch) -> HttpResponse:
    answers = {
        key: str(said)
        for name, said in request.POST.items()
        if name.startswith(FIELD) and (key := key_of(name.removeprefix(FIELD)))
    }
    try:
        with transaction.atomic():
            same, different = answer(batch, answers, request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("registers:matches", batch.pk)
    _say(request, same, different)
    if same:
        jobs.start(batch, jobs.Step.STAGE, by=request.user)
    return redirect("registers:batch-detail" if same else "registers:matches", batch.pk)


def _say(request: HttpRequest, same: int, different: int) -> None:
    if same:
        text = ngettext(
            "%(count)s name is known from now on, and the rows were checked again.",
            "%(count)s names are known from now on, and the rows were checked again.",
            same,
        )
        messages.success(request, text % {"count": same})
    if different:
        text = ngettext(
            "%(count)s row stays a new association, and nobody is asked again.",
            "%(count)s rows stay new associations, and nobody is asked again.",
            different,
        )
        messages.success(request, text % {"count": different})
    if not same and not different:
        messages.info(request, _("Nothing was chosen."))
