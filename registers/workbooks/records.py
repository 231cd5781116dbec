"""The records of a sheet's table: its rows, without what is none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from registers.cleaning import is_ditto
from registers.workbooks.cells import Cell, empty, tidy
from registers.workbooks.layout import RUNNING_NUMBERS, VALUE, Layout, Merge, Sheet

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
CREDIT_CODE = re.compile(r"^[0-9A-Z]{18}$", re.IGNORECASE)
UNITS = re.compile(
    r"^[（(]?(个|人|名|家|元|万元|年|月|年月日?|年/月/日|%|√|√/×|是/否|有/无)[）)]?$"
)
NUMBERS = re.compile(r"^[（(]?(\d{1,3})[）)]?$")
STEMS = "甲乙丙丁戊己庚辛壬癸"
LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


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
