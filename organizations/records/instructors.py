"""Writing records into instructors and their assignments."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from accounts.permissions import Permission
from organizations.models import Assignment, Association, Instructor, UnresolvedAssignment
from organizations.pinyin import spell
from organizations.records.assignments import assign_by_association
from organizations.records.dates import first_day
from organizations.records.reading import INSTRUCTOR_PLAIN
from registers.bulk import copy_rows, next_ids, update_rows
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
            (pk, name, first_day((c.before | c.values).get("assigned_on")))
            for pk, c in pairs
            for name in c.values.get("associations") or []  # type: ignore[union-attr]
        ],
        on,
        _own(Association.objects.filter(ended_on=None), by),
    )
    return pks


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
    days = {c.pk: first_day(c.values["assigned_on"]) for c in changes}
    if days:
        assigned = Assignment.objects.filter(instructor__in=days, ended_on=None)
        _set_days(_own(assigned, by), days)
        _set_days(_own(UnresolvedAssignment.objects.filter(instructor__in=days), by), days)


def _own(rows: Any, by: Any) -> Any:
    return rows if by is None else rows.for_user(by, Permission.IMPORT_REGISTER)


def _set_days(assignments: QuerySet[Any], days: dict[Any, Any]) -> None:
    rows = list(assignments)
    for row in rows:
        row.assigned_on = days[row.instructor_id]
    assignments.model._default_manager.bulk_update(rows, ["assigned_on"], batch_size=2000)
