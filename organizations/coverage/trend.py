"""Coverage at the end of each of the last months, computed from validity dates."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from organizations.coverage.asking import Row
from organizations.coverage.months import MONTHS, month_ends
from organizations.coverage.tally import percentage

# Associations with the same months fall together: the answer is short however many there are.
TREND = """
SELECT active_in, active_in & covered_in AS covered_in, count(*) AS number
FROM facts
GROUP BY GROUPING SETS (1, 2)
"""


@dataclass(frozen=True)
class Month:
    """Coverage on the day `on`, the last of its month or the last asked for."""

    on: datetime.date
    active: int
    covered: int

    @property
    def organisation_coverage(self) -> Decimal | None:
        return percentage(self.covered, self.active)


def read_trend(rows: Iterable[Row], on: datetime.date) -> list[Month]:
    """The answer to TREND: coverage over the months up to `on`."""
    active, covered = [0] * MONTHS, [0] * MONTHS
    for row in rows:
        if row["active_in"] is not None:
            _add(active, row["active_in"], row["number"])
        else:
            _add(covered, row["covered_in"], row["number"])
    return [Month(*month) for month in zip(month_ends(on), active, covered, strict=True)]


def _add(months: list[int], held_in: int, number: int) -> None:
    for month in range(MONTHS):
        if held_in >> month & 1:
            months[month] += number
