"""Days out of dates that may be known only to the month or year.

A date is ISO text of any precision, as the value of a DateColumn is, or None.
"""

from typing import Any


def first_day(text: Any) -> str | None:
    """The first day that an ISO date of any precision can mean: "2015-08" → "2015-08-01"."""
    return None if text is None else f"{text}-01-01"[:10] if len(text) == 4 else f"{text}-01"[:10]


def first_day_from(text: Any, floor: str | None) -> str | None:
    """Like first_day, but not before `floor` where the coarse date contains it."""
    if text and floor and floor.startswith(text):
        return floor
    return first_day(text)


def is_before(text: Any, other: Any) -> bool:
    """Whether a date is certainly before another, at the precision that both have."""
    if not text or not other:
        return False
    length = min(len(text), len(other))
    return bool(text[:length] < other[:length])
