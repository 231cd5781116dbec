"""What an import will do or did, row by row, as people read it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from accounts.permissions import Permission
from registers.addresses import record_url
from registers.columns import Column, Text
from registers.forms import loses_data
from registers.models import ImportBatch, ImportRow
from registers.personal import masked
from registers.readable import readable, vocabularies_of
from registers.register import Note
from registers.reports import column_headings, sentence

WRITTEN = (ImportRow.Action.NEW, ImportRow.Action.CHANGED)


@dataclass(frozen=True)
class ShownValue:
    """One value that a row writes."""

    column: Column
    old: Any
    new: Any
    inferred: bool


@dataclass(frozen=True)
class ShownRow:
    """One row of the file; url: the page of its record, "" while there is none."""

    row: ImportRow
    name: str
    url: str
    values: Sequence[ShownValue] = ()
    problems: Sequence[str] = ()
    cells: Sequence[ShownValue | None] = ()


class Preview:
    """Rows of `batch` as `user` may see them."""

    def __init__(self, batch: ImportBatch, user: Any) -> None:
        self.batch = batch
        self.register = batch.register
        self.headings = column_headings(batch)
        self.vocabularies = vocabularies_of(self.register.columns)
        self.hides = not user.has_perm(Permission.VIEW_PERSONAL_DATA)

    def rows(self, rows: Sequence[ImportRow]) -> list[ShownRow]:
        """One page of rows; a constant number of queries."""
        targets = [row.target for row in rows if row.target]
        known = self.register.model._default_manager.in_bulk(targets)
        return [self._row(row, known.get(row.target)) for row in rows]

    def table(self, rows: Sequence[ShownRow]) -> tuple[list[Column], list[ShownRow]]:
        """The columns in which one of `rows` has a value, and the rows with a cell for each."""
        keys = {value.column.key for row in rows for value in row.values}
        columns = [column for column in self.register.columns if column.key in keys]
        return columns, [replace(row, cells=_in_line(row.values, columns)) for row in rows]

    def _row(self, row: ImportRow, record: Any) -> ShownRow:
        naming = self.register.naming_column.key
        return ShownRow(
            row,
            str(record or row.values.get(naming) or ""),
            record_url(record) if record else "",
            list(self._values(row)),
            [self._sentence(row, problem) for problem in row.problems],
        )

    def _values(self, row: ImportRow) -> Iterator[ShownValue]:
        for column in self.register.columns:
            if column.key in row.values:
                yield ShownValue(
                    column,
                    self.shown(column, row.before.get(column.key)),
                    self.shown(column, row.values[column.key]),
                    column.key in row.inferred,
                )

    def shown(self, column: Column, value: Any) -> Any:
        """`value` of `column` as the person may read it."""
        text = readable(column, value, self.vocabularies)
        return masked(text) if column.personal and self.hides else text

    def _sentence(self, row: ImportRow, problem: dict[str, Any]) -> str:
        said = sentence(row, problem, self.headings, self.register)
        return str(masked(said)) if self.hides else said


def _in_line(values: Sequence[ShownValue], columns: Sequence[Column]) -> list[ShownValue | None]:
    by_key = {value.column.key: value for value in values}
    return [by_key.get(column.key) for column in columns]


def ignored_columns(batch: ImportBatch) -> list[str]:
    """Headings of the columns that hold data and are not imported, each named once."""
    headings = [
        " / ".join(column["path"])
        for sheet in batch.plan
        if sheet["used"]
        for column in sheet["columns"]
        if loses_data(column)
    ]
    return list(dict.fromkeys(headings))


def notes(batch: ImportBatch, user: Any) -> list[Note]:
    """What importing the good rows would leave open."""
    rows = batch.rows.filter(action__in=WRITTEN).order_by("pk")
    found = rows.values_list("sheet", "row", "values").iterator(chunk_size=2000)
    places = (((sheet, row), values) for sheet, row, values in found)
    return batch.register.notes(places, user)


def has_sheets(batch: ImportBatch) -> bool:
    """Whether a row's sheet must be named for people to find it."""
    return sum(sheet["used"] for sheet in batch.plan) > 1


def unused_sheets(batch: ImportBatch) -> list[tuple[str, Text]]:
    """The sheets that hold something and are not imported, with the reason."""
    left_out = [sheet for sheet in batch.plan if not sheet["used"] and sheet.get("has_data")]
    return [(sheet["name"], _why_unused(sheet)) for sheet in left_out]


def _why_unused(sheet: dict[str, Any]) -> Text:
    if not sheet["columns"]:
        return _("no table with known headings")
    return _("hidden") if sheet["hidden"] else _("not chosen")
