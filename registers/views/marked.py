"""The person's own workbook, with what is wrong in it marked."""

import tempfile
from pathlib import Path
from typing import BinaryIO

from django.http import FileResponse, Http404, HttpRequest
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from registers.downloads import WORKBOOK
from registers.marked import write_marked
from registers.models import ImportBatch, ImportRow
from registers.views.access import own_batch


@require_safe
def marked(request: HttpRequest, pk: int) -> FileResponse:
    """The uploaded workbook with wrong cells marked and a column of problems."""
    batch = own_batch(request, pk)
    if not batch.counts.get(ImportRow.Action.WRONG):
        raise Http404
    name = _("%(name)s – problems.xlsx") % {"name": Path(batch.file_name).stem}
    file = batch.marked.open() if batch.marked else _marked_now(batch)
    return FileResponse(file, as_attachment=True, filename=name, content_type=WORKBOOK)


def _marked_now(batch: ImportBatch) -> BinaryIO:
    out = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    write_marked(batch, out)
    out.seek(0)
    return out
