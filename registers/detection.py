"""How a workbook is read: which sheets, which header rows, which column means what.

The result (a *plan*, one dict per sheet, JSON-native) is what the mapping step shows and lets
people change, and what staging follows.
"""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from registers.cleaning import blank
from registers.cleaning.texts import shown
from registers.columns import YearlyChoiceColumn
from registers.headings import Match, known_headings, match_headings
from registers.register import Register
from registers.workbooks.layout import Heading, Layout, find_layout
from registers.workbooks.reading import Sheet, Workbook
from registers.workbooks.unreadable import Unreadable

SAMPLES = 30
SAMPLES_SHOWN = 3
Plan = dict[str, Any]


def detect(workbook: Workbook, register: Register) -> list[Plan]:
    """One plan per sheet; raises Unreadable where no sheet has a recognisable header."""
    plans = [detect_sheet(s, position, register) for position, s in enumerate(workbook.sheets)]
    require_table(plans)
    return plans


def detect_sheet(sheet: Sheet, position: int, register: Register) -> Plan:
    """The plan of one sheet, from the rows at its head."""
    plan: Plan = {
        "position": position,
        "name": sheet.name,
        "hidden": sheet.hidden,
        "has_data": bool(sheet.head),
    }
    layout = find_layout(sheet, known_headings(register.columns))
    if layout is None:
        return plan | {"used": False, "header_rows": None, "preamble": [], "columns": []}
    samples = sampled(sheet, layout)
    matches = match_headings(layout.headings, register.columns, samples, layout.preamble)
    columns = [_column(m, register, samples.get(m.heading.column, ())) for m in matches]
    return plan | {
        "used": not sheet.hidden and _names_rows(columns, register),
        "header_rows": list(layout.header_rows),
        "preamble": list(layout.preamble),
        "columns": columns,
    }


def require_table(plans: Sequence[Plan]) -> None:
    """Raise Unreadable unless some sheet is used."""
    if not any(plan["used"] for plan in plans):
        raise Unreadable("no_header" if any(plan["has_data"] for plan in plans) else "no_data")


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
