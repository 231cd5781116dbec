"""What the coverage dashboard costs, against one statement written by hand."""

import datetime
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from bench.database import empty_registry, settle
from bench.population import populate
from bench.report import Bound, Measurement

SIZES = (1_000, 100_000)
ROUNDS = 7
STATEMENT = (Path(__file__).parent / "coverage_baseline.sql").read_text(encoding="utf-8")


def measure(directory: Path) -> Measurement:
    """Queries at both sizes; server time at the larger one."""
    call_command("collectstatic", interactive=False, verbosity=0)  # pages name hashed files
    queries = {}
    for size in SIZES:
        empty_registry()
        populate(size)
        settle()
        queries[size] = count_queries()
    page, statement = alternate(open_dashboard, run_statement)
    small, large = SIZES
    return Measurement(
        f"Coverage dashboard at {large:,} associations",
        {"page": page, "statement": statement},
        [
            Bound("page ÷ statement", median(page) / median(statement), at_most=2.5),
            Bound(
                f"queries ({queries[large]}) ÷ queries at {small:,} associations",
                queries[large] / queries[small],
                at_least=1,
                at_most=1,
            ),
        ],
    )


def open_dashboard() -> None:
    """The page as the citywide user gets it."""
    response = _client().get(reverse("organizations:coverage"), secure=True)
    if response.status_code != 200:
        raise RuntimeError(f"the dashboard answered {response.status_code}")


def run_statement(on: datetime.date | None = None) -> list[tuple[Any, ...]]:
    """The rows of the hand-written statement as of a day, today without it."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, {"on": on or timezone.localdate()})
        return list(cursor.fetchall())


def count_queries() -> int:
    """Queries of the page once its session and caches stand."""
    open_dashboard()
    with CaptureQueriesContext(connection) as queries:
        open_dashboard()
    return len(queries)


def alternate(*jobs: Callable[[], Any]) -> list[list[float]]:
    """Seconds of each job in ROUNDS rounds, after one round that warms the caches."""
    rounds = [[_timed(job) for job in jobs] for _ in range(ROUNDS + 1)]
    return [list(times) for times in zip(*rounds[1:], strict=True)]


def _timed(job: Callable[[], Any]) -> float:
    started = time.perf_counter()
    job()
    return time.perf_counter() - started


@cache
def _client() -> Client:
    """A browser in which the citywide user has logged in."""
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(username="bench"))
    return client
