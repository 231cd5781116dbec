"""Writing records into instructors and their assignments."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from accounts.permissions import Permission
from organizations.models import (
    Assignment,
    Association,
    Department,
    Instructor,
    UnresolvedAssignment,
)
from organizations.records.assignments import assign_by_association, last_ends
from organizations.records.dates import first_day
from organizations.records.reading import INSTRUCTOR_PLAIN
from organizations.scoping import department_filter
from organizations.search.pinyin import spell_person
from organizations.vocabularies import departments_named
from registers.bulk import copy_rows, next_ids, update_rows
from registers.problems import Problem
from registers.register import Change, Record

DATES = ("term_from", "term_until")
DERIVED = ["pinyin", "initials", "department"]
FIELDS = [*INSTRUCTOR_PLAIN.values(), *DERIVED]


def write_instructors(changes: Sequence[Change], on: str, by: Any) -> list[int]:
    """Write each change; new instructors get their keys. Returns the keys in order.

    by: the person who writes, None for the system itself; a row reaches no association outside
        their scope: names of others stay unresolved, other assignments keep their days
    """
    fresh = iter(next_ids(Instructor, sum(change.pk is None for change in changes)))
    pks = [next(fresh) if change.pk is None else change.pk for change in changes]
    pairs = list(zip(pks, changes, strict=True))
    new = [(pk, c.values) for pk, c in pairs if c.pk is None]
    old = [
        (pk, c.before | c.values)
        for pk, c in pairs
        if c.pk is not None and not INSTRUCTOR_PLAIN.keys().isdisjoint(c.values)
    ]
    owners = departments_named({_unit(record) for _, record in (*new, *old)})
    entered_by = by and by.pk
    copy_rows(
        Instructor,
        ["id", *FIELDS, "entered_by"],
        ((*_row(pk, record, owners), entered_by) for pk, record in new),
    )
    if old:
        update_rows(Instructor, FIELDS, (_row(pk, record, owners) for pk, record in old))
    _redate([c for _, c in pairs if c.pk is not None and c.values.get("assigned_on")], by)
    assign_by_association(
        [
            (pk, name, first_day((c.before | c.values).get("assigned_on")) or c.data_on)
            for pk, c in pairs
            for name in c.values.get("associations") or []  # type: ignore[union-attr]
        ],
        on,
        _own(Association.objects.filter(ended_on=None), by),
    )
    return pks


def shared_instructor(name: str) -> Problem:
    """What is wrong where a row changes an instructor who isn't the person's alone."""
    return Problem("shared_instructor", {"column": "name", "value": name})


def shared_beyond(instructors: Iterable[int], by: Any) -> set[int]:
    """Those of the instructors whose particulars are not `by`'s to change: they belong to another
    department, or to none and today also work with associations outside the scope."""
    if by is None:
        return set()
    asked = Instructor.objects.filter(pk__any_of=instructors)
    theirs = asked.with_particulars_of(by, Permission.IMPORT_REGISTER).order_by().values("pk")
    return set(asked.exclude(pk__in=theirs).values_list("pk", flat=True))


def of_other_offices(records: Sequence[Record], by: Any) -> set[str]:
    """The units in `records` that name departments for which `by` does not answer."""
    owners = departments_named({_unit(record) for record in records})
    known = Department.objects.filter(pk__in=[pk for pk in owners.values() if pk])
    own = known.filter(department_filter(by, Permission.IMPORT_REGISTER))
    foreign = set(known.exclude(pk__in=own).values_list("pk", flat=True))
    return {unit for unit, pk in owners.items() if pk in foreign}


def _unit(record: Record) -> str:
    return str(record.get("unit") or "")


def _row(pk: Any, record: Record, owners: dict[str, int | None]) -> Sequence[Any]:
    values: dict[str, Any] = {key: record.get(key) or "" for key in INSTRUCTOR_PLAIN}
    values["in_pool"] = bool(record.get("in_pool"))
    for key in DATES:
        values[key] = first_day(record.get(key))
    return (pk, *values.values(), *spell_person(str(values["name"])), owners[_unit(record)])


def refresh_instructors(pks: Sequence[int]) -> None:
    """Bring what orders the instructors, and whose they are, up to their names and units."""
    rows = list(Instructor.objects.filter(pk__in=pks).values_list("pk", "name", "unit"))
    owners = departments_named({unit for *_, unit in rows})
    update_rows(
        Instructor, DERIVED, ((pk, *spell_person(name), owners[unit]) for pk, name, unit in rows)
    )


def _redate(changes: Sequence[Change], by: Any) -> None:
    """A roster's day of assignment holds for all in scope that the instructor works with now."""
    days: dict[Any, Any] = {c.pk: first_day(c.values["assigned_on"]) for c in changes}
    if days:
        assigned = Assignment.objects.filter(instructor__in=days, ended_on=None)
        earliest = last_ends(days)
        _set_days(
            _own(assigned, by),
            lambda row: max(
                days[row.instructor_id],
                earliest.get((row.instructor_id, row.association_id), ""),
            ),
        )
        unresolved = UnresolvedAssignment.objects.filter(instructor__in=days)
        _set_days(_own(unresolved, by), lambda row: days[row.instructor_id])


def _own(rows: Any, by: Any) -> Any:
    return rows if by is None else rows.for_user(by, Permission.IMPORT_REGISTER)


def _set_days(assignments: QuerySet[Any], day: Callable[[Any], str]) -> None:
    rows = list(assignments)
    for row in rows:
        row.assigned_on = day(row)
    assignments.model._default_manager.bulk_update(rows, ["assigned_on"], batch_size=2000)
