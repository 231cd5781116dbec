"""Pages' tables as workbooks."""

import tempfile
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.permissions import Permission
from organizations.views.statistics import workbook_response
from registers.columns import Column
from registers.register import Record
from registers.workbooks.writing import write_table

EXPORT = Permission.EXPORT_REGISTER


def wants_workbook(request: HttpRequest) -> bool:
    """Whether the rows are asked for as a file; PermissionDenied for who may not export."""
    if request.GET.get("format") != "xlsx":
        return False
    if not request.user.has_perm(EXPORT):
        raise PermissionDenied
    return True


def table_response(
    title: str, columns: Sequence[Column], records: Iterable[Record], notes: Sequence[str]
) -> HttpResponse:
    """`records` as a download. notes: what the rows are (day, number, filters, rule)"""
    out = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    write_table(out, title, records, columns, note_lines=[note for note in notes if note])
    return workbook_response(out, f"{title} {timezone.localdate().isoformat()}.xlsx")


def day_and_number(on: Any, count: int) -> str:
    """The note that begins every file: as of which day, how many rows."""
    number = ngettext("%(count)s row", "%(count)s rows", count) % {"count": count}
    return f"{_('As of %(date)s') % {'date': date_format(on)}} · {number}"


def chosen_tab(label: str, tabs: Iterable[dict[str, Any]]) -> str:
    """The note about the part of the rows that is shown; label: what the tabs are about."""
    values = "".join(str(tab["label"]) for tab in tabs if tab["current"])
    return _("%(label)s: %(value)s.") % {"label": label, "value": values}
