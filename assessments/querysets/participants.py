"""Those who are rated."""

from typing import Any, Self

from django.db import models

from accounts.permissions import Permission
from organizations.scoping import department_filter


class ParticipantQuerySet(models.QuerySet):
    def for_user(self, user: Any, permission: Permission) -> Self:
        """Those that `user` answers for: departments of a grant, and committees that they host."""
        hosted = department_filter(user, permission, "committee__host_department")
        return self.filter(department_filter(user, permission, "department") | hosted)

    def rated(self) -> Self:
        """Those that have not been withdrawn."""
        return self.filter(withdrawn_on=None)
