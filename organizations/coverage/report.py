"""The coverage report: everything that the dashboard shows, in a handful of statements."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Count, Max, Sum
from django.utils.translation import gettext_lazy as _

from organizations.coverage.crosstab import TOTAL, tallies
from organizations.coverage.tally import Group, Tally
from organizations.coverage.trend import Month, trend
from organizations.models import Assignment, Association, Department, Division
from organizations.querysets.associations import CITY, AssociationQuerySet

UNKNOWN = "unknown"
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Instructors:
    """Instructors with a current assignment. mean_load, max_load: associations per person."""

    people: int
    mean_load: Decimal | None
    max_load: int


@dataclass(frozen=True)
class CoverageReport:
    """Coverage of the active associations of one scope on the day `on`."""

    on: datetime.date
    total: Tally
    counties: list[Group]
    levels: list[Group]
    departments: list[Group]
    registration_types: list[Group]
    kinds: list[Group]
    reasons: list[Group]
    trend: list[Month]
    instructors: Instructors
    counts_functional: bool
    counts_dormant: bool

    @property
    def chambers(self) -> Tally:
        """Township and street chambers."""
        chamber = Association.RegistrationType.CHAMBER
        return next((g.tally for g in self.registration_types if g.key == chamber), Tally())


def coverage(associations: AssociationQuerySet, on: datetime.date) -> CoverageReport:
    """The report over `associations` (already scoped) as of the day `on`.

    Rules: domain.md, Two coverages; settings COVERAGE_COUNTS_FUNCTIONAL and _DORMANT. The number
    of statements is constant.
    """
    found = tallies(associations, on)
    return CoverageReport(
        on=on,
        total=found[TOTAL].get(None, Tally()),
        counties=counties(found["county"]),
        levels=_choices(found["level"], Association.Level),
        departments=_departments(found["industry_department"]),
        registration_types=_choices(found["registration_type"], Association.RegistrationType),
        kinds=_choices(found["kind"], Association.Kind),
        reasons=_choices(found["no_party_reason"], Association.NoPartyReason),
        trend=trend(associations, on),
        instructors=_instructors(associations, on),
        counts_functional=settings.COVERAGE_COUNTS_FUNCTIONAL,
        counts_dormant=settings.COVERAGE_COUNTS_DORMANT,
    )


def coverage_by_county(associations: AssociationQuerySet, on: datetime.date) -> list[Group]:
    """Only the counties of the report."""
    return counties(tallies(associations, on, ("county",))["county"])


def counties(found: Mapping[int | None, Tally]) -> list[Group]:
    """The city level, every county and zone that has a tile or an association, the unknown."""
    groups = [Group("city", _("City level"), found[CITY])] if CITY in found else []
    for place in Division.objects.filter(kind__in=Division.COUNTY_KINDS):
        tile = _tile(place)
        if tile or place.pk in found:
            groups.append(Group(place.code, place.name, found.get(place.pk, Tally()), tile))
    return groups + _unknown(found, None)


def _tile(place: Division) -> tuple[int, int] | None:
    if place.tile_column is None or place.tile_row is None:
        return None
    return place.tile_column, place.tile_row


def _departments(found: Mapping[int | None, Tally]) -> list[Group]:
    departments = Department.objects.filter(pk__in=[pk for pk in found if pk is not None])
    groups = [Group(d.code, d.short_name, found[d.pk]) for d in departments]
    groups.sort(key=lambda group: -group.tally.active)
    return groups + _unknown(found, None)


def _choices(found: Mapping[str, Tally], choices: type[models.TextChoices]) -> list[Group]:
    groups = [Group(c.value, c.label, found[c.value]) for c in choices if c.value in found]
    return groups + _unknown(found, "")


def _unknown(found: Mapping[Any, Tally], key: Any) -> list[Group]:
    return [Group(UNKNOWN, _("Not recorded"), found[key])] if key in found else []


def _instructors(associations: AssociationQuerySet, on: datetime.date) -> Instructors:
    loads = (
        Assignment.objects.as_of(on)
        .with_associations(associations.active(on))
        .order_by()
        .values("instructor")
        .annotate(load=Count("association", distinct=True))
        .aggregate(people=Count("instructor"), total=Sum("load"), most=Max("load"))
    )
    people = loads["people"]
    mean = Decimal(loads["total"]) / people if people else None
    return Instructors(
        people=people,
        mean_load=mean and mean.quantize(HUNDREDTH, ROUND_HALF_UP),
        max_load=loads["most"] or 0,
    )
