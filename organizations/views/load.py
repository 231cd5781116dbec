"""How many associations each instructor works with. Sorted by names and by load; not by what is
overdue, because people are not ranked by their activity."""

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.decorators import requires
from accounts.permissions import Permission
from organizations.figures import list_url
from organizations.filters.instructors import LOAD, TERM
from organizations.models import Assignment, AssignmentRules, Association, Instructor
from registers.columns import Column, CountColumn, DateColumn
from registers.days import requested_day
from registers.downloads import (
    EXPORT,
    day_and_number,
    table_response,
    wants_workbook,
)
from registers.filters import said_of
from registers.register import Record

VIEW = Permission.VIEW_REGISTRY
ROWS_PER_PAGE = 50
CHUNK = 2000
COLUMNS = (
    Column(key="name", label=gettext_lazy("Name")),
    Column(key="unit", label=gettext_lazy("Unit"), width=24),
    CountColumn(key="load", label=gettext_lazy("Associations")),
    CountColumn(key="newly_organised", label=gettext_lazy("Newly organised")),
    CountColumn(key="not_yet_able", label=gettext_lazy("Not yet able to organise")),
    CountColumn(key="overdue", label=gettext_lazy("Visit or contact overdue")),
    DateColumn(key="term_from", label=gettext_lazy("Term begins on")),
    DateColumn(key="term_until", label=gettext_lazy("Term ends on")),
    Column(key="term_state", label=gettext_lazy("State of the term"), width=20),
)
SORTS = {
    "name": "pinyin",
    "unit": "unit",
    "load": "load",
    "newly_organised": "newly_organised",
    "not_yet_able": "not_yet_able",
}

TABS = {"": gettext_lazy("All"), **LOAD}


@require_safe
@requires(VIEW)
def instructor_load(request: HttpRequest) -> HttpResponse:
    """Each instructor in scope with the associations in scope that he or she works with."""
    as_file = wants_workbook(request)
    permission = EXPORT if as_file else VIEW
    on, problem = requested_day(request.GET.get("as_of"))
    load = request.GET.get("load", "")
    load = load if load in TABS else ""
    associations = Association.objects.for_user(request.user, permission).active(on)
    overdue = Assignment.objects.with_associations(associations).overdue(on)
    rows = Instructor.objects.for_user(request.user, permission)
    rows = rows.of_load(on, associations, load) if load else rows
    most = AssignmentRules.objects.in_force().most
    sort = _sort(request)
    order = SORTS[sort.removeprefix("-")] if sort else "pinyin"
    rows = rows.with_load(on, associations).with_overdue(overdue).with_term_state(on)
    rows = rows.order_by(f"-{order}" if sort.startswith("-") else order, "pinyin", "pk")
    if as_file:
        chosen = said_of(_("By number of associations"), TABS[load])
        notes = [day_and_number(on, rows.count()), chosen, load_rule(most)]
        return table_response(_("Load of instructors"), COLUMNS, _records(rows), notes)
    parameters = {"load": load} if load else {}
    context = {
        "may_export": request.user.has_perm(EXPORT),
        "rule": load_rule(most),
        "page": Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page")),
        "sort": sort,
        "tabs": _tabs(load),
        "on": on,
        "day_problem": problem,
        "most": most,
        "list_url": list_url(on, "organizations:instructor-list", **parameters),
        "crumbs": [
            (_("Instructors"), reverse("organizations:instructor-list")),
            (_("Load"), ""),
        ],
    }
    return render(request, "organizations/instructor_load.html", context)


def load_rule(most: int) -> str:
    """What counts as load, and how many associations are usual at most."""
    text = _("Active associations in your scope; usual are at most %(most)s per instructor.")
    return text % {"most": most}


def _records(rows: Any) -> Iterator[Record]:
    states = {"over": str(TERM["over"]), "ending": str(TERM["ending"])}
    counts = ("load", "newly_organised", "not_yet_able", "overdue")
    for row in rows.iterator(chunk_size=CHUNK):
        days = {name: getattr(row, name) for name in ("term_from", "term_until")}
        yield {
            "name": row.name,
            "unit": row.unit,
            **{name: getattr(row, name) for name in counts},
            **{name: day.isoformat() for name, day in days.items() if day},
            "term_state": states.get(row.term_state, ""),
        }


def _sort(request: HttpRequest) -> str:
    asked = request.GET.get("sort", "")
    return asked if asked.removeprefix("-") in SORTS else ""


def _tabs(load: str) -> list[dict[str, Any]]:
    url = reverse("organizations:instructor-load")
    return [
        {"label": label, "url": f"{url}?load={key}" if key else url, "current": key == load}
        for key, label in TABS.items()
    ]
