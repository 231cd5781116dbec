"""Why an uploaded file could not be read, said so that the user can put it right."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "upload_too_big": _(
        "The file has %(found)s MB; at most %(limit)s MB are accepted. Remove pictures and "
        "unneeded sheets, or split the roster into several files."
    ),
    "empty_file": _("The file is empty (0 bytes). Save the workbook again and upload it anew."),
    "not_a_workbook": _(
        "This is not a spreadsheet. Accepted are .xlsx, .xls, .ods and .csv; save the roster "
        "in one of these formats."
    ),
    "other_document": _(
        "This is a %(found)s document under another name, not a spreadsheet. Put the roster "
        "into a workbook and save it as .xlsx."
    ),
    "markup": _(
        "This is a web page or an XML file under a spreadsheet's name. Open it in Excel or WPS "
        "and save it as .xlsx."
    ),
    "binary_workbook": _(
        "This is a binary workbook (.xlsb), which is not accepted. Save it as .xlsx."
    ),
    "password_protected": _(
        "The file is protected by a password. Remove the password, save and upload it again."
    ),
    "not_storable": _(
        "The file holds text that cannot be stored. Copy the rows into a new workbook and upload "
        "that."
    ),
    "truncated": _(
        "The file is incomplete: its end is missing, as after an interrupted download. "
        "Get the original and upload it again."
    ),
    "damaged": _(
        "The file is damaged and cannot be read. Open it in Excel or WPS, save it as a new "
        ".xlsx and upload that."
    ),
    "too_many_parts": _(
        "The file is packed from more than %(limit)s parts; a roster has a few dozen. Copy the "
        "rows into a new workbook."
    ),
    "unpacks_too_big": _(
        "Unpacked, the file would take more than %(limit)s MB. Copy the rows into a new "
        "workbook, or split the roster into several files."
    ),
    "document_type": _(
        "The file carries a document type definition in %(part)s, which no spreadsheet "
        "program writes and which is not accepted. Copy the rows into a new workbook."
    ),
    "string_count": _(
        "The file claims %(found)s different texts, more than it has room for, so it cannot be "
        "trusted. Copy the rows into a new workbook."
    ),
    "too_many_rows": _(
        "Sheet “%(sheet)s” reaches down to row %(found)s; at most %(limit)s rows are accepted. "
        "Delete what stands far below the roster, or split it into several files."
    ),
    "too_many_columns": _(
        "Sheet “%(sheet)s” reaches out to column %(found)s; at most %(limit)s columns are "
        "accepted. Delete what stands far to the right of the roster."
    ),
    "too_many_cells": _(
        "The workbook has more than %(limit)s cells. Delete unneeded sheets, or split the "
        "roster into several files."
    ),
    "too_many_sheets": _(
        "The workbook has more than %(limit)s sheets. Delete those that are no rosters, or split "
        "it into several files."
    ),
    "too_many_headings": _(
        "The sheets have more than %(limit)s different headings; a roster has a few dozen. "
        "Delete the sheets that are no rosters."
    ),
    "reader_died": _(
        "Reading was stopped because the file needs too much memory or is built wrongly. "
        "Delete cells far outside the roster, or copy the rows into a new workbook."
    ),
    "timed_out": _(
        "Reading was stopped because it took too long. Copy the rows into a new workbook, or "
        "split the roster into several files."
    ),
    "encoding": _(
        "The text is neither UTF-8, UTF-16 nor GB18030. Open the file in Excel or WPS and save "
        "it as .xlsx."
    ),
    "quotes": _(
        "Row %(row)s of the text file has quotation marks that do not match. Correct them, or "
        "save the roster as .xlsx."
    ),
    "foreign_error": _(
        "Sheet “%(sheet)s”, cell %(cell)s shows the error %(value)s, which cannot be read. "
        "Enter the right value and upload the file again."
    ),
    "no_data": _("No sheet of the file has any data. Check that this is the right file."),
    "no_rows": _(
        "Nothing stands below the headings. Fill in at least one row and upload the file again."
    ),
    "no_header": _(
        "No sheet has a row of headings that names what the rows are about. Found at its head: "
        "%(rows)s. Write headings above the rows, at least one of %(headings)s, or start "
        "from the template."
    ),
    "unplaced_cell": _(
        "Sheet “%(sheet)s” has a formula without a stored result (%(value)s), and the file does "
        "not say in which cell. Open it in Excel or WPS, save it and upload it again."
    ),
}


class Unreadable(Exception):
    """The file is refused; `str()` says in the user's language why, and what would be right."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        return str(MESSAGES[self.code]) % {key: _said(v) for key, v in self.params.items()}


def _said(value: Any) -> Any:
    """A parameter as people read it; a list holds rows as (sheet, row, text)."""
    return "；".join(_row(*each) for each in value) if isinstance(value, list) else value


def _row(sheet: str, row: int, text: str) -> str:
    place = _("Sheet “%(sheet)s”, row %(row)s") if sheet else _("Row %(row)s")
    said = _("%(place)s: %(message)s")
    return str(said) % {"place": place % {"sheet": sheet, "row": row}, "message": text}
