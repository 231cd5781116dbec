"""Rows that hold from a day until another (exclusive), that none of the same kind overlaps, and
days that can be."""

import datetime
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields.ranges import RangeOperators
from django.db.models import CheckConstraint, F, Field, Func, Q
from django.utils.translation import gettext_lazy as _

from registers.cleaning.dates import FIRST_DAY, LAST_DAY


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


def possible_days(*fields: str, name: str) -> CheckConstraint:
    """The days in `fields` lie between the years in which records can speak of anything."""
    limits = [limit for each in fields for limit in _limits(each)]
    return CheckConstraint(
        condition=Q(*limits),
        name=name,
        violation_error_message=_("The day lies before 1900 or after 2100; check the year."),
    )


def _limits(field: str) -> list[tuple[str, datetime.date]]:
    return [(f"{field}__gte", FIRST_DAY), (f"{field}__lte", LAST_DAY)]


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
