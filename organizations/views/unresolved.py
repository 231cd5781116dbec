"""Names on instructors' rosters that no association bears: say which is meant, or drop them."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from rapidfuzz import process

from accounts.decorators import requires
from accounts.permissions import Permission
from organizations.models import Association, UnresolvedAssignment
from organizations.records.assignments import assign

NAMES_PER_PAGE = 25
LEAST_LIKENESS = 70


@require_GET
@requires(Permission.EDIT_INSTRUCTOR)
def unresolved(request: HttpRequest) -> HttpResponse:
    """The names, each with the association most like it."""
    rows = _in_scope(request).select_related("instructor")
    page = Paginator(rows, NAMES_PER_PAGE).get_page(request.GET.get("page"))
    names = list(_associations(request).order_by("name").values_list("name", flat=True))
    entries = [(row, _likest(row.association_name, names)) for row in page.object_list]
    context = {"page": page, "entries": entries, "names": names}
    return render(request, "organizations/unresolved.html", context)


@require_POST
@requires(Permission.EDIT_INSTRUCTOR)
def resolve(request: HttpRequest, pk: int) -> HttpResponse:
    """Assign the instructor to the association that is meant, or drop the name."""
    with transaction.atomic():
        row = get_object_or_404(_in_scope(request).select_for_update(of=("self",)), pk=pk)
        if "drop" not in request.POST and not _assign(request, row):
            return redirect("organizations:unresolved")
        row.delete()
    return redirect("organizations:unresolved")


def _assign(request: HttpRequest, row: UnresolvedAssignment) -> bool:
    meant = request.POST.get("association", "").strip()
    named = _associations(request).filter(Q(name=meant) | Q(credit_code=meant))
    found = list(named) if meant else []
    if len(found) != 1:
        text = _("“%(value)s” is not one of the associations that you can change.")
        messages.error(request, text % {"value": meant})
        return False
    day = row.assigned_on or timezone.localdate()
    assign([(row.instructor_id, found[0].pk, day.isoformat())])
    params = {"instructor": row.instructor, "association": found[0]}
    messages.success(request, _("%(instructor)s now works with %(association)s.") % params)
    return True


def _in_scope(request: HttpRequest) -> QuerySet[Any]:
    return UnresolvedAssignment.objects.for_user(request.user, Permission.EDIT_INSTRUCTOR)


def _associations(request: HttpRequest) -> QuerySet[Any]:
    """The registered associations to which the person may send instructors."""
    within = Association.objects.for_user(request.user, Permission.EDIT_INSTRUCTOR)
    return within.filter(ended_on=None)


def _likest(name: str, names: list[str]) -> str:
    found = process.extractOne(name, names, score_cutoff=LEAST_LIKENESS)
    return str(found[0]) if found else ""
