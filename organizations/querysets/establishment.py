"""Associations on their way to a Party organisation: where they stand, for how long, with what."""

import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, Window
from django.db.models.functions import Coalesce, RowNumber

from accounts.permissions import Permission
from organizations.querysets import related
from organizations.querysets.validity import not_ended


class StageMoveQuerySet(models.QuerySet):
    def recorded_until(self, on: datetime.date) -> Self:
        """Moves that had happened by the day `on`, the last recorded first."""
        return self.filter(on__lte=on).order_by("-pk")


class EstablishmentQuerySet(models.QuerySet):
    model: Any  # Establishment, which is declared with this

    def for_user(self, user: Any, permission: Permission) -> Self:
        """Those of associations on which `user` may exercise `permission`."""
        return self.of(related.associations().for_user(user, permission))

    def of(self, associations: QuerySet[Any]) -> Self:
        """Those of the given associations."""
        return self.filter(association__in=associations.order_by().values("pk"))

    def open(self) -> Self:
        """Those still on their way: neither given up nor consolidated."""
        return self.filter(closed_on=None).exclude(stage="consolidated")

    def ahead(self) -> Self:
        """Those whose Party organisation is still to come."""
        return self.filter(closed_on=None, stage__in=self.model.AHEAD)

    def as_of(self, on: datetime.date) -> Self:
        """Annotates `at_stage` and `at_since`, the stage on the day `on` and its first day;
        without those not begun by then, those given up and those of associations that have ended.
        """
        moves = related.stage_moves().recorded_until(on)
        last = moves.filter(establishment=OuterRef("pk"))
        rows = self.annotate(
            at_stage=Subquery(last.values("to_stage")[:1]),
            at_since=Subquery(last.values("on")[:1]),
        )
        return rows.filter(not_ended(on, "association__ended_on"), at_stage__isnull=False).exclude(
            at_stage="given_up"
        )

    def yet_to_come(self) -> Self:
        """Of those `as_of` a day, the ones whose Party organisation was still to come on it."""
        return self.filter(at_stage__in=self.model.AHEAD)

    def aged(self, key: str, on: datetime.date) -> Self:
        """Of those `as_of` the day `on`: "overdue", "soon" or "fresh" in their stage."""
        red, amber = _longer_than(on, 1), _longer_than(on, settings.ESTABLISHMENT_SOON_SHARE)
        rules = {"overdue": red, "soon": amber & ~red, "fresh": ~amber}
        return self.filter(rules[key])

    def lost(self, on: datetime.date) -> Self:
        """Those open whose Party organisation no longer covers the association on the day `on`: it
        was dissolved, or the association has left it."""
        covered = related.coverages().existing(on).values("association")
        return self.open().exclude(stage__in=self.model.AHEAD).exclude(association__in=covered)

    def overtaken(self, on: datetime.date) -> Self:
        """Those still ahead whose association a Party organisation covers on the day `on`: it
        came by another way, most often by a roster."""
        return self.ahead().filter(
            association__in=related.counting_coverages(on).values("association")
        )

    def with_standing(self, on: datetime.date) -> Self:
        """Annotates what moves need, as it is on the day `on`.

        instructor_name: of the instructor of one of those that move along; "" for none
        members_known, members_missing: full members together, and in how many associations their
            number is not recorded; units: how many associations together
        covered: whether a Party organisation covers the association
        """
        rows = self.annotate(instructor_name=Coalesce(_instructor(on), Value("")))
        rows = rows.annotate(**_joining(on), **_founding())
        return rows.annotate(
            members_known=Coalesce("association__party_members", 0)
            + Coalesce("joined_members", 0)
            + Coalesce("founding_members", 0),
            members_missing=Coalesce("joined_missing", 0)
            + Coalesce("founding_missing", 0)
            + models.Case(models.When(association__party_members=None, then=1), default=0),
            units=1 + Coalesce("joined_units", 0) + Coalesce("founding_units", 0),
            covered=models.Exists(
                related.counting_coverages(on).filter(association=OuterRef("association"))
            ),
        )

    def with_relations(self) -> Self:
        """Loads what pages show of each."""
        return self.select_related(
            "association__division__parent",
            "association__industry_department",
            "joins",
            "lead__association",
            "party_organization",
        )

    def first_per_stage(self, number: int) -> Self:
        """Of those `as_of` a day, the `number` longest in each stage."""
        place = Window(RowNumber(), partition_by=F("at_stage"), order_by=["at_since", "pk"])
        return self.annotate(place=place).filter(place__lte=number).order_by("at_since", "pk")

    def counts(self) -> dict[str, int]:
        """Of those `as_of` a day, how many stand at each stage."""
        rows = self.order_by().values_list("at_stage").annotate(number=Count("pk"))
        return dict(rows)


def _longer_than(on: datetime.date, share: float) -> Q:
    """In the stage for longer than `share` of the days that it should take."""
    found = Q(pk__in=[])
    for stage, days in settings.ESTABLISHMENT_DAYS.items():
        found |= Q(at_stage=stage, at_since__lt=on - datetime.timedelta(int(days * share)))
    return found


def _instructor(on: datetime.date) -> Subquery:
    current = related.assignments().as_of(on)
    together = Q(association=OuterRef("association")) | Q(
        association__establishments__lead=OuterRef("pk")
    )
    return Subquery(current.filter(together).order_by("pk").values("instructor__name")[:1])


def _joining(on: datetime.date) -> dict[str, Subquery]:
    """Of the associations that the joint branch to be joined covers already."""
    others = related.counting_coverages(on).filter(party_organization=OuterRef("joins"))
    others = others.exclude(association=OuterRef("association"))
    return _summed("joined", others.values("party_organization"))


def _founding() -> dict[str, Subquery]:
    """Of the associations that found a joint branch along with this one."""
    others = related.establishments().filter(lead=OuterRef("pk"))
    return _summed("founding", others.values("lead"))


def _summed(name: str, group: QuerySet[Any]) -> dict[str, Subquery]:
    members = "association__party_members"
    sums = {
        "members": Sum(members),
        "missing": Count("pk", filter=Q((members, None))),
        "units": Count("pk"),
    }
    rows = group.order_by()
    return {
        f"{name}_{key}": Subquery(rows.annotate(found=sums[key]).values("found")) for key in sums
    }
