"""Making batches out of uploads."""

from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import Error

from registers.detection import detect, stated_day
from registers.models import ImportBatch
from registers.refusals import reason_of
from registers.register import Register
from registers.workbooks.reading import open_workbook
from registers.workbooks.unreadable import Unreadable

Status = ImportBatch.Status


def keep(register: Register, upload: File, *, name: str, by: Any) -> ImportBatch:
    """A batch of an upload that nobody has looked into yet."""
    batch = ImportBatch(register_key=register.key, file_name=name[:200], created_by=by)
    batch.file.save(f"{register.key}{Path(name).suffix[:8].lower()}", upload, save=False)
    batch.save()
    return batch


def claim(batch: ImportBatch) -> bool:
    """Take a new batch for reading; False where it is no longer new."""
    ours = ImportBatch.objects.filter(pk=batch.pk)
    return ours.move(to=Status.READING, expected=(Status.UPLOADED,))


def read(batch: ImportBatch) -> None:
    """Find the sheets, header rows and columns of a claimed batch.

    Afterwards it is UPLOADED again with its plan, or FAILED with the reason.
    """
    try:
        with open_workbook(Path(batch.file.path)) as workbook:
            batch.plan = detect(workbook, batch.register)
        batch.data_on = stated_day(batch.plan)
        batch.status = Status.UPLOADED
    except Unreadable as reason:
        give_up(batch, reason)
    batch.save()


def give_up(batch: ImportBatch, reason: Unreadable | Error) -> None:
    """Make `batch` FAILED, with nothing left of an earlier check; the caller saves it."""
    batch.rows.all().delete()
    batch.status = Status.FAILED
    batch.error = reason_of(reason, refused="not_storable")
    batch.counts, batch.unknown = {}, []
    batch.done = batch.total = 0


def discard(batch: ImportBatch) -> None:
    """Delete a batch that has written nothing, with its files."""
    batch.file.delete(save=False)
    batch.marked.delete(save=False)
    for export in batch.exports.all():
        export.file.delete(save=False)
    batch.delete()
