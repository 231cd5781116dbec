"""Divisions of the city."""

from typing import Any, Self

from django.db import models
from django.db.models import Q


class DivisionQuerySet(models.QuerySet):
    model: Any  # Division, which is declared with this

    def counties(self) -> Self:
        """Counties, districts and zones by which associations are counted.

        A zone that only manages, across two districts, has no place of its own on the map: its
        associations lie in a district. It counts while a roster names nothing but the zone.
        """
        within = self.filter(kind__in=self.model.COUNTY_KINDS)
        return within.exclude(Q(kind=self.model.Kind.ZONE, tile_column=None, associations=None))

    def zones(self) -> Self:
        """Management zones, which may look after associations of several counties."""
        return self.filter(kind=self.model.Kind.ZONE)
