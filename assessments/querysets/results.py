"""Measurements and calculations, and the results that a person may read."""

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.permissions import Permission
from assessments.querysets import related
from organizations.scoping import is_citywide

TOLD = ("announced", "published")


class MeasurementQuerySet(models.QuerySet):
    def latest_of(self, cycle: Any) -> Any:
        """The measurement that counts; None before the first by the table as it is settled now."""
        return self.filter(cycle=cycle, version=cycle.version).order_by("-pk").first()


class CalculationQuerySet(models.QuerySet):
    def counting(self) -> Self:
        """The one of each cycle that counts: the latest that is no what-if."""
        later = related.calculations().filter(
            cycle=OuterRef("cycle"), what_if=False, pk__gt=OuterRef("pk")
        )
        return self.filter(~Exists(later), what_if=False)


class ResultQuerySet(models.QuerySet):
    def for_user(self, user: Any, permission: Permission) -> Self:
        """The results that `user` may read: all with a citywide grant; else, of what counts, one's
        own once it is announced, and everybody's once it is published."""
        if is_citywide(user, permission):
            return self.all()
        told = self.counting().filter(calculation__cycle__stage__in=TOLD)
        own = related.participants().for_user(user, permission)
        return told.filter(
            Q(participant__in=own.values("pk"))
            | Q(calculation__cycle__stage="published", calculation__cycle__in=own.values("cycle"))
        )

    def counting(self) -> Self:
        """Those of the calculations that count."""
        return self.filter(calculation__in=related.calculations().counting().values("pk"))
