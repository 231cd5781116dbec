"""Terms of office: days some months on, and how long before its end a term is warned of."""

import calendar
import datetime

WARNED_MONTHS = 6  # domain.md, Party organisations


def months_after(day: datetime.date, months: int) -> datetime.date:
    """The same day `months` later, else that month's last: 31 August + 6 → 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(day.day, last))


def warned_until(on: datetime.date) -> datetime.date:
    """The day up to which ends are warned of on the day `on`."""
    return months_after(on, WARNED_MONTHS)
