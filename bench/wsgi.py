"""Pages asked of the WSGI application, as gunicorn would ask: all of the server's work counts
(middleware, log-in, rights, queries, rendering) and none of a browser's or a test client's."""

import time
from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User


def open_page(path: str) -> None:
    """The page at `path` as the citywide user gets it; RuntimeError where it is none."""
    statuses: list[str] = []

    def start_response(status: str, headers: Any, exc_info: Any = None, /) -> Callable[..., None]:
        statuses.append(status)
        return lambda body: None

    response = _application()(dict(_request(path)), start_response)
    b"".join(response)
    response.close()
    if statuses != ["200 OK"]:
        raise RuntimeError(f"{path} answered {statuses}")


def count_queries(path: str) -> int:
    """Queries of the page once its session and caches stand."""
    open_page(path)
    with CaptureQueriesContext(connection) as queries:
        open_page(path)
    return len(queries)


def alternate(*jobs: Callable[[], Any], rounds: int) -> list[list[float]]:
    """Seconds of each job in so many rounds, after one round that warms the caches."""
    taken = [[_timed(job) for job in jobs] for _ in range(rounds + 1)]
    return [list(times) for times in zip(*taken[1:], strict=True)]


def _timed(job: Callable[[], Any]) -> float:
    started = time.perf_counter()
    job()
    return time.perf_counter() - started


@cache
def _request(path: str) -> dict[str, Any]:
    """What the web server hands over: the citywide user's request for the page."""
    request = RequestFactory(headers={"host": "localhost", "cookie": _cookie()})
    return request.get(path, secure=True).environ


@cache
def _application() -> WSGIHandler:
    return get_wsgi_application()


@cache
def _cookie() -> str:
    """What the browser of the citywide user keeps after log-in: session and token of forms."""
    client = Client()
    client.get(reverse("accounts:login"), secure=True, headers={"host": "localhost"})
    client.force_login(User.objects.get(username="bench"), settings.AUTHENTICATION_BACKENDS[-1])
    return client.cookies.output(attrs=[], header="", sep=";").strip()
