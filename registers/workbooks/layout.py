"""Where the table stands in a sheet: its header rows and its headings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from registers.workbooks.cells import Cell, empty, tidy

Row = tuple[int, Sequence[Cell]]
Merge = tuple[int, int, int, int]

MOST_HEADER_ROWS = 4
CERTAINLY_A_HEADER = 3  # known headings, however many others stand beside them
# Headings that mean no column of any register, and yet show that a row is a header.
RUNNING_NUMBERS = ("序号", "编号", "行号", "no", "number", "sn")

# A label and its answer in one cell (填报单位：…, 单位：万元) stand above a table, not in it.
FILLED_IN = re.compile(
    r"^(填|制|报|统计|单位|时间|日期|联系|审核|负责|Date|Unit|Prepared)[^：:]{0,12}[：:]"
)
VALUE = re.compile(
    r"^([-+]?[\d,.，]+%?|[0-9A-Z]{15,20}|\d{4}[-./年]\d{1,2}([-./月]\d{1,2}日?|月)?|[\d-]{7,}"
    r"|[√✓✔×✗xX])$"
)
YEAR = re.compile(r"^20\d\d$")
BEFORE_LABEL = re.compile(r"\s{2,}(?=[^\s：:]{2,12}[：:])")
TITLE = re.compile(r"(表|台账|花?名册|名单|一览|清单)$")


class Sheet(Protocol):
    """What is read of a sheet. merges: first row, first column, last row, last column,
    1-based, inclusive; head: the first rows that are not blank; rows: all rows, streamed."""

    @property
    def merges(self) -> Sequence[Merge]: ...

    @property
    def head(self) -> Sequence[Row]: ...

    def rows(self) -> Iterator[Row]: ...


@dataclass(frozen=True)
class Heading:
    """One column's heading. column: 0-based; path: its texts, merged parents first."""

    column: int
    path: tuple[str, ...]

    @property
    def leaf(self) -> str:
        return self.path[-1]

    def __str__(self) -> str:
        return " / ".join(self.path)


@dataclass(frozen=True)
class Layout:
    """header_rows: first and last worksheet row, 1-based; preamble: the texts above them."""

    header_rows: tuple[int, int]
    headings: tuple[Heading, ...]
    preamble: tuple[str, ...]


def find_layout(sheet: Sheet, is_known: Callable[[str], bool | float]) -> Layout | None:
    """The header of the sheet's table, None where no row is recognisable as one.

    is_known: whether (or how surely) a text is a heading that the register knows.
    """
    grid = Grid(sheet)
    anchor = grid.anchor(is_known)
    if anchor is None:
        return None
    return grid.layout(*grid.header_around(anchor))


def layout_at(sheet: Sheet, first: int, last: int) -> Layout:
    """The table whose header a person has found in the rows from `first` to `last`."""
    return Grid(sheet).layout(first, last)


def texts_in(cell: Cell) -> list[str]:
    """A cell's texts, where wide gaps set labels apart (填报单位：…　　填报时间：…)."""
    parts = BEFORE_LABEL.split("" if cell is None else str(cell))
    return [text for part in parts if (text := tidy(part))]


