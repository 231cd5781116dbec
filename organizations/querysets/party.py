"""Coverage of associations by Party organisations."""

import datetime
from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from organizations.querysets.validity import holds, not_ended


class CoverageQuerySet(models.QuerySet):
    def as_of(self, on: datetime.date) -> Self:
        """Coverages that hold on the day `on`: from inclusive, until exclusive."""
        return self.filter(holds(on, "valid_from", "valid_until"))

    def existing(self, on: datetime.date) -> Self:
        """Coverages that hold on the day `on`, by a Party organisation not dissolved by then."""
        return self.as_of(on).filter(not_ended(on, "party_organization__dissolved_on"))

    def counting(self) -> Self:
        """Coverages by a Party organisation of a nature that counts in the coverage figures."""
        return self.filter(counting_nature("party_organization__"))

    def standalone(self) -> Self:
        """Coverages by a Party organisation of the association's own."""
        return self.exclude(joint_formation("party_organization__"))

    def joint(self) -> Self:
        """Coverages by a Party organisation formed together with others."""
        return self.filter(joint_formation("party_organization__"))

    def of_kinds(self, kinds: Iterable[str]) -> Self:
        """Coverages by a Party organisation of one of `kinds`; "" where it is not recorded."""
        return self.filter(party_organization__kind__in=list(kinds))

    def incomplete(self) -> Self:
        """Coverages whose Party organisation lacks its name or its founding date."""
        return self.filter(
            Q(party_organization__name="") | Q(party_organization__established_on=None)
        )


def joint_formation(path: str) -> Q:
    """Party organisations at the end of `path` that several units have formed together."""
    jointly = ("joint", "joint_industry", "joint_unit", "joint_area")
    return Q((f"{path}kind", "joint_branch")) | Q((f"{path}formation__in", jointly))


def counting_nature(path: str) -> Q:
    """Party organisations at the end of `path` that count: functional ones where set so."""
    return Q() if settings.COVERAGE_COUNTS_FUNCTIONAL else Q(**{f"{path}nature": "entity"})
