"""The steps of an import, here for small files and apart from the request for large ones.

The batch's state says which step is at work (registers/apart.py says whether it still is).
"""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation

from registers import apart, batches, committing, staging, undo
from registers.models import ImportBatch
from registers.workbooks.checking import unpacked_size
from registers.workbooks.reading import allowed
from registers.workbooks.unreadable import Unreadable

Status = ImportBatch.Status


class Step(StrEnum):
    READ = "read"
    STAGE = "stage"
    COMMIT = "commit"
    UNDO = "undo"


AT_WORK = {
    Status.READING: Step.READ,
    Status.STAGING: Step.STAGE,
    Status.COMMITTING: Step.COMMIT,
    Status.UNDOING: Step.UNDO,
}
CLAIMS: dict[Step, Callable[..., bool]] = {
    Step.READ: batches.claim,
    Step.STAGE: staging.claim,
    Step.COMMIT: committing.claim,
    Step.UNDO: undo.claim,
}


def start(batch: ImportBatch, step: Step, *, by: Any, **options: Any) -> bool:
    """Claim `batch` for `step` and begin it; False where the batch doesn't wait for the step, as
    after a doubled click. `options` go to the claim, whose Problem is raised."""
    if not CLAIMS[step](batch, **options):
        return False
    _begin(batch, step, by)
    return True


def restart(batch: ImportBatch, *, by: Any) -> bool:
    """Begin an interrupted step anew; False where it is not interrupted (any more)."""
    if not at_work(batch) or not apart.taken_up(batch):
        return False
    _begin(batch, AT_WORK[Status(batch.status)], by)
    return True


def at_work(batch: ImportBatch) -> bool:
    """Whether a step of the batch is under way or was when it broke off."""
    return batch.status in AT_WORK


def interrupted(batch: ImportBatch) -> bool:
    """Whether the step under way has lost its process."""
    return at_work(batch) and apart.lost(batch)


def perform(batch: ImportBatch, step: Step, *, by: Any) -> None:
    """Carry out a claimed step, unless another process does or the claim is gone."""
    with apart.alone(batch) as alone:
        if not alone:
            return
        batch.refresh_from_db()
        if AT_WORK.get(Status(batch.status)) != step:
            return
        if step is Step.READ:
            batches.read(batch)
        elif step is Step.STAGE:
            staging.stage(batch, mark=not _is_small(batch))
        elif step is Step.COMMIT:
            _write(batch, by)
        else:
            undo.reverse(batch, by=by)


def _write(batch: ImportBatch, by: Any) -> None:
    """Write the batch; where the registry has changed, make the new preview that this calls for."""
    if committing.write(batch, by=by) or not committing.is_outdated(batch):
        return
    changed = batch.error
    if staging.claim(batch):
        batch.refresh_from_db()
        staging.stage(batch, mark=not _is_small(batch))
        ImportBatch.objects.filter(pk=batch.pk).move(
            to=Status.STAGED, expected=(Status.STAGED,), error=changed
        )


def _begin(batch: ImportBatch, step: Step, by: Any) -> None:
    if _is_small(batch):
        perform(batch, step, by=by)
    else:
        _spawn(batch, step, by)


def _spawn(batch: ImportBatch, step: Step, by: Any) -> None:
    arguments = [step.value, "--language", translation.get_language() or ""]
    if by is not None:
        arguments.append(f"--as={by.get_username()}")
    apart.spawn(batch, *arguments)


def _is_small(batch: ImportBatch) -> bool:
    """Whether little is to be read, unpacked; what cannot even be unpacked is refused at once."""
    try:
        size = unpacked_size(Path(batch.file.path), allowed())
    except Unreadable:
        return True
    return size <= settings.IMPORT_INLINE_BYTES
