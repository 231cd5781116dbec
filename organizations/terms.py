"""Terms of office: how long those of Party organisations run, and when to speak of a term's end.

Source: Regulations on the terms of grass-roots Party organisations: committees five years, general
branches and branches three; late by a year at most, with approval. The database computes the end of
each term (PartyOrganization.regular_term_end, term_ends_on); this module says the same in Python
for what people are told.
"""

import calendar
import datetime

TERM_YEARS = {"committee": 5, "general_branch": 3, "branch": 3, "joint_branch": 3}
"""Years by kind. A provisional branch is not elected and has no term, nor has an unknown kind."""
WARNED_MONTHS = 6  # domain.md, Party organisations
MOST_YEARS_OFF = 1


def months_after(day: datetime.date, months: int) -> datetime.date:
    """The same day `months` later, else that month's last: 31 August + 6 → 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(day.day, last))


def years_after(day: datetime.date, years: int) -> datetime.date:
    """The same day `years` later; 28 February for a 29th that the year does not have."""
    return months_after(day, 12 * years)


def regular_end(
    kind: str, established: datetime.date | None, elected: datetime.date | None
) -> datetime.date | None:
    """The day on which the term ends that began with the last election, else the establishment."""
    since = elected or established
    years = TERM_YEARS.get(kind)
    return years_after(since, years) if since and years else None


def warned_until(on: datetime.date) -> datetime.date:
    """The day up to which ends are warned of on the day `on`."""
    return months_after(on, WARNED_MONTHS)
