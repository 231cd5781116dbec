"""Grants in force."""

import datetime
from typing import Self

from django.db import models
from django.db.models import Q


class GrantQuerySet(models.QuerySet):
    def in_force(self, on: datetime.date) -> Self:
        """Grants valid on the day `on`."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=on), valid_from__lte=on)
