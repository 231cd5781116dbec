"""Writing an export's workbook, by the same list or comparison that the person saw.

An export remembers what was asked (the list and its query string), never which rows that gave:
rows, columns and rights are those of the person at the time of writing.
"""

import tempfile
from collections.abc import Iterable, Iterator

from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.http import HttpRequest, QueryDict

from registers import apart
from registers.checks import list_view
from registers.comparison_writing import ComparisonFile
from registers.lists import RegisterList
from registers.models import Export, ImportBatch
from registers.reconciling import COMPARED, Comparison
from registers.register import Record

Status = Export.Status


def perform(export: Export) -> None:
    """Write an export that waits, unless another process does. It ends as READY, REFUSED or, where
    an exception escapes, FAILED."""
    with apart.alone(export) as alone:
        if not alone:
            return
        export.refresh_from_db()
        if not export.at_work:
            return
        try:
            _write(export)
        except PermissionDenied:
            export.status = Status.REFUSED
        except Exception:
            export.status = Status.FAILED
            raise
        finally:
            export.save()


def list_of(export: Export) -> RegisterList:
    """The list as the person sees it who asked for the export."""
    view = list_view(export.register)()
    request = HttpRequest()
    request.method, request.user = "GET", export.created_by
    request.GET = QueryDict(export.query)
    view.setup(request)
    return view


def scope_of(export: Export) -> str:
    """How far the rights that the file was or would be written by reach for the person now."""
    register = export.register
    permissions = [register.view_permission, register.export_permission]
    if export.roster:
        permissions.append(register.write_permission)
    if export.personal:
        permissions.append(register.personal_permission)
    return "\n".join(register.reach(export.created_by, each) for each in permissions)


def comparison_of(export: Export) -> Comparison:
    """The comparison as the person sees it who asked for the export; PermissionDenied where its
    roster was undone meanwhile, or he or she may not see or export it any more."""
    by, register = export.created_by, export.register
    rights = (register.write_permission, register.export_permission)
    roster = ImportBatch.objects.for_user(by).filter(exports=export, status__in=COMPARED).first()
    if roster is None or not by.has_perms(rights):
        raise PermissionDenied
    return Comparison(roster, by, QueryDict(export.query).get("against", ""))


def _write(export: Export) -> None:
    if export.roster:
        _write_comparison(export)
    else:
        _write_list(export)


def _write_comparison(export: Export) -> None:
    file = ComparisonFile(comparison_of(export))
    export.personal = export.created_by.has_perm(export.register.personal_permission)
    export.scope = scope_of(export)
    export.file_name = file.name
    export.status, export.done, export.total = Status.WRITING, 0, 0
    export.save()
    with tempfile.TemporaryFile() as out:
        file.write(out, _counted(file.lines(), export))
        export.file.save("comparison.xlsx", File(out), save=False)
    export.status, export.total = Status.READY, export.done


def _write_list(export: Export) -> None:
    view = list_of(export)
    rows = view.exportable_rows()
    columns = view.exportable_columns(rows)
    export.personal = any(column.personal for column in columns)
    export.scope = scope_of(export)
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
