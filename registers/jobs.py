"""The steps of an import, here for small files and apart from the request for large ones.

A step apart is a process of its own that outlives the request, the browser and the web server.
The batch's state says which step is at work, its `beat_at` when that last gave a sign of life, and
a lock of the database, which dies with its process, that it still does.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.utils import timezone, translation

from registers import committing, staging, undo
from registers.models import ImportBatch

LOCKS = 0x1337  # our family among the advisory locks of the database
QUIET = timedelta(seconds=10)
Status = ImportBatch.Status


class Step(StrEnum):
    STAGE = "stage"
    COMMIT = "commit"
    UNDO = "undo"


AT_WORK = {
    Status.STAGING: Step.STAGE,
    Status.COMMITTING: Step.COMMIT,
    Status.UNDOING: Step.UNDO,
}
CLAIMS: dict[Step, Callable[..., bool]] = {
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
    if not interrupted(batch):
        return False
    now = timezone.now()
    silent = ImportBatch.objects.filter(pk=batch.pk, status=batch.status, beat_at__lt=now - QUIET)
    if not silent.update(beat_at=now):
        return False
    _begin(batch, AT_WORK[Status(batch.status)], by)
    return True


def at_work(batch: ImportBatch) -> bool:
    """Whether a step of the batch is under way or was when it broke off."""
    return batch.status in AT_WORK


def interrupted(batch: ImportBatch) -> bool:
    """Whether the step under way has lost its process: no sign of life, and nobody holds its
    lock."""
    if not at_work(batch) or timezone.now() - batch.beat_at < QUIET:
        return False
    with _alone(batch) as alone:
        return alone


def perform(batch: ImportBatch, step: Step, *, by: Any) -> None:
    """Carry out a claimed step, unless another process does or the claim is gone."""
    with _alone(batch) as alone:
        if not alone:
            return
        batch.refresh_from_db()
        if AT_WORK.get(Status(batch.status)) != step:
            return
        if step is Step.STAGE:
            staging.stage(batch)
        elif step is Step.COMMIT:
            committing.write(batch, by=by)
        else:
            undo.reverse(batch, by=by)


@contextmanager
def beating(batch: ImportBatch) -> Iterator[None]:
    """Tell others once a second that the work goes on and how many rows are done; on a
    connection of its own, because the work itself is one transaction."""
    over = threading.Event()

    def beat() -> None:
        try:
            while not over.wait(1):
                batch.beat()
        finally:
            connection.close()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _begin(batch: ImportBatch, step: Step, by: Any) -> None:
    if batch.file.size <= settings.IMPORT_INLINE_BYTES:
        perform(batch, step, by=by)
    else:
        _spawn(batch, step, by)


def _spawn(batch: ImportBatch, step: Step, by: Any) -> None:
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "run_import"]
    arguments = [str(batch.pk), step.value, "--language", translation.get_language() or ""]
    if by is not None:
        arguments += ["--as", by.get_username()]
    directory = settings.VAR_DIR / "imports"
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / f"{batch.pk}.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603  # our own program, arguments of our making
            [*command, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=os.environ | _own_environment(),
            start_new_session=True,
        )
    # Nobody waits for the outcome, but an ended child stays a zombie until somebody asks.
    threading.Thread(target=process.wait, daemon=True).start()


def _own_environment() -> dict[str, str]:
    """What tells the child which database and files this process works with."""
    url = urlsplit(settings.DATABASE_URL)
    return {
        "DATABASE_URL": url._replace(path=f"/{connection.settings_dict['NAME']}").geturl(),
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
    }


@contextmanager
def _alone(batch: ImportBatch) -> Iterator[bool]:
    """Hold the batch's lock if it is free; whether it was."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCKS, batch.pk])
        (alone,) = cursor.fetchone()
        try:
            yield alone
        finally:
            if alone:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCKS, batch.pk])
