"""The coverage report: everything that the dashboard shows, in one statement."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.coverage.asking import Row
from organizations.coverage.crosstab import TOTAL, read_tallies, tallies_by
from organizations.coverage.facts import answers
from organizations.coverage.instructors import (
    INSTRUCTORS,
    RECORDED_SINCE,
    Instructors,
    read_instructors,
)
from organizations.coverage.tally import Group, Tally
from organizations.coverage.trend import TREND, Month, read_trend
from organizations.models import Association, Department, Division
from organizations.querysets.associations import CITY, AssociationQuerySet

UNKNOWN = "unknown"
DIMENSIONS = (
    "county",
    "level",
    "industry_department",
    "registration_type",
    "kind",
    "no_party_reason",
)

TALLIES = tallies_by(*DIMENSIONS)
COUNTY_TALLIES = tallies_by("county")
COUNTIES = Division.objects.filter(kind__in=Division.COUNTY_KINDS).values(
    "pk", "code", "name", "tile_column", "tile_row"
)
DEPARTMENTS = Department.objects.order_by("code").values("pk", "code", "short_name")


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

    Rules: domain.md, Two coverages; settings COVERAGE_COUNTS_FUNCTIONAL and _DORMANT.
    """
    tallies, trend, instructors, recorded, places, departments = answers(
        associations, on, TALLIES, TREND, INSTRUCTORS, RECORDED_SINCE, COUNTIES, DEPARTMENTS
    )
    found = read_tallies(tallies, *DIMENSIONS)
    return CoverageReport(
        on=on,
        total=found[TOTAL].get(None, Tally()),
        counties=_counties(found["county"], places),
        levels=_choices(found["level"], Association.Level),
        departments=_departments(found["industry_department"], departments),
        registration_types=_choices(found["registration_type"], Association.RegistrationType),
        kinds=_choices(found["kind"], Association.Kind),
        reasons=_choices(found["no_party_reason"], Association.NoPartyReason),
        trend=read_trend(trend, on),
        instructors=read_instructors(instructors, recorded, on),
        counts_functional=settings.COVERAGE_COUNTS_FUNCTIONAL,
        counts_dormant=settings.COVERAGE_COUNTS_DORMANT,
    )


def coverage_by_county(associations: AssociationQuerySet, on: datetime.date) -> list[Group]:
    """Only the counties of the report."""
    tallies, places = answers(associations, on, COUNTY_TALLIES, COUNTIES)
    return _counties(read_tallies(tallies, "county")["county"], places)


def _counties(found: Mapping[int | None, Tally], places: Iterable[Row]) -> list[Group]:
    """The city level, every county and zone that has a tile or an association, the unknown."""
    city = [Group("city", _("City level"), found[CITY])] if CITY in found else []
    groups = [
        Group(place["code"], place["name"], found.get(place["pk"], Tally()), _tile(place))
        for place in places
        if place["pk"] in found or _tile(place)
    ]
    return [*city, *groups, *_unknown(found, None)]


def _tile(place: Row) -> tuple[int, int] | None:
    column, row = place["tile_column"], place["tile_row"]
    return None if column is None or row is None else (column, row)


def _departments(found: Mapping[int | None, Tally], departments: Iterable[Row]) -> list[Group]:
    groups = [
        Group(department["code"], department["short_name"], found[department["pk"]])
        for department in departments
        if department["pk"] in found
    ]
    groups.sort(key=lambda group: -group.tally.active)
    return groups + _unknown(found, None)


def _choices(found: Mapping[str, Tally], choices: type[models.TextChoices]) -> list[Group]:
    groups = [Group(c.value, c.label, found[c.value]) for c in choices if c.value in found]
    return groups + _unknown(found, "")


def _unknown(found: Mapping[Any, Tally], key: Any) -> list[Group]:
    return [Group(UNKNOWN, _("Not recorded"), found[key])] if key in found else []
