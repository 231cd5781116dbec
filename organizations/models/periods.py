"""Rows that hold from a day until another (exclusive), and that none of the same kind overlaps."""

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields.ranges import RangeOperators
from django.db.models import F, Field, Func, Q


def no_overlap(*keys: str, since: str, until: str, name: str, message: Any) -> ExclusionConstraint:
    """At most one row for the same `keys` on any day.

    A row that ends as it begins holds on no day, one of unknown beginning on none in particular.
    keys: foreign keys; since, until: fields of the dates; message: what is said to people
    """
    return ExclusionConstraint(
        name=name,
        index_type="GiST",
        expressions=[(_line(key, since, until), RangeOperators.OVERLAPS) for key in keys],
        condition=Q((until, None)) | Q((f"{until}__gt", F(since))),
        violation_error_message=message,
    )


def _line(key: str, since: str, until: str) -> Func:
    """The days on which a row holds, as a line at the height of its key.

    Ranges say the same; GiST takes in 10,000 rows of them in 0.5 s, of boxes in 0.05 s.
    """
    first = _days(since, "%(expressions)s - DATE '2000-01-01'")
    last = _days(until, "COALESCE(%(expressions)s - DATE '2000-01-02', 'infinity'::float8)")
    ends = [Func(F(key), day, function="point", output_field=Field()) for day in (first, last)]
    return Func(*ends, function="box", output_field=Field())


def _days(date: str, template: str) -> Func:
    return Func(F(date), template=template, output_field=Field())
