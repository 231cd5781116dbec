"""Writing records into instructors and their assignments."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.permissions import Permission
from organizations.models import Assignment, Association, Instructor, UnresolvedAssignment
from organizations.pinyin import spell
from organizations.records.assignments import assign_by_association, last_ends
from organizations.records.associations import own_associations
from organizations.records.dates import first_day
from organizations.records.reading import INSTRUCTOR_PLAIN
from registers.bulk import copy_rows, next_ids, update_rows
from registers.problems import Problem
from registers.register import Change, Record

FIELDS = [*INSTRUCTOR_PLAIN.values(), "pinyin"]


def write_instructors(changes: Sequence[Change], on: str, by: Any) -> list[int]:
    """Write each change; new instructors get their keys. Returns the keys in order.

    by: the person who writes, None for the system itself; a row reaches no association outside
        their scope: names of others stay unresolved, other assignments keep their days
    """
    fresh = iter(next_ids(Instructor, sum(change.pk is None for change in changes)))
    pks = [next(fresh) if change.pk is None else change.pk for change in changes]
    pairs = list(zip(pks, changes, strict=True))
    copy_rows(Instructor, ["id", *FIELDS], (_row(pk, c.values) for pk, c in pairs if c.pk is None))
    old = [
        c for _, c in pairs if c.pk is not None and not INSTRUCTOR_PLAIN.keys().isdisjoint(c.values)
    ]
    if old:
        update_rows(Instructor, FIELDS, (_row(c.pk, c.before | c.values) for c in old))
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
    """Those of the instructors who today also work with associations outside `by`'s scope."""
    own = own_associations(by)
    if own is None:
        return set()
    current = Assignment.objects.as_of(timezone.localdate())
    beyond = current.exclude(association__in=own.order_by().values("pk"))
    pks = beyond.filter(instructor__pk__any_of=instructors).values_list("instructor", flat=True)
    return set(pks)


def _row(pk: Any, record: Record) -> Sequence[Any]:
    values = {key: record.get(key) or "" for key in INSTRUCTOR_PLAIN}
    values["in_pool"] = bool(record.get("in_pool"))
    return (pk, *values.values(), spell(str(values["name"]))[0])


def refresh_pinyin(pks: Sequence[int]) -> None:
    """Bring what orders the instructors up to their names."""
    named = Instructor.objects.filter(pk__in=pks).values_list("pk", "name")
    update_rows(Instructor, ["pinyin"], ((pk, spell(name)[0]) for pk, name in named))


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
