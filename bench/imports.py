"""How long imports take and how much memory they need, against the stock way and the floor."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.database import NAME, empty_registry
from bench.report import Bound, Measurement
from bench.roster import write_roster

ROWS = 10_000
MANY = 100_000
ROUNDS = 3


@dataclass(frozen=True)
class Run:
    """One import: rows written, seconds taken, peak memory of the process and of its reader."""

    rows: int
    seconds: float
    own_mb: float
    reader_mb: float


def run(way: str, path: Path) -> Run:
    """Import `path` into an empty registry in a fresh process."""
    empty_registry()
    with tempfile.TemporaryDirectory() as files:
        answer = subprocess.run(
            [sys.executable, "-m", "bench.one_import", way, path, NAME],
            env=os.environ | {"MEDIA_ROOT": files},
            stdout=subprocess.PIPE,
            check=True,
        )
    return Run(**json.loads(answer.stdout))


def alternate(first: tuple[str, Path], second: tuple[str, Path]) -> tuple[list[Run], list[Run]]:
    """Run both ROUNDS times, one after the other, so that both see the same machine."""
    pairs = [(run(*first), run(*second)) for _ in range(ROUNDS)]
    return [a for a, _ in pairs], [b for _, b in pairs]


def against_floor(directory: Path) -> Measurement:
    roster = write_roster(directory / "roster.xlsx", ROWS)
    ours, floor = alternate(("ours", roster), ("floor", roster))
    return Measurement(
        f"Import of {ROWS:,} new associations against the floor",
        {"import": [r.seconds for r in ours], "floor": [r.seconds for r in floor]},
        [Bound("import ÷ floor", _seconds(ours) / _seconds(floor), at_most=10)],
    )


def against_stock(directory: Path) -> Measurement:
    """The stock way takes minutes: once, between two of ours. BENCH_STOCK_ROWS makes it less."""
    rows = int(os.environ.get("BENCH_STOCK_ROWS", ROWS))
    roster = write_roster(directory / "stock.xlsx", rows)
    ours = [run("ours", roster)]
    stock = [run("stock", roster)]
    ours += [run("ours", roster) for _ in range(ROUNDS - 1)]
    return Measurement(
        f"Import of {rows:,} new associations against a stock django-import-export resource",
        {"import": [r.seconds for r in ours], "stock": [r.seconds for r in stock]},
        [Bound("stock ÷ import", _seconds(stock) / _seconds(ours), at_least=25)],
    )


def growth(directory: Path) -> Measurement:
    small = write_roster(directory / "small.xlsx", ROWS)
    large = write_roster(directory / "large.xlsx", MANY)
    few, many = alternate(("ours", small), ("ours", large))
    return Measurement(
        f"Import of {MANY:,} new associations",
        {
            f"{ROWS:,} rows": [r.seconds for r in few],
            f"{MANY:,} rows": [r.seconds for r in many],
        },
        [
            Bound(f"{MANY:,} rows ÷ {ROWS:,} rows", _seconds(many) / _seconds(few), at_most=12),
            Bound("peak memory, MB", max(r.own_mb for r in many), at_most=700),
            Bound(
                "peak memory of the reading child, MB", max(r.reader_mb for r in many), at_most=700
            ),
        ],
    )


def _seconds(runs: list[Run]) -> float:
    return median(r.seconds for r in runs)
