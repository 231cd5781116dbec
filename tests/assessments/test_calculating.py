"""Results of whole cycles, recomputed by a slow function of its own."""

import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from random import Random

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.roles import Role
from assessments.models import (
    Adjustment,
    Calculation,
    Cycle,
    MeasuredValue,
    Participant,
    Result,
    ResultLine,
    Score,
    ScoringTask,
)
from assessments.operations.calculating import calculate, try_out
from assessments.operations.measuring import measure
from tests.factories.accounts import StaffFactory
from tests.factories.assessments import (
    AdjustmentFactory,
    CycleFactory,
    IndicatorFactory,
    ParticipantFactory,
    ScoreFactory,
    ScoringTaskFactory,
)
from tests.factories.organizations import AssociationFactory, CoverageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> User:
    return StaffFactory(grant__role=Role.REVIEWER)


def random_cycle(rng: Random) -> Cycle:
    """A cycle under way: ties, missing scores, quotas, caps and withdrawn participants."""
    quota = rng.choice([None, 0, 30, 50, 100])
    cycle = CycleFactory(year=2025, good_quota=quota, good_from=80, fair_from=60, average_from=40)
    weights = rng.choice([(60, 25, 15), (50, 49, 1), (34, 33, 33)])
    kinds = [("judged", ""), ("judged", ""), ("computed", "coverage")]
    for place, (full, (kind, measured)) in enumerate(zip(weights, kinds, strict=True)):
        indicator = IndicatorFactory(
            cycle=cycle, position=place, full=full, kind=kind, measure=measured
        )
        if kind == "judged":
            ScoringTaskFactory.create_batch(rng.randrange(1, 3), indicator=indicator)
    for place, kind in enumerate(("bonus", "deduction"), start=8):
        IndicatorFactory(cycle=cycle, position=place, full=3, kind=kind)
    for _each in range(rng.randrange(2, 6)):
        department = ParticipantFactory(cycle=cycle).department
        for _association in range(rng.randrange(3)):
            association = AssociationFactory(industry_department=department)
            if rng.random() < 0.6:
                CoverageFactory(association=association)
    Cycle.objects.update(stage="open")
    _score(cycle, rng)
    cycle.refresh_from_db()
    return cycle


def _score(cycle: Cycle, rng: Random) -> None:
    same = rng.random() < 0.4  # all alike, for ties
    for task in ScoringTask.objects.select_related("indicator"):
        full = int(task.indicator.full)
        for participant in cycle.participants.all():
            if rng.random() < 0.95:
                points = full if same else Decimal(rng.randrange(full * 50, full * 100 + 1)) / 100
                ScoreFactory(task=task, participant=participant, points=points)
    for indicator in cycle.indicators.filter(kind__in=["bonus", "deduction"]):
        for participant in cycle.participants.all():
            for _each in range(rng.randrange(3)):
                AdjustmentFactory(
                    indicator=indicator,
                    participant=participant,
                    points=rng.choice([-1, 1, 2, Decimal("0.5")]),
                )
    if rng.random() < 0.9:
        ScoringTask.objects.update(submitted_at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))
    if rng.random() < 0.3:
        Participant.objects.filter(pk=cycle.participants.first().pk).update(
            withdrawn_on=datetime.date(2026, 1, 1), withdrawn_reason="机构改革"
        )