class Grid:
    """The rows at a sheet's head, by their numbers, with merges looked up where they are needed."""

    def __init__(self, sheet: Sheet) -> None:
        self.rows = {number: list(cells) for number, cells in sheet.head}
        self.numbers = sorted(self.rows)
        self.width = max((filled_width(cells) for cells in self.rows.values()), default=0)
        last = self.numbers[-1] if self.numbers else 0
        self.merges = [merge for merge in sheet.merges if merge[0] <= last]

    def cell(self, row: int, column: int) -> Cell:
        cells = self.rows.get(row, [])
        return cells[column] if column < len(cells) else None

    def text(self, row: int, column: int) -> str:
        return tidy(self.cell(row, column))

    def filled(self, row: int) -> list[int]:
        """The 0-based columns in which the row has something."""
        return [column for column, cell in enumerate(self.rows.get(row, [])) if not empty(cell)]

    def anchor(self, is_known: Callable[[str], bool | float]) -> int | None:
        """The first of the rows that hold the most known headings."""
        best, most = None, 0.0
        for number in self.numbers:
            score = self.known(number, is_known)
            if score > most:
                best, most = number, score
        return best

    def known(self, number: int, is_known: Callable[[str], bool | float]) -> float:
        """How many different known headings the row holds, 0 where it can be no header."""
        cells = [cell for cell in self.rows[number] if not empty(cell)]
        if any(is_value(cell) for cell in cells):
            return 0
        texts = {tidy(cell) for cell in cells}
        known = sum(float(is_known(text)) for text in texts)
        many = known >= CERTAINLY_A_HEADER or (known >= 2 and 4 * known >= len(texts))
        return known if many or known == len(texts) else 0

    def header_around(self, anchor: int) -> tuple[int, int]:
        """The block of header rows that the anchor row belongs to."""
        first = last = anchor
        while last - first + 1 < MOST_HEADER_ROWS and self.joined(last):
            last += 1
        while last - first + 1 < MOST_HEADER_ROWS and (
            self.joined(first - 1) or self.groups(first - 1)
        ):
            first -= 1
        return first, last

    def joined(self, row: int) -> bool:
        """Whether the row and the one below it are rows of one header."""
        if row not in self.rows or row + 1 not in self.rows or self.is_title(row):
            return False
        if any(is_value(cell) for cell in self.rows[row + 1]):
            return False
        return self.joined_by_merge(row) or self.is_parent_row(row)

    def groups(self, row: int) -> bool:
        """Whether, without merges, the row above a full header names groups of its columns."""
        above, below = self.filled(row), self.filled(row + 1)
        if len(above) < 2 or above[0] != below[0] or self.is_title(row):
            return False
        short = all(len(self.text(row, column)) <= 12 for column in above)
        return short and len(above) < len(below) and set(above) <= set(below)

    def is_title(self, row: int) -> bool:
        """Whether one text fills the row, or labels are filled in: a title, not a header."""
        filled = self.filled(row)
        texts = [self.text(row, column) for column in filled]
        if any(FILLED_IN.match(text) or TITLE.search(text) for text in texts):
            return True
        return len(filled) == 1 and len(self.filled(row + 1)) > 1 and not self.reaches_down(row)

    def reaches_down(self, row: int) -> bool:
        return any(
            first <= row < last and last - first < MOST_HEADER_ROWS
            for first, _left, last, _right in self.merges
        )

    def joined_by_merge(self, row: int) -> bool:
        if self.reaches_down(row):
            return True
        below = set(self.filled(row + 1))
        wide = [m for m in self.merges if m[0] == m[2] == row and m[3] > m[1]]
        covered = [column for m in wide for column in range(m[1] - 1, min(m[3], self.width))]
        return bool(covered) and below.issuperset(covered)

    def is_parent_row(self, row: int) -> bool:
        """Whether, without merges, the row below fills just the gaps to the right of parents."""
        above, below = self.filled(row), self.filled(row + 1)
        if len(above) < 2 or not below:
            return False
        parents = {parent_of(column, above) for column in below}
        gaps = [column for column in below if column not in above]
        return bool(gaps) and None not in parents and self.leaves_blank(row, above, below)

    def leaves_blank(self, row: int, above: list[int], below: list[int]) -> bool:
        """Whether nothing stands below a heading that has another to its right at once."""
        alone = [column for column in above if column + 1 in above]
        return bool(alone) and not set(alone) & set(below)

    def layout(self, first: int, last: int) -> Layout:
        """The table below the header rows from `first` to `last`."""
        above = [number for number in self.numbers if number < first]
        cells = [cell for number in above for cell in self.rows[number]]
        preamble = [text for cell in cells for text in texts_in(cell)]
        return Layout((first, last), tuple(self.headings(first, last)), tuple(preamble))

    def headings(self, first: int, last: int) -> list[Heading]:
        levels = [self.level(first, row, last) for row in range(first, last + 1)]
        found = []
        for column in range(self.width):
            path = [level[column] for level in levels if level[column]]
            path = [text for i, text in enumerate(path) if not i or text != path[i - 1]]
            if path:
                found.append(Heading(column, tuple(path)))
        return without_title(found)

    def level(self, first: int, row: int, last: int) -> list[str]:
        """One header row's text for every column, spread over merges or over the gaps."""
        texts = [self.text(row, column) for column in range(self.width)]
        wide = [m for m in self.merges if first <= m[0] <= row <= m[2] <= last]
        for top, left, _bottom, right in wide:
            for column in range(left - 1, min(right, self.width)):
                texts[column] = self.text(top, left - 1)
        if not any(m[3] > m[1] for m in self.merges if first <= m[0] <= last):
            self.spread(texts, first, row, last)
        return texts

    def spread(self, texts: list[str], first: int, row: int, last: int) -> None:
        """Without merges, a gap with a heading below it belongs to the parent on its left."""

        def stands(rows: range, column: int) -> bool:
            return any(self.text(other, column) for other in rows)

        above, below = range(first, row), range(row + 1, last + 1)
        for column in range(1, self.width):
            gap = not texts[column] and not stands(above, column)
            if gap and stands(below, column) and stands(below, column - 1):
                texts[column] = texts[column - 1]


def parent_of(column: int, above: list[int]) -> int | None:
    return max((start for start in above if start <= column), default=None)


def without_title(headings: list[Heading]) -> list[Heading]:
    """The headings without a text that stands above all of them."""
    while len(headings) > 1 and all(len(h.path) > 1 for h in headings):
        if len({h.path[0] for h in headings}) > 1:
            break
        headings = [Heading(h.column, h.path[1:]) for h in headings]
    return headings


def filled_width(cells: Sequence[Cell]) -> int:
    return max((column + 1 for column, cell in enumerate(cells) if not empty(cell)), default=0)


def is_value(cell: Cell) -> bool:
    """Whether a cell holds data and so can be no heading."""
    if empty(cell) or YEAR.match(tidy(cell)):
        return False
    return not isinstance(cell, str) or VALUE.match(tidy(cell)) is not None
