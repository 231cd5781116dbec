"""The person's own workbook with what is wrong in it marked."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.core.files import File

from registers.models import ImportBatch, ImportRow
from registers.reports import told
from registers.workbooks.marking import Placed, mark_workbook
from registers.workbooks.reading import open_workbook


def write_marked(batch: ImportBatch, out: BinaryIO) -> None:
    """Write the upload to `out` with its wrong cells marked and a column of problems; raises
    Unreadable where it can no longer be read."""
    original = Path(batch.file.path)
    with open_workbook(original) as workbook:
        file_format = workbook.format
    header_rows = {s["name"]: s["header_rows"][1] for s in batch.plan if s["used"]}
    mark_workbook(original, file_format, _placed(batch), out, header_rows=header_rows)


def keep_marked(batch: ImportBatch) -> None:
    """Write the marked workbook beside the upload, to be there when it is asked for."""
    with tempfile.TemporaryFile() as out:
        write_marked(batch, out)
        batch.marked.save(f"{batch.register_key}.xlsx", File(out), save=False)


def _placed(batch: ImportBatch) -> Iterator[Placed]:
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
