"""How a workbook is read: which sheets, which header rows, which column means what.

The result (a *plan*, one dict per sheet, JSON-native) is what the mapping step shows and lets
people change, and what staging follows.
"""

import datetime
import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.text import Truncator

from registers.cleaning import blank
from registers.cleaning.texts import shown
from registers.columns import YearlyChoiceColumn
from registers.headings import Match, known_headings, match_headings
from registers.register import Register
from registers.workbooks.layout import Heading, Layout, find_layout, layout_at
from registers.workbooks.reading import HEAD_ROWS, Sheet, Workbook
from registers.workbooks.unreadable import Unreadable

MOST_SHEETS = 200
MOST_HEADINGS = 1_000
SAMPLES = 30
SAMPLES_SHOWN = 3
SEEN_ROWS, SEEN_CHARACTERS = 3, 60
DAY = re.compile(r"(20\d\d)\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})(?!\d)")
Plan = dict[str, Any]


def detect(workbook: Workbook, register: Register) -> list[Plan]:
    """One plan per sheet; raises Unreadable where no sheet has a recognisable header, or where
    there are more sheets or different headings than anybody could look through."""
    plans: list[Plan] = []
    headings: set[tuple[str, ...]] = set()
    for position, sheet in enumerate(workbook.sheets):
        plans.append(detect_sheet(sheet, position, register))
        headings.update(tuple(column["path"]) for column in plans[-1]["columns"])
        if len(plans) > MOST_SHEETS:
            raise Unreadable("too_many_sheets", limit=MOST_SHEETS)
        if len(headings) > MOST_HEADINGS:
            raise Unreadable("too_many_headings", limit=MOST_HEADINGS)
    require_table(plans, register)
    return plans


def detect_sheet(
    sheet: Sheet, position: int, register: Register, header: tuple[int, int] | None = None
) -> Plan:
    """The plan of one sheet, from the rows at its head.

    header: the first and last header row where a person has named them, else they are found
    """
    plan: Plan = {
        "position": position,
        "name": sheet.name,
        "hidden": sheet.hidden,
        "has_data": bool(sheet.head),
    }
    if header:
        layout: Layout | None = layout_at(sheet, *header)
    else:
        layout = find_layout(sheet, known_headings(register.columns))
    if layout is None:
        nothing: Plan = {"used": False, "header_rows": None, "preamble": [], "columns": []}
        return plan | nothing | {"seen": seen(sheet)}
    samples = sampled(sheet, layout)
    matches = match_headings(layout.headings, register.columns, samples, layout.preamble)
    columns = [_column(m, register, samples.get(m.heading.column, ())) for m in matches]
    return plan | {
        "used": bool(header) or (not sheet.hidden and _names_rows(columns, register)),
        "header_rows": list(layout.header_rows),
        "preamble": list(layout.preamble),
        "columns": columns,
        "has_rows": has_rows_below(sheet, layout.header_rows[1]),
        "seen": seen(sheet),
    }


def has_rows_below(sheet: Sheet, row: int) -> bool:
    """Whether a filled row follows, as far as the head of the sheet can tell."""
    return len(sheet.head) == HEAD_ROWS or any(number > row for number, _cells in sheet.head)


def seen(sheet: Sheet) -> list[list[Any]]:
    """The first rows of a sheet as [row, text], for who wonders why no header was found."""
    found = []
    for row, cells in sheet.head[:SEEN_ROWS]:
        text = "、".join(shown(cell) for cell in cells if not blank(cell))
        found.append([row, Truncator(text).chars(SEEN_CHARACTERS)])
    return found


def require_table(plans: Sequence[Plan], register: Register) -> None:
    """Raise Unreadable unless some sheet is used, and some used one has rows."""
    used = [plan for plan in plans if plan["used"]]
    if used and not any(plan.get("has_rows", True) for plan in used):
        raise Unreadable("no_rows")
    if used:
        return
    filled = [plan for plan in plans if plan["has_data"]]
    if not filled:
        raise Unreadable("no_data")
    rows = [[filled[0]["name"], row, text] for row, text in filled[0]["seen"]]
    with translation.override(settings.LANGUAGE_CODE):
        headings = [str(register.column(key).label) for key in register.business_keys]
    raise Unreadable("no_header", rows=rows, headings="、".join(headings))


def stated_day(plans: Sequence[Plan]) -> datetime.date | None:
    """The day that a used sheet names above its table (填报时间：2025年8月31日), None where none
    does or it is still to come."""
    for text in (text for plan in plans if plan["used"] for text in plan["preamble"]):
        found = DAY.search(unicodedata.normalize("NFKC", text))
        with suppress(ValueError):
            day = found and datetime.date(*map(int, found.groups()))
            if day and day <= timezone.localdate():
                return day
    return None


def layout_of(plan: Plan) -> Layout:
    """The layout that a plan describes."""
    first, last = plan["header_rows"]
    headings = tuple(Heading(c["index"], tuple(c["path"])) for c in plan["columns"])
    return Layout((first, last), headings, tuple(plan["preamble"]))


def _names_rows(columns: Sequence[Plan], register: Register) -> bool:
    """A table whose rows nothing names is not this register's."""
    return any(column["column"] in register.business_keys for column in columns)


def _column(match: Match, register: Register, cells: Sequence[Any]) -> Plan:
    year = match.year
    if (
        year is None
        and match.column
        and isinstance(register.column(match.column), YearlyChoiceColumn)
    ):
        year = timezone.localdate().year - 1
    return {
        "index": match.heading.column,
        "path": list(match.heading.path),
        "column": match.column,
        "choice": match.choice,
        "year": year,
        "reason": match.reason,
        "samples": list(dict.fromkeys(map(shown, cells)))[:SAMPLES_SHOWN],
    }


def sampled(sheet: Sheet, layout: Layout) -> dict[int, list[Any]]:
    """Some cells of each 0-based column, from below the header, without blanks."""
    samples: dict[int, list[Any]] = {}
    for number, cells in sheet.head:
        if number <= layout.header_rows[1]:
            continue
        for index, cell in enumerate(cells):
            if not blank(cell) and len(samples.setdefault(index, [])) < SAMPLES:
                samples[index].append(cell)
    return samples
