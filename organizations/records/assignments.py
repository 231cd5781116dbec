"""Linking instructors and associations that rosters name."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from accounts.permissions import Permission
from organizations.models import (
    Assignment,
    Association,
    FormerName,
    Instructor,
    UnresolvedAssignment,
)
from organizations.search.pinyin import spell_person
from registers.problems import Problem

WITH_UNIT = re.compile(r"(?P<name>[^（(]+)[（(](?P<unit>.+)[）)]")


class Namesakes:
    """The instructors whom a person may assign, by name, or by name and unit: 张三（市财政局）.

    written: what stands in the column of instructors; by: the person, None for the system itself
    """

    def __init__(self, written: Iterable[str], by: Any) -> None:
        self.known: dict[str, list[tuple[int, str]]] = defaultdict(list)
        names = {name for text in written for name in (text, name_and_unit(text)[0])}
        shown = Instructor.objects.all()
        if by is not None:
            shown = shown.assignable(by, Permission.IMPORT_REGISTER)
        rows = shown.filter(name__any_of=names).order_by("pk") if names else shown.none()
        for pk, name, unit in rows.values_list("pk", "name", "unit"):
            self.known[name].append((pk, unit))

    def find(self, text: str) -> int | None:
        """The key of the instructor meant, None if nobody bears the name.

        Raises Problem("ambiguous_instructor") where several do.
        """
        problem = self.ambiguity(text)
        if problem:
            raise problem
        return next((pk for pk, _ in self._meant(text)), None)

    def ambiguity(self, text: str) -> Problem | None:
        """What is wrong where several bear the name."""
        units = [unit or "—" for _, unit in self._meant(text)]
        params = {"column": "instructor", "value": text, "units": units}
        return Problem("ambiguous_instructor", params) if len(units) > 1 else None

    def _meant(self, text: str) -> list[tuple[int, str]]:
        name, unit = name_and_unit(text)
        of_unit = [known for known in self.known.get(name, []) if unit and known[1] == unit]
        return of_unit or self.known.get(text, [])


def name_and_unit(text: str) -> tuple[str, str]:
    """The name and, where it stands in brackets, the unit: 张三（市财政局）."""
    found = WITH_UNIT.fullmatch(text)
    return (found["name"], found["unit"]) if found else (text, "")


def assign_by_name(links: Iterable[tuple[Any, str, str]], by: Any = None) -> None:
    """(association's key, instructor's name, day): assign, making instructors nobody knows yet.

    by: the person who assigns, None for the system itself; whom they may not assign, they do not
        know
    Raises Problem("ambiguous_instructor") where several known ones bear a name.
    """
    wanted = list(links)
    namesakes = Namesakes({name for _, name, _ in wanted}, by)
    known = {name: namesakes.find(name) for _, name, _ in wanted}
    missing = {name: _named(name, by) for name, pk in known.items() if pk is None}
    Instructor.objects.bulk_create(missing.values(), batch_size=5000)
    found: dict[str, Any] = known | {name: made.pk for name, made in missing.items()}
    write_assignments((found[name], association, day) for association, name, day in wanted)


def _named(name: str, by: Any) -> Instructor:
    """An instructor of whom a roster gives the name alone."""
    spelt, initials = spell_person(name)
    return Instructor(name=name, pinyin=spelt, initials=initials, entered_by=by)


def write_assignments(links: Iterable[tuple[int, int, str]]) -> None:
    """(instructor's key, association's key, day): assign where that doesn't hold already.

    An assignment that has ended keeps its days: the new one begins no earlier than it ended.
    """
    wanted = list(links)
    earliest = last_ends({instructor for instructor, _, _ in wanted})
    Assignment.objects.bulk_create(
        (
            Assignment(
                instructor_id=instructor,
                association_id=association,
                assigned_on=max(day, earliest.get((instructor, association), "")),
            )
            for instructor, association, day in wanted
        ),
        ignore_conflicts=True,
        batch_size=5000,
    )


def last_ends(instructors: Iterable[int]) -> dict[tuple[int, int], str]:
    """The day on which the latest ended assignment ended, by (instructor's, association's key)."""
    ended = Assignment.objects.filter(instructor__pk__any_of=instructors).exclude(ended_on=None)
    rows = ended.order_by("ended_on").values_list("instructor", "association", "ended_on")
    return {(instructor, association): str(day) for instructor, association, day in rows}


def assign_by_association(
    links: Iterable[tuple[int, str, str | None]], on: str, within: QuerySet[Association]
) -> None:
    """(instructor's key, association's name, day): assign where `within` has an association of
    that name, else list the name as unresolved."""
    wanted = list(links)
    known = by_any_name({name for _, name, _ in wanted}, within)
    write_assignments((pk, known[name], day or on) for pk, name, day in wanted if name in known)
    _settle({(pk, name) for pk, name, _ in wanted if name in known})
    _list_unresolved([link for link in wanted if link[1] not in known])


def by_any_name(names: Collection[str], within: QuerySet[Association]) -> dict[str, int]:
    """The keys of the associations of `within` that bear one of `names`, or once bore it."""
    former = FormerName.objects.filter(name__in=names, association__in=within.order_by())
    bearing = within.filter(name__in=names).values_list("name", "pk")
    return dict(former.values_list("name", "association")) | dict(bearing)


def _list_unresolved(links: Sequence[tuple[int, str, str | None]]) -> None:
    """List the names, unless the instructor works with that association, which others see."""
    current = Assignment.objects.filter(
        instructor__in={pk for pk, _, _ in links}, ended_on=None
    ).values_list("instructor", "association__name")
    held = set(current) if links else set()
    UnresolvedAssignment.objects.bulk_create(
        (
            UnresolvedAssignment(instructor_id=pk, association_name=name, assigned_on=day)
            for pk, name, day in links
            if (pk, name) not in held
        ),
        ignore_conflicts=True,
        batch_size=5000,
    )


def _settle(links: set[tuple[int, str]]) -> None:
    """Drop the names that are no longer unresolved: (instructor's key, association's name)."""
    listed = UnresolvedAssignment.objects.filter(
        instructor__in={pk for pk, _ in links}, association_name__in={name for _, name in links}
    )
    found = listed.values_list("pk", "instructor_id", "association_name")
    settled = [pk for pk, instructor, name in found if (instructor, name) in links]
    UnresolvedAssignment.objects.filter(pk__in=settled).delete()
