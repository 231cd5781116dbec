"""Grants in force."""

import datetime
from typing import Self

from django.db import models

from organizations.querysets.validity import holds


class GrantQuerySet(models.QuerySet):
    def in_force(self, on: datetime.date) -> Self:
        """Grants valid on the day `on`."""
        return self.filter(holds(on, "valid_from", "valid_until"))
