"""Training sessions and who attended them."""

import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q

from accounts.permissions import Permission
from organizations.querysets import related
from organizations.scoping import NOTHING, association_filter, department_filter

READING = (Permission.VIEW_REGISTRY, Permission.EXPORT_REGISTER)


class TrainingSessionQuerySet(models.QuerySet):
    def for_user(self, user: Any, permission: Permission) -> Self:
        """The sessions whose organiser lies in the person's scope; to be read, also those that
        somebody of the scope attended."""
        within = department_filter(user, permission, "organiser")
        if within in (Q(), NOTHING) or permission not in READING:
            return self.filter(within)
        attendances = related.training_attendances()
        own = attendances.filter(_of_own_people(user, permission), session=OuterRef("pk"))
        return self.filter(within | Exists(own))

    def with_attendance(self, attendances: models.QuerySet) -> Self:
        """Annotates `attended`: how many of `attendances` there are."""
        among = Q(attendances__in=attendances.order_by().values("pk"))
        return self.annotate(attended=Count("attendances", filter=among))


class TrainingAttendanceQuerySet(models.QuerySet):
    def for_user(self, user: Any, permission: Permission) -> Self:
        """Attendance at sessions whose organiser lies in the person's scope; to be read, also that
        of people of the scope: of its associations, or instructors of its departments."""
        within = department_filter(user, permission, "session__organiser")
        if within in (Q(), NOTHING) or permission not in READING:
            return self.filter(within)
        return self.filter(within | _of_own_people(user, permission))

    def as_of(self, on: datetime.date) -> Self:
        """Attendance at sessions held by the day `on`."""
        return self.filter(session__held_on__lte=on)


def _of_own_people(user: Any, permission: Permission) -> Q:
    associations = related.associations()
    own = associations.filter(association_filter(user, permission)).order_by().values("pk")
    return Q(association__in=own) | department_filter(user, permission, "instructor__department")
