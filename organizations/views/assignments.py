"""Assigning instructors to associations, ending that, and one taking over from another."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import requires
from accounts.permissions import Permission
from organizations.forms.assignments import (
    AssignAssociationForm,
    AssignInstructorForm,
    EndForm,
    ReplaceForm,
)
from organizations.models import Assignment, AssignmentRules, Association, Instructor
from organizations.operations.assignments import (
    assign,
    assignable,
    end_assignment,
    may_be_assigned,
    reasons_of,
    replace,
)
from organizations.search.matching import people
from registers.refusals import tell

EDIT = Permission.EDIT_INSTRUCTOR
SUGGESTIONS = 10
form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@requires(EDIT)
def instructor_suggestions(request: HttpRequest) -> HttpResponse:
    """The instructors that may be meant by what is typed so far, with their load."""
    typed = request.GET.get("instructor", "").strip()
    meant = people(typed) | Q(unit__contains=typed)
    found, today = may_be_assigned(request.user).filter(meant), timezone.localdate()
    loaded = found.with_load(today, Association.objects.as_of(today))
    context = {"instructors": loaded.order_by("load", "pinyin", "pk")[:SUGGESTIONS]}
    return render(request, "organizations/assignment_form.html#options", context)


@form_page
@requires(EDIT)
def instructor_assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an instructor work with one more association."""
    instructor = get_object_or_404(_seen_instructors(request), pk=pk)
    if not may_be_assigned(request.user).filter(pk=pk).exists():
        messages.error(request, _("This instructor belongs to another office."))
        return redirect(_page_of(instructor))

    def save(given: dict[str, Any]) -> Assignment:
        return assign(
            instructor=instructor,
            association=given["association"],
            on=given["assigned_on"],
            reason=given["reason"],
            by=request.user,
        )

    return _answer(
        request,
        AssignAssociationForm(request.POST or None, by=request.user),
        save,
        _("Assign an association to %(name)s") % {"name": instructor},
        _page_of(instructor),
        already=_at_work(request, instructor.assignments),
        of="instructor",
    )


@form_page
@requires(EDIT)
def association_assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Send an instructor to an association."""
    association = get_object_or_404(assignable(request.user), pk=pk)

    def save(given: dict[str, Any]) -> Assignment:
        return assign(
            instructor=given["instructor"],
            association=association,
            on=given["assigned_on"],
            reason=given["reason"],
            by=request.user,
        )

    reason = reasons_of([pk], timezone.localdate()).get(pk, "")
    return _answer(
        request,
        AssignInstructorForm(request.POST or None, by=request.user, initial={"reason": reason}),
        save,
        _("Assign an instructor to %(name)s") % {"name": association},
        reverse("organizations:association-detail", args=[pk]),
        already=_at_work(request, association.assignments),
        of="association",
    )


@form_page
@requires(EDIT)
def assignment_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End an assignment, with its day and why."""
    row = _own(request, pk)

    def save(given: dict[str, Any]) -> Assignment:
        return end_assignment(
            assignment=row, on=given["ended_on"], why=given["end_reason"], by=request.user
        )

    form = EndForm(request.POST or None, by=request.user)
    title = _("End the work of %(instructor)s with %(association)s") % _names(row)
    return _answer(request, form, save, title, _page_of(row.instructor))


@form_page
@requires(EDIT)
def assignment_replace(request: HttpRequest, pk: int) -> HttpResponse:
    """End an assignment and let somebody else take the work over, in one step."""
    row = _own(request, pk)

    def save(given: dict[str, Any]) -> Assignment:
        return replace(
            assignment=row,
            instructor=given["instructor"],
            on=given["ended_on"],
            why=given["end_reason"],
            by=request.user,
        )

    form = ReplaceForm(request.POST or None, by=request.user)
    title = _("Replace %(instructor)s at %(association)s") % _names(row)
    url = reverse("organizations:association-detail", args=[row.association_id])
    return _answer(request, form, save, title, url)


def _answer(
    request: HttpRequest,
    form: Any,
    save: Callable[[dict[str, Any]], Assignment],
    title: str,
    url: str,
    already: Sequence[Assignment] = (),
    of: str = "",
) -> HttpResponse:
    """The form until what it asks for is done; then the page `url`, which says so.

    already: the assignments that there are, `of` an "association" or an "instructor"; asked for
    once more, they are no news
    """
    if form.is_valid():
        known = {row.pk for row in already}
        try:
            done = save(form.cleaned_data)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            if done.pk in known:
                text = _("%(instructor)s works with %(association)s already; nothing was changed.")
                messages.info(request, text % _names(done))
            else:
                _say(request, done)
            return redirect(url)
    context = {"form": form, "title": title, "back": url, "already": already, "of": of}
    return render(request, "organizations/assignment_form.html", context)


def _at_work(request: HttpRequest, assignments: Any) -> list[Assignment]:
    """Those of `assignments` that the person sees and that hold today, the oldest first."""
    seen = assignments.for_user(request.user, Permission.VIEW_REGISTRY)
    current = seen.as_of(timezone.localdate()).select_related("instructor", "association")
    return list(current.order_by("assigned_on", "pk"))


def _say(request: HttpRequest, done: Assignment) -> None:
    if done.ended_on:
        text = _("%(instructor)s no longer works with %(association)s.")
        messages.success(request, text % _names(done))
        return
    messages.success(request, _("%(instructor)s now works with %(association)s.") % _names(done))
    load = done.instructor.assignments.at_work(timezone.localdate()).count()
    most = AssignmentRules.objects.in_force().most
    if load > most:
        text = _("%(instructor)s now works with %(load)s associations; usual are %(most)s at most.")
        params = {"instructor": done.instructor, "load": load, "most": most}
        messages.warning(request, text % params)


def _names(row: Assignment) -> dict[str, Any]:
    return {"instructor": row.instructor, "association": row.association}


def _own(request: HttpRequest, pk: int) -> Assignment:
    rows = Assignment.objects.for_user(request.user, EDIT)
    return get_object_or_404(rows.select_related("instructor", "association"), pk=pk)


def _seen_instructors(request: HttpRequest) -> Any:
    return Instructor.objects.for_user(request.user, Permission.VIEW_REGISTRY)


def _page_of(instructor: Instructor) -> str:
    return reverse("organizations:instructor-detail", args=[instructor.pk])
