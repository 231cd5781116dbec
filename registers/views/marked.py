"""The person's own workbook, with what is wrong in it marked."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from registers.lists import WORKBOOK
from registers.models import ImportBatch, ImportRow
from registers.reports import told
from registers.views.access import own_batch
from registers.workbooks.marking import Placed, mark_workbook
from registers.workbooks.reading import open_workbook


@require_safe
def marked(request: HttpRequest, pk: int) -> FileResponse:
    """The uploaded workbook with wrong cells marked and a column of problems."""
    batch = own_batch(request, pk)
    if not batch.counts.get(ImportRow.Action.WRONG):
        raise Http404
    out = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    original = Path(batch.file.path)
    with open_workbook(original) as workbook:
        file_format = workbook.format
    header_rows = {s["name"]: s["header_rows"][1] for s in batch.plan if s["used"]}
    mark_workbook(original, file_format, placed(batch), out, header_rows=header_rows)
    out.seek(0)
    name = _("%(name)s – problems.xlsx") % {"name": Path(batch.file_name).stem}
    return FileResponse(out, as_attachment=True, filename=name, content_type=WORKBOOK)


def placed(batch: ImportBatch) -> Iterator[Placed]:
    """Every problem with its place in the file."""
    indexes = {
        (sheet["name"], column["column"]): column["index"]
        for sheet in batch.plan
        for column in reversed(sheet["columns"])
        if column["column"]
    }
    wrong = batch.rows.filter(action=ImportRow.Action.WRONG).order_by("pk")
    for row in wrong.iterator(chunk_size=2000):
        for problem in row.problems:
            index = problem["index"]
            if index is None:
                index = indexes.get((row.sheet, problem["column"]))
            yield row.sheet, row.row, index, told(problem, batch.register)
