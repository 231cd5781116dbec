"""Instructors and their assignments."""

import datetime
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.permissions import Permission
from organizations.querysets.validity import holds, not_ended
from organizations.scoping import NOTHING, association_filter

CHANGING = (Permission.IMPORT_REGISTER, Permission.EDIT_INSTRUCTOR)


class AssignmentQuerySet(models.QuerySet):
    def for_user(self, user: Any, permission: Permission) -> Self:
        """Assignments to associations on which `user` may exercise `permission`."""
        return self.with_associations(_associations().for_user(user, permission))

    def as_of(self, on: datetime.date) -> Self:
        """Assignments that hold on the day `on`: from inclusive, until exclusive."""
        return self.filter(holds(on, "assigned_on", "ended_on"))

    def not_over(self, on: datetime.date) -> Self:
        """Assignments that hold on the day `on` or begin later."""
        return self.filter(not_ended(on, "ended_on"))

    def with_associations(self, associations: models.QuerySet) -> Self:
        """Assignments to the given associations."""
        return self.filter(association__in=associations.order_by().values("pk"))


class InstructorQuerySet(models.QuerySet):
    def for_user(self, user: Any, permission: Permission) -> Self:
        """Those whom the person knows; to be changed, only while they don't work elsewhere alone,
        and with their personal data only while they work with associations in scope."""
        known = self.known_to(user, permission)
        within = association_filter(user, permission)
        if within in (Q(), NOTHING) or permission not in (*CHANGING, Permission.VIEW_PERSONAL_DATA):
            return known
        current = _assignments().as_of(timezone.localdate()).filter(instructor=OuterRef("pk"))
        here = Exists(current.with_associations(_associations().filter(within)))
        return known.filter(here | ~Exists(current) if permission in CHANGING else here)

    def known_to(self, user: Any, permission: Permission) -> Self:
        """Those who work or worked with associations in scope, and those nobody has assigned."""
        within = association_filter(user, permission)
        if within == Q():
            return self
        if within == NOTHING:
            return self.none()
        associations = _associations().filter(within)
        own = _assignments().filter(instructor=OuterRef("pk"))
        return self.filter(Exists(own.with_associations(associations)) | ~Exists(own))

    def dispatched(self, on: datetime.date, associations: models.QuerySet) -> Self:
        """Those with an assignment to one of `associations` on the day `on`."""
        current = _assignments().as_of(on).with_associations(associations)
        return self.filter(Exists(current.filter(instructor=OuterRef("pk"))))

    def serving_kind(self, on: datetime.date, associations: models.QuerySet, kind: str) -> Self:
        """Those with an assignment to one of `associations` of that kind on the day `on`."""
        return self.dispatched(on, associations.filter(kind=kind))

    def with_unresolved_names(self, unresolved: models.QuerySet) -> Self:
        """Those whose roster row has one of the names `unresolved`, which no association bears."""
        return self.filter(pk__in=unresolved.order_by().values("instructor"))

    def in_pool(self) -> Self:
        """Members of the talent pool today; membership has no validity dates."""
        return self.filter(in_pool=True)


class UnresolvedAssignmentQuerySet(models.QuerySet):
    def for_user(self, user: Any, permission: Permission) -> Self:
        """Names on the rows of instructors on whom `user` may exercise `permission`, without those
        that associations outside the scope bear."""
        instructors = apps.get_model("organizations", "Instructor").objects
        within = instructors.for_user(user, permission).order_by().values("pk")
        listed = self.model._default_manager.values("association_name")
        foreign = names_elsewhere(listed, user, permission)
        return self.filter(instructor__in=within).exclude(association_name__in=foreign)


def names_elsewhere(names: Any, user: Any, permission: Permission) -> Any:
    """Those of `names` that associations bear, but none on which `user` may exercise `permission`.

    names: a collection, or a queryset of values
    """
    borne = _associations().filter(name__in=names).order_by()
    return borne.exclude(name__in=borne.for_user(user, permission).values("name")).values("name")


def _associations() -> Any:
    return apps.get_model("organizations", "Association").objects.all()


def _assignments() -> AssignmentQuerySet:
    return apps.get_model("organizations", "Assignment").objects.all()
