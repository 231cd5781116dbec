"""Workbooks written while the person waits, and what stands above their tables."""

import datetime
import tempfile
from collections.abc import Callable, Iterable, Sequence
from typing import Any, BinaryIO

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.permissions import Permission
from registers.columns import Column
from registers.register import Record
from registers.workbooks.writing import write_table

EXPORT = Permission.EXPORT_REGISTER
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def wants_workbook(request: HttpRequest) -> bool:
    """Whether the rows are asked for as a file; PermissionDenied for who may not export."""
    if request.GET.get("format") != "xlsx":
        return False
    if not request.user.has_perm(EXPORT):
        raise PermissionDenied
    return True


def exportable(rows: Any, user: Any) -> Any:
    """Those of `rows`, of a model whose querysets are scoped, that the person may export."""
    within = rows.model._default_manager.for_user(user, EXPORT)
    return rows.filter(pk__in=within.order_by().values("pk"))


def workbook_response(name: str, write: Callable[[BinaryIO], Any]) -> HttpResponse:
    """What `write` writes, as the download `name`."""
    out = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    write(out)
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=name, content_type=WORKBOOK)  # type: ignore[return-value]


def table_response(
    title: str, columns: Sequence[Column], records: Iterable[Record], notes: Sequence[str]
) -> HttpResponse:
    """`records` as a download. notes: what the rows are (day, number, filters, rule)"""
    above = [note for note in notes if note]
    return workbook_response(
        f"{title} {timezone.localdate().isoformat()}.xlsx",
        lambda out: write_table(out, title, records, columns, note_lines=above),
    )


def day_and_number(on: datetime.date, count: int) -> str:
    """The note that begins every file: as of which day, how many rows."""
    number = ngettext("%(count)s row", "%(count)s rows", count) % {"count": count}
    return f"{_('As of %(date)s') % {'date': date_format(on)}} · {number}"
