import datetime

from hypothesis import given
from hypothesis import strategies as st

from organizations.terms import months_after

DAYS = st.dates(datetime.date(1990, 1, 1), datetime.date(2100, 1, 1))


@given(DAYS, st.integers(0, 120))
def test_some_months_later_it_is_the_same_day_or_that_month_s_last(
    day: datetime.date, months: int
) -> None:
    later = months_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + datetime.timedelta(1)).day == 1


def test_the_last_of_august_is_followed_by_the_last_of_february() -> None:
    assert months_after(datetime.date(2025, 8, 31), 6) == datetime.date(2026, 2, 28)
