"""How a wrong cell is marked; as a program, marks an xlsx file within limits.

Started by `marking.py` as `python -m registers.workbooks.marking_child ORIGINAL MARKED`
with the problems as JSON on standard input. It imports no Django.
"""

import json
import resource
import sys
from collections.abc import Sequence
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from registers.workbooks.reading_child import CONTROL

WRONG = PatternFill("solid", fgColor="FFD9D6")
INK = "B3261E"
LONGEST_CELL = 32767


def writable(text: str) -> str:
    """The text without what a workbook cannot hold."""
    return CONTROL.sub("", text)[:LONGEST_CELL]


def put_text(cell: Any, text: str) -> None:
    """Set a cell to a text that stays a text, whatever it begins with."""
    cell.value = writable(text)
    cell.data_type = "s"


def mark_cell(cell: Any, messages: Sequence[str]) -> None:
    """Fill a wrong cell and say in its comment what is wrong."""
    cell.fill = WRONG
    cell.comment = Comment(writable("\n".join(messages)), "", width=300, height=120)


def mark_heading(cell: Any, text: str) -> None:
    """The heading of the column of problems."""
    put_text(cell, text)
    cell.font = Font(bold=True, color=INK)


def mark_row(cell: Any, messages: Sequence[str]) -> None:
    """All that is wrong with a row, beside it."""
    put_text(cell, "\n".join(messages))
    cell.font = Font(color=INK)
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def mark_sheet(sheet: Any, marks: dict[str, Any], heading: str) -> None:
    """Mark one worksheet. `marks`: header_row, rows {row: messages}, cells {row: {column: …}}."""
    beside = max(sheet.max_column, 1) + 1
    mark_heading(sheet.cell(marks["header_row"], beside), heading)
    sheet.column_dimensions[get_column_letter(beside)].width = 60
    for row, messages in marks["rows"].items():
        mark_row(sheet.cell(int(row), beside), messages)
    for row, columns in marks["cells"].items():
        for column, messages in columns.items():
            mark_cell(_anchor(sheet, int(row), int(column) + 1), messages)


def _anchor(sheet: Any, row: int, column: int) -> Any:
    """The cell, or the first cell of the merge that hides it."""
    cell = sheet.cell(row, column)
    if not isinstance(cell, MergedCell):
        return cell
    covering = next(merge for merge in sheet.merged_cells.ranges if cell.coordinate in merge)
    return sheet.cell(covering.min_row, covering.min_col)


def main() -> None:
    original, marked = sys.argv[1:]
    task = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_AS, (task["memory"], task["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (task["seconds"], task["seconds"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    book = load_workbook(original)
    for sheet in book.worksheets:
        if marks := task["sheets"].get(sheet.title):
            mark_sheet(sheet, marks, task["heading"])
    book.save(marked)


if __name__ == "__main__":
    main()
