"""Sheets made of plain rows, and the rosters among the fixtures."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from registers.workbooks.reading import Sheet, open_workbook

ROSTERS = Path(__file__).parents[2] / "fixtures" / "rosters"


def sheet_of(rows: Sequence[Sequence], merges: Iterable[tuple[int, int, int, int]] = ()) -> Sheet:
    """A sheet with these rows from row 1 on; blank ones are left out, as reading does."""
    filled = [
        (n, list(cells))
        for n, cells in enumerate(rows, start=1)
        if any(c not in (None, "") for c in cells)
    ]
    return Sheet.of("Sheet1", False, list(merges), iter(filled))


def roster_sheets(filename: str) -> list[Sheet]:
    """The visible sheets of a roster, each with all its rows."""
    with open_workbook(ROSTERS / filename) as workbook:
        return [
            Sheet.of(sheet.name, False, sheet.merges, iter(list(sheet.rows())))
            for sheet in workbook.sheets
            if not sheet.hidden
        ]


def without_merges(sheet: Sheet) -> Sheet:
    """The sheet as it looks after copying its values alone."""
    return Sheet.of(sheet.name, False, [], iter(list(sheet.rows())))
