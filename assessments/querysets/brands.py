"""Brands."""

import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q

from accounts.permissions import Permission
from organizations.models import Association
from organizations.querysets.validity import holds, not_ended
from organizations.scoping import department_filter


class BrandQuerySet(models.QuerySet):
    def for_user(self, user: Any, permission: Permission) -> Self:
        """Those of departments on which `user` may exercise `permission`, and of associations."""
        own = department_filter(user, permission, "department")
        if own == Q():
            return self.all()
        within = Association.objects.for_user(user, permission).order_by().values("pk")
        return self.filter(own | Q(association__in=within))

    def in_force(self, on: datetime.date) -> Self:
        """Those named by the day `on` whose validity is not over and that are not delisted."""
        return self.filter(holds(on, "named_on", "valid_until"), not_ended(on, "delisted_on"))

    def underway(self) -> Self:
        """Those declared and not yet named or returned."""
        return self.filter(stage__in=["declared", "screened", "reviewed", "publicised"])

    def to_reexamine(self, on: datetime.date, until: datetime.date) -> Self:
        """Those in force on the day `on` whose validity ends by `until`."""
        return self.in_force(on).filter(valid_until__lte=until)
