"""Where the table stands in a sheet: its header rows, its headings and its records."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from registers.cleaning import is_ditto
from registers.workbooks.cells import Cell

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
TOTAL = re.compile(
    r"^(本页|全市|全县|全区|本级|[一-龥]{1,4}[市县区])?(合计|小计|总计|共计|累计)"
    r"([：:（(]?\d*[家个名人]?[）)]?)$|^(Sub)?total[:：]?$",
    re.IGNORECASE,
)
NOTE = re.compile(
    r"^(填[表报]说明|填[表报]人|填[表报]单位|填[表报]时间|填[表报]日期|填[表报]要求|制表人?|审核人?"
    r"|复核人?|经办人|联系人|联系电话|单位负责人|主要负责人|分管领导|负责人|说明|备注|附件?|附注|注"
    r"|注释|本表.{4,}|数据截[至止].*|Notes?)(签[字名]|[（(]?盖章[）)]?)?\d*([：:.．、，]|[（(].{0,20}$|$)",
    re.IGNORECASE,
)
BEFORE_LABEL = re.compile(r"\s{2,}(?=[^\s：:]{2,12}[：:])")
LABELLED = re.compile(r"^[^：:]{1,12}[：:]")
NUMBERED_NOTE = re.compile(r"^[（(]?\d+[）)、.．]")
CAPTION = re.compile(
    r"^([一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十]+[）)])"
    r"|[（(]共?\d+[家个名人][）)][：:]?$|^[一-龥]{1,4}[市县区][：:]?$|[：:]$"
)
ASIDE = re.compile(r"^[（(].{6,}[）)]$|^.{20,}。$|^\d{4}[-./年]\d{1,2}[-./月]\d{1,2}日?$")
# Who signs below a table, to its right.
SIGNATURE = re.compile(r"^[一-龥]{2,20}([局部委办]|委员会|办公室|政府)([（(].{0,4}章[）)])?$")
# What stands between a header and its records: how to fill in, an example, numbers of columns.
EXAMPLE = re.compile(r"^[（(【]?(填[写报])?(示例|样例|范例|举例|例如?|样表)[）)】]?[：:]?\d*$")
EXPLANATION = re.compile(r"^(填[写报表]|指标)?(说明|要求|规范|须知|提示|解释)[：:]?$")
HINT = re.compile(
    r"^[（(]?(请?填|格式|[选必]填|下拉|请?选择|与.{2,10}一致|\d{1,2}位|如[：:]|例如)"
    r"|(填写?|选择|填报)[”\"。；）)]?$|没有.{0,4}填|^(数字|文本|日期)(格式|型)?$"
)
COLUMN_NUMBERS = re.compile(r"^(栏次|列次|栏号|列号|栏目)$")
TITLE = re.compile(r"(表|台账|花?名册|名单|一览|清单)$")
CREDIT_CODE = re.compile(r"^[0-9A-Z]{18}$", re.IGNORECASE)
UNITS = re.compile(
    r"^[（(]?(个|人|名|家|元|万元|年|月|年月日?|年/月/日|%|√|√/×|是/否|有/无)[）)]?$"
)
NUMBERS = re.compile(r"^[（(]?(\d{1,3})[）)]?$")
STEMS = "甲乙丙丁戊己庚辛壬癸"
LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Sheet(Protocol):
    """What this module reads of a sheet. merges: first row, first column, last row, last column,
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


def records(sheet: Sheet, layout: Layout) -> Iterator[tuple[int, list[Cell]]]:
    """The data rows below the header, with their worksheet row numbers.

    What a vertical merge or 同上 says is filled in from above. Left out are blank rows, totals,
    notes, captions, bare running numbers, rows that number the columns and repeated headers.
    """
    filling = Filling(sheet.merges, layout.header_rows[1])
    skipping = Skipping(sheet.merges, layout)
    for number, cells in sheet.rows():
        if number <= layout.header_rows[1]:
            continue
        if skipping.skips(number, cells):
            filling.pass_over(number, cells)
        else:
            yield number, filling.fill(number, cells)


class Filling:
    """Fills cells from those above; a merge costs nothing outside its rows."""

    def __init__(self, merges: Sequence[Merge], header: int) -> None:
        vertical = [merge for merge in merges if merge[0] > header and merge[2] > merge[0]]
        self.waiting = sorted(vertical, reverse=True)
        self.open: dict[int, tuple[int, Cell]] = {}
        self.above: list[Cell] = []

    def pass_over(self, number: int, cells: Sequence[Cell]) -> None:
        """Opens the merges that begin in a row which is no record itself."""
        while self.waiting and self.waiting[-1][0] <= number:
            first, left, last, _right = self.waiting.pop()
            here = first == number and left <= len(cells)
            if here and last > number and not empty(cells[left - 1]):
                self.open[left - 1] = (last, cells[left - 1])

    def fill(self, number: int, cells: Sequence[Cell]) -> list[Cell]:
        self.pass_over(number, cells)
        filled = list(cells)
        for column, (last, value) in list(self.open.items()):
            if last < number:
                del self.open[column]
            elif column >= len(filled):
                filled += [None] * (column + 1 - len(filled))
            if last >= number and empty(filled[column]):
                filled[column] = value
        for column, cell in enumerate(filled[: len(self.above)]):
            if is_ditto(cell):
                filled[column] = self.above[column]
        self.above = filled
        return filled


