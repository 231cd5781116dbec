"""Gives a user's workbook back with what is wrong in it: cells marked, a column of problems.

An xlsx file is marked in place, so that its owner knows it again, by a child process that may run
out of memory or time; every other file, and one that the child gives up on, is built anew from
the values that were read.
"""

import datetime
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from registers.workbooks.cells import Cell, CellProblem
from registers.workbooks.limits import DEFAULT, Limits
from registers.workbooks.marking_child import (
    mark_cell,
    mark_heading,
    mark_row,
    put_text,
    writable,
)
from registers.workbooks.reading import Sheet, open_workbook

CHILD = "registers.workbooks.marking_child"
MOST_MARKED_IN_PLACE = 4 * 1024 * 1024
HEADING = gettext_lazy("Problems")

# Sheet name, 1-based worksheet row, 0-based column or None for the row as a whole, message.
Placed = tuple[str, int, int | None, str]


@dataclass
class SheetMarks:
    """What is wrong in one sheet: messages by row and by cell, and where the header stands."""

    header_row: int = 1
    rows: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    cells: dict[int, dict[int, list[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )

    def add(self, row: int, column: int | None, message: str) -> None:
        self.rows[row].append(message)
        if column is not None:
            self.cells[row][column].append(message)


def mark_workbook(
    original: Path,
    file_format: str,
    problems: Iterable[Placed],
    out: BinaryIO,
    *,
    header_rows: Mapping[str, int],
    limits: Limits = DEFAULT,
) -> None:
    """Write the workbook `original` as xlsx to `out`, with its problems marked.

    file_format: what reading found ("xlsx", "xls", "ods", "csv")
    header_rows: last header row of each sheet, where the heading of the problems belongs
    Raises Unreadable where the file can no longer be read.
    """
    marks = _by_sheet(problems, header_rows)
    small = original.stat().st_size <= MOST_MARKED_IN_PLACE
    if file_format == "xlsx" and small and _marked_in_place(original, marks, out, limits):
        return
    _rebuilt(original, marks, limits).save(out)


def _by_sheet(problems: Iterable[Placed], header_rows: Mapping[str, int]) -> dict[str, SheetMarks]:
    marks = {name: SheetMarks(row) for name, row in header_rows.items()}
    for sheet, row, column, message in problems:
        marks.setdefault(sheet, SheetMarks()).add(row, column, message)
    return marks


def _marked_in_place(
    original: Path, marks: Mapping[str, SheetMarks], out: BinaryIO, limits: Limits
) -> bool:
    """Whether the child managed to mark the file; only then is anything written to `out`."""
    task = {
        "heading": str(HEADING),
        "memory": limits.memory_bytes,
        "seconds": limits.cpu_seconds,
        "sheets": {
            name: {"header_row": sheet.header_row, "rows": sheet.rows, "cells": sheet.cells}
            for name, sheet in marks.items()
        },
    }
    with tempfile.TemporaryDirectory() as directory:
        marked = Path(directory, "marked.xlsx")
        command = [sys.executable, "-m", CHILD, str(original.absolute()), str(marked)]
        root = Path(__file__).resolve().parent.parent.parent
        try:
            subprocess.run(  # noqa: S603  # our own program with arguments of our own
                command,
                input=json.dumps(task).encode(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={},
                cwd=root,
                timeout=limits.wall_seconds,
                check=True,
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            return False
        out.write(marked.read_bytes())
    return True


def _rebuilt(original: Path, marks: Mapping[str, SheetMarks], limits: Limits) -> Workbook:
    book = Workbook(write_only=True)
    with open_workbook(original, limits=limits) as workbook:
        for sheet in workbook.sheets:
            copy = book.create_sheet(writable(sheet.name) or _("Roster"))
            copy.sheet_state = "hidden" if sheet.hidden else "visible"
            sheet_marks = marks.get(sheet.name)
            beside = _beside(sheet)
            for number, cells in _with_blank_rows(sheet):
                copy.append(_copied(copy, number, cells, sheet_marks, beside))
    return book


def _beside(sheet: Sheet) -> int:
    """The 0-based column right of the table."""
    return max((len(cells) for _number, cells in sheet.head), default=0)


def _with_blank_rows(sheet: Sheet) -> Iterator[tuple[int, Sequence[Cell]]]:
    expected = 1
    for number, cells in sheet.rows():
        for blank in range(expected, number):
            yield blank, []
        yield number, cells
        expected = number + 1


def _copied(
    copy: Any, number: int, cells: Sequence[Cell], marks: SheetMarks | None, beside: int
) -> list[Any]:
    row = [_copied_cell(copy, value) for value in cells]
    if marks is None:
        return row
    beside = max(beside, len(row))
    row += [WriteOnlyCell(copy) for _missing in range(len(row), beside + 1)]
    if number == marks.header_row:
        mark_heading(row[beside], str(HEADING))
    elif number in marks.rows:
        mark_row(row[beside], marks.rows[number])
        for column, messages in marks.cells[number].items():
            mark_cell(row[column], messages)
    return row


def _copied_cell(copy: Any, value: Cell) -> Any:
    cell = WriteOnlyCell(copy)
    if isinstance(value, CellProblem):
        put_text(cell, value.text)
    elif isinstance(value, str):
        put_text(cell, value)
    elif isinstance(value, datetime.datetime) and value.tzinfo:
        put_text(cell, value.isoformat())
    else:
        cell.value = value
    return cell
