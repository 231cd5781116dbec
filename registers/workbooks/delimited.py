"""Text files with delimiters: encoding, delimiter and rows."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from .cells import Cell, CellProblem
from .limits import DEFAULT, Limits
from .reading_child import CONTROL
from .unreadable import Unreadable

Row = tuple[int, list[Cell]]

CONTROL_BYTES = bytes(sorted({*range(32)} - {9, 10, 13}))
QUOTED = re.compile(r'"[^"]*"')
DELIMITERS = ",;\t"
SAMPLE = 64 * 1024
SAMPLE_LINES = 50
# A text has next to no control characters; compressed or binary data are one tenth controls.
MOST_CONTROLS = 0.02
# The file as a whole is bounded, and a field that is too long for its column is said to be so.
csv.field_size_limit(DEFAULT.upload_bytes)


def decoded(content: bytes) -> str:
    """The text in the first of UTF-16 (by its mark), UTF-8 and GB18030 that fits entirely."""
    utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if not utf16 and looks_binary(content[:SAMPLE]):
        raise Unreadable("not_a_workbook")
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("encoding")


def looks_binary(sample: bytes) -> bool:
    controls = len(sample) - len(sample.translate(None, CONTROL_BYTES))
    return controls > len(sample) * MOST_CONTROLS


def delimiter_of(content: str) -> str:
    """The delimiter that occurs equally often on most of the first lines."""
    lines = QUOTED.sub("", content[:SAMPLE]).splitlines()[:SAMPLE_LINES]

    def regularity(delimiter: str) -> int:
        counts = Counter(line.count(delimiter) for line in lines)
        return max(count * lines_with for count, lines_with in counts.items())

    return max(DELIMITERS, key=regularity) if lines else ","


def delimited_rows(content: str, limits: Limits) -> Iterator[Row]:
    """Every non-blank row with its number, as a spreadsheet program would count them."""
    reader = csv.reader(
        io.StringIO(content, newline=""), delimiter=delimiter_of(content), strict=True
    )
    cells_so_far = number = 0
    while True:
        number += 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable("quotes", row=number) from error
        cells = [usable(field) for field in fields]
        while cells and cells[-1] is None:
            cells.pop()
        cells_so_far += len(cells)
        check_size(number, len(cells), cells_so_far, limits)
        if cells:
            yield number, cells


def check_size(row: int, columns: int, cells: int, limits: Limits) -> None:
    if row > limits.rows:
        raise Unreadable("too_many_rows", sheet="", found=row, limit=limits.rows)
    if columns > limits.columns:
        raise Unreadable("too_many_columns", sheet="", found=columns, limit=limits.columns)
    if cells > limits.cells:
        raise Unreadable("too_many_cells", limit=limits.cells)


def usable(field: str) -> Cell:
    if not field:
        return None
    if not field.isprintable() and CONTROL.search(field):
        return CellProblem("control_characters", visible(field))
    return field


def visible(content: str) -> str:
    """The text with each control character shown by its picture (U+2400 and following), and
    what has none by U+FFFD."""
    return CONTROL.sub(lambda found: picture(ord(found[0])), content)


def picture(code: int) -> str:
    return chr(0x2400 + code) if code < ord(" ") else "\ufffd"
