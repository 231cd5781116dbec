"""What a proposal is worked out from: associations, instructors and rules out of the registry."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.permissions import Permission
from organizations import vocabularies
from organizations.models import (
    Assignment,
    AssignmentRules,
    Association,
    Department,
    Instructor,
)
from organizations.proposals.problem import Limits, Person, Place, Problem
from organizations.querysets.associations import CITY
from registers.cleaning import normalise

EDIT = Permission.EDIT_INSTRUCTOR


@dataclass(frozen=True)
class Asked:
    """Which associations a proposal is about: county and department by the codes of the list's
    filters, "" for all; uncovered: those alone that no Party organisation covers."""

    county: str = ""
    department: str = ""
    uncovered: bool = False


def waiting(by: Any, asked: Asked, on: datetime.date) -> QuerySet[Association]:
    """The associations without an instructor to which `by` may send one."""
    rows = Association.objects.for_user(by, EDIT).waiting_for_instructor(on)
    if asked.county:
        rows = rows.in_county(asked.county)
    if asked.department:
        rows = rows.filter(industry_department__code=asked.department)
    return rows.uncovered(on) if asked.uncovered else rows


def problem_of(
    associations: QuerySet[Association], *, by: Any, rules: AssignmentRules, on: datetime.date
) -> Problem:
    """Who may go to `associations`: the instructors whom `by` may change, as of the day `on`."""
    return Problem.of(limits_of(rules), places(associations), people(by, rules.days_left, on))


def limits_of(rules: AssignmentRules) -> Limits:
    """The rules as the problem knows them."""
    return Limits(
        most=rules.most,
        evenness=rules.evenness,
        unit=rules.unit,
        industry=rules.industry,
        county=rules.county,
        within_county=rules.within_county,
    )


def places(associations: Any) -> list[Place]:
    """What the problem has to know of `associations`."""
    rows = associations.with_county().values_list(
        "pk", "supervising_unit", "industry_department", "county", "managing_area"
    )
    return [
        Place(pk, unit, industry, tuple(dict.fromkeys(c for c in counties if c is not None)))
        for pk, unit, industry, *counties in rows
    ]


def people(
    by: Any, days_left: int, on: datetime.date, keys: Collection[int] | None = None
) -> list[Person]:
    """The instructors whom `by` may change, those with `keys` alone if given. The load counts
    every association, wherever it lies."""
    rows = Instructor.objects.assignable(by, EDIT)
    if keys is not None:
        rows = rows.filter(pk__in=keys)
    homes, known = _counties(), vocabularies.departments().keys
    found = rows.annotate(load=_load(on)).values_list(
        "pk", "load", "department", "unit", "term_from", "term_until"
    )
    persons = []
    for pk, load, own, unit, since, until in found:
        department = own or known.get(normalise(unit))
        stays = _stays(since, until, on, days_left)
        persons.append(Person(pk, load, department, homes.get(department), stays))
    return persons


def _stays(
    since: datetime.date | None,
    until: datetime.date | None,
    on: datetime.date,
    days_left: int,
) -> bool:
    """Whether a term has begun by the day `on` and lasts `days_left` days more."""
    begun = since is None or since <= on
    return begun and (until is None or until > on + datetime.timedelta(days_left))


def _load(on: datetime.date) -> Coalesce:
    """How many associations an instructor works with on the day `on` or will later."""
    work = Assignment.objects.not_over(on).of_registered(on)
    work = work.filter(instructor=OuterRef("pk")).order_by()
    counted = work.values("instructor").annotate(number=Count("association", distinct=True))
    return Coalesce(Subquery(counted.values("number")), 0)


def _counties() -> dict[int | None, int]:
    """The county of each department, CITY for those of the city."""
    rows = Department.objects.select_related("division__parent")
    return {row.pk: row.division.county.pk if row.division.county else CITY for row in rows}
