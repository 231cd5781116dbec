"""Unified social credit codes (GB 32100-2015) with the organisation code inside (GB 11714-1997).

The check digits are computed here and not by stdnum.cn.uscc. That one is right, also where the
weighted sum is a multiple of 31, and the tests hold these functions against it. But it refuses
the letters that the standard gives out at positions 1 and 2, does not check the organisation
code, cannot say which character is wrong, and takes ten times as long per cell.
"""

import re
import unicodedata
from operator import mul

from registers.cleaning.texts import blank, shown, written, zero
from registers.problems import Problem
from registers.workbooks.cells import Cell

LENGTH = 18
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_BASE_36 = {character: int(character, 36) for character in ALPHABET}
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_CHECKS = "0123456789X"
_well_formed = re.compile(rf"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}").fullmatch
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—―'’‘`\"“”\u200b-\u200f\u2060\ufeff]+")
# 5.13717E+17, or the eighteen digits that a spreadsheet makes of it by filling up with zeros.
_number = re.compile(r"[0-9]+\.[0-9]*(E[+-]?[0-9]+)?|[0-9]+E\+?[0-9]{1,2}|[0-9]{15}0+").fullmatch


def check_digit(first17: str) -> str:
    """Character 18 for the first 17, which are all of ALPHABET (GB 32100-2015, 5.1)."""
    total = sum(map(mul, map(_VALUE.__getitem__, first17), _WEIGHTS))
    return ALPHABET[-total % 31]


def credit_code(cell: Cell) -> str | None:
    """The code in capitals without separators, its characters and both check digits right.

    Raises Problem code_as_number, code_length, code_character, code_check or
    code_organisation_check.
    """
    if isinstance(cell, str) and _well_formed(cell):
        return _checked(cell)
    if blank(cell) or zero(written(cell)):
        return None
    if not isinstance(cell, str):
        raise Problem("code_as_number", {"value": shown(cell)})
    code = _SEPARATORS.sub("", unicodedata.normalize("NFKC", cell)).upper().strip("，,。.；;")
    if not _well_formed(code):
        raise _malformed(code)
    return _checked(code)


def _malformed(code: str) -> Problem:
    value = shown(code)
    if _number(code):
        return Problem("code_as_number", {"value": value})
    if len(code) != LENGTH:
        return Problem("code_length", {"value": value, "length": len(code)})
    wrong = next(place for place in range(LENGTH) if not _possible(code[place], place))
    return Problem(
        "code_character", {"value": value, "character": code[wrong], "position": wrong + 1}
    )


def _possible(character: str, place: int) -> bool:
    """Places 2 to 7 hold the division of the registering authority, in digits."""
    return character in ("0123456789" if 2 <= place < 8 else ALPHABET)


def _checked(code: str) -> str:
    if (expected := check_digit(code[:17])) != code[17]:
        if _number(code):
            raise Problem("code_as_number", {"value": code})
        raise Problem("code_check", {"value": code, "expected": expected, "position": 18})
    if (expected := _organisation_check(code[8:16])) != code[16]:
        raise Problem(
            "code_organisation_check", {"value": code, "expected": expected, "position": 17}
        )
    return code


def _organisation_check(first8: str) -> str:
    """The check digit of an organisation code (GB 11714-1997), whose letters count 10 to 35."""
    total = sum(map(mul, map(_BASE_36.__getitem__, first8), _ORGANISATION_WEIGHTS))
    return _ORGANISATION_CHECKS[-total % 11]
