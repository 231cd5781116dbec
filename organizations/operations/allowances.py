"""How often the public may do something. Counted in the database, so that all processes agree."""

import datetime
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from organizations.models import Allowance

HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
SPEND = """
INSERT INTO organizations_allowance AS kept (key, used, until) VALUES (%s, 1, %s)
ON CONFLICT (key) DO UPDATE SET used = kept.used + 1 WHERE kept.used < %s
RETURNING used
"""


@dataclass(frozen=True)
class Limit:
    """At most `times` in each `stretch` of time: HOUR or DAY of the calendar."""

    times: int
    stretch: datetime.timedelta


@transaction.atomic
def spend(*, what: str, client: str, limits: list[Limit]) -> None:
    """Count that `client` does `what` once more; ValidationError where that is once too often.

    client: an address, or "" for everybody together. Only a hash of it is kept, which another
    hour or day makes another one.
    """
    now = timezone.localtime()
    for limit in limits:
        begun = _begun(now, limit.stretch)
        key = _key(what, client, begun)
        with connection.cursor() as cursor:
            cursor.execute(SPEND, [key, begun + limit.stretch, limit.times])
            if cursor.fetchone() is None:
                raise ValidationError(_too_often(limit, everybody=not client))


def forget_past_allowances() -> int:
    """Delete what was counted in stretches that are over; how much that was."""
    number, _models = Allowance.objects.filter(until__lt=timezone.now()).delete()
    return number


def _begun(now: datetime.datetime, stretch: datetime.timedelta) -> datetime.datetime:
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return day if stretch == DAY else day.replace(hour=now.hour)


def _key(what: str, client: str, begun: datetime.datetime) -> str:
    told = f"{what} {_household(client)} {begun.isoformat()}"
    return salted_hmac("organizations.allowance", told, algorithm="sha256").hexdigest()


def _household(client: str) -> str:
    """A subscriber has one IPv4 address, but 2^64 of IPv6."""
    try:
        address = ip_address(client)
    except ValueError:
        return client
    return client if address.version == 4 else str(ip_network((address, 64), strict=False))


def _too_often(limit: Limit, *, everybody: bool) -> str:
    if everybody:
        return _("A great deal is being sent just now. Please try again in an hour.")
    if limit.stretch == DAY:
        return _("From this connection nothing more is taken today. Please try again tomorrow.")
    return _("That was too often in a short time. Please try again in an hour.")
