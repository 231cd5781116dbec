"""The day that a page is asked for with ?as_of=."""

import datetime

from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

EARLIEST = datetime.date(1950, 1, 1)


def requested_day(text: str | None) -> tuple[datetime.date, str]:
    """The day that `text` (YYYY-MM-DD) names and what is wrong with it; today where it is."""
    today = timezone.localdate()
    if not text:
        return today, ""
    day = _parsed(text)
    if day is None:
        return today, _(
            "“%(text)s” is not a date. Write it as 2026-03-31. You see today's figures."
        ) % {"text": text}
    if day > today:
        return today, _("The day asked for is still to come. You see today's figures.")
    return day, ""


def _parsed(text: str) -> datetime.date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and day >= EARLIEST else None
