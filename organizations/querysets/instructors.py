"""Instructors and their assignments."""

import datetime
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.permissions import Permission
from organizations.scoping import NOTHING, association_filter


class AssignmentQuerySet(models.QuerySet):
    def as_of(self, on: datetime.date) -> Self:
        """Assignments that hold on the day `on`: from inclusive, until exclusive."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=on), assigned_on__lte=on)

    def with_associations(self, associations: models.QuerySet) -> Self:
        """Assignments to the given associations."""
        return self.filter(association__in=associations.order_by().values("pk"))


class InstructorQuerySet(models.QuerySet):
    def for_user(self, user: Any, permission: Permission) -> Self:
        """Those who work or worked with associations in scope, and those nobody has assigned."""
        within = association_filter(user, permission)
        if within == Q():
            return self
        if within == NOTHING:
            return self.none()
        associations = apps.get_model("organizations", "Association").objects.filter(within)
        own = _assignments().filter(instructor=OuterRef("pk"))
        return self.filter(Exists(own.with_associations(associations)) | ~Exists(own))

    def dispatched(self, on: datetime.date, associations: models.QuerySet) -> Self:
        """Those with an assignment to one of `associations` on the day `on`."""
        current = _assignments().as_of(on).with_associations(associations)
        return self.filter(Exists(current.filter(instructor=OuterRef("pk"))))

    def with_unresolved_names(self) -> Self:
        """Those whose roster row names an association that the registry does not have."""
        return self.filter(unresolved__isnull=False).distinct()

    def in_pool(self) -> Self:
        """Members of the talent pool today; membership has no validity dates."""
        return self.filter(in_pool=True)


class UnresolvedAssignmentQuerySet(models.QuerySet):
    def for_user(self, user: Any, permission: Permission) -> Self:
        """Names on the rows of instructors on whom `user` may exercise `permission`."""
        instructors = apps.get_model("organizations", "Instructor").objects
        within = instructors.for_user(user, permission).order_by().values("pk")
        return self.filter(instructor__in=within)


def _assignments() -> AssignmentQuerySet:
    return apps.get_model("organizations", "Assignment").objects.all()
