"""Departments, and the Party committees through which they lead their associations."""

import datetime
from typing import Any, Self

from django.db import models

from accounts.permissions import Permission
from organizations.querysets import related
from organizations.scoping import department_filter


class DepartmentQuerySet(models.QuerySet):
    def for_user(self, user: Any, permission: Permission) -> Self:
        """The departments for which `user` may exercise `permission`: his or her own, those of
        the own county, or all."""
        return self.filter(department_filter(user, permission))

    def at_city_level(self) -> Self:
        return self.filter(division__kind="city")

    def with_committee(self, form: str, on: datetime.date) -> Self:
        """Those that lead their associations through a Party committee of that form on the day."""
        return self.filter(pk__in=_hosts(_committees(on).filter(committee_form=form)))

    def without_committee(self, on: datetime.date) -> Self:
        """Those that have no committee of either form on the day `on`."""
        return self.exclude(pk__in=_hosts(_committees(on)))


def _committees(on: datetime.date) -> models.QuerySet:
    return related.party_organizations().committees().existing(on)


def _hosts(committees: models.QuerySet) -> models.QuerySet:
    return committees.order_by().values("host_department")
