"""The table as a workbook in the layout of the national form, ready to print on A4."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

from organizations.statistics.lines import COLUMNS, FORM, KINDS, LINES, SUPPLEMENT, TOTAL, Shown
from organizations.statistics.table import Table
from registers.workbooks.marking_child import put_text

THIN = Side(style="thin")
GRID = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
WIDTHS = {"A": 14, "B": 40, "C": 9, "D": 7, "E": 15, "F": 15, "G": 15, "H": 17}
HEAD, FIRST = (4, 5), 6
LAST_COLUMN = 8


@dataclass(frozen=True)
class Form:
    """What stands around the table. unit: who reports; notes: below it."""

    title: str
    unit: str
    as_of: datetime.date
    notes: Sequence[str] = field(default_factory=tuple)


@dataclass(frozen=True)
class Rows:
    """A further sheet with a list. values: texts, numbers, dates or None."""

    title: str
    notes: Sequence[str]
    headings: Sequence[str]
    values: Iterable[Sequence[Any]]


def write_form(out: BinaryIO, table: Table, form: Form, *lists: Rows) -> None:
    """Write the table, and `lists` on sheets of their own, to `out`."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = _("Statistics table")
    _above(sheet, form)
    last = _lines(sheet, table)
    _below(sheet, last + 1, [*_gaps(table), *form.notes])
    _page(sheet)
    for rows in lists:
        _list(book.create_sheet(rows.title[:31]), rows)
    book.save(out)


def write_rows(out: BinaryIO, rows: Rows) -> None:
    """Write one list to `out`."""
    book = Workbook()
    book.worksheets[0].title = rows.title[:31]
    _list(book.worksheets[0], rows)
    book.save(out)


def _above(sheet: Worksheet, form: Form) -> None:
    """Title, who reports as of when, and the heading in two rows."""
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=LAST_COLUMN)
    put_text(sheet["A1"], form.title)
    sheet["A1"].font, sheet["A1"].alignment = Font(bold=True, size=16), MIDDLE
    sheet.row_dimensions[1].height = 30
    sheet.merge_cells("A3:D3")
    put_text(sheet["A3"], _("Reported by: %(unit)s") % {"unit": form.unit})
    sheet.merge_cells("E3:F3")
    put_text(sheet["E3"], _("As of: %(day)s") % {"day": date_format(form.as_of)})
    sheet.merge_cells("G3:H3")
    put_text(sheet["G3"], _("Unit: units, persons"))
    sheet["G3"].alignment = Alignment(horizontal="right")
    for place, text in (
        ("A4:B5", _("Item")),
        ("C4:C5", _("Unit of count")),
        ("D4:D5", _("Line no.")),
        ("E4:E5", str(COLUMNS[TOTAL])),
        ("F4:H4", _("By kind of social organisation")),
    ):
        sheet.merge_cells(place)
        put_text(sheet[place.split(":")[0]], text)
    for index, column in enumerate(KINDS, 6):
        put_text(sheet.cell(HEAD[1], index), str(COLUMNS[column]))
    for row in HEAD:
        for index in range(1, LAST_COLUMN + 1):
            cell = sheet.cell(row, index)
            cell.font, cell.alignment, cell.border = Font(bold=True), MIDDLE, GRID


def _lines(sheet: Worksheet, table: Table) -> int:
    """The lines of the form; the number of the last row."""
    row = FIRST
    for number, line in enumerate(FORM, 1):
        label = f"{'　' * line.depth}{line.label}"
        if line.key in SUPPLEMENT:
            put_text(sheet.cell(row, 2), label)
        else:
            sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=2)
            put_text(sheet.cell(row, 1), label)
        put_text(sheet.cell(row, 3), str(line.unit))
        sheet.cell(row, 4).value = number
        for index, column in enumerate(COLUMNS, 5):
            value = table.number(line.key, column)
            if value is None:
                put_text(sheet.cell(row, index), "—")
            else:
                sheet.cell(row, index).value = value
        for index in range(1, LAST_COLUMN + 1):
            cell = sheet.cell(row, index)
            cell.border, cell.alignment = GRID, LEFT if index < 3 else MIDDLE
            cell.number_format = "#,##0" if index > 4 else "General"
        sheet.row_dimensions[row].height = 18
        row += 1
    first = row - len(SUPPLEMENT)
    sheet.merge_cells(start_row=first, end_row=row - 1, start_column=1, end_column=1)
    put_text(sheet.cell(first, 1), _("Supplement"))
    sheet.cell(first, 1).alignment = MIDDLE
    return row - 1


def _gaps(table: Table) -> list[str]:
    """What is not recorded, and of how many."""
    return [
        _("%(line)s: %(count)s units.") % {"line": line.label, "count": number}
        for line in LINES.values()
        if line.shown is Shown.GAP and (number := table.number(line.key))
    ]


def _below(sheet: Worksheet, row: int, notes: Sequence[str]) -> None:
    """Who signs, then the notes."""
    signed = ((1, _("Responsible for the unit:")), (4, _("Filled in by:")), (7, _("Reported on:")))
    for column, text in signed:
        put_text(sheet.cell(row, column), text)
    sheet.row_dimensions[row].height = 24
    for offset, text in enumerate(notes, 1):
        place = row + offset
        sheet.merge_cells(start_row=place, end_row=place, start_column=1, end_column=LAST_COLUMN)
        put_text(sheet.cell(place, 1), _("Note: %(text)s") % {"text": text})
        sheet.cell(place, 1).font, sheet.cell(place, 1).alignment = Font(size=9), LEFT


def _page(sheet: Worksheet) -> None:
    for letter, width in WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight = 1
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    sheet.sheet_view.showGridLines = False


def _list(sheet: Worksheet, rows: Rows) -> None:
    for row, text in enumerate([rows.title, *rows.notes], 1):
        put_text(sheet.cell(row, 1), text)
    sheet["A1"].font = Font(bold=True, size=14)
    head = len(rows.notes) + 2
    for index, text in enumerate(rows.headings, 1):
        cell = sheet.cell(head, index)
        put_text(cell, text)
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = 32 if index == 1 else 16
    for row, values in enumerate(rows.values, head + 1):
        for index, value in enumerate(values, 1):
            if isinstance(value, str):
                put_text(sheet.cell(row, index), value)
            elif value is not None:
                sheet.cell(row, index).value = value
    sheet.freeze_panes = sheet.cell(head + 1, 2)
    sheet.print_title_rows = f"{head}:{head}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
