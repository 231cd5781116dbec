"""How a grade comes about: exact arithmetic on numbers alone (domain.md, Assessments).

Every amount that a page shows (points, scores, totals) has two decimals, rounded half up where it
arises, so that whoever adds up what is shown arrives at what is shown. Scores are out of 100.

What is missing is not zero: without all its points a participant has no score, without a score no
total, without a total neither rank nor grade. What cannot be measured does not apply, and its
weight goes to the rest.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import TypeVar

from assessments.grades import WORTH, Grade

WHOLE = 100  # the weights of the indicators, and of indicators and ballots, add up to this

Who = TypeVar("Who", bound=Hashable)


@dataclass(frozen=True)
class Weighted:
    """What one participant earned under one indicator.

    full: its weight in points; share: how much of it was earned, 0 to 1; None where a score is
    missing. applies: whether there is anything to score
    """

    full: Decimal
    share: Fraction | None
    applies: bool = True

    @property
    def points(self) -> Decimal | None:
        """The points earned; None where they are missing or there is nothing to earn."""
        if self.share is None or not self.applies:
            return None
        return rounded(self.share * Fraction(self.full))


@dataclass(frozen=True)
class Scale:
    """From which total on each grade is given; `good_quota`: how many per cent may be good."""

    good: Decimal
    fair: Decimal
    average: Decimal
    good_quota: Decimal | None = None

    def grade(self, total: Decimal) -> Grade:
        """The grade of `total` before the quota."""
        if total >= self.good:
            return Grade.GOOD
        if total >= self.fair:
            return Grade.FAIR
        return Grade.AVERAGE if total >= self.average else Grade.POOR


def rounded(amount: Fraction) -> Decimal:
    """`amount`, not negative, to two decimals, half up."""
    return Decimal(floor(amount * 100 + Fraction(1, 2))).scaleb(-2)


def capped(points: Iterable[Decimal], cap: Decimal) -> Decimal:
    """The sum of the points given in addition (or taken off) under one indicator, between 0 and
    its cap."""
    return min(max(sum(points, Decimal(0)), Decimal(0)), cap)


def indicator_score(
    weighted: Iterable[Weighted], bonus: Decimal = Decimal(0), deduction: Decimal = Decimal(0)
) -> Decimal | None:
    """The points earned, in proportion where not all that there is to earn applies, with `bonus`
    and without `deduction`, not below 0; None where points are missing or nothing applies."""
    applying = [line for line in weighted if line.applies]
    earned = [line.points for line in applying]
    full = sum((line.full for line in applying), Decimal(0))
    known = [points for points in earned if points is not None]
    if not full or len(known) < len(earned):
        return None
    score = rounded(Fraction(sum(known)) * WHOLE / Fraction(full))
    return max(score + bonus - deduction, Decimal("0.00"))


def ballot_score(marks: Mapping[Grade, int]) -> Decimal | None:
    """The score of one subject from how often each mark was given to it in all rows of all sheets:
    the average mark, of which 4 is the best; None without any."""
    given = sum(marks.values())
    if not given:
        return None
    total = sum(WORTH[grade] * number for grade, number in marks.items())
    return rounded(Fraction(total * WHOLE, given * WORTH[Grade.GOOD]))


def total(
    indicators: Decimal | None, ballots: Decimal | None, ballot_weight: Decimal
) -> Decimal | None:
    """Both scores by their weights, `ballot_weight` being per cent; None where one that counts is
    missing."""
    parts = ((indicators, WHOLE - ballot_weight), (ballots, ballot_weight))
    counting = [(score, weight) for score, weight in parts if weight]
    known = [Fraction(score) * Fraction(weight) for score, weight in counting if score is not None]
    return rounded(sum(known, Fraction(0)) / WHOLE) if len(known) == len(counting) else None


def ranks(totals: Mapping[Who, Decimal | None]) -> dict[Who, int | None]:
    """The place of each by its total: equal totals share a place, and the next ones are left out.
    None without a total."""
    known = _from_the_best(totals)
    place = {each: known.index(each) + 1 for each in set(known)}
    return {who: None if each is None else place[each] for who, each in totals.items()}


def grades(totals: Mapping[Who, Decimal | None], scale: Scale) -> dict[Who, Grade | None]:
    """The grade of each by its total; None without a total.

    The quota is of those that have a total, rounded down. Who shares the total of the first one
    beyond it is beyond it as well; those beyond are fairly good.
    """
    beyond = _beyond_quota(_from_the_best(totals), scale)
    return {
        who: None if each is None else Grade.FAIR if each in beyond else scale.grade(each)
        for who, each in totals.items()
    }


def _beyond_quota(totals: Sequence[Decimal], scale: Scale) -> set[Decimal]:
    """Those of `totals`, from the best down, that would be good if the quota let them."""
    if scale.good_quota is None:
        return set()
    places = floor(len(totals) * Fraction(scale.good_quota) / WHOLE)
    good = [each for each in totals if each >= scale.good]
    return set(good[places:])


def _from_the_best(totals: Mapping[Who, Decimal | None]) -> list[Decimal]:
    return sorted((each for each in totals.values() if each is not None), reverse=True)
