"""Telephone numbers."""

import re
import unicodedata

from registers.cleaning.texts import EXACT, SPACES, blank, shown, within, written, zero
from registers.problems import Problem
from registers.workbooks.cells import Cell

PHONE_LENGTH = 40
_plain = re.compile(r"1[0-9]{10}|0[0-9]{2,3}-?[0-9]{7,8}").fullmatch
_SEPARATORS = re.compile(r"\s*[;,、/|\n]\s*")
_allowed = re.compile(r"[0-9+\-() 转；]*").fullmatch
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_scientific = re.compile(r"\d+(\.\d+)?E[+-]?\d+", re.IGNORECASE | re.ASCII).fullmatch
# A remark in brackets that holds no number: （微信同号）, （办公室）.
_REMARK = re.compile(r"\([^()\d转]+\)")
_ZERO_FRACTION = re.compile(r"(?<=\d)\.0+$")


def phone(cell: Cell) -> str | None:
    """One or several numbers, joined by ；, in digits, +, -, spaces, () and 转.

    Raises Problem phone_as_number where a spreadsheet has eaten digits, phone_characters where
    something else than a number is written, too_long above 40 characters.
    """
    if isinstance(cell, str) and _plain(cell):
        return cell
    if blank(cell):
        return None
    numbers = _joined(_written_out(cell))
    if zero(numbers):
        return None
    if not (_allowed(numbers) and any(map(str.isdigit, numbers))):
        raise Problem("phone_characters", {"value": shown(cell)})
    return within(numbers, PHONE_LENGTH)


def _written_out(cell: Cell) -> str:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _digits(cell)
    value = _ZERO_FRACTION.sub("", unicodedata.normalize("NFKC", written(cell)).strip(SPACES))
    if not isinstance(cell, str):
        raise Problem("phone_characters", {"value": shown(cell)})
    if _scientific(value):
        raise Problem("phone_as_number", {"value": shown(cell)})
    return value


def _digits(number: float) -> str:
    exact = isinstance(number, int) or (number.is_integer() and number < EXACT)
    if not exact or number < 0:
        raise Problem("phone_as_number", {"value": shown(number)})
    return str(int(number))


def _joined(value: str) -> str:
    parts = _SEPARATORS.split(_REMARK.sub("", value).translate(_DASHES))
    return "；".join(" ".join(part.split()) for part in parts if part)
