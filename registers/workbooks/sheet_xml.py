"""What a worksheet part says that the reading library would drop, or would die of.

The scans are byte patterns over the stream: an XML parser in Python would take longer than the
reading itself.
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Iterable, Iterator

from .cells import CellProblem, PlacedProblem
from .limits import Limits
from .unreadable import Unreadable

ROOT = re.compile(rb"<(?:(\w+):)?worksheet[\s>]")
REFERENCE = re.compile(rb"""\sr=["']([A-Za-z]+)([0-9]+)["']""")
VALUE = re.compile(rb"<(?:\w+:)?v[^>]*>([^<]+)<")
STRING_COUNT = re.compile(rb"""uniqueCount=["'](\d+)""")
# The shortest shared string is <si/>.
SMALLEST_STRING = 5
LONGEST_ROW = 16 * 1024 * 1024
READABLE_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}


class SheetScan:
    """Goes over one worksheet part, row by whole row, as it is unpacked."""

    def __init__(self, sheet: str, limits: Limits) -> None:
        self.sheet = sheet
        self.limits = limits
        self.cells = 0
        self.found = False
        self.problems: list[PlacedProblem] = []

    def over(self, chunks: Iterable[bytes]) -> None:
        """Collects problem cells; raises Unreadable where cells lie outside the limits."""
        tags: Tags | None = None
        waiting = b""
        for chunk in chunks:
            waiting += chunk
            if tags is None:
                tags = Tags.found_in(waiting)
                self.found = tags is not None
            if tags is None or tags.closed:
                waiting = b""
                continue
            waiting = self._whole_rows(tags, waiting)
        if tags is not None and not tags.closed:
            self._scan(tags, waiting)

    def _whole_rows(self, tags: Tags, waiting: bytes) -> bytes:
        end = waiting.find(tags.sheet_end)
        if end >= 0:
            tags.closed = True
            self._scan(tags, waiting[:end])
            return b""
        cut = waiting.rfind(tags.row)
        if cut < 0:
            return waiting[-len(tags.sheet_end) :]
        if len(waiting) - cut > LONGEST_ROW:
            raise Unreadable("damaged")
        self._scan(tags, waiting[:cut])
        return waiting[cut:]

    def _scan(self, tags: Tags, rows: bytes) -> None:
        self.cells += rows.count(tags.cell)
        for letters, digits in outlying(self.limits).findall(rows):
            self._check_reference(letters, int(digits))
        if b't="e"' in rows or b"t='e'" in rows:
            self._collect_errors(tags, rows)
        if tags.formula_start in rows:
            self._collect_formulas(tags, rows)

    def _check_reference(self, letters: bytes, row: int) -> None:
        if row > self.limits.rows:
            raise Unreadable("too_many_rows", sheet=self.sheet, found=row, limit=self.limits.rows)
        column = column_number(letters)
        if column > self.limits.columns:
            limit = self.limits.columns
            raise Unreadable("too_many_columns", sheet=self.sheet, found=column, limit=limit)

    def _collect_errors(self, tags: Tags, rows: bytes) -> None:
        for match in tags.error_cell.finditer(rows):
            value = VALUE.search(match[2])
            shown = text(value[1]) if value else "#N/A"
            row, column = self._place(match[1], shown)
            if shown not in READABLE_ERRORS:
                cell = f"{column_letters(column)}{row}"
                raise Unreadable("foreign_error", sheet=self.sheet, cell=cell, value=shown)
            self.problems.append((row, column, CellProblem("error_value", shown)))

    def _collect_formulas(self, tags: Tags, rows: bytes) -> None:
        for match in tags.formula.finditer(rows):
            if match["value"]:
                continue
            start = rows.rfind(tags.cell, 0, match.start())
            attributes = rows[start : rows.find(b">", start)]
            # A formula whose result is the empty text is stored as t="str" and an empty value.
            if b't="str"' in attributes and match["empty"]:
                continue
            shown = "=" + (text(match["formula"] or b"") or "…")
            row, column = self._place(attributes, shown)
            self.problems.append((row, column, CellProblem("formula_without_value", shown)))

    def _place(self, attributes: bytes, shown: str) -> tuple[int, int]:
        reference = REFERENCE.search(attributes)
        if reference is None:
            raise Unreadable("unplaced_cell", sheet=self.sheet, value=shown)
        return int(reference[2]), column_number(reference[1])


class Tags:
    """The patterns of a worksheet, whose elements may carry a namespace prefix."""

    def __init__(self, prefix: bytes) -> None:
        self.closed = False
        self.row = b"<" + prefix + b"row"
        self.cell = b"<" + prefix + b"c "
        self.sheet_end = b"</" + prefix + b"sheetData"
        self.formula_start = b"<" + prefix + b"f"
        self.error_cell, self.formula = cell_patterns(prefix)

    @classmethod
    def found_in(cls, start: bytes) -> Tags | None:
        root = ROOT.search(start)
        if root is None:
            return None
        return cls(root[1] + b":" if root[1] else b"")


@functools.cache
def cell_patterns(prefix: bytes) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    p = re.escape(prefix)
    error = rb"""<%bc(\s[^>]*?\bt=["']e["'][^>]*)(?<!/)>(.*?)</%bc>""" % (p, p)
    formula = (
        rb"<%bf(?:\s[^>]*?)?(?:/>|>(?P<formula>[^<]*)</%bf>)\s*"
        rb"(?:(?P<value><%bv(?:\s[^>]*)?>[^<])|(?P<empty><%bv))?" % (p, p, p, p)
    )
    return re.compile(error, re.DOTALL), re.compile(formula)


@functools.cache
def outlying(limits: Limits) -> re.Pattern[bytes]:
    """Matches references of non-empty cells that may lie outside the limits.

    It is a superset told by the first letter or digit alone, so that a sheet within the limits
    yields next to no match and costs no loop in Python.
    """
    letters, digits = column_letters(limits.columns), str(limits.rows)
    columns = f"[A-Z]{{{len(letters) + 1},}}|[{letters[0]}-Z][A-Z]{{{len(letters) - 1}}}"
    rows = f"\\d{{{len(digits) + 1},}}|[{digits[0]}-9]\\d{{{len(digits) - 1}}}"
    cell = f'r="(?=(?:{columns})\\d|[A-Z]+(?:{rows})")([A-Z]+)(\\d+)"[^>]*(?<!/)>'
    return re.compile(cell.encode())


def column_number(letters: bytes) -> int:
    return functools.reduce(lambda total, code: total * 26 + code - 64, letters.upper(), 0)


def column_letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def check_string_count(chunks: Iterator[bytes], size: int) -> None:
    """Refuses a shared string table of `size` bytes that claims more strings than fit into it."""
    start = next(chunks, b"")
    claimed = STRING_COUNT.search(start)
    if claimed and int(claimed[1]) > size // SMALLEST_STRING:
        raise Unreadable("string_count", found=int(claimed[1]))
    for _rest in chunks:
        pass


def text(content: bytes) -> str:
    return html.unescape(content.decode("utf-8", "replace"))
