"""Periods of reports: years, half-years, quarters and months."""

import calendar
import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from organizations.models import Report

MONTHS = {
    Report.Period.YEAR: 12,
    Report.Period.HALF_YEAR: 6,
    Report.Period.QUARTER: 3,
    Report.Period.MONTH: 1,
}
YEARS_OFFERED = 3


@dataclass(frozen=True)
class Period:
    """One period; starts_on: its first day."""

    kind: Report.Period
    starts_on: datetime.date

    @property
    def ends_on(self) -> datetime.date:
        """Its last day."""
        last = self.starts_on.month + MONTHS[self.kind] - 1
        return datetime.date(
            self.starts_on.year, last, calendar.monthrange(self.starts_on.year, last)[1]
        )

    @property
    def key(self) -> str:
        """What names it in a form: "quarter-2026-07-01"."""
        return f"{self.kind}-{self.starts_on.isoformat()}"

    def __str__(self) -> str:
        return period_name(self.kind, self.starts_on)


def period_name(kind: str, starts_on: datetime.date) -> str:
    """How people call the period of a kind that begins on a day."""
    number = (starts_on.month - 1) // MONTHS[Report.Period(kind)]
    names = {
        Report.Period.YEAR: [_("Year %(year)s")],
        Report.Period.HALF_YEAR: [_("First half of %(year)s"), _("Second half of %(year)s")],
        Report.Period.QUARTER: [
            _("First quarter of %(year)s"),
            _("Second quarter of %(year)s"),
            _("Third quarter of %(year)s"),
            _("Fourth quarter of %(year)s"),
        ],
        Report.Period.MONTH: [_("Month %(month)s of %(year)s")] * 12,
    }
    values = {"year": starts_on.year, "month": starts_on.month}
    return names[Report.Period(kind)][number] % values


def begun_periods(today: datetime.date) -> list[Period]:
    """The periods of this and the last years that have begun, the latest end first; of the same
    end the longest first."""
    found = [period for year in range(today.year, today.year - YEARS_OFFERED, -1)
             for period in _of_year(year) if period.starts_on <= today]  # fmt: skip
    return sorted(found, key=lambda period: (period.ends_on, -period.starts_on.toordinal()),
                  reverse=True)  # fmt: skip


def latest_ended(today: datetime.date) -> Period:
    """The quarter that ended last."""
    quarters = (p for p in begun_periods(today) if p.kind == Report.Period.QUARTER)
    return next(quarter for quarter in quarters if quarter.ends_on < today)


def _of_year(year: int) -> Iterator[Period]:
    for kind, months in MONTHS.items():
        for month in range(1, 13, months):
            yield Period(kind, datetime.date(year, month, 1))