class Skipping:
    """Tells the rows below a header that are no records."""

    def __init__(self, merges: Sequence[Merge], layout: Layout) -> None:
        self.titles = {text for text in layout.preamble if text}
        self.headings = {heading.column: set(heading.path) for heading in layout.headings}
        self.numbering = {h.column for h in layout.headings if is_numbering(h.leaf)}
        half = max(2, len(layout.headings) // 2)
        flat = [m for m in merges if m[0] == m[2] and m[3] - m[1] + 1 >= half]
        self.captions = {(row, left - 1) for row, left, _last, _right in flat}
        self.after_header = True
        self.among_notes = False

    def skips(self, number: int, cells: Sequence[Cell]) -> bool:
        if self.after_header and explains(cells):
            return True
        if any(is_credit_code(cell) for cell in cells):
            self.after_header = False
            return False
        filled = [(column, cell) for column, cell in enumerate(cells) if not empty(cell)]
        if not filled:
            return True
        if self.is_header(filled) or (self.after_header and numbers_columns(filled)):
            self.after_header, self.among_notes = True, False
            return True
        self.after_header = False
        return self.is_aside(number, filled)

    def is_header(self, filled: list[tuple[int, Cell]]) -> bool:
        """Whether a printed table repeats its title or header here."""
        texts = [(column, tidy(cell)) for column, cell in filled]
        if len(texts) == 1:
            column, text = texts[0]
            alone = len(self.headings) == 1 and text in self.headings.get(column, ())
            return text in self.titles or alone
        same = sum(text in self.headings.get(column, ()) for column, text in texts)
        return 10 * same >= 6 * len(texts)

    def is_aside(self, number: int, filled: list[tuple[int, Cell]]) -> bool:
        column, text = filled[0][0], tidy(filled[0][1])
        label = tidy(filled[1][1]) if len(filled) > 1 and is_running_number(text) else text
        if TOTAL.match(label) or is_total(filled):
            return True
        if NOTE.match(text) and sum(not LABELLED.match(tidy(cell)) for _c, cell in filled) <= 3:
            self.among_notes = True
            return True
        if len(filled) > 1:
            return False
        return (
            (number, column) in self.captions
            or column in self.numbering
            or is_running_number(text)
            or any(pattern.search(text) for pattern in (CAPTION, ASIDE, LABELLED))
            or (column > 1 and SIGNATURE.match(text) is not None)
            or (self.among_notes and is_sentence(text))
        )


def is_credit_code(cell: Cell) -> bool:
    """Whether a cell looks like a credit code, which only a record carries."""
    return isinstance(cell, str) and len(cell) >= 18 and CREDIT_CODE.match(tidy(cell)) is not None


def is_running_number(text: str) -> bool:
    return NUMBERS.match(text) is not None or re.match(r"^\d{1,6}(\.0)?$", text) is not None


def is_total(filled: list[tuple[int, Cell]]) -> bool:
    """Whether a row says that it is a total in one cell and holds numbers in all others."""
    texts = [cell for _column, cell in filled if isinstance(cell, str)]
    labels = [text for text in texts if "计" in text and TOTAL.match(tidy(text))]
    return len(labels) == 1 and all(t in labels or VALUE.match(tidy(t)) for t in texts)


def is_numbering(heading: str) -> bool:
    return re.sub(r"\W", "", heading).casefold() in RUNNING_NUMBERS


def explains(cells: Sequence[Cell]) -> bool:
    """Whether a row below the header says how to fill it in, or gives an example."""
    texts = [tidy(cell) for cell in cells if not empty(cell)]
    if not texts:
        return False
    hints = sum(HINT.search(text) is not None for text in texts)
    labelled = EXAMPLE.match(texts[0]) or EXPLANATION.match(texts[0])
    return labelled is not None or (hints >= 2 and 2 * hints >= len(texts))


def is_sentence(text: str) -> bool:
    """Whether a text goes on from the note above it."""
    return NUMBERED_NOTE.match(text) is not None or text.endswith(("。", "；", "."))


def numbers_columns(filled: list[tuple[int, Cell]]) -> bool:
    """Whether the row only numbers the columns (1, 2, 3; 甲, 乙, 丙) or names their units."""
    texts = [tidy(cell) for _column, cell in filled]
    if COLUMN_NUMBERS.match(texts[0]):
        del texts[0]
    if len(texts) < 2:
        return False
    stems = [text for text in texts if text in STEMS or text in LATIN]
    counted = [int(match[1]) for text in texts if (match := NUMBERS.match(text))]
    if len(stems) + len(counted) == len(texts):
        return counted == sorted(set(counted)) and in_order(counted)
    return all(UNITS.match(text) for text in texts)


def in_order(numbers: list[int]) -> bool:
    return all(after - before == 1 for before, after in pairwise(numbers))


def empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def filled_width(cells: Sequence[Cell]) -> int:
    return max((column + 1 for column, cell in enumerate(cells) if not empty(cell)), default=0)


def is_value(cell: Cell) -> bool:
    """Whether a cell holds data and so can be no heading."""
    if empty(cell) or YEAR.match(tidy(cell)):
        return False
    return not isinstance(cell, str) or VALUE.match(tidy(cell)) is not None


def tidy(cell: Cell) -> str:
    """A cell's text in one line; spaces stay only between Latin words."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = "" if cell is None else str(cell)
    text = re.sub(r"\s+", " ", text).strip()
    return re.sub(r"(?<![!-~]) | (?![!-~])", "", text)
