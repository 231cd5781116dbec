"""All tallies of a set of associations, over every dimension, in one pass of the database."""

from collections.abc import Iterable
from typing import Any

from organizations.coverage.asking import Row
from organizations.coverage.tally import Tally
from organizations.members import UNCOVERED

TOTAL = "total"

TALLIES = """
SELECT GROUPING({columns}) AS mask, {columns}, {counts}
FROM active
GROUP BY GROUPING SETS ({sets})
"""
COUNTS = {
    "active": "TRUE",
    "covered": "covered",
    "served": "served",
    "work_covered": "covered OR served",
    **{part.count: f"NOT covered AND members = '{part.key}'" for part in UNCOVERED.values()},
}

Tallies = dict[str, dict[Any, Tally]]


def tallies_by(*dimensions: str) -> str:
    """Asks for the tally of all active associations and of each value of the dimensions."""
    return TALLIES.format(
        columns=", ".join(dimensions),
        counts=", ".join(f"count(*) FILTER (WHERE {r}) AS {n}" for n, r in COUNTS.items()),
        sets=", ".join(["()", *(f"({dimension})" for dimension in dimensions)]),
    )


def read_tallies(rows: Iterable[Row], *dimensions: str) -> Tallies:
    """The answer to `tallies_by`: per dimension (and TOTAL) the tally of each value."""
    found: Tallies = {name: {} for name in (TOTAL, *dimensions)}
    for row in rows:
        name = _dimension(row["mask"], dimensions)
        found[name][row.get(name)] = Tally(**{count: row[count] for count in COUNTS})
    return found


def _dimension(mask: int, dimensions: tuple[str, ...]) -> str:
    """Which dimension a row belongs to: the one whose bit GROUPING leaves at 0."""
    for place, name in enumerate(reversed(dimensions)):
        if not mask & 1 << place:
            return name
    return TOTAL
