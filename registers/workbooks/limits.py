"""How much an uploaded workbook may cost before it is refused."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes, times in seconds; rows and columns per sheet, cells per workbook.

    `memory_bytes` is the address space of the reading process, `cpu_seconds` its processor
    time, `wall_seconds` how long its reader waits for it in all.
    """

    upload_bytes: int = 20 * MEBIBYTE
    unpacked_bytes: int = 512 * MEBIBYTE
    parts: int = 2_000
    rows: int = 200_000
    columns: int = 500
    cells: int = 3_000_000
    memory_bytes: int = 1024 * MEBIBYTE
    cpu_seconds: int = 30
    wall_seconds: float = 60


DEFAULT = Limits()
