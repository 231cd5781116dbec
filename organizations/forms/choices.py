"""Choices of divisions and departments in forms, grouped by county."""

from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.models import Department, Division
from registers.editing import BLANK

Choices = list[tuple[Any, Any]]


def grouped_divisions() -> Choices:
    """The city and its counties, then each county's streets, towns and townships."""
    rows = list(Division.objects.select_related("parent"))
    wide = [(row.pk, row.name) for row in rows if row.kind not in Division.TOWNSHIP_KINDS]
    small = sorted(
        (row for row in rows if row.kind in Division.TOWNSHIP_KINDS), key=lambda row: row.code
    )
    below = [
        (county, [(row.pk, row.name) for row in group])
        for county, group in groupby(small, key=lambda row: row.parent and row.parent.name)
    ]
    return [BLANK, *wide, *below]


def grouped_departments() -> Choices:
    """The city's departments, then each county's."""
    rows = Department.objects.select_related("division").order_by("division__code", "code")
    groups = groupby(rows, key=lambda row: row.division.name)
    return [BLANK, *((name, [(row.pk, row.short_name) for row in group]) for name, group in groups)]


def grouped_branches(branches: Any, county: Division | None) -> Choices:
    """Joint branches by the county of what they cover: first those of `county`, then the others,
    whose names say it, too; without one first those of the city."""
    own = county.name if county else ""
    known = branches.with_county(timezone.localdate())
    rows = sorted(known, key=lambda row: (row.county != own, row.county, row.pinyin))
    return [
        BLANK,
        *(
            (name or _("City level"), [(row.pk, _called(row, own)) for row in group])
            for name, group in groupby(rows, key=lambda row: row.county)
        ),
    ]


def _called(branch: Any, own: str) -> str:
    if branch.county in ("", own):
        return str(branch)
    return _("%(branch)s (%(county)s)") % {"branch": branch, "county": branch.county}
