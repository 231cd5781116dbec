"""Counts of associations: how many are covered, and why the others are not."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.functional import Promise

TENTH = Decimal("0.1")


def percentage(part: int, whole: int) -> Decimal | None:
    """`part` ÷ `whole` in per cent with one decimal, half up; None with nothing to divide by."""
    if not whole:
        return None
    return (Decimal(part) * 100 / whole).quantize(TENTH, ROUND_HALF_UP)


@dataclass(frozen=True)
class Tally:
    """Numbers of active associations in one group.

    due, too_few, without_members and members_unknown split the uncovered ones without remainder.
    """

    active: int = 0
    covered: int = 0
    served: int = 0
    work_covered: int = 0
    due: int = 0
    too_few: int = 0
    without_members: int = 0
    members_unknown: int = 0

    @property
    def uncovered(self) -> int:
        return self.active - self.covered

    @property
    def not_work_covered(self) -> int:
        return self.active - self.work_covered

    @property
    def organisation_coverage(self) -> Decimal | None:
        """Per cent of the active associations that a Party organisation covers."""
        return percentage(self.covered, self.active)

    @property
    def work_coverage(self) -> Decimal | None:
        """Per cent that are covered or, uncovered, have a current instructor."""
        return percentage(self.work_covered, self.active)


@dataclass(frozen=True)
class Group:
    """One value of a dimension. key: the value of the list's filter that shows its rows."""

    key: str
    label: str | Promise
    tally: Tally
    tile: tuple[int, int] | None = None
