"""Weak Party organisations on the list, and the monthly notes on how they are put right."""

import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.permissions import Permission
from organizations.querysets import related
from organizations.querysets.validity import not_ended


class WeakListingQuerySet(models.QuerySet):
    def for_user(self, user: Any, permission: Permission) -> Self:
        """Listings of Party organisations on which `user` may exercise `permission`."""
        organizations = related.party_organizations()
        within = organizations.for_user(user, permission)
        return self.filter(party_organization__in=within.order_by().values("pk"))

    def open(self, on: datetime.date) -> Self:
        """Those listed by the day `on` and not yet delisted then; dissolved ones are not."""
        return self.filter(
            not_ended(on, "delisted_on"),
            not_ended(on, "party_organization__dissolved_on"),
            listed_on__lte=on,
        )

    def in_state(self, state: str, on: datetime.date) -> Self:
        """Those in one of WeakListing.State on the day `on`."""
        return self.filter(_in_state(state, on))

    def with_note_due(self, on: datetime.date) -> Self:
        """Those being rectified on the day `on` without a note on that month.

        The month in which rectifying begins has a note as well.
        """
        notes = related.rectification_notes()
        written = notes.filter(listing=OuterRef("pk"), month=on.replace(day=1))
        return self.open(on).filter(_in_state("rectifying", on), ~Exists(written))


def _in_state(state: str, on: datetime.date) -> Q:
    """From the day of its last step on; the steps follow each other (WeakListing)."""
    steps = {
        "listed": ("listed_on", "rectifying_since"),
        "rectifying": ("rectifying_since", "accepted_on"),
        "accepted": ("accepted_on", "delisted_on"),
    }
    if state == "delisted":
        return Q(delisted_on__lte=on)
    since, until = steps[state]
    return Q((f"{since}__lte", on)) & not_ended(on, until)
