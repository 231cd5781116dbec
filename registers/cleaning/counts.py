"""Counts of people, units and the like."""

import re
import unicodedata

from registers.cleaning.numerals import NUMBERS
from registers.cleaning.texts import SPACES, blank, shown, written
from registers.problems import Problem
from registers.workbooks.cells import Cell

LARGEST = 1_000_000  # of people or members of one association: none comes near it
_UNITS = "人家个名位户"
_number = re.compile(r"([+-]?)([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]+))?").fullmatch
_LONGEST = 15


def count(cell: Cell, *, maximum: int) -> int | None:
    """A whole number from 0 to `maximum`. A unit after it (5人, 三家) is understood.

    Raises Problem count_negative, count_fraction, count_too_large or count_unreadable.
    """
    if type(cell) is int or (type(cell) is float and cell.is_integer()):
        if 0 <= cell <= maximum:
            return int(cell)
        code = "count_negative" if cell < 0 else "count_too_large"
        raise Problem(code, {"value": shown(cell), "maximum": maximum})
    if blank(cell):
        return None
    return _from_text(cell, maximum)


def _from_text(cell: Cell, maximum: int) -> int:
    value = unicodedata.normalize("NFKC", written(cell)).strip(SPACES)
    if value[-1:] in tuple(_UNITS):
        value = value[:-1].rstrip(SPACES)
    if value in NUMBERS:
        return count(NUMBERS[value], maximum=maximum) or 0
    if not (parts := _number(value)):
        raise Problem("count_unreadable", {"value": shown(cell)})
    sign, digits, fraction = parts.groups()
    number = digits.replace(",", "").lstrip("0") or "0"
    _refuse_impossible(cell, sign, number, fraction, maximum)
    return int(number)


def _refuse_impossible(
    cell: Cell, sign: str, number: str, fraction: str | None, maximum: int
) -> None:
    params = {"value": shown(cell), "maximum": maximum}
    if fraction and fraction.strip("0"):
        raise Problem("count_fraction", params)
    if sign == "-" and number != "0":
        raise Problem("count_negative", params)
    if len(number) > _LONGEST or int(number) > maximum:
        raise Problem("count_too_large", params)
