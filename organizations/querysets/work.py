"""The work log of instructors."""

import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.permissions import Permission
from organizations.querysets import related

# What the rhythm counts. Other work (reading a charter, writing a report) reaches nobody.
CONTACTS = ("visit", "call", "meeting")
VISITS = ("visit",)


class WorkEntryQuerySet(models.QuerySet):
    def for_user(self, user: Any, permission: Permission) -> Self:
        """Entries on associations on which `user` may exercise `permission`; LOG_WORK: only those
        of the instructor who the person is."""
        if permission == Permission.LOG_WORK:
            return self.filter(instructor__user=user) if user.has_perm(permission) else self.none()
        associations = related.associations()
        within = associations.for_user(user, permission)
        return self.filter(association__in=within.order_by().values("pk"))

    def correctable(self) -> Self:
        """Entries so young that who made them may still correct or remove them."""
        oldest = timezone.now() - datetime.timedelta(days=settings.WORK_CORRECTION_DAYS)
        return self.filter(created_at__gte=oldest)

    def contacts(self) -> Self:
        """Those that reached somebody of the association."""
        return self.filter(method__in=CONTACTS)

    def visits(self) -> Self:
        """Those at the association's place."""
        return self.filter(method__in=VISITS)

    def with_problem(self) -> Self:
        """Those that found a problem."""
        return self.exclude(problem="")
