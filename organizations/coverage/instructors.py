"""Instructors at work: how many, with how many associations each, as of any day."""

import datetime
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from organizations.coverage.asking import Row

HUNDREDTH = Decimal("0.01")

RECORDED_SINCE = "SELECT min(assigned_on) AS since FROM organizations_assignment"
INSTRUCTORS = """
SELECT count(*) AS people, sum(load) AS total, max(load) AS most
FROM (
    SELECT instructor, count(DISTINCT association) AS load
    FROM work
    WHERE association IN (SELECT pk FROM active)
    GROUP BY instructor
) AS loads
"""


@dataclass(frozen=True)
class Instructors:
    """Instructors with a current assignment. mean_load, max_load: associations per person.

    unknown_until: where nothing about the day is recorded, the day of the first assignment.
    """

    people: int = 0
    mean_load: Decimal | None = None
    max_load: int = 0
    unknown_until: datetime.date | None = None


def read_instructors(rows: list[Row], recorded: list[Row], on: datetime.date) -> Instructors:
    """The answers to INSTRUCTORS and RECORDED_SINCE."""
    if not rows:
        return Instructors()
    row = rows[0]
    mean = Decimal(row["total"]) / row["people"] if row["people"] else None
    return Instructors(
        people=row["people"],
        mean_load=mean and mean.quantize(HUNDREDTH, ROUND_HALF_UP),
        max_load=row["most"] or 0,
        unknown_until=unknown_until(recorded, on),
    )


def unknown_until(recorded: list[Row], on: datetime.date) -> datetime.date | None:
    """The answer to RECORDED_SINCE where it lies after the day `on`, of which nothing is recorded
    then."""
    first = recorded[0]["since"] if recorded else None
    since = datetime.date.fromisoformat(first) if first else None
    return since if since and on < since else None
