"""The months over which coverage is followed, one bit each: bit n is the n-th of them."""

import calendar
import datetime

from django.db import models

MONTHS = 24
NOW = MONTHS - 1  # the day asked for stands for its month, the last


def month_ends(on: datetime.date) -> list[datetime.date]:
    """The last days of the months before `on`, and `on` itself: MONTHS days, ascending."""
    this_month = on.year * 12 + on.month - 1
    months = (divmod(this_month - back, 12) for back in range(MONTHS - 1, 0, -1))
    return [
        *(datetime.date(y, m + 1, calendar.monthrange(y, m + 1)[1]) for y, m in months),
        on,
    ]


class HeldIn(models.Func):
    """Bit n is set if a validity [from, until) holds on the n-th of the statement's `months`."""

    output_field = models.BigIntegerField()
    arity = 2

    def as_sql(self, compiler, connection, **context):  # type: ignore[no-untyped-def,override]
        (since, since_params), (until, until_params) = (
            compiler.compile(expression) for expression in self.source_expressions
        )
        days = "(SELECT days FROM months)"
        first = f"coalesce(width_bucket({since} - 1, {days}), 0)"
        end = f"coalesce(width_bucket({until} - 1, {days}), {MONTHS})"
        return f"((-1::bigint << {first}) & ~(-1::bigint << {end}))", [*since_params, *until_params]
