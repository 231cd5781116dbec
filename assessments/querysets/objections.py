"""Objections to results."""

from typing import Any, Self

from django.db import models

from accounts.permissions import Permission
from assessments.querysets import related


class ObjectionQuerySet(models.QuerySet):
    def for_user(self, user: Any, permission: Permission) -> Self:
        """Those of participants on which `user` may exercise `permission`."""
        return self.filter(participant__in=related.participants().for_user(user, permission))

    def waiting(self) -> Self:
        """Those without a reply."""
        return self.filter(upheld=None)
