"""What the cells below a heading tell of its column."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence

from registers.cleaning import blank, is_ditto, ticked, yes_no
from registers.columns import (
    ChoiceColumn,
    Column,
    CountColumn,
    CreditCodeColumn,
    DateColumn,
    LookupColumn,
    NameColumn,
    NamesColumn,
    PhoneColumn,
    YearlyChoiceColumn,
    YesNoColumn,
)
from registers.headings.writing import canon, sound
from registers.problems import Problem
from registers.workbooks.cells import Cell

MOSTLY = 0.8


def is_nothing(cell: Cell) -> bool:
    return blank(cell) or is_ditto(cell) or str(cell).strip() == "0"


def answers(cell: Cell) -> bool:
    """Whether a cell is a tick or says yes or no, in something else than digits."""
    try:
        return not str(cell).isdigit() and yes_no(cell) is not None
    except Problem:
        return False


def shape(cell: Cell) -> str:
    """What sort of thing a cell holds, as far as its characters tell."""
    if isinstance(cell, datetime.date | datetime.time):
        return "date"
    text = "".join(unicodedata.normalize("NFKC", str(cell)).split())
    text = text.removesuffix(".0")
    if answers(text):
        return "answer"
    if re.fullmatch(r"[0-9A-Za-z]{15,20}", text) and re.search(r"\d{4}", text):
        return "code"
    if re.fullmatch(r"(\+?86-?)?1\d{10}|0\d{2,3}-?\d{7,8}", text):
        return "phone"
    if re.fullmatch(r"(19|20)\d\d([-./年]\d{1,2}([-./月]\d{1,2}日?)?月?|年)|(19|20)\d{6}", text):
        return "date"
    if re.fullmatch(r"-?\d+(\.\d+)?[人个家名]?", text):
        return "small" if abs(float(re.sub("[人个家名]", "", text))) < 1900 else "number"
    return "mixed" if re.search(r"\d", text) else "word"


NO_NAME = frozenset({"small", "number", "answer", "date", "code", "phone"})
NEVER: dict[type[Column], frozenset[str]] = {
    NameColumn: NO_NAME,
    NamesColumn: NO_NAME,
    LookupColumn: NO_NAME,
    CreditCodeColumn: frozenset({"word", "small", "answer", "date", "phone"}),
    DateColumn: frozenset({"word", "small", "answer", "code", "phone"}),
    CountColumn: frozenset({"word", "answer", "date", "code", "phone"}),
    PhoneColumn: frozenset({"word", "small", "answer", "date", "code"}),
    ChoiceColumn: NO_NAME,
    YearlyChoiceColumn: NO_NAME,
    YesNoColumn: frozenset({"number", "date", "code", "phone"}),
}


def contradicts(column: Column, cells: Sequence[Cell]) -> bool:
    """Whether nearly all cells are of a sort that the column never holds."""
    least = 1 if isinstance(column, NameColumn | NamesColumn) else 2
    if len(cells) < least:
        return False
    never = NEVER.get(type(column), frozenset())
    said = [cell for cell in cells if not column.says_nothing(cell)]
    foreign = [cell for cell in said if shape(cell) in never]
    if isinstance(column, ChoiceColumn):
        foreign = [cell for cell in foreign if not fits(column, cell)]
    return bool(said) and len(foreign) >= MOSTLY * len(said)


def evidence(column: Column, cells: Sequence[Cell]) -> float | None:
    """The share of cells that look like the column's, None where cells can't tell."""
    if not cells:
        return None
    if column.like:
        pattern = re.compile(column.like)
        return sum(pattern.search(str(cell)) is not None for cell in cells) / len(cells)
    if isinstance(column, CreditCodeColumn):
        return sum(shape(cell) == "code" for cell in cells) / len(cells)
    if isinstance(column, ChoiceColumn | YesNoColumn | DateColumn | CountColumn | PhoneColumn):
        return sum(fits(column, cell) for cell in cells) / len(cells)
    return None


def doubt(column: Column, cells: Sequence[Cell]) -> float:
    """How much less sure the cells make a heading."""
    shown = evidence(column, cells)
    if shown == 0 and len(cells) > 2:
        return 0.5
    return 0.0 if shown is None else 0.05 * (1 - shown)


def fits(column: Column, cell: Cell) -> bool:
    try:
        column.clean(cell)
    except Problem:
        return False
    return True


def choice_named(column: ChoiceColumn | YesNoColumn, text: str) -> str | None:
    """The code of the choice that a heading names, "yes" or "no" for a question's answer."""
    if isinstance(column, YesNoColumn):
        return answer_named(column, canon(text))
    try:
        return str(ChoiceColumn.clean(column, text) or "") or None
    except Problem:
        sounds = defaultdict(set)
        for writing, code in column.known.items():
            sounds[sound(writing)].add(code)
        codes = sounds.get(sound(canon(text)), set())
        return codes.pop() if len(codes) == 1 else None


def answer_named(column: YesNoColumn, text: str) -> str | None:
    try:
        answer = column.clean(text)
    except Problem:
        return None
    return None if answer is None else "yes" if answer else "no"


def only_ticks(cells: Sequence[Cell], leaf: str) -> bool:
    """Whether the cells tick a choice: a mark, 1, 是, or the choice's own name."""
    ticks = sum(is_tick(cell) or canon(str(cell)) == canon(leaf) for cell in cells)
    return ticks >= MOSTLY * len(cells)


def is_tick(cell: Cell) -> bool:
    try:
        ticked(cell)
    except Problem:
        return False
    return True
