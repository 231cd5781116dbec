"""What the coverage dashboard costs, against one statement written by hand.

The page is asked of the WSGI application, as gunicorn would ask: all of the server's work counts
(middleware, log-in, rights, report, rendering) and none of a browser's or a test client's.
"""

import datetime
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from bench.database import empty_registry, settle
from bench.population import populate
from bench.report import Bound, Measurement

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
        queries.append(count_queries())
        page, statement = alternate(open_dashboard, run_statement)
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
    statuses: list[str] = []

    def start_response(status: str, headers: Any, exc_info: Any = None, /) -> Callable[..., None]:
        statuses.append(status)
        return lambda body: None

    response = _application()(dict(_request()), start_response)
    b"".join(response)
    response.close()
    if statuses != ["200 OK"]:
        raise RuntimeError(f"the dashboard answered {statuses}")


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
def _request() -> dict[str, Any]:
    """What the web server hands over: the citywide user's request for the page."""
    path = reverse("organizations:coverage")
    request = RequestFactory(headers={"host": "localhost", "cookie": _cookie()})
    return request.get(path, secure=True).environ


@cache
def _application() -> WSGIHandler:
    return get_wsgi_application()


def _cookie() -> str:
    """What the browser of the citywide user keeps after log-in."""
    client = Client()
    client.force_login(User.objects.get(username="bench"))
    return client.cookies.output(attrs=[], header="", sep=";").strip()
