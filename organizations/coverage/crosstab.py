"""All tallies of a set of associations, over every dimension, in one pass of the database."""

import datetime
from typing import Any

from django.db.models import QuerySet

from organizations.coverage.over import rows_over
from organizations.coverage.tally import Tally
from organizations.querysets.associations import AssociationQuerySet

DIMENSIONS = (
    "county",
    "level",
    "industry_department",
    "registration_type",
    "kind",
    "no_party_reason",
)
TOTAL = "total"

TALLIES = """
SELECT GROUPING({columns}), {columns},
    count(*),
    count(*) FILTER (WHERE covered),
    count(*) FILTER (WHERE served),
    count(*) FILTER (WHERE covered OR served),
    count(*) FILTER (WHERE NOT covered AND members = 'due'),
    count(*) FILTER (WHERE NOT covered AND members = 'too_few'),
    count(*) FILTER (WHERE NOT covered AND members = 'none'),
    count(*) FILTER (WHERE NOT covered AND members IS NULL)
FROM ({rows}) AS facts
GROUP BY GROUPING SETS ({sets})
"""

Tallies = dict[str, dict[Any, Tally]]


def tallies(
    associations: AssociationQuerySet, on: datetime.date, dimensions: tuple[str, ...] = DIMENSIONS
) -> Tallies:
    """Per dimension (and TOTAL) the tally of each value among the active `associations`."""
    columns = ", ".join(dimensions)
    sets = ", ".join(["()", *(f"({dimension})" for dimension in dimensions)])
    statement = TALLIES.format(columns=columns, sets=sets, rows="{rows}")
    found: Tallies = {name: {} for name in (TOTAL, *dimensions)}
    for mask, *row in rows_over(_facts(associations, on, dimensions), statement):
        name, value = _dimension(mask, row, dimensions)
        found[name][value] = Tally(*row[len(dimensions) :])
    return found


def _facts(
    associations: AssociationQuerySet, on: datetime.date, dimensions: tuple[str, ...]
) -> QuerySet[Any]:
    """Per active association its place in every dimension and what is tallied."""
    return (
        associations.active(on)
        .with_county()
        .with_members()
        .with_coverage(on)
        .order_by()
        .values(*dimensions, "covered", "served", "members")
    )


def _dimension(mask: int, row: list[Any], dimensions: tuple[str, ...]) -> tuple[str, Any]:
    """Which dimension a row belongs to: the one whose bit GROUPING leaves at 0."""
    for place, name in enumerate(reversed(dimensions)):
        if not mask & 1 << place:
            return name, row[dimensions.index(name)]
    return TOTAL, None
