"""The numbers of the table."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from organizations.coverage import percentage
from organizations.coverage.asking import Row
from organizations.coverage.instructors import RECORDED_SINCE, unknown_until
from organizations.models import Report
from organizations.querysets.associations import AssociationQuerySet
from organizations.statistics.lines import COLUMNS, LINES, TOTAL
from organizations.statistics.sources import Source, live

COUNTS = """
SELECT cell AS line, kind, GROUPING(kind) = 1 AS is_total, count(*) AS number
FROM told, unnest(cells) AS cell
GROUP BY GROUPING SETS ((cell), (cell, kind))
"""
# Each column is named after a line; where associations are added up, not counted.
SUMS = """
SELECT kind, GROUPING(kind) = 1 AS is_total,
    sum(staff) AS staff, sum(party_members) AS members,
    sum(members_not_transferred) AS not_transferred,
    count(DISTINCT party_organization) FILTER (WHERE is_joint) AS joint_organizations
FROM told GROUP BY GROUPING SETS ((), (kind))
"""
INSTRUCTORS = """
SELECT kind, GROUPING(kind) = 1 AS is_total, count(DISTINCT instructor) AS instructors
FROM work JOIN told USING (association) GROUP BY GROUPING SETS ((), (kind))
"""

Cell = tuple[str, str]  # keys of a line and a column
Values = Mapping[Cell, int | None]


@dataclass(frozen=True)
class Table:
    """The table as of the day `on`. values: per cell; None where nothing is recorded.

    work_unknown_until: where nothing about instructors is recorded on the day, from when it is
    """

    on: datetime.date
    values: Values
    work_unknown_until: datetime.date | None = None

    def number(self, line: str, column: str = TOTAL) -> int | None:
        """A cell's number."""
        return self.values[line, column]

    def counted(self, line: str) -> int:
        """The total of a line of which something is always known."""
        return self.values[line, TOTAL] or 0

    @property
    def organisation_coverage(self) -> Decimal | None:
        """Per cent of the units that a Party organisation covers."""
        return percentage(self.counted("covered"), self.counted("units"))

    @property
    def work_coverage(self) -> Decimal | None:
        """Per cent of the units that are covered or have an instructor."""
        return percentage(self.counted("work_covered"), self.counted("units"))

    @property
    def chamber_coverage(self) -> Decimal | None:
        """The organisation coverage of township and street chambers."""
        return percentage(self.counted("chambers_covered"), self.counted("chambers"))


def table(associations: AssociationQuerySet, on: datetime.date) -> Table:
    """The table over `associations` (already scoped) as of the day `on`; one statement.

    Rules: domain.md, The national statistics table; numbers of people have no dates of validity
    and are today's, whatever the day.
    """
    return tabulate(live(associations, on), on)


def tabulate(source: Source, on: datetime.date) -> Table:
    """The table over the rows of `source`, which are as of the day `on`."""
    counts, sums, instructors, recorded = source.ask(COUNTS, SUMS, INSTRUCTORS, RECORDED_SINCE)
    unknown = unknown_until(recorded, on)
    numbers = _numbers(counts, [*sums, *instructors])
    values = {cell: _told(cell, numbers, unknown) for cell in cells()}
    return Table(on, values, unknown)


def as_frozen(report: Report) -> Table:
    """The numbers of a report as they were when it was frozen."""
    kept = report.numbers.values_list("line", "column", "value")
    values = dict.fromkeys(cells()) | {(line, column): value for line, column, value in kept}
    return Table(report.as_of, values)


def cells() -> list[Cell]:
    """Every cell: each line, also those beside the form, in each column."""
    return [(line, column) for line in LINES for column in COLUMNS]


def _numbers(counts: list[Row], measured: list[Row]) -> dict[Cell, int]:
    found = dict.fromkeys(cells(), 0)
    for row in counts:
        line = LINES.get(row["line"])
        if line and not line.measured:
            found[line.key, _column(row)] = row["number"]
    for row in measured:
        for key in LINES.keys() & row.keys():
            found[key, _column(row)] = row[key] or 0
    return found


def _column(row: Mapping[str, Any]) -> str:
    return TOTAL if row["is_total"] else row["kind"]


def _told(
    cell: Cell, numbers: Mapping[Cell, int], work_unknown_until: datetime.date | None
) -> int | None:
    """The number, None where of everything that might count the answer is missing."""
    line, column = LINES[cell[0]], cell[1]
    if line.of_work and work_unknown_until:
        return None
    wanted = numbers[line.within, column] if line.gap else 0
    return None if wanted and numbers[line.gap, column] == wanted else numbers[cell]
