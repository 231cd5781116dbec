"""What one cell of an uploaded workbook can hold, and its text."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CellProblem:
    """A cell that has no usable value.

    `code` is "error_value" (#REF!, #DIV/0! …), "formula_without_value" or
    "control_characters"; `text` is what the cell shows, with control characters made visible.
    """

    code: str
    text: str


Cell = (
    None
    | str
    | int
    | float
    | bool
    | datetime.datetime
    | datetime.date
    | datetime.time
    | CellProblem
)

# One problem cell in a sheet: 1-based row, 1-based column.
PlacedProblem = tuple[int, int, CellProblem]


def empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def tidy(cell: Cell) -> str:
    """A cell's text in one line; spaces stay only between Latin words."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = "" if cell is None else str(cell)
    text = re.sub(r"\s+", " ", text).strip()
    return re.sub(r"(?<![!-~]) | (?![!-~])", "", text)
