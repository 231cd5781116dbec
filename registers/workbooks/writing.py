"""Writes registers and templates as workbooks that the engine imports again unchanged.

openpyxl makes the frame of a workbook (headings, styles, widths, drop-down lists); the rows of a
register are written into it directly, because one cell object per value costs ten times as much.
No text ever becomes a formula: rows are inline strings, and a string that openpyxl would take for
a formula is declared a string.
"""

import datetime
import io
import json
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO
from xml.sax.saxutils import escape

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from registers.columns import (
    ChoiceColumn,
    Column,
    CountColumn,
    CreditCodeColumn,
    DateColumn,
    LookupColumn,
    PhoneColumn,
    Vocabulary,
    YearlyChoiceColumn,
    YesNoColumn,
)
from registers.readable import readable, vocabularies_of
from registers.register import Record, Register
from registers.workbooks.marking_child import LONGEST_CELL, put_text
from registers.workbooks.reading_child import CONTROL

EPOCH = datetime.date(1899, 12, 30)
FIRST_SAFE_DAY = datetime.date(1900, 3, 1)  # spreadsheets count a 29 February 1900
TEXT, DATE, NUMBER, GENERAL = "@", "yyyy-mm-dd", "0", "General"
TEMPLATE_ROWS = 5000
SHEET_PART = "xl/worksheets/sheet1.xml"
HEADER_FILL = PatternFill("solid", fgColor="F3E7E5")
REQUIRED_FILL = PatternFill("solid", fgColor="E3B5B1")
RULE = Border(bottom=Side(style="medium", color="B3261E"))


@dataclass(frozen=True)
class SheetColumn:
    """One column of the sheet: a register's column or one year of a yearly column."""

    column: Column
    year: str | None = None

    @property
    def label(self) -> str:
        if self.year is None:
            return str(self.column.label)
        return _("%(year)s %(label)s") % {"year": self.year, "label": self.column.label}

    @property
    def number_format(self) -> str:
        if isinstance(self.column, CreditCodeColumn | PhoneColumn):
            return TEXT
        if isinstance(self.column, DateColumn):
            return DATE
        return NUMBER if isinstance(self.column, CountColumn) else GENERAL

    def reader(self, vocabularies: Mapping[str, Vocabulary]) -> Callable[[Record], Any]:
        """A function from a record to what stands in this column; None for a blank cell."""
        column, key = self.column, self.column.key
        if isinstance(column, YearlyChoiceColumn):
            words = _words(column)
            return lambda record: words.get(_of_year(record.get(key), self.year))
        if isinstance(column, ChoiceColumn):
            words = _words(column)
            return lambda record: words.get(record.get(key), record.get(key))
        if isinstance(column, YesNoColumn):
            answers: dict[Any, Any] = {answer: column.show(answer) for answer in (True, False)}
            return lambda record: answers.get(record.get(key))
        if isinstance(column, DateColumn):
            return lambda record: _day(record.get(key))
        return lambda record: readable(column, record.get(key), vocabularies)


def sheet_columns(
    columns: Iterable[Column], years: Mapping[str, Iterable[str]]
) -> list[SheetColumn]:
    """The sheet's columns; a yearly column becomes one per year of `years[column key]`."""
    found = []
    for column in columns:
        if isinstance(column, YearlyChoiceColumn):
            found += [SheetColumn(column, year) for year in sorted(years.get(column.key, ()))]
        else:
            found.append(SheetColumn(column))
    return found


def write_register(
    out: BinaryIO,
    register: Register,
    records: Iterable[Record],
    *,
    note_lines: Sequence[str] = (),
    columns: Sequence[Column] | None = None,
) -> int:
    """Write `records` as an xlsx workbook to `out`; returns the number of rows.

    note_lines: what the rows are (date, scope, filters, rule), written above the headings
    columns: which columns to write, in their order; without it all of the register
    """
    columns = register.columns if columns is None else columns
    return write_table(out, str(register.label), records, columns, note_lines=note_lines)


