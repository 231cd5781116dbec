"""The list page of a register: scope, filters, order, columns, pages and export, all in the URL."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, BinaryIO, ClassVar

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.generic import ListView

from accounts.permissions import Permission
from registers import exports
from registers import register as registry
from registers.addresses import detail_url
from registers.bulk import chunks
from registers.columns import Column, CountColumn, DateColumn, Vocabulary, YesNoColumn
from registers.days import requested_day
from registers.downloads import day_and_number, workbook_response
from registers.filters import ListFilter, joined
from registers.personal import exportable_columns, masked, seen_in_full
from registers.readable import readable, vocabularies_of
from registers.register import Record, Register
from registers.workbooks.writing import write_register

RESULTS = "registers/register_list.html#results"
PAGE_SIZES = (50, 100, 200)
CHUNK = 2000


def wants_partial(request: Any) -> bool:
    """Whether the page's results alone are asked for, not the whole page out of the history."""
    return request.htmx and not request.htmx.history_restore_request


@dataclass(frozen=True)
class Cell:
    """One cell of the list as it is shown.

    edit_url: where it can be changed in place; pill: the kind of pill in which it stands
    """

    column: Column
    value: Any
    edit_url: str = ""
    pill: str = ""

    @property
    def kind(self) -> str:
        """How the value is set: "number", "date" or "text"."""
        kinds: dict[type[Column], str] = {CountColumn: "number", DateColumn: "date"}
        return kinds.get(type(self.column), "text")


@dataclass(frozen=True)
class Row:
    """One row of the list; url: its own page."""

    url: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Head:
    """A column's heading; whether rows can be sorted by it."""

    column: Column
    sortable: bool

    @property
    def is_number(self) -> bool:
        return isinstance(self.column, CountColumn)


