"""Writing an export's workbook, by the same list that the person saw.

An export remembers what was asked (the list and its query string), never which rows that gave:
rows, columns and rights are those of the person at the time of writing.
"""

import tempfile
from collections.abc import Iterable, Iterator

from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.http import HttpRequest, QueryDict
from django.urls import resolve

from accounts.permissions import Permission
from registers import apart
from registers.addresses import list_url
from registers.lists import RegisterList
from registers.models import Export
from registers.register import Record

Status = Export.Status


def perform(export: Export) -> None:
    """Write an export that waits, unless another process does; refused ones become FAILED."""
    with apart.alone(export) as alone:
        if not alone:
            return
        export.refresh_from_db()
        if not export.at_work:
            return
        try:
            _write(export)
        except PermissionDenied:
            export.status = Status.FAILED
        export.save()


def list_of(export: Export) -> RegisterList:
    """The list as the person sees it who asked for the export."""
    view = resolve(list_url(export.register.model)).func.view_class()  # type: ignore[attr-defined]
    request = HttpRequest()
    request.method, request.user = "GET", export.created_by
    request.GET = QueryDict(export.query)
    view.setup(request)
    return view


def scope_of(export: Export) -> str:
    """Which rows the person may see now, as the filter that says so."""
    register, person = export.register, export.created_by
    permissions = (register.view_permission, Permission.VIEW_PERSONAL_DATA)
    return "\n".join(str(register.queryset(person, p).query.where) for p in permissions)


def _write(export: Export) -> None:
    view = list_of(export)
    export.scope = scope_of(export)
    rows = view.exportable_rows()
    columns = view.exportable_columns(rows)
    export.personal = any(column.personal for column in columns)
    export.file_name = view.export_name()
    export.status, export.done, export.total = Status.WRITING, 0, rows.count()
    export.save()
    with tempfile.TemporaryFile() as out:
        view.write(out, _counted(view.records(rows), export), export.total, columns)
        export.file.save(f"{export.register_key}.xlsx", File(out), save=False)
    export.status = Status.READY


def _counted(records: Iterable[Record], export: Export) -> Iterator[Record]:
    for record in records:
        yield record
        export.done += 1
