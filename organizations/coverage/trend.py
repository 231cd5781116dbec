"""Coverage at the end of each of the last months, computed from validity dates."""

import calendar
import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.postgres.aggregates import BitOr
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, QuerySet, Value
from django.db.models.functions import Least

from organizations.coverage.over import rows_over
from organizations.coverage.tally import percentage
from organizations.querysets.associations import AssociationQuerySet
from organizations.querysets.party import counting_nature

MONTHS = 24

# Per association one bit a month: was it active, covered, dormant then? Associations with the
# same history fall together, so that what comes back is short however many there are.
HISTORIES = """
SELECT active & ~dormant, active & ~dormant & covered, count(*)
FROM ({rows}) AS histories
GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Month:
    """Coverage on the day `on`, the last of its month or the last asked for."""

    on: datetime.date
    active: int
    covered: int

    @property
    def organisation_coverage(self) -> Decimal | None:
        return percentage(self.covered, self.active)


class HeldIn(Func):
    """Bit n is set if a validity [from, until) holds on day n of an ascending array of days."""

    output_field = models.BigIntegerField()
    arity = 3

    def as_sql(self, compiler, connection, **context):  # type: ignore[no-untyped-def,override]
        (since, since_params), (until, until_params), (days, days_params) = (
            compiler.compile(expression) for expression in self.source_expressions
        )
        first = f"coalesce(width_bucket({since} - 1, {days}), 0)"
        end = f"coalesce(width_bucket({until} - 1, {days}), {MONTHS})"
        sql = f"((1::bigint << greatest({first}, {end})) - (1::bigint << {first}))"
        first_params = [*since_params, *days_params]
        return sql, [*first_params, *until_params, *days_params, *first_params]


def month_ends(on: datetime.date) -> list[datetime.date]:
    """The last days of the months before `on`, and `on` itself: MONTHS days, ascending."""
    this_month = on.year * 12 + on.month - 1
    months = (divmod(this_month - back, 12) for back in range(MONTHS - 1, 0, -1))
    return [
        *(datetime.date(y, m + 1, calendar.monthrange(y, m + 1)[1]) for y, m in months),
        on,
    ]


def trend(associations: AssociationQuerySet, on: datetime.date) -> list[Month]:
    """Coverage of `associations` over the months up to `on`."""
    days = month_ends(on)
    active: Counter[int] = Counter()
    covered: Counter[int] = Counter()
    for active_in, covered_in, number in rows_over(_histories(associations, days), HISTORIES):
        for month in range(MONTHS):
            active[month] += number * (active_in >> month & 1)
            covered[month] += number * (covered_in >> month & 1)
    return [Month(day, active[n], covered[n]) for n, day in enumerate(days)]


def _histories(associations: AssociationQuerySet, days: Sequence[datetime.date]) -> QuerySet[Any]:
    """Per association the months in which it was registered, covered and dormant."""
    days_array = Value(days, output_field=ArrayField(models.DateField()))
    covered = HeldIn(
        F("coverages__valid_from"),
        Least("coverages__valid_until", "coverages__party_organization__dissolved_on"),
        days_array,
    )
    dormant = HeldIn(F("dormancies__found_on"), F("dormancies__ended_on"), days_array)
    return (
        associations.order_by()
        .annotate(active=HeldIn(F("registered_on"), F("ended_on"), days_array))
        .values("pk", "active")
        .annotate(
            covered=BitOr(
                covered,
                filter=Q(coverages__isnull=False)
                & counting_nature("coverages__party_organization__"),
                default=0,
            ),
            dormant=BitOr(dormant, filter=Q(dormancies__isnull=False), default=0)
            if not settings.COVERAGE_COUNTS_DORMANT
            else Value(0, output_field=models.BigIntegerField()),
        )
    )
