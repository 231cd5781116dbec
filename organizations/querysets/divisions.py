"""Divisions of the city."""

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from organizations.querysets import related


class DivisionQuerySet(models.QuerySet):
    model: Any  # Division, which is declared with this

    def counties(self) -> Self:
        """Counties, districts and zones by which associations are counted.

        A zone that only manages, across two districts, has no place of its own on the map: its
        associations lie in a district. It counts while a roster names nothing but the zone.
        """
        within = self.filter(kind__in=self.model.COUNTY_KINDS)
        has_a_place = ~Q(kind=self.model.Kind.ZONE) | Q(tile_column__isnull=False)
        associations = related.associations()
        # The first of a zone's associations answers; a join would go through all of the city's.
        found = Exists(associations.filter(division=OuterRef("pk")))
        return within.filter(has_a_place | found)

    def within(self, county: str) -> Self:
        """The county, district or zone with the code `county`, and the streets and towns in it."""
        itself = Q(code=county, kind__in=self.model.COUNTY_KINDS)
        return self.filter(itself | Q(parent__code=county, kind__in=self.model.TOWNSHIP_KINDS))

    def zones(self) -> Self:
        """Management zones, which may look after associations of several counties."""
        return self.filter(kind=self.model.Kind.ZONE)
