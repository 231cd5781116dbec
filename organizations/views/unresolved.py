"""Names on instructors' rosters that no association bears: say which is meant, or drop them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import requires
from accounts.permissions import Permission
from organizations.models import Association, UnresolvedAssignment
from organizations.operations.assignments import assignable
from organizations.operations.unresolved import (
    assign_unresolved,
    drop_unresolved,
    no_longer_listed,
)
from organizations.records.missing import likeliest
from organizations.search.matching import relevance
from registers.columns import Column, DateColumn
from registers.downloads import EXPORT, day_and_number, exportable, table_response, wants_workbook

NAMES_PER_PAGE = 25
SUGGESTIONS = 10
COLUMNS = (
    Column(key="association", label=gettext_lazy("Association as named"), width=36),
    Column(key="instructor", label=gettext_lazy("Instructor")),
    Column(key="unit", label=gettext_lazy("Unit"), width=24),
    DateColumn(key="assigned_on", label=gettext_lazy("Assigned on")),
)


@require_safe
@requires(Permission.EDIT_INSTRUCTOR)
def unresolved(request: HttpRequest) -> HttpResponse:
    """The names, each with the associations most like it."""
    rows = _in_scope(request).select_related("instructor")
    if wants_workbook(request):
        return _workbook(exportable(rows, request.user))
    page = Paginator(rows, NAMES_PER_PAGE).get_page(request.GET.get("page"))
    names = list(assignable(request.user).order_by("name").values_list("name", flat=True))
    entries = [(row, likeliest(row.association_name, names)) for row in page.object_list]
    may_export = request.user.has_perm(EXPORT)
    context = {"page": page, "entries": entries, "may_export": may_export}
    return render(request, "organizations/unresolved.html", context)


@require_safe
@requires(Permission.EDIT_INSTRUCTOR)
def suggestions(request: HttpRequest) -> HttpResponse:
    """The associations that may be meant by what is typed so far, the best first."""
    typed = request.GET.get("association", "")
    found = assignable(request.user).search(typed).order_by(relevance(typed), "pinyin", "pk")
    context = {"names": found.values_list("name", flat=True)[:SUGGESTIONS]}
    return render(request, "organizations/unresolved.html#options", context)


@require_POST
@requires(Permission.EDIT_INSTRUCTOR)
def resolve(request: HttpRequest, pk: int) -> HttpResponse:
    """Assign the instructor to the association that is meant, or drop the name."""
    try:
        row = _listed(request, pk)
        if "drop" in request.POST:
            drop_unresolved(unresolved=row, by=request.user)
        else:
            _assign(request, row)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect("organizations:unresolved")


def _workbook(rows: Any) -> HttpResponse:
    rule = _("Named on an instructor's roster, not found in the registry.")
    notes = [day_and_number(timezone.localdate(), rows.count()), rule]
    records = (
        {
            "association": row.association_name,
            "instructor": row.instructor.name,
            "unit": row.instructor.unit,
            "assigned_on": row.assigned_on and row.assigned_on.isoformat(),
        }
        for row in rows
    )
    return table_response(_("Associations to identify"), COLUMNS, records, notes)


def _listed(request: HttpRequest, pk: int) -> UnresolvedAssignment:
    """The name in the person's scope; ValidationError where it was settled meanwhile."""
    if not UnresolvedAssignment.objects.filter(pk=pk).exists():
        raise no_longer_listed()
    return get_object_or_404(_in_scope(request), pk=pk)


def _assign(request: HttpRequest, row: UnresolvedAssignment) -> None:
    association = _meant(request)
    assign_unresolved(unresolved=row, association=association, by=request.user)
    params = {"instructor": row.instructor, "association": association}
    messages.success(request, _("%(instructor)s now works with %(association)s.") % params)


def _meant(request: HttpRequest) -> Association:
    """The one association of the name or credit code that was typed; else ValidationError."""
    typed = request.POST.get("association", "")
    found = list(assignable(request.user).named(typed)[:2])
    if len(found) != 1:
        text = _("“%(value)s” is not one of the associations that you can change.")
        raise ValidationError(text % {"value": typed})
    return found[0]


def _in_scope(request: HttpRequest) -> QuerySet[Any]:
    return UnresolvedAssignment.objects.for_user(request.user, Permission.EDIT_INSTRUCTOR)
