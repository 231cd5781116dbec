"""Writing records into instructors and their assignments."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from organizations.models import Assignment, Association, Instructor, UnresolvedAssignment
from organizations.records.assignments import assign_by_association
from organizations.records.dates import first_day
from organizations.records.reading import INSTRUCTOR_PLAIN
from registers.bulk import copy_rows, next_ids, update_rows
from registers.register import Change, Record

FIELDS = list(INSTRUCTOR_PLAIN.values())


def write_instructors(
    changes: Sequence[Change], on: str, within: QuerySet[Association]
) -> list[int]:
    """Write each change; new instructors get their keys. Returns the keys in order.

    within: the associations to which they can be assigned; other names stay unresolved
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
    _redate([c for _, c in pairs if c.pk is not None and c.values.get("assigned_on")])
    assign_by_association(
        [
            (pk, name, first_day((c.before | c.values).get("assigned_on")))
            for pk, c in pairs
            for name in c.values.get("associations") or []  # type: ignore[union-attr]
        ],
        on,
        within,
    )
    return pks


def _row(pk: Any, record: Record) -> Sequence[Any]:
    values = {key: record.get(key) or "" for key in INSTRUCTOR_PLAIN}
    values["in_pool"] = bool(record.get("in_pool"))
    return (pk, *values.values())


def _redate(changes: Sequence[Change]) -> None:
    """A roster's day of assignment holds for all that the instructor works with now."""
    days = {c.pk: first_day(c.values["assigned_on"]) for c in changes}
    _set_days(Assignment.objects.filter(instructor__in=days, ended_on=None), days)
    _set_days(UnresolvedAssignment.objects.filter(instructor__in=days), days)


def _set_days(assignments: QuerySet[Any], days: dict[Any, Any]) -> None:
    rows = list(assignments)
    for row in rows:
        row.assigned_on = days[row.instructor_id]
    assignments.model._default_manager.bulk_update(rows, ["assigned_on"], batch_size=2000)
