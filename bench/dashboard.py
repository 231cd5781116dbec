"""What the coverage dashboard costs, against one statement written by hand."""

import datetime
from pathlib import Path
from statistics import median
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from bench.database import empty_registry, settle
from bench.population import populate
from bench.report import Bound, Measurement
from bench.wsgi import alternate, count_queries, open_page

SIZES = (1_000, 100_000)
ROUNDS = 21  # the page of a small registry takes milliseconds
STATEMENT = (Path(__file__).parent / "coverage_baseline.sql").read_text(encoding="utf-8")


def measure(directory: Path) -> Measurement:
    """Server time and queries at both sizes."""
    call_command("collectstatic", interactive=False, verbosity=0)  # pages name hashed files
    seconds: dict[str, list[float]] = {}
    bounds, queries = [], []
    for size in SIZES:
        empty_registry()
        populate(size)
        settle()
        queries.append(count_queries(reverse("organizations:coverage")))
        page, statement = alternate(open_dashboard, run_statement, rounds=ROUNDS)
        seconds |= {f"page at {size:,}": page, f"statement at {size:,}": statement}
        ratio = median(page) / median(statement)
        bounds.append(Bound(f"page ÷ statement at {size:,} associations", ratio, at_most=2.5))
    small, large = queries
    same = Bound(
        f"queries at the larger size ({large}) ÷ queries at the smaller",
        large / small,
        at_least=1,
        at_most=1,
    )
    return Measurement("Coverage dashboard", seconds, [*bounds, same])


def open_dashboard() -> None:
    """The page as the citywide user gets it."""
    open_page(reverse("organizations:coverage"))


def run_statement(on: datetime.date | None = None) -> list[tuple[Any, ...]]:
    """The rows of the hand-written statement as of a day, today without it."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, {"on": on or timezone.localdate()})
        return list(cursor.fetchall())