def write_table(
    out: BinaryIO,
    title: str,
    records: Iterable[Record],
    columns: Sequence[Column],
    *,
    note_lines: Sequence[str] = (),
) -> int:
    """Write `records` as an xlsx workbook with that title to `out`; returns the number of rows."""
    with tempfile.TemporaryFile() as spool:
        count, years = _spooled(spool, records, columns)
        headings = sheet_columns(columns, years)
        header_row = len(note_lines) + 2
        frame, styles = _frame(title, headings, note_lines, header_row + count)
        rows = _rows(_unspooled(spool), headings, styles, header_row + 1)
        _write(out, frame, rows, f"A1:{get_column_letter(len(headings))}{header_row + count}")
    return count


def write_template(
    out: BinaryIO, register: Register, vocabularies: Mapping[str, Vocabulary] | None = None
) -> None:
    """Write an empty workbook for `register`: headings, what belongs below them, drop-down lists.

    vocabularies: names to offer for looked-up columns, by column key; without it all of them
    """
    if vocabularies is None:
        vocabularies = vocabularies_of(register.columns)
    last_year = str(timezone.localdate().year - 1)
    headings = sheet_columns(register.columns, {c.key: [last_year] for c in register.columns})
    book = Workbook()
    notes = [
        _(
            "One row each below the headings. Point at a heading to see what belongs there; "
            "darker headings must be filled in."
        )
    ]
    sheet = _headed_sheet(book, str(register.label), headings, notes)
    lists = book.create_sheet(_("Lists"))
    lists.sheet_state = "hidden"
    for index, heading in enumerate(headings, 1):
        _explain(sheet.cell(3, index), heading.column)
        letter = get_column_letter(index)
        _format_column(sheet, letter, heading)
        _offer(sheet, lists, letter, _offered(heading.column, vocabularies))
    book.save(out)


def _words(column: ChoiceColumn) -> dict[Any, str]:
    """The labels of the choices in the active language, looked up once and not once a cell."""
    return {code: str(label) for code, label in column.choices}


def _of_year(value: Any, year: str | None) -> Any:
    return value.get(year) if value else None


def _day(value: Any) -> Any:
    """A whole date as a date, what is known only to the month or year as text."""
    if not isinstance(value, str) or len(value) != len("2021-03-01"):
        return value
    day = datetime.date.fromisoformat(value)
    return day if day >= FIRST_SAFE_DAY else value


def _spooled(
    spool: BinaryIO, records: Iterable[Record], columns: Iterable[Column]
) -> tuple[int, dict[str, set[str]]]:
    """Put records aside on disk: how many there are, and the years of their yearly columns."""
    years: dict[str, set[str]] = {
        c.key: set() for c in columns if isinstance(c, YearlyChoiceColumn)
    }
    count = 0
    for record in records:
        for key, found in years.items():
            found.update(record.get(key) or ())  # type: ignore[arg-type]
        spool.write(json.dumps(record).encode() + b"\n")
        count += 1
    spool.seek(0)
    return count, years


def _unspooled(spool: BinaryIO) -> Iterator[Record]:
    return map(json.loads, spool)


def _frame(
    title: str, headings: Sequence[SheetColumn], note_lines: Sequence[str], last_row: int
) -> tuple[bytes, dict[str, int]]:
    """The workbook without its rows, and the style numbers of the number formats."""
    book = Workbook()
    sheet = _headed_sheet(book, title, headings, note_lines)
    header_row = len(note_lines) + 2
    sheet.auto_filter.ref = f"A{header_row}:{get_column_letter(len(headings))}{last_row}"
    styles = {}
    for number_format in (TEXT, DATE, NUMBER, GENERAL):
        probe = Cell(sheet, row=1, column=1)
        probe.number_format = number_format
        probe.alignment = Alignment(vertical="top")
        styles[number_format] = probe.style_id
    frame = io.BytesIO()
    book.save(frame)
    return frame.getvalue(), styles


def _headed_sheet(
    book: Workbook, title: str, headings: Sequence[SheetColumn], note_lines: Sequence[str]
) -> Worksheet:
    """The first sheet with title, notes, headings, widths and frozen panes."""
    sheet = book.worksheets[0]
    sheet.title = re.sub(r"[\[\]:*?/\\]", " ", title)[:31]
    for row, text in enumerate([title, *note_lines], 1):
        put_text(sheet.cell(row, 1), text)
    sheet["A1"].font = Font(bold=True, size=14)
    header_row = len(note_lines) + 2
    for index, heading in enumerate(headings, 1):
        cell = sheet.cell(header_row, index)
        put_text(cell, heading.label)
        cell.font, cell.border = Font(bold=True), RULE
        cell.fill = REQUIRED_FILL if heading.column.required else HEADER_FILL
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(index)].width = heading.column.width
    sheet.freeze_panes = sheet.cell(header_row + 1, 2)
    sheet.print_title_rows = f"{header_row}:{header_row}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    return sheet


