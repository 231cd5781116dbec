"""What an import will do or did, row by row, as people read it."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from registers.addresses import record_url
from registers.columns import Column, Text
from registers.forms import loses_data
from registers.models import ImportBatch, ImportRow
from registers.personal import masked, seen_in_full
from registers.readable import readable, vocabularies_of
from registers.register import Note
from registers.reports import column_headings, sentence

WRITTEN = (ImportRow.Action.NEW, ImportRow.Action.CHANGED)


@dataclass(frozen=True)
class ShownValue:
    """One value that a row writes, or would if the registry's were not newer.

    adds: whether what the registry has besides stays; newer: the day on which the registry's value
    was changed, where that is after the day of the file; kept: whether it stays
    """

    column: Column
    old: Any
    new: Any
    inferred: bool
    adds: bool = False
    newer: datetime.date | None = None
    kept: bool = False


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
        self.user = user
        self.register = batch.register
        self.headings = column_headings(batch)
        self.vocabularies = vocabularies_of(self.register.columns)
        self.hides = not user.has_perm(self.register.personal_permission)

    def rows(self, rows: Sequence[ImportRow]) -> list[ShownRow]:
        """One page of rows; a constant number of queries. Of a record that has left the person's
        scope since, nothing is said."""
        targets = {row.target for row in rows if row.target}
        seen = self.register.queryset(self.user, self.register.view_permission).in_bulk(targets)
        present = self.register.model._default_manager.filter(pk__in=targets - seen.keys())
        hidden = set(present.values_list("pk", flat=True))
        full = seen_in_full(self.register, targets, self.user, self.register.columns)
        return [
            ShownRow(row, _("No longer in your scope"), "")
            if row.target in hidden
            else self._row(row, seen.get(row.target), masks=row.target not in full)
            for row in rows
        ]

    def table(self, rows: Sequence[ShownRow]) -> tuple[list[Column], list[ShownRow]]:
        """The columns in which one of `rows` has a value, and the rows with a cell for each."""
        keys = {value.column.key for row in rows for value in row.values}
        columns = [column for column in self.register.columns if column.key in keys]
        return columns, [replace(row, cells=_in_line(row.values, columns)) for row in rows]

    def _row(self, row: ImportRow, record: Any, *, masks: bool) -> ShownRow:
        naming = self.register.naming_column.key
        return ShownRow(
            row,
            str(record or row.values.get(naming) or ""),
            record_url(record) if record else "",
            list(self._values(row, masks)),
            [self._sentence(row, problem) for problem in row.problems],
        )

    def _values(self, row: ImportRow, masks: bool) -> Iterator[ShownValue]:
        """The row's values; masks: what stands in the registry is not for the person to read."""
        for column in self.register.columns:
            if column.key in row.values or column.key in row.newer:
                yield self._value(row, column, masks)

    def _value(self, row: ImportRow, column: Column, masks: bool) -> ShownValue:
        key = column.key
        newer, kept = row.newer.get(key, {}), key not in row.values
        before = newer["old"] if kept else row.before.get(key)
        old, new = column.difference(before, newer["new"] if kept else row.values[key])
        return ShownValue(
            column,
            self.shown(column, old, masks=masks),
            self.shown(column, new),
            key in row.inferred,
            adds=not old and bool(before),
            newer=datetime.date.fromisoformat(newer["on"]) if newer else None,
            kept=kept,
        )

    def shown(self, column: Column, value: Any, *, masks: bool = False) -> Any:
        """`value` of `column` as the person may read it; masks: without personal data at all."""
        text = readable(column, value, self.vocabularies)
        return masked(text) if column.personal and (masks or self.hides) else text

    def _sentence(self, row: ImportRow, problem: dict[str, Any]) -> str:
        said = sentence(row, problem, self.headings, self.register)
        return str(masked(said)) if self.hides else said


def _in_line(values: Sequence[ShownValue], columns: Sequence[Column]) -> list[ShownValue | None]:
    by_key = {value.column.key: value for value in values}
    return [by_key.get(column.key) for column in columns]


def recalled_words(batch: ImportBatch) -> list[tuple[str, Any]]:
    """The writings in the file that somebody explained before, and what they are read as; None:
    as nothing."""
    register = batch.register
    columns = {word["column"]: register.column(word["column"]) for word in batch.recalled}
    vocabularies = vocabularies_of(columns.values())
    return [
        (word["text"], readable(columns[word["column"]], word["value"], vocabularies))
        for word in batch.recalled
    ]


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
