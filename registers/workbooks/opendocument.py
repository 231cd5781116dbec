"""What an OpenDocument spreadsheet says that the reading library drops: errors and merges."""

from __future__ import annotations

import re

from .cells import CellProblem, PlacedProblem
from .sheet_xml import text
from .unreadable import Unreadable

# (top, left), (bottom, right), counted from 0 like the reading library's.
Merge = tuple[tuple[int, int], tuple[int, int]]

NEEDS_WALK = re.compile(rb"-spanned=|:value-type=\"error\"|table:formula=")
ELEMENT = re.compile(
    rb"<(?P<end>/)?table:(?P<kind>table|table-row|(?:covered-)?table-cell)"
    rb"(?P<attributes>(?:\s[^>]*?)?)(?P<empty>/)?>"
)
# No grid has ten million rows or columns; the library loses what stands behind so many.
ABSURD_REPEAT = re.compile(rb'-repeated="\d{8,}"')
ROWS_REPEATED = re.compile(rb'table:number-rows-repeated="(\d+)"')
COLUMNS_REPEATED = re.compile(rb'table:number-columns-repeated="(\d+)"')
ROWS_SPANNED = re.compile(rb'table:number-rows-spanned="(\d+)"')
COLUMNS_SPANNED = re.compile(rb'table:number-columns-spanned="(\d+)"')
FORMULA = re.compile(rb'table:formula="(?:\w+:)?=?([^"]*)"')
SHOWN = re.compile(rb"<text:p[^>]*>([^<]*)")


class Content:
    """Problem cells and merges by 0-based sheet, from the bytes of content.xml.

    Raises Unreadable where it repeats cells beyond every grid.
    """

    def __init__(self, content: bytes) -> None:
        if ABSURD_REPEAT.search(content):
            raise Unreadable("damaged")
        self.content = content
        self.problems: dict[int, list[PlacedProblem]] = {}
        self.merges: dict[int, list[Merge]] = {}
        self.sheet = -1
        self.row = self.column = self.next_row = 1
        if NEEDS_WALK.search(content):
            for element in ELEMENT.finditer(content):
                self._enter(element)

    def _enter(self, element: re.Match[bytes]) -> None:
        if element["end"]:
            return
        attributes = element["attributes"]
        if element["kind"] == b"table":
            self.sheet += 1
            self.next_row = 1
        elif element["kind"] == b"table-row":
            self.row, self.column = self.next_row, 1
            self.next_row += number(ROWS_REPEATED, attributes)
        else:
            if b"-spanned=" in attributes or b":formula=" in attributes:
                self._cell(element, attributes)
            self.column += number(COLUMNS_REPEATED, attributes)

    def _cell(self, element: re.Match[bytes], attributes: bytes) -> None:
        height = number(ROWS_SPANNED, attributes)
        width = number(COLUMNS_SPANNED, attributes)
        if height * width > 1:
            first = (self.row - 1, self.column - 1)
            last = (first[0] + height - 1, first[1] + width - 1)
            self.merges.setdefault(self.sheet, []).append((first, last))
        problem = self._problem(element, attributes)
        if problem:
            self.problems.setdefault(self.sheet, []).append((self.row, self.column, problem))

    def _problem(self, element: re.Match[bytes], attributes: bytes) -> CellProblem | None:
        formula = FORMULA.search(attributes)
        if formula is None:
            return None
        if b':value-type="error"' in attributes:
            shown = None if element["empty"] else SHOWN.search(self.content, element.end())
            return CellProblem("error_value", text(shown[1]) if shown else "#N/A")
        if b"office:value-type=" not in attributes:
            return CellProblem("formula_without_value", "=" + text(formula[1]))
        return None


def number(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    found = pattern.search(attributes)
    return int(found[1]) if found else 1