def _rows(
    records: Iterable[Record],
    headings: Sequence[SheetColumn],
    styles: Mapping[str, int],
    first_row: int,
) -> Iterator[str]:
    """The rows as worksheet XML."""
    vocabularies = vocabularies_of(heading.column for heading in headings)
    places = [
        (get_column_letter(index), styles[heading.number_format], heading.reader(vocabularies))
        for index, heading in enumerate(headings, 1)
    ]
    for row, record in enumerate(records, first_row):
        cells = [
            _cell(f"{letter}{row}", style, value)
            for letter, style, read in places
            if (value := read(record)) not in (None, "")
        ]
        yield f'<row r="{row}">{"".join(cells)}</row>'


def _cell(reference: str, style: int, value: Any) -> str:
    if isinstance(value, datetime.date):
        return f'<c r="{reference}" s="{style}"><v>{(value - EPOCH).days}</v></c>'
    if isinstance(value, int):
        return f'<c r="{reference}" s="{style}"><v>{value}</v></c>'
    return (
        f'<c r="{reference}" s="{style}" t="inlineStr"><is>'
        f'<t xml:space="preserve">{_escaped(str(value))}</t></is></c>'
    )


def _escaped(text: str) -> str:
    """Text for worksheet XML; what spreadsheets read as an escaped character stays as it is."""
    if not text.isprintable():
        text = CONTROL.sub("", text)
    if "_x" in text:
        text = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)
    return escape(text[:LONGEST_CELL])


def _write(out: BinaryIO, frame: bytes, rows: Iterator[str], extent: str) -> None:
    """Copy the frame to `out` with `rows` put behind the headings and `extent` declared."""
    with (
        zipfile.ZipFile(io.BytesIO(frame)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=2) as target,
    ):
        for part in source.namelist():
            content = source.read(part)
            if part != SHEET_PART:
                target.writestr(part, content)
                continue
            head, tail = content.decode().split("</sheetData>")
            head = re.sub(r'<dimension ref="[^"]*"', f'<dimension ref="{extent}"', head)
            with target.open(part, "w", force_zip64=True) as sheet:
                sheet.write(head.encode())
                for row in rows:
                    sheet.write(row.encode())
                sheet.write(f"</sheetData>{tail}".encode())


def _explain(cell: Cell, column: Column) -> None:
    lines = [column.help, column.accepts, _("This must be filled in.") if column.required else ""]
    text = "\n".join(str(line) for line in lines if line)
    cell.comment = Comment(text, "", width=280, height=120)


def _format_column(sheet: Worksheet, letter: str, heading: SheetColumn) -> None:
    """Blank cells below the heading take what is typed as the column means it."""
    if heading.number_format == TEXT:
        sheet.column_dimensions[letter].number_format = TEXT


def _offered(column: Column, vocabularies: Mapping[str, Vocabulary]) -> list[str]:
    if isinstance(column, ChoiceColumn):
        return [str(label) for _code, label in column.choices]
    if isinstance(column, YesNoColumn):
        return [column.show(True), column.show(False)]
    if isinstance(column, LookupColumn):
        return list(vocabularies[column.key].names.values())
    return []


def _offer(sheet: Worksheet, lists: Worksheet, letter: str, names: Sequence[str]) -> None:
    """A drop-down list of `names` below the heading; other writings are let through.

    The engine knows more writings than the list has and asks for those that it does not know.
    """
    if not names:
        return
    for row, name in enumerate(names, 1):
        put_text(lists[f"{letter}{row}"], name)
    rule = DataValidation(
        type="list",
        formula1=f"'{lists.title}'!${letter}$1:${letter}${len(names)}",
        allow_blank=True,
        showErrorMessage=False,
    )
    rule.add(f"{letter}4:{letter}{TEMPLATE_ROWS}")
    sheet.add_data_validation(rule)
