"""What was said about associations that look alike, as far as a person may know them."""

from typing import Any, Self

from django.db import models

from accounts.permissions import Permission
from organizations.querysets import related


class FormerNameQuerySet(models.QuerySet):
    def for_user(self, user: Any, permission: Permission) -> Self:
        """Names of associations on which `user` may exercise `permission`."""
        return self.filter(association__in=_within(user, permission))


class NotDuplicateQuerySet(models.QuerySet):
    def for_user(self, user: Any, permission: Permission) -> Self:
        """Pairs of which both lie where `user` may exercise `permission`."""
        within = _within(user, permission)
        return self.filter(low__in=within, high__in=within)


class DistinctNameQuerySet(models.QuerySet):
    def for_user(self, user: Any, permission: Permission) -> Self:
        """Names held against associations on which `user` may exercise `permission`."""
        return self.filter(association__in=_within(user, permission))


class MergerQuerySet(models.QuerySet):
    def for_user(self, user: Any, permission: Permission) -> Self:
        """Mergers into associations on which `user` may exercise `permission`."""
        return self.filter(survivor__in=_within(user, permission))


def _within(user: Any, permission: Permission) -> models.QuerySet:
    associations = related.associations()
    return associations.for_user(user, permission).order_by().values("pk")
