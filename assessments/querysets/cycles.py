"""Cycles."""

import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q

from accounts.permissions import Permission
from assessments.querysets import related
from organizations.scoping import is_citywide


class CycleQuerySet(models.QuerySet):
    def for_user(self, user: Any, permission: Permission) -> Self:
        """Cycles on which `user` may exercise `permission`: with a limited grant those in which a
        department of that grant takes part, once they are open."""
        if is_citywide(user, permission):
            return self.all()
        mine = related.participants().for_user(user, permission).values("cycle")
        return self.filter(~Q(stage="preparing"), pk__in=mine)

    def published_by(self, on: datetime.date) -> Self:
        """Those published by the day `on`, the latest year first."""
        return self.filter(stage="published", published_on__lte=on).order_by("-year")

    def past_objections(self, on: datetime.date) -> Self:
        """Those announced whose days to object are over on the day `on`."""
        return self.filter(stage="announced", objections_until__lt=on)
