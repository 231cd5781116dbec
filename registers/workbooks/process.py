"""The parent's side of the reading process: start it, take its frames, outlive it."""

from __future__ import annotations

import importlib.util
import marshal
import os
import select
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

from .limits import MEBIBYTE, Limits
from .unreadable import Unreadable

LENGTH = struct.Struct("<Q")
CHILD = Path(__file__).with_name("reading_child.py")


def library_directory() -> str:
    """Where python-calamine is installed, found without loading it into this process."""
    found = importlib.util.find_spec("python_calamine")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("python_calamine")
    return str(Path(found.origin).parent.parent)


class ReadingProcess:
    """A child that reads one file within limits; every way it can fail raises Unreadable.

    It starts at once, so that it is ready when the checks are done, and reads after `begin`.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self.patience = limits.wall_seconds
        numbers = (
            limits.memory_bytes,
            limits.cpu_seconds,
            limits.rows,
            limits.columns,
            limits.cells,
        )
        command = [sys.executable, "-I", "-S", "-X", "utf8", str(CHILD), library_directory()]
        self.child = subprocess.Popen(  # noqa: S603  # our own program, arguments of our making
            [*command, str(path.absolute()), *map(str, numbers)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env={},
            cwd="/",
            pipesize=MEBIBYTE,
        )
        assert self.child.stdin
        assert self.child.stdout
        self.stdin, self.stdout = self.child.stdin, self.child.stdout
        self.ready = select.poll()
        self.ready.register(self.stdout, select.POLLIN)

    def begin(self) -> None:
        try:
            self.stdin.write(b"!")
        except BrokenPipeError:
            raise self._obituary() from None

    def frame(self) -> tuple:
        """The next frame of the child, whatever it is but a refusal."""
        length = LENGTH.unpack(self._take(LENGTH.size))[0]
        frame = marshal.loads(self._take(length))  # noqa: S302  # our own child wrote it
        if frame[0] == "refused":
            raise Unreadable(frame[1], **frame[2])
        return frame

    def _take(self, length: int) -> bytes | bytearray:
        taken = bytearray()
        while len(taken) < length:
            self._wait()
            piece = os.read(self.stdout.fileno(), min(length - len(taken), MEBIBYTE))
            if not piece:
                raise self._obituary()
            taken += piece
        return taken

    def _wait(self) -> None:
        """Waits for output; only the waiting counts, not what the caller does in between."""
        began = time.monotonic()
        arrived = self.ready.poll(max(0, self.patience) * 1000)
        self.patience -= time.monotonic() - began
        if not arrived:
            raise Unreadable("timed_out")

    def _obituary(self) -> Unreadable:
        try:
            status = self.child.wait(timeout=max(1, self.patience))
        except subprocess.TimeoutExpired:
            return Unreadable("timed_out")
        return Unreadable("timed_out" if status == -signal.SIGXCPU else "reader_died")

    def end(self) -> None:
        """Stops the child if it still runs, and leaves nothing of it behind."""
        self.child.kill()
        self.child.wait()
        self.stdin.close()
        self.stdout.close()
