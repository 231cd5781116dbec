"""Making batches out of uploads."""

from pathlib import Path
from typing import Any

from django.core.files import File

from registers.detection import detect
from registers.models import ImportBatch
from registers.register import Register
from registers.workbooks.reading import open_workbook
from registers.workbooks.unreadable import Unreadable


def receive(register: Register, upload: File, *, name: str, by: Any) -> ImportBatch:
    """Keep an upload as a batch and find its sheets, header rows and columns.

    Raises Unreadable, keeping nothing, where the file cannot be read.
    """
    batch = keep(register, upload, name=name, by=by)
    try:
        with open_workbook(Path(batch.file.path)) as workbook:
            batch.plan = detect(workbook, register)
    except Unreadable:
        discard(batch)
        raise
    batch.save()
    return batch


def keep(register: Register, upload: File, *, name: str, by: Any) -> ImportBatch:
    """A batch of an upload that nobody has looked into yet."""
    batch = ImportBatch(register_key=register.key, file_name=name[:200], created_by=by)
    batch.file.save(f"{register.key}{Path(name).suffix[:8].lower()}", upload, save=False)
    batch.save()
    return batch


def discard(batch: ImportBatch) -> None:
    """Delete a batch that has written nothing, with its file."""
    batch.file.delete(save=False)
    batch.delete()