class RegisterList(ListView):
    """Rows of a register that the person may see. The filter set has a filter `q`, the search.

    Query string: the filter set's fields; `sort` (column key, "-" first for descending),
    `columns` (repeated), `size`, `page`, `as_of`, `format=xlsx`.
    """

    register_key: ClassVar[str]
    filterset_class: ClassVar[type[ListFilter]]
    sort_fields: ClassVar[Mapping[str, str]]
    main_filters: ClassVar[tuple[str, ...]] = ()
    told_columns: ClassVar[tuple[Column, ...]] = ()
    """Columns that the list can tell beside those of the register; no roster fills them in."""
    paginate_by = PAGE_SIZES[0]

    @property
    def register(self) -> Register:
        return registry.get(self.register_key)

    @property
    def permission(self) -> Permission:
        return self.register.view_permission

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        response = super().dispatch(request, *args, **kwargs)
        patch_vary_headers(response, ["HX-Request"])
        return response  # type: ignore[return-value]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("format") == "xlsx":
            return self.export()
        return super().get(request, *args, **kwargs)

    def get_template_names(self) -> list[str]:
        return [RESULTS] if wants_partial(self.request) else super().get_template_names()

    # Rows

    @cached_property
    def day(self) -> tuple[datetime.date, str]:
        """The day for which the list is shown, and what is wrong with the day asked for."""
        return requested_day(self.request.GET.get("as_of"))

    @property
    def on(self) -> datetime.date:
        return self.day[0]

    @cached_property
    def filterset(self) -> ListFilter:
        rows = self.register.queryset(self.request.user, self.permission)
        options = self.filter_options()
        return self.filterset_class(self.request.GET, rows, on=self.on, **options)

    def filter_options(self) -> dict[str, Any]:
        """What the filter set needs beside the query string, the rows and the day."""
        return {}

    def get_queryset(self) -> QuerySet[Any]:
        rows = self.filterset.qs
        if not self.sort:
            return rows
        rows = self.with_order(rows)
        name = self.sort_fields[self.sort.removeprefix("-")]
        descending = self.sort.startswith("-")
        # Where nothing is null, saying where nulls stand would only keep an index from being used.
        nulls_last = True if _may_be_null(self.register.model, name) else None
        order = F(name).desc if descending else F(name).asc
        return rows.order_by(order(nulls_last=nulls_last), "-pk" if descending else "pk")

    def with_order(self, rows: Any) -> Any:
        """The rows with what they are sorted by, where that is no field of theirs."""
        return rows

    @cached_property
    def sort(self) -> str:
        asked = self.request.GET.get("sort", "")
        return asked if asked.removeprefix("-") in self.sort_fields else ""

    def get_paginate_by(self, queryset: QuerySet[Any]) -> int:
        asked = self.request.GET.get("size", "")
        return int(asked) if asked in map(str, PAGE_SIZES) else PAGE_SIZES[0]

    def rule(self) -> str:
        """How the rows were chosen, in sentences."""
        filters = self.filterset
        chosen = [filters.sentence(name) for name in filters.in_force()]
        return joined(_("All records in your scope."), *chosen)

    def chips(self) -> list[dict[str, str]]:
        """The filters in force, each with the address of the list without it."""
        found = []
        for name in self.filterset.in_force():
            if name == "q":
                continue
            others = self.request.GET.copy()
            for key in (name, "page"):
                others.pop(key, None)
            label, shown = self.filterset.told(name)
            url = f"{self.request.path}?{others.urlencode()}"
            found.append({"label": label, "value": shown, "url": url})
        return found

    # Columns

    @cached_property
    def chosen_columns(self) -> list[Column]:
        """The columns shown: those chosen in the URL, else the register's own choice."""
        asked = self.request.GET.getlist("columns")
        if asked == ["all"]:
            return list(self.register.columns)
        offered = [*self.register.columns, *self.told_columns]
        known = {column.key for column in offered}
        keys = [key for key in asked if key in known] or self.register.list_columns
        shown_keys = {self.register.columns[0].key, *keys}
        return [column for column in offered if column.key in shown_keys]

    def told(self, pks: Sequence[int]) -> Mapping[int, Record]:
        """The values of `told_columns` of the rows `pks`; rows without any may be left out."""
        return {}

    def _records(self, rows: QuerySet[Any]) -> Iterator[tuple[int, Record]]:
        """(pk, record) of the rows as of the day, with what the list tells beside the register."""
        records = self.register.snapshot(rows, self.on, self.request.user)
        told = {column.key for column in self.told_columns}
        if told.isdisjoint(column.key for column in self.chosen_columns):
            yield from records
            return
        for chunk in chunks(records, CHUNK):
            beside = self.told([pk for pk, _record in chunk])
            yield from ((pk, record | beside.get(pk, {})) for pk, record in chunk)

    def heads(self) -> list[Head]:
        return [Head(column, column.key in self.sort_fields) for column in self.chosen_columns]

    # What is shown

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = self.filterset.form
        more = [name for name in form.fields if name not in ("q", *self.main_filters)]
        context |= {
            "register": self.register,
            "heads": self.heads(),
            "rows": list(self.rows(context["page_obj"].object_list)),
            "on": self.on,
            "day_problem": self.day[1],
            "rule": self.rule(),
            "sort": self.sort,
            "size": context["paginator"].per_page,
            "page_sizes": PAGE_SIZES,
            "columns": [*self.register.columns, *self.told_columns],
            "chosen": {column.key for column in self.chosen_columns},
            "may_export": self.request.user.has_perm(self.register.export_permission),
            "search": form["q"],
            "main_filters": [form[name] for name in self.main_filters],
            "more_filters": [form[name] for name in more],
            "chips": self.chips(),
        }
        return context

    def rows(self, page: QuerySet[Any]) -> Iterator[Row]:
        """The page's rows, as of the day asked for; personal data masked where it must be."""
        records = list(self._records(page))
        in_full = self._seen_in_full([pk for pk, _record in records])
        changeable = self.changeable([pk for pk, _record in records])
        vocabularies = vocabularies_of(self.chosen_columns)
        for pk, record in records:
            cells = self._cells(record, vocabularies, hide=pk not in in_full)
            if pk in changeable:
                cells = [replace(cell, edit_url=self.edit_url(pk, cell.column)) for cell in cells]
            yield Row(detail_url(self.register.model, pk), cells)

    def changeable(self, pks: Sequence[int]) -> set[int]:
        """Those of the rows `pks` that have cells to be changed in place."""
        return set()

    def edit_url(self, pk: int, column: Column) -> str:
        """Where the cell is changed; "" where that takes a form."""
        return ""

    def _seen_in_full(self, pks: Sequence[int]) -> set[int]:
        return seen_in_full(self.register, pks, self.request.user, self.chosen_columns)

    def _cells(
        self, record: Record, vocabularies: Mapping[str, Vocabulary], *, hide: bool
    ) -> list[Cell]:
        return [
            Cell(
                column,
                self._shown(column, record, vocabularies, hide),
                pill=self.pill(column, record),
            )
            for column in self.chosen_columns
        ]

    def pill(self, column: Column, record: Record) -> str:
        """The kind of pill in which the column's value stands; "" for none."""
        if isinstance(column, YesNoColumn) and record.get(column.key) is not None:
            return "done" if record[column.key] else "neutral"
        return ""

    def _shown(
        self, column: Column, record: Record, vocabularies: Mapping[str, Vocabulary], hide: bool
    ) -> Any:
        value = readable(column, record.get(column.key), vocabularies)
        if column.personal and hide:
            return masked(value)
        if isinstance(column, DateColumn) and isinstance(value, str) and len(value) == 10:
            return datetime.date.fromisoformat(value)
        return value

    # Export

    def export(self) -> HttpResponse:
        """Exactly the rows and columns shown, all pages, as a workbook that imports again; long
        lists are written apart from the request."""
        rows = self.exportable_rows()
        count = rows.count()
        if count > settings.EXPORT_INLINE_ROWS:
            export = exports.begin(self.register_key, self.request.GET, by=self.request.user)
            return redirect("registers:export-detail", export.pk)
        return self.file(rows)

    def file(self, rows: QuerySet[Any]) -> HttpResponse:
        """The workbook of `rows`, written at once."""
        count, columns = rows.count(), self.exportable_columns(rows)
        return workbook_response(
            self.export_name(), lambda out: self.write(out, self.records(rows), count, columns)
        )

    def exportable_rows(self) -> QuerySet[Any]:
        """The rows of all pages that the person may export; PermissionDenied where none ever."""
        user, wanted = self.request.user, self.register.export_permission
        if not user.has_perm(self.permission) or not user.has_perm(wanted):
            raise PermissionDenied
        within = self.register.queryset(user, wanted)
        return self.get_queryset().filter(pk__in=within.order_by().values("pk"))

    def exportable_columns(self, rows: QuerySet[Any]) -> list[Column]:
        return exportable_columns(self.register, rows, self.request.user, self.chosen_columns)

    def records(self, rows: QuerySet[Any]) -> Iterator[Record]:
        return (record for _pk, record in self._records(rows))

    def write(
        self, out: BinaryIO, records: Iterable[Record], count: int, columns: Sequence[Column]
    ) -> None:
        """Write `records`, `count` of them, to `out` as a workbook that says what they are."""
        notes = self.note_lines(count)
        write_register(out, self.register, records, note_lines=notes, columns=columns)

    def export_name(self) -> str:
        return f"{self.register.label} {self.on.isoformat()}.xlsx"

    def note_lines(self, count: int) -> list[str]:
        """What stands above the table of an export: day, number of rows and rule."""
        return [day_and_number(self.on, count), self.rule()]


def _may_be_null(model: Any, path: str) -> bool:
    """Whether the field at the end of `path` may be null, or a relation on the way to it."""
    name, _separator, rest = path.partition("__")
    try:
        described = model._meta.get_field(name)
    except FieldDoesNotExist:  # a value of the rows' own, not of the table
        return True
    return described.null or (bool(rest) and _may_be_null(described.related_model, rest))
