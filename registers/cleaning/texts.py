"""Blank cells, ditto marks and plain text."""

import datetime
import math
import unicodedata

from registers.problems import Problem
from registers.workbooks.cells import Cell, CellProblem

_FORMATTED = (*range(0x3001), *range(0xFE00, 0x10000), *range(0xE0000, 0xE0080))
# Zero-width characters, marks of direction, tags: whatever else is in these blocks can be seen.
ZERO_WIDTH = "".join(c for c in map(chr, _FORMATTED) if unicodedata.category(c) == "Cf")
SPACES = "".join(filter(str.isspace, map(chr, range(0x3001)))) + ZERO_WIDTH
# A cell made of nothing but these is blank: —, ——, /, （）, 、 and whatever offices draw.
_STROKES = SPACES + "-‐‑‒–—―─－−﹣/／\\＼、。；;（）()"
_EMPTY_WORDS = frozenset(["无", "没有", "暂无", "空", "n/a", "na", "null", "nil", "none"])
_LONGEST_EMPTY_WORD = max(map(len, _EMPTY_WORDS))
# Writings of "the same as in the row above".
DITTO = frozenset(["同上", "同前", "″", "〃", '"', "＂", "“", "”", "''", "′′"])
_BEFORE_DITTO = frozenset(_STROKES) | {mark[0] for mark in DITTO}
# A float holds whole numbers exactly up to 15 digits, and spreadsheets keep no more.
EXACT = 10**15
_SHOWN_LENGTH = 60


def blank(cell: Cell) -> bool:
    """Whether nothing was filled in, however that was written. 0 and 否 are answers."""
    if not isinstance(cell, str):
        return cell is None
    core = cell.strip(_STROKES)
    return not core or (len(core) <= _LONGEST_EMPTY_WORD and core.casefold() in _EMPTY_WORDS)


def is_ditto(cell: Cell) -> bool:
    """Whether the cell stands for the value of the row above."""
    return (
        isinstance(cell, str)
        and cell[:1] in _BEFORE_DITTO
        and len(cell) < 10
        and cell.strip(_STROKES) in DITTO
    )


def text(cell: Cell, *, max_length: int = 500) -> str | None:
    """The text in NFC, on one line; at most `max_length` characters. A ditto mark with nothing
    above it says nothing."""
    if blank(cell) or is_ditto(cell):
        return None
    line = " ".join(unicodedata.normalize("NFC", written(cell)).strip(SPACES).split())
    return within(line, max_length)


def within(value: str, maximum: int) -> str:
    """`value` unless it is longer than `maximum` characters."""
    if len(value) > maximum:
        raise Problem("too_long", {"maximum": maximum, "length": len(value)})
    return value


def written(cell: Cell) -> str:
    """The cell as the spreadsheet writes it; raises Problem where it has no usable value."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, CellProblem):
        raise Problem(cell.code, {"value": shown(cell)})
    if isinstance(cell, float) and not math.isfinite(cell):
        raise Problem("error_value", {"value": str(cell)})
    return _formatted(cell)


def shown(cell: Cell) -> str:
    """The cell as a sentence about it quotes it: never too long."""
    value = cell.text if isinstance(cell, CellProblem) else _formatted(cell)
    return value if len(value) <= _SHOWN_LENGTH else value[: _SHOWN_LENGTH - 1] + "…"


def _formatted(cell: Cell) -> str:
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < EXACT:
        return str(int(cell))
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(" ", "minutes")
    return str(cell)


def zero(written_value: str) -> bool:
    """Whether a lone 0 was written, as offices do for "none" where 0 cannot be an answer."""
    return written_value.strip(SPACES) in ("0", "０")
