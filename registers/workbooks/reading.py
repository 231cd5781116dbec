"""Reads an uploaded roster as rows of plain values, whatever the file tries.

`open_workbook` checks the file, lets a child process read it within limits and streams its
sheets. Nothing that a limit stops is cut off silently: the whole file is refused with a reason.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import Any

from django.conf import settings

from .cells import Cell, CellProblem, PlacedProblem
from .checking import Checked, check, check_text, is_text, load
from .delimited import decoded, delimited_rows, visible
from .limits import DEFAULT, Limits
from .process import ReadingProcess
from .unreadable import Unreadable

__all__ = [
    "DEFAULT",
    "Cell",
    "CellProblem",
    "Limits",
    "Sheet",
    "Unreadable",
    "Workbook",
    "open_workbook",
]

HEAD_ROWS = 60
# Cells that a merge may claim outside the used range before it is taken for nonsense.
MOST_OUTSIDE = 10_000
Merge = tuple[int, int, int, int]
Row = tuple[int, list[Cell]]
DECODERS: dict[str, Callable[[Any], Cell]] = {
    "date": datetime.date.fromordinal,
    "datetime": datetime.datetime.fromisoformat,
    "time": datetime.time.fromisoformat,
    "timedelta": str,
    "control_characters": lambda text: CellProblem("control_characters", visible(text)),
    "error_value": lambda text: CellProblem("error_value", text),
}


@dataclass
class Sheet:
    """One worksheet. Rows and columns count from 1; merges are first row, first column, last
    row, last column. `head` holds the first 60 non-blank rows."""

    name: str
    hidden: bool
    merges: list[Merge]
    head: list[Row]
    _following: Iterator[Row] = field(repr=False, default_factory=lambda: iter(()))

    @classmethod
    def of(cls, name: str, hidden: bool, merges: list, rows: Iterator[Row]) -> Sheet:
        return cls(name, hidden, merges, list(islice(rows, HEAD_ROWS)), rows)

    def rows(self) -> Iterator[Row]:
        """Every non-blank row with its worksheet row number, the head included; once only."""
        return chain(self.head, self._following)


class Workbook:
    """An opened upload; a context manager. `sheets` can be gone through once, in order."""

    def __init__(
        self, file_format: str, sheets: Iterator[Sheet], process: ReadingProcess | None = None
    ) -> None:
        self.format = file_format
        self.sheets = sheets
        self._process = process

    def close(self) -> None:
        if self._process:
            self._process.end()

    def __enter__(self) -> Workbook:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def allowed() -> Limits:
    """The limits of this installation."""
    return Limits(upload_bytes=settings.IMPORT_UPLOAD_BYTES)


def open_workbook(path: Path, *, limits: Limits | None = None) -> Workbook:
    """Checks and opens an upload; its content alone decides the format.

    Raises Unreadable, here or while its sheets are gone through, for every file that cannot be
    read whole within `limits`.
    """
    limits = limits or allowed()
    path = Path(path)
    content = load(path, limits)
    if is_text(content):
        check_text(content)
        rows = delimited_rows(decoded(content), limits)
        return Workbook("csv", iter([Sheet.of("", False, [], rows)]))
    process = ReadingProcess(path, limits)
    try:
        checked = check(content, limits)
        process.begin()
        process.frame()
    except BaseException:
        process.end()
        raise
    return Workbook(checked.format, sheets_from(process, checked), process)


def sheets_from(process: ReadingProcess, checked: Checked) -> Iterator[Sheet]:
    frame = process.frame()
    while frame[0] == "sheet":
        _kind, position, name, hidden, extent, merges = frame
        checked.require(position, name)
        received = Received(process)
        rows = with_problems(received.rows(), checked.problems.get(position, ()))
        claimed = checked.merges.get(position) or merges
        yield Sheet.of(name, hidden, clipped(claimed, extent), rows)
        frame = received.frame_behind()


def clipped(
    merges: Iterable[tuple[tuple[int, int], tuple[int, int]]], extent: tuple[int, int]
) -> list[Merge]:
    """The merges, counted from 0 as (top, left), (bottom, right), inside the used range.

    A merge that claims far more than the used range, or merges that together cover more than
    it, mean nothing and would only cost time.
    """
    left_over = extent[0] * extent[1]
    inside = []
    for (top, left), (bottom, right) in merges:
        last_row, last_column = min(bottom + 1, extent[0]), min(right + 1, extent[1])
        area = max(0, last_row - top) * max(0, last_column - left)
        claimed = (bottom + 1 - top) * (right + 1 - left)
        if area <= 1 or claimed - area > MOST_OUTSIDE or area > left_over:
            continue
        left_over -= area
        inside.append((top + 1, left + 1, last_row, last_column))
    return inside


class Received:
    """The rows of one sheet as they arrive from the reading process."""

    def __init__(self, process: ReadingProcess) -> None:
        self.process = process
        self.behind: tuple | None = None

    def rows(self) -> Iterator[Row]:
        while self.behind is None:
            frame = self.process.frame()
            if frame[0] == "rows":
                yield from rows_of(frame)
            else:
                self.behind = frame

    def frame_behind(self) -> tuple:
        """The frame after the sheet's last row; rows that nobody took are passed over."""
        while self.behind is None:
            frame = self.process.frame()
            if frame[0] != "rows":
                self.behind = frame
        return self.behind


def rows_of(frame: tuple) -> list[Row]:
    _kind, rows, specials = frame
    for index, column, kind, value in specials:
        rows[index][1][column] = DECODERS[kind](value)
    return rows


def with_problems(rows: Iterator[Row], problems: Iterable[PlacedProblem]) -> Iterator[Row]:
    """The rows with problem cells in place, also those that hold nothing else."""
    if not problems:
        return rows
    return merged_by_row(rows, sorted(problems, key=lambda problem: problem[:2]))


def merged_by_row(rows: Iterator[Row], problems: list[PlacedProblem]) -> Iterator[Row]:
    waiting = problems[::-1]
    for number, cells in rows:
        while waiting and waiting[-1][0] < number:
            yield row_of_problems(waiting)
        while waiting and waiting[-1][0] == number:
            put(cells, waiting.pop())
        yield number, cells
    while waiting:
        yield row_of_problems(waiting)


def row_of_problems(waiting: list[PlacedProblem]) -> Row:
    number = waiting[-1][0]
    cells: list[Cell] = []
    while waiting and waiting[-1][0] == number:
        put(cells, waiting.pop())
    return number, cells


def put(cells: list[Cell], placed: PlacedProblem) -> None:
    _row, column, problem = placed
    cells.extend([None] * (column - len(cells)))
    cells[column - 1] = problem
