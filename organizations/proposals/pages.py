"""What the pages and the workbook of a proposal show."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.permissions import Permission
from organizations.models import Instructor, Proposal, ProposalRow
from organizations.proposals.checking import obstacles
from organizations.proposals.explaining import Fact, Names, explained, steps, total, why_left_over
from organizations.proposals.problem import Cost
from organizations.proposals.reading import EDIT
from organizations.proposals.standing import Standing
from organizations.querysets.proposals import ProposalRowQuerySet


@dataclass(frozen=True)
class Shown:
    """A row as it is shown. instructor: None where nobody is chosen; hidden: somebody is, whom
    the person may not see any more; left_over: why nobody is; obstacle: why it cannot be
    written now."""

    row: ProposalRow
    place: str
    instructor: Instructor | None
    hidden: bool
    facts: Sequence[Fact]
    left_over: str
    obstacle: str

    @property
    def points(self) -> int:
        return total(self.facts)

    @property
    def acceptable(self) -> bool:
        return self.row.is_open and self.row.instructor_id is not None and not self.obstacle

    @property
    def by_hand(self) -> bool:
        return self.row.changed_by_id is not None


@dataclass(frozen=True)
class Alternative:
    """An instructor who could be chosen for a row. more: how many points that costs more than the
    row as it is, fewer if negative; where more or fewer stay without one, None."""

    instructor: Instructor
    facts: Sequence[Fact]
    more: int | None
    chosen: bool

    @property
    def fewer(self) -> int:
        return -(self.more or 0)


def rows_of(proposal: Proposal, viewer: Any) -> ProposalRowQuerySet:
    """The rows that the person sees: those of associations in scope."""
    rows = proposal.rows.for_user(viewer)
    return rows.select_related("association__division", "association__industry_department")


def shown(
    rows: Iterable[ProposalRow], standing: Standing, *, viewer: Any, on: datetime.date
) -> list[Shown]:
    """Rows with explanations, and what hinders the undecided ones as of the day `on`."""
    listed, names = list(rows), Names()
    known = _known({row.instructor_id for row in listed}, viewer)
    pending = [row for row in listed if row.is_open and row.instructor_id]
    hindered = obstacles(pending, by=viewer, on=on) if pending else {}
    before = steps(standing)
    return [_shown(row, standing, names, known, before, hindered) for row in listed]


def alternatives(row: ProposalRow, standing: Standing, *, viewer: Any) -> list[Alternative]:
    """Who could be chosen for `row`, the least costly first: whom rules and limits admit."""
    place, problem = standing.problem.place.get(row.association_id), standing.problem
    if place is None:
        return []
    fitting = [
        person
        for person in problem.people
        if problem.admits(place, person) and standing.has_room(person.key, leaving=place.key)
    ]
    known = _known({person.key for person in fitting}, viewer, changing=True)
    names, found = Names(), []
    for person in fitting:
        if person.key not in known:
            continue
        taken = standing.load_after(person.key) - (standing.choice[place.key] == person.key)
        facts = explained(problem, names, place, person, taken, taken + 1)
        more = _more(standing.cost, standing.change(place.key, person.key))
        chosen = person.key == row.instructor_id
        found.append(Alternative(known[person.key], facts, more, chosen))
    return sorted(found, key=lambda one: (total(one.facts), one.instructor.pinyin))


def _more(now: Cost, then: Cost) -> int | None:
    return then.points - now.points if then.left_over == now.left_over else None


def _known(keys: Iterable[int | None], viewer: Any, *, changing: bool = False) -> dict[int, Any]:
    """The instructors with these keys whom the person may see (or assign), by key."""
    mine = Instructor.objects.assignable(viewer, EDIT) if changing else _seen(viewer)
    return mine.in_bulk([key for key in keys if key is not None])


def _seen(viewer: Any) -> QuerySet[Instructor]:
    return Instructor.objects.for_user(viewer, Permission.VIEW_REGISTRY)


def _shown(
    row: ProposalRow,
    standing: Standing,
    names: Names,
    known: dict[int, Any],
    before: dict[int, int],
    hindered: dict[int, str],
) -> Shown:
    place = standing.problem.place.get(row.association_id)
    person = standing.problem.person.get(row.instructor_id or 0)
    instructor = known.get(row.instructor_id or 0)
    facts: Sequence[Fact] = ()
    if place and person and instructor and not row.dropped:
        then = standing.load_after(person.key)
        facts = explained(standing.problem, names, place, person, before[place.key], then)
    nobody = place is not None and row.instructor_id is None and row.is_open
    return Shown(
        row=row,
        place=_where(row),
        instructor=instructor,
        hidden=row.instructor_id is not None and instructor is None,
        facts=facts,
        left_over=why_left_over(standing, names, place) if nobody and place else "",
        obstacle=hindered.get(row.pk, ""),
    )


def _where(row: ProposalRow) -> str:
    """Where the association lies and whose industry it belongs to, in a few words."""
    said = (row.association.division, row.association.industry_department)
    return " · ".join(str(each) for each in said if each)
