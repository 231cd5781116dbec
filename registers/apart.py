"""Work apart from the request: a process of its own that outlives request, browser and web server.

The row that stands for the work says with `beat_at` when its process last gave a sign of life; a
lock of the database, which dies with the process, says whether it still works.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.utils import timezone

from registers.models import Work

QUIET = timedelta(seconds=10)
BEAT_SECONDS = 1.0
LOGS_KEPT = timedelta(days=30)


def spawn(work: Work, *arguments: str) -> None:
    """Start the management command of `work` with its key and `arguments`, and don't wait."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), work.command, str(work.pk)]
    directory = settings.VAR_DIR / work.folder
    directory.mkdir(parents=True, exist_ok=True)
    _discard_old_logs(directory)
    with (directory / f"{work.pk}.log").open("ab") as log:
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


def lost(work: Work) -> bool:
    """Whether `work` has lost its process: no sign of life, and nobody holds its lock."""
    if timezone.now() - work.beat_at < QUIET:
        return False
    with alone(work) as free:
        return free


def taken_up(work: Work) -> bool:
    """Take lost work up again; False where it isn't lost or somebody else took it up first."""
    if not lost(work):
        return False
    now = timezone.now()
    same = type(work)._default_manager.filter(pk=work.pk, beat_at__lt=now - QUIET)
    silent = same.filter(status=work.status)  # type: ignore[misc]  # each kind has its own states
    return bool(silent.update(beat_at=now))


@contextmanager
def beating(work: Work) -> Iterator[None]:
    """Tell others every second that the work goes on and how many rows are done; on a
    connection of its own, because the work itself may be one transaction."""
    over = threading.Event()

    def beat() -> None:
        try:
            while not over.wait(BEAT_SECONDS):
                work.beat()
        finally:
            connection.close()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def alone(work: Work) -> Iterator[bool]:
    """Hold the work's lock if it is free; whether it was."""
    key = [work.locks, work.pk]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
        (free,) = cursor.fetchone()
        try:
            yield free
        finally:
            if free:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)


def _discard_old_logs(directory: Path) -> None:
    oldest = time.time() - LOGS_KEPT.total_seconds()
    for log in directory.glob("*.log"):
        if log.stat().st_mtime < oldest:
            log.unlink(missing_ok=True)


def _own_environment() -> dict[str, str]:
    """What tells the child which database and files this process works with."""
    url = urlsplit(settings.DATABASE_URL)
    return {
        "DATABASE_URL": url._replace(path=f"/{connection.settings_dict['NAME']}").geturl(),
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
    }