def half_up(amount: Fraction) -> Decimal:
    exact = Decimal(amount.numerator * 10**30 // amount.denominator).scaleb(-30)
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


def slowly(cycle: Cycle) -> dict[int, tuple]:
    """Each participant's total, rank and grade, one query and one rule at a time."""
    totals: dict[int, Decimal | None] = {}
    for participant in cycle.participants.filter(withdrawn_on=None):
        totals[participant.pk] = _total(participant)
    known = sorted((total for total in totals.values() if total is not None), reverse=True)
    found = {}
    for pk, total in totals.items():
        if total is None:
            found[pk] = (None, None, "")
            continue
        rank = 1 + sum(other > total for other in known)
        grade = next(
            (
                name
                for name, least in (("good", 80), ("fair", 60), ("average", 40))
                if total >= least
            ),
            "poor",
        )
        places = len(known) if cycle.good_quota is None else len(known) * cycle.good_quota // 100
        if grade == "good" and sum(other >= total for other in known) > places:
            grade = "fair"
        found[pk] = (total, rank, grade)
    return found


def _total(participant: Participant) -> Decimal | None:
    earned, applying, extra = Decimal(0), Decimal(0), Decimal(0)
    for indicator in participant.cycle.indicators.all():
        if indicator.kind in ("bonus", "deduction"):
            rows = Adjustment.objects.filter(indicator=indicator, participant=participant)
            points = min(max(sum(row.points for row in rows), Decimal(0)), indicator.full)
            extra += points if indicator.kind == "bonus" else -points
            continue
        if indicator.kind == "computed":
            value = MeasuredValue.objects.get(indicator=indicator, participant=participant)
            if value.whole == 0:
                continue
            share = Fraction(value.counted, value.whole)
        else:
            given = []
            for task in indicator.tasks.all():
                scores = Score.objects.filter(task=task, participant=participant).order_by("pk")
                if task.submitted_at is None or not scores:
                    return None
                given.append(Fraction(scores.last().points))
            share = sum(given) / len(given) / Fraction(indicator.full)
        applying += indicator.full
        earned += half_up(share * Fraction(indicator.full))
    if not applying:
        return None
    return max(half_up(Fraction(earned) * 100 / Fraction(applying)) + extra, Decimal(0))


@pytest.mark.parametrize("seed", range(12))
def test_a_cycle_comes_out_as_a_slow_function_says(office, seed) -> None:
    cycle = random_cycle(Random(seed))
    measure(cycle=cycle, by=office)
    calculation = calculate(cycle=cycle, by=office)
    results = Result.objects.filter(calculation=calculation)
    found = {each.participant_id: (each.total, each.rank, each.grade) for each in results}
    assert found == slowly(cycle)


@pytest.fixture
def scored(office) -> Cycle:
    """A cycle with two judged indicators and one participant."""
    cycle = CycleFactory(year=2025)
    participant = ParticipantFactory(cycle=cycle)
    for place, full in enumerate((60, 40)):
        ScoringTaskFactory(indicator=IndicatorFactory(cycle=cycle, position=place, full=full))
    Cycle.objects.update(stage="open")
    for task, points in zip(ScoringTask.objects.all(), (60, 20), strict=True):
        ScoreFactory(task=task, participant=participant, points=points)
    ScoringTask.objects.update(submitted_at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))
    measure(cycle=cycle, by=office)
    cycle.refresh_from_db()
    return cycle


def test_nothing_is_calculated_before_it_is_measured(office) -> None:
    cycle = IndicatorFactory().cycle
    Cycle.objects.update(stage="open")
    with pytest.raises(ValidationError):
        calculate(cycle=cycle, by=office)


def test_calculating_anew_takes_a_reason_and_keeps_what_was(scored, office) -> None:
    first = calculate(cycle=scored, by=office)
    with pytest.raises(ValidationError):
        calculate(cycle=scored, by=office)
    second = calculate(cycle=scored, by=office, note="漏计加分")
    assert list(Calculation.objects.counting()) == [second]
    assert first.results.exists()


def test_a_what_if_is_kept_and_never_the_result(scored, office) -> None:
    result = calculate(cycle=scored, by=office)
    heavy, light = scored.indicators.all()
    rules = {"ballot_weight": 0, "good_from": 90, "fair_from": 85, "average_from": 60}
    tried = try_out(
        cycle=scored,
        rules=rules,
        weights={heavy.pk: Decimal(80), light.pk: Decimal(20)},
        note="提高责任落实分值",
        by=office,
    )
    assert [each.total for each in (result.results.get(), tried.results.get())] == [80, 90]
    assert [line.full for line in ResultLine.objects.filter(result__calculation=tried)] == [80, 20]
    assert list(Calculation.objects.counting()) == [result]
    for wrong in ({"weights": {heavy.pk: Decimal(70)}}, {"note": " "}):
        with pytest.raises(ValidationError):
            try_out(
                cycle=scored, by=office, **{"rules": rules, "weights": {}, "note": "试"} | wrong
            )


def test_ballots_that_count_are_missed(scored, office) -> None:
    Cycle.objects.update(ballot_weight=30)
    calculate(cycle=scored, by=office)
    result = Result.objects.get()
    assert (result.indicator_score, result.total, result.grade) == (80, None, "")
