"""What the system counts by itself for a cycle, over the associations that departments manage.

Each measure tells, association by association (or Party organisation by Party organisation), how
much was found of how much, as of the cycle's cut-off day. Nothing to be found: no row. [P] of
domain.md, Assessments.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from assessments.models import Cycle, Measure
from organizations.models import Assignment, Association, Coverage, Inspection, WorkEntry
from organizations.querysets.associations import AssociationQuerySet

FACTS = (
    "credit_code",
    "registered_on",
    "legal_representative",
    "phone",
    "address",
    "registration_authority",
    "party_members",
    "staff",
)
"""What every record ought to hold."""
Month = tuple[int, int]
IN_ORDER = (Inspection.Result.PASSED, Inspection.Result.REPORTED)


@dataclass(frozen=True)
class Found:
    """A row behind a measure.

    department: key of the industry department; association: its key, None where the row is a Party
    organisation's; counted of whole: what was found
    """

    department: int
    association: int | None
    name: str
    counted: int
    whole: int = 1


def found(measure: Measure, cycle: Cycle) -> Iterator[Found]:
    """The rows of `measure` for all industry departments, as of the cut-off day of `cycle`."""
    managed = Association.objects.active(cycle.cutoff_on).exclude(industry_department=None)
    return _MEASURES[measure](managed.order_by("pinyin", "pk"), cycle)


def _coverage(managed: AssociationQuerySet, cycle: Cycle) -> Iterator[Found]:
    rows = managed.with_coverage(cycle.cutoff_on)
    for department, pk, name, covered in rows.values_list(*_NAMED, "covered"):
        yield Found(department, pk, name, int(covered))


def _growth(managed: AssociationQuerySet, cycle: Cycle) -> Iterator[Found]:
    """Of those that existed on the first day and were not covered on it."""
    first = cycle.starts_on
    return _coverage(managed.as_of(first).uncovered(first), cycle)


def _terms(managed: AssociationQuerySet, cycle: Cycle) -> Iterator[Found]:
    """Of the Party organisations whose term is known, those that it is not over for."""
    party = "party_organization"
    held = Coverage.objects.existing(cycle.cutoff_on).with_associations(managed)
    known = held.exclude(**{f"{party}__term_ends_on": None})
    rows = known.order_by("association__industry_department", f"{party}__name", party).distinct()
    for department, _pk, name, ends_on in rows.values_list(
        "association__industry_department", party, f"{party}__name", f"{party}__term_ends_on"
    ):
        yield Found(department, None, name, int(ends_on >= cycle.cutoff_on))


def _visits(managed: AssociationQuerySet, cycle: Cycle) -> Iterator[Found]:
    """Of the months at whose end an instructor was assigned, those with a visit."""
    ends = list(_month_ends(cycle.starts_on, cycle.cutoff_on))
    due: dict[int, set[Month]] = defaultdict(set)
    visited: dict[int, set[Month]] = defaultdict(set)
    assigned = Assignment.objects.with_associations(managed)
    for pk, since, until in assigned.values_list("association", "assigned_on", "ended_on"):
        due[pk] |= {_month(end) for end in ends if since <= end and not (until and until <= end)}
    visits = WorkEntry.objects.visits().filter(association__in=managed.order_by().values("pk"))
    between = visits.filter(on__gte=cycle.starts_on, on__lte=cycle.cutoff_on)
    for pk, on in between.values_list("association", "on"):
        visited[pk].add(_month(on))
    for department, pk, name in managed.values_list(*_NAMED):
        if due[pk]:
            yield Found(department, pk, name, len(due[pk] & visited[pk]), len(due[pk]))


def _inspection(managed: AssociationQuerySet, cycle: Cycle) -> Iterator[Found]:
    """Of those registered by the middle of the last whole year, those in order for it."""
    year = cycle.cutoff_on.year - 1
    results = Inspection.objects.filter(year=year, result__in=IN_ORDER)
    in_order = set(results.values_list("association", flat=True))
    registered = managed.as_of(datetime.date(year, 6, 30))
    for department, pk, name in registered.values_list(*_NAMED):
        yield Found(department, pk, name, int(pk in in_order))


def _completeness(managed: AssociationQuerySet, cycle: Cycle) -> Iterator[Found]:
    """Of what every record ought to hold, what is recorded."""
    for department, pk, name, *facts in managed.with_staff().values_list(*_NAMED, *FACTS):
        recorded = sum(fact not in ("", None) for fact in facts)
        yield Found(department, pk, name, recorded, len(FACTS))


_NAMED = ("industry_department", "pk", "name")
_MEASURES: dict[Measure, Callable[[Any, Cycle], Iterator[Found]]] = {
    Measure.COVERAGE: _coverage,
    Measure.GROWTH: _growth,
    Measure.TERMS: _terms,
    Measure.VISITS: _visits,
    Measure.INSPECTION: _inspection,
    Measure.COMPLETENESS: _completeness,
}


def _month(day: datetime.date) -> Month:
    return day.year, day.month


def _month_ends(first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    """The last days of the months from `first` on that are over by `last`."""
    day = first
    while (end := _next_month(day) - datetime.timedelta(1)) <= last:
        yield end
        day = _next_month(day)


def _next_month(day: datetime.date) -> datetime.date:
    return (day.replace(day=1) + datetime.timedelta(32)).replace(day=1)
