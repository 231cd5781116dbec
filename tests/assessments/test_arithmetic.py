"""The arithmetic against a slow and independent one, and its rules one by one."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.arithmetic import (
    Scale,
    Weighted,
    ballot_score,
    capped,
    grades,
    indicator_score,
    ranks,
    total,
)
from assessments.grades import Grade

CENTS = st.integers(0, 10000).map(lambda n: Decimal(n) / 100)
TOTALS = st.dictionaries(st.integers(0, 50), st.none() | CENTS, max_size=40)
FEW_TOTALS = st.dictionaries(
    st.integers(0, 50), st.none() | st.sampled_from([Decimal(n) for n in (59, 60, 80, 90, 95)])
)
SHARES = st.tuples(st.integers(0, 60), st.integers(1, 60)).map(
    lambda pair: Fraction(min(pair), max(pair))
)
LINES = st.lists(
    st.tuples(st.integers(1, 40), st.none() | SHARES, st.booleans()), min_size=1, max_size=8
)


def half_up(amount: Fraction) -> Decimal:
    """By long division to thirty digits and the decimal module's own rounding."""
    digits = Decimal(amount.numerator * 10**30 // amount.denominator).scaleb(-30)
    return digits.quantize(Decimal("0.01"), ROUND_HALF_UP)


@given(LINES, CENTS, CENTS)
def test_an_indicator_score_is_what_a_clerk_would_add_up(lines, bonus, deduction):
    weighted = [Weighted(Decimal(full), share, applies) for full, share, applies in lines]
    found = indicator_score(weighted, bonus, deduction)
    applying = [(full, share) for full, share, applies in lines if applies]
    if not applying or any(share is None for _full, share in applying):
        assert found is None
        return
    earned = sum(half_up(share * full) for full, share in applying)
    score = half_up(Fraction(earned) * 100 / sum(full for full, _share in applying))
    assert found == max(score + bonus - deduction, 0)


@given(TOTALS | FEW_TOTALS)
def test_a_rank_is_one_more_than_the_number_of_better_ones(totals):
    found = ranks(totals)
    for who, each in totals.items():
        better = [other for other in totals.values() if None not in (other, each) and other > each]
        assert found[who] == (None if each is None else 1 + len(better))


@given(TOTALS | FEW_TOTALS, st.none() | st.integers(0, 100))
def test_grades_keep_to_thresholds_and_quota(totals, quota):
    scale = Scale(Decimal(90), Decimal(80), Decimal(60), None if quota is None else Decimal(quota))
    found = grades(totals, scale)
    rated = [each for each in totals.values() if each is not None]
    for who, each in totals.items():
        if each is None:
            assert found[who] is None
            continue
        as_good = sum(other >= each for other in rated)
        within = quota is None or as_good * 100 <= len(rated) * quota
        by_total = (
            "good" if each >= 90 else "fair" if each >= 80 else "average" if each >= 60 else "poor"
        )
        assert found[who] == ("fair" if by_total == "good" and not within else by_total)


@given(st.none() | CENTS, st.none() | CENTS, st.integers(0, 100))
def test_a_total_takes_every_score_that_counts(indicators, ballots, weight):
    found = total(indicators, ballots, Decimal(weight))
    missing = (indicators is None and weight < 100) or (ballots is None and weight > 0)
    if missing:
        assert found is None
        return
    parts = Fraction(indicators or 0) * (100 - weight) + Fraction(ballots or 0) * weight
    assert found == half_up(parts / 100)


@given(st.lists(st.sampled_from(Grade.values), min_size=1, max_size=60))
def test_a_ballot_score_is_the_average_mark(marks):
    worth = {"good": 4, "fair": 3, "average": 2, "poor": 1}
    found = ballot_score({Grade(mark): marks.count(mark) for mark in set(marks)})
    average = Fraction(sum(worth[mark] for mark in marks), len(marks))
    assert found == half_up(average * 25)


def test_nothing_is_rated_without_ballots():
    assert ballot_score({}) is None


@pytest.mark.parametrize(
    ("points", "expected"), [([], 0), (["2", "2"], 4), (["4", "3"], 5), (["2", "-3"], 0)]
)
def test_what_is_added_stays_between_nothing_and_its_cap(points, expected):
    assert capped(map(Decimal, points), Decimal(5)) == expected


def test_points_are_rounded_half_up_line_by_line():
    assert Weighted(Decimal(15), Fraction(1, 8)).points == Decimal("1.88")
    assert indicator_score([Weighted(Decimal(100), Fraction(1, 3))]) == Decimal("33.33")


def test_what_does_not_apply_leaves_its_weight_to_the_rest():
    lines = [Weighted(Decimal(60), Fraction(1, 2)), Weighted(Decimal(40), None, applies=False)]
    assert indicator_score(lines) == Decimal(50)
