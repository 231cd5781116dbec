"""Lock-out after failed log-ins (django-axes): whom it concerns, how long, and what they see."""

import datetime
import re
from ipaddress import ip_address
from typing import Any

from axes.helpers import get_client_username, get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

TOO_MANY_REQUESTS = 429
LONGEST_USERNAME = 150
WITH_PORT = re.compile(r"^(?:\[(.*)\](?::\d+)?|([\d.]+):\d+)$")


def client_address(request: HttpRequest) -> str | None:
    """The person's address; behind the TLS proxy the one that the proxy itself added last.

    Where that is no address, it is the proxy's own.
    """
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.HTTPS else ""
    return _address(forwarded.rpartition(",")[2].strip()) or request.META.get("REMOTE_ADDR")


def _address(written: str) -> str | None:
    """The IP address out of what a proxy wrote, with or without a port; None where it is none."""
    host = WITH_PORT.sub(r"\1\2", written)
    try:
        return str(ip_address(host.partition("%")[0]))
    except ValueError:
        return None


def client_username(request: HttpRequest, credentials: Any = None) -> str:
    """The user name tried, no longer than one can be: what is kept of it must fit."""
    tried = (credentials or {}).get("username") or request.POST.get("username", "")
    return str(tried)[:LONGEST_USERNAME]


def locked_out(request: HttpRequest, response: Any = None, credentials: Any = None) -> HttpResponse:
    """The page that says until when this user name is locked at this address."""
    username = get_client_username(request, credentials)
    context = {"until": _locked_until(username, request.axes_ip_address)}  # type: ignore[attr-defined]
    return render(request, "accounts/locked_out.html", context, status=TOO_MANY_REQUESTS)


def _locked_until(username: str, address: str) -> datetime.datetime:
    attempts = AccessAttempt.objects.filter(username=username, ip_address=address)
    last = attempts.order_by("attempt_time").last()
    return (last.attempt_time if last else timezone.now()) + get_cool_off()
