"""What was measured: as JSON for programs, as docs/benchmarks.md for people."""

import os
import platform
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection
from django.utils import timezone

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
INTRODUCTION = """# Benchmarks

Written by `make bench`; exit status 1 when a bound is broken. Each ratio is taken inside one run on
one machine: the two sides alternate, and the medians are compared. A database of its own is made
for the run and dropped after it; every import starts from an empty registry, in a fresh process.

- **Import**: a generated workbook of 17 columns, of which two are looked up among the departments.
  Reading, checking and keeping the preview, then writing with constraints, indexes and history.
- **Stock**: a `ModelResource` of django-import-export over the same table with its default
  settings, previewing and then importing the same file. It takes minutes and runs once.
- **Floor**: reading the file with python-calamine and COPY of the same rows into a copy of the
  table without indexes, constraints or triggers.
- **Dashboard**: the coverage page for a citywide user, log-in check and template included, against
  one hand-written statement that computes the same numbers (`bench/coverage_baseline.sql`).
- **Lists**: the staff list of associations and the public directory, each filter and order, deep
  pages and every kind of search, at 100,000 associations against the same page at 1,000; the
  numbers of rows shown are exact at either size.
"""


@dataclass(frozen=True)
class Bound:
    """A value and the promise that it keeps or breaks."""

    name: str
    value: float
    at_least: float | None = None
    at_most: float | None = None

    @property
    def holds(self) -> bool:
        if self.at_least is not None and self.value < self.at_least:
            return False
        return self.at_most is None or self.value <= self.at_most

    @property
    def promise(self) -> str:
        if self.at_least == self.at_most:
            return f"= {self.at_most:g}"
        if self.at_least is not None:
            return f"≥ {self.at_least:g}"
        return f"≤ {self.at_most:g}"


@dataclass(frozen=True)
class Measurement:
    """A title, the seconds of every round of each side, and the bounds taken from them."""

    title: str
    seconds: dict[str, list[float]] = field(default_factory=dict)
    bounds: list[Bound] = field(default_factory=list)


def machine() -> dict[str, Any]:
    """The size of this machine and what runs on it."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (postgresql,) = cursor.fetchone()
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "date": timezone.localdate().isoformat(),
        "cores": os.cpu_count(),
        "memory_gb": round(memory / 2**30, 1),
        "python": platform.python_version(),
        "postgresql": postgresql.split()[0],
    }


def as_json(size: dict[str, Any], measurements: list[Measurement]) -> dict[str, Any]:
    """One object with the machine and every measurement."""
    return {
        "machine": size,
        "measurements": [
            {
                "title": m.title,
                "seconds": {side: [round(s, 4) for s in runs] for side, runs in m.seconds.items()},
                "bounds": [
                    {
                        "name": b.name,
                        "value": round(b.value, 2),
                        "promise": b.promise,
                        "holds": b.holds,
                    }
                    for b in m.bounds
                ],
            }
            for m in measurements
        ],
    }


def write_page(size: dict[str, Any], measurements: list[Measurement]) -> None:
    """Write docs/benchmarks.md."""
    lines = [
        INTRODUCTION,
        f"Measured on {size['date']}: {size['cores']} cores, {size['memory_gb']} GB of memory, "
        f"Python {size['python']}, PostgreSQL {size['postgresql']}.",
        "",
        "| what | promised | measured | kept |",
        "|---|---|---|---|",
        *(
            f"| {m.title}: {b.name} | {b.promise} | {b.value:.1f} | {'yes' if b.holds else 'NO'} |"
            for m in measurements
            for b in m.bounds
        ),
        "",
        "| seconds | median | rounds |",
        "|---|---|---|",
        *(
            f"| {m.title}: {side} | {median(runs):.3f} | {', '.join(f'{s:.3f}' for s in runs)} |"
            for m in measurements
            for side, runs in m.seconds.items()
        ),
    ]
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")
