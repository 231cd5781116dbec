"""Dates as precise as they are known: "2021-03-05", "2021-03" or "2021"."""

import datetime
import re
import unicodedata
from functools import lru_cache

from registers.cleaning.numerals import NUMBERS, YEAR_DIGITS
from registers.cleaning.texts import SPACES, blank, shown, written, zero
from registers.problems import Problem
from registers.workbooks.cells import Cell

FIRST_YEAR, LAST_YEAR = 1900, 2100
FIRST_DAY, LAST_DAY = datetime.date(FIRST_YEAR, 1, 1), datetime.date(LAST_YEAR, 12, 31)
# Day numbers of the 1900 date system count from here (1900 is a leap year to them).
_SERIAL_ORIGIN = datetime.date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000
_serial = re.compile(r"([0-9]{5})(?:\.[0-9]+)?").fullmatch
_parted = re.compile(
    r"([0-9]{4})(?:[年./\-]([0-9]{1,2})(?:[月./\-]([0-9]{1,2})[日号]?|月份?)?|年)?\.?"
).fullmatch
_run = re.compile(r"(?=[0-9]{8}$|19|20|2100)([0-9]{4})([0-9]{2})([0-9]{2})?").fullmatch
_CHINESE_NUMBER = "([一二三四五六七八九十]{1,3})"
_chinese = re.compile(
    rf"([零〇○一二三四五六七八九]{{4}})年"
    rf"(?:{_CHINESE_NUMBER}月(?:{_CHINESE_NUMBER}[日号]|份?))?"
).fullmatch
# A number cell such as 2021.1 may have been 2021.10 before the spreadsheet dropped the zero.
_first_or_tenth_month = re.compile(r"[0-9]{4}\.1").fullmatch
_TIME_OF_DAY = re.compile(
    r"(?<=[0-9日号])(?:T|\s+)[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9:]{4,6})?$"
)
_SPACE = re.compile(r"\s+")
_MARKS = str.maketrans("‐‑‒–—―−。、,\\", "-------....")


def date(cell: Cell) -> str | None:
    """The date as ISO text, no more precise than it was written.

    Numbers are read as the spreadsheet showed them (2021.3 is March, 20210301 a day) or as
    serials of the 1900 date system. Raises Problem date_ambiguous, month_out_of_range,
    no_such_day, year_out_of_range or date_unreadable.
    """
    if isinstance(cell, datetime.date):
        return _day(cell, cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _from_number(cell) if cell else None
    if blank(cell) or zero(value := written(cell)):
        return None
    if not isinstance(cell, str):
        raise _unreadable(cell)
    return _from_text(value)


@lru_cache(maxsize=2**14)
def _from_number(number: float) -> str:
    """2021.3 or 20210301 typed into a number cell, or a serial, with a time of day or not."""
    value = written(number)
    if _first_or_tenth_month(value):
        raise Problem("date_ambiguous", {"value": value, "year": int(number)})
    return _from_text(value)


@lru_cache(maxsize=2**14)
def _from_text(written_date: str) -> str:
    value = unicodedata.normalize("NFKC", written_date).strip(SPACES)
    value = _SPACE.sub("", _TIME_OF_DAY.sub("", value)).translate(_MARKS)
    if serial := _serial(value):
        return _from_serial(int(serial[1]), written_date)
    if not (parts := _parts(value)):
        raise _unreadable(written_date)
    return _composed(*parts, written_date)


def _from_serial(serial: int, written_date: str) -> str:
    if not _FIRST_SERIAL <= serial <= _LAST_SERIAL:
        raise _unreadable(written_date)
    return _day(_SERIAL_ORIGIN + datetime.timedelta(days=serial), written_date)


def _parts(value: str) -> tuple[int, int | None, int | None] | None:
    """Year, month and day as far as they are written; 0 for a numeral that makes no sense."""
    if found := _parted(value) or _run(value):
        year, month, day = found.groups()
        return int(year), int(month) if month else None, int(day) if day else None
    if found := _chinese(value):
        year, month, day = found.groups()
        return int(year.translate(YEAR_DIGITS)), _numeral(month), _numeral(day)
    return None


def _numeral(writing: str | None) -> int | None:
    return NUMBERS.get(writing, 0) if writing else None


def _composed(year: int, month: int | None, day: int | None, cell: Cell) -> str:
    _refuse_year(year, cell)
    if month is None:
        return str(year)
    params = {"value": shown(cell), "year": year, "month": month, "day": day}
    if not 1 <= month <= 12:
        raise Problem("month_out_of_range", params)
    if day is None:
        return f"{year}-{month:02}"
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        raise Problem("no_such_day", params) from None


def _day(day: datetime.date, cell: Cell) -> str:
    _refuse_year(day.year, cell)
    return day.isoformat()[:10]


def _refuse_year(year: int, cell: Cell) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        params = {"value": shown(cell), "year": year, "first": FIRST_YEAR, "last": LAST_YEAR}
        raise Problem("year_out_of_range", params)


def _unreadable(cell: Cell) -> Problem:
    return Problem("date_unreadable", {"value": shown(cell)})
