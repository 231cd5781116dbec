"""What the public has written to the office."""

import datetime
from typing import Any, Self

from django.db import models

from accounts.permissions import Permission
from organizations.scoping import is_citywide

# States, as lists because the constraints of the table hold them so.
OPEN = ["new", "in_hand"]
WITH_ANSWER = ["answered", "closed"]


class SuggestionQuerySet(models.QuerySet):
    def for_user(self, user: Any, permission: Permission) -> Self:
        """All of them for those who hold `permission` for the whole city, for others none."""
        return self.all() if is_citywide(user, permission) else self.none()

    def open(self) -> Self:
        """Those neither answered nor put aside."""
        return self.filter(state__in=OPEN)

    def overdue(self, on: datetime.date) -> Self:
        """Open ones whose day has passed by the day `on`."""
        return self.open().filter(due_on__lt=on)

    def published(self) -> Self:
        """Those whose answer the office has published, the newest first."""
        return self.filter(published_on__isnull=False).order_by("-published_on", "-pk")

    def with_contact_to_erase(self, settled_by: datetime.date) -> Self:
        """Those with a contact that were settled by the day `settled_by`."""
        return self.exclude(contact="").filter(settled_on__lte=settled_by)
