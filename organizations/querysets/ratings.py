"""Assessment grades."""

import datetime
from typing import Self

from django.db import models

from organizations.querysets.validity import begun, not_ended


class RatingQuerySet(models.QuerySet):
    def as_of(self, on: datetime.date) -> Self:
        """Ratings valid on the day `on`, also those of which nobody knows since when."""
        return self.filter(begun(on, "valid_from"), not_ended(on, "valid_until"))
