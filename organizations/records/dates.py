"""Days out of dates that may be known only to the month or year."""


def first_day(text: str | None) -> str | None:
    """The first day that an ISO date of any precision can mean: "2015-08" → "2015-08-01"."""
    return None if text is None else f"{text}-01-01"[:10] if len(text) == 4 else f"{text}-01"[:10]


def first_day_from(text: str | None, floor: str | None) -> str | None:
    """Like first_day, but not before `floor` where the coarse date contains it."""
    if text and floor and floor.startswith(text):
        return floor
    return first_day(text)


def is_before(text: str | None, other: str | None) -> bool:
    """Whether a date is certainly before another, at the precision that both have."""
    if not text or not other:
        return False
    length = min(len(text), len(other))
    return text[:length] < other[:length]
