"""Validity: from a day inclusive until another exclusive, either of them unknown or open."""

import datetime

from django.db.models import Q


def holds(on: datetime.date, since: str, until: str) -> Q:
    """Rows that hold on the day `on`; since, until: paths of the date fields that say so."""
    return Q((f"{since}__lte", on)) & not_ended(on, until)


def begun(on: datetime.date, since: str) -> Q:
    """Rows that have begun by the day `on`, also those of which nobody knows since when."""
    return Q((since, None)) | Q((f"{since}__lte", on))


def not_ended(on: datetime.date, until: str) -> Q:
    """Rows that have not ended by the day `on`."""
    return Q((until, None)) | Q((f"{until}__gt", on))
