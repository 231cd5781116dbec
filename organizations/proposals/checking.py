"""What has changed in the registry since a proposal was worked out, row by row.

The page shows it, and accepting refuses rows of which something is said here.
"""

import datetime
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from organizations.models import Assignment, AssignmentRules, Association, ProposalRow
from organizations.proposals.problem import Person, Place, Problem
from organizations.proposals.reading import EDIT, limits_of, people, places


def obstacles(rows: Sequence[ProposalRow], *, by: Any, on: datetime.date) -> dict[int, str]:
    """Why rows with an instructor cannot be written as of the day `on`, by the row's key.

    The rules are those in force now; rows without an obstacle are left out.
    """
    associations = [row.association_id for row in rows]
    instructors = {row.instructor_id for row in rows if row.instructor_id}
    rules = AssignmentRules.objects.in_force()
    mine = Association.objects.for_user(by, EDIT).filter(pk__in=associations)
    found = _Found(
        problem=Problem.of(
            limits_of(rules),
            places(mine.as_of(on).filter(ended_on=None)),
            people(by, rules.days_left, on, instructors),
        ),
        served=set(
            Assignment.objects.not_over(on)
            .filter(association__in=associations)
            .values_list("association", flat=True)
        ),
        ends=_last_ends(associations, instructors),
        wanted=Counter(row.instructor_id for row in rows),
        on=on,
    )
    said = {row.pk: found.obstacle(row) for row in rows}
    return {pk: text for pk, text in said.items() if text}


def _last_ends(
    associations: Sequence[int], instructors: set[int]
) -> dict[tuple[int, int], datetime.date]:
    """The last day on which each pair's earlier work ended."""
    ended = Assignment.objects.filter(
        association__in=associations, instructor__in=instructors, ended_on__isnull=False
    )
    rows = ended.order_by("ended_on").values_list("association", "instructor", "ended_on")
    return {(association, instructor): day for association, instructor, day in rows if day}


class _Found:
    """The registry as it is now, for the rows in question."""

    def __init__(
        self,
        *,
        problem: Problem,
        served: set[int],
        ends: dict[tuple[int, int], datetime.date],
        wanted: Counter[int | None],
        on: datetime.date,
    ) -> None:
        self.problem, self.served, self.ends = problem, served, ends
        self.wanted, self.on = wanted, on

    def obstacle(self, row: ProposalRow) -> str:
        place = self.problem.place.get(row.association_id)
        if place is None:
            return _("This is no longer a registered association to which you can send somebody.")
        if row.association_id in self.served:
            return _("An instructor has been assigned here meanwhile.")
        person = self.problem.person.get(row.instructor_id or 0)
        if person is None:
            return _("You can no longer assign this instructor.")
        return self._of_rules(place, person) or self._of_earlier_work(row)

    def _of_rules(self, place: Place, person: Person) -> str:
        most = self.problem.limits.most
        if not person.stays:
            return _("The instructor's term has not begun, or does not last long enough.")
        if not self.problem.admits(place, person):
            return _("The rules now keep instructors within their own county.")
        if person.load + self.wanted[person.key] > most:
            text = _("The instructor now works with %(load)s; with these rows it is over %(most)s.")
            return text % {"load": person.load, "most": most}
        return ""

    def _of_earlier_work(self, row: ProposalRow) -> str:
        until = self.ends.get((row.association_id, row.instructor_id or 0))
        if until is None or until <= self.on:
            return ""
        text = _("The instructor's earlier work here ended on %(day)s; choose a later day.")
        return text % {"day": date_format(until, "DATE_FORMAT")}
