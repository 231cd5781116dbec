"""Scores: blind until all are in, appended and never changed, and the points beside them."""

from datetime import date as DAY
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from accounts.models import User
from accounts.roles import Role
from assessments.models import Adjustment, Cycle, Score, ScoringTask
from assessments.operations.scoring import (
    adjust,
    assign_evaluator,
    give_score,
    release_evaluator,
    submit,
)
from tests.factories.accounts import StaffFactory
from tests.factories.assessments import (
    AdjustmentFactory,
    CycleFactory,
    IndicatorFactory,
    ParticipantFactory,
    ScoreFactory,
    ScoringTaskFactory,
)
from tests.factories.organizations import DepartmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> User:
    return StaffFactory(grant__role=Role.REVIEWER)


@pytest.fixture
def cycle() -> Cycle:
    """Under way, with two participants and two evaluators of one indicator of 60 points."""
    cycle = CycleFactory(year=2025)
    judged = IndicatorFactory(cycle=cycle, position=1, full=60)
    IndicatorFactory(cycle=cycle, position=2, full=40, kind="computed", measure="coverage")
    IndicatorFactory(cycle=cycle, position=3, full=5, kind="bonus")
    ScoringTaskFactory.create_batch(2, indicator=judged)
    ParticipantFactory.create_batch(2, cycle=cycle)
    Cycle.objects.update(stage="open")
    cycle.refresh_from_db()
    return cycle


def give(task: ScoringTask, participant, points=50, **others) -> Score:
    given = {"justification": "材料齐全", "by": task.evaluator} | others
    return give_score(task=task, participant=participant, points=Decimal(points), **given)


def test_the_last_score_stands_and_all_stay(cycle) -> None:
    task, participant = ScoringTask.objects.first(), cycle.participants.first()
    for points in (40, 50, 50):
        give(task, participant, points)
    assert [score.points for score in Score.objects.all()] == [50, 40]
    assert [score.points for score in Score.objects.standing()] == [50]


def test_scores_are_disclosed_once_every_evaluator_has_submitted(cycle) -> None:
    first, second = ScoringTask.objects.all()
    for task in (first, second):
        assert not Score.objects.disclosed().exists()
        for participant in cycle.participants.all():
            give(task, participant)
        submit(task=task, by=task.evaluator)
    assert Score.objects.disclosed().count() == 4


def test_submitting_takes_a_score_of_each(cycle) -> None:
    task, (scored, left) = ScoringTask.objects.first(), cycle.participants.all()
    give(task, scored)
    with pytest.raises(ValidationError) as refused:
        submit(task=task, by=task.evaluator)
    assert str(left) in refused.value.messages[0]


def test_what_is_submitted_stays(cycle) -> None:
    task = ScoringTask.objects.first()
    for participant in cycle.participants.all():
        give(task, participant)
    for _twice in range(2):
        submit(task=task, by=task.evaluator)
    with pytest.raises(ValidationError):
        give(task, participant, 30)
    with pytest.raises(DatabaseError), transaction.atomic():
        ScoreFactory(task=task, participant=participant, points=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        ScoringTask.objects.filter(pk=task.pk).update(submitted_at=None)


@pytest.mark.parametrize(
    "given", [{"points": 61}, {"points": -1}, {"justification": " "}, {"by": None}]
)
def test_a_score_is_within_reach_justified_and_one_s_own(cycle, office, given) -> None:
    others = given | ({"by": office} if "by" in given else {})
    with pytest.raises(ValidationError):
        give(ScoringTask.objects.first(), cycle.participants.first(), **others)


def test_the_database_knows_the_full_points_and_the_cycle(cycle) -> None:
    task = ScoringTask.objects.first()
    for values in ({"points": 61, "participant": cycle.participants.first()}, {}):
        with pytest.raises(DatabaseError), transaction.atomic():
            ScoreFactory(task=task, **values)


@pytest.mark.parametrize("write", ["update", "delete"])
def test_a_score_is_never_changed(cycle, write) -> None:
    give(ScoringTask.objects.first(), cycle.participants.first())
    rows = Score.objects.all()
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(points=1) if write == "update" else rows._raw_delete("default")


def test_nobody_scores_the_own_department(cycle, office) -> None:
    indicator = cycle.indicators.get(kind="judged")
    limited = StaffFactory(grant__role=Role.REVIEWER, grant__department=DepartmentFactory())
    for person in (limited, StaffFactory(grant__role=Role.INSPECTOR)):
        with pytest.raises(ValidationError):
            assign_evaluator(indicator=indicator, evaluator=person, by=office)
    evaluator = StaffFactory(grant__role=Role.EVALUATOR)
    twice = [
        assign_evaluator(indicator=indicator, evaluator=evaluator, by=office) for _ in range(2)
    ]
    assert twice[0] == twice[1]


def test_points_are_added_and_taken_back_with_their_evidence(cycle, office) -> None:
    bonus, participant = cycle.indicators.get(kind="bonus"), cycle.participants.first()
    told = {"reason": "获表彰", "evidence": "菏委〔2025〕1号", "by": office}
    for points in (3, -1):
        adjust(indicator=bonus, participant=participant, points=Decimal(points), **told)
    assert sum(each.points for each in Adjustment.objects.all()) == 2
    for wrong in ({"points": 0}, {"points": 1, "evidence": " "}):
        with pytest.raises(ValidationError):
            adjust(indicator=bonus, participant=participant, **told | wrong)
    with pytest.raises(DatabaseError), transaction.atomic():
        AdjustmentFactory(indicator=cycle.indicators.get(kind="judged"), participant=participant)


def test_added_points_stay_between_nothing_and_the_cap_together(cycle, office) -> None:
    bonus, participant = cycle.indicators.get(kind="bonus"), cycle.participants.first()
    told = {"reason": "获表彰", "evidence": "菏委〔2025〕1号", "by": office}
    adjust(indicator=bonus, participant=participant, points=Decimal(3), **told)
    for points in (3, -4):
        with pytest.raises(ValidationError):
            adjust(indicator=bonus, participant=participant, points=Decimal(points), **told)


def test_nothing_is_added_for_who_has_withdrawn(cycle, office) -> None:
    participant = cycle.participants.first()
    participant.withdrawn_on, participant.withdrawn_reason = DAY(2026, 1, 1), "机构改革"
    participant.save()
    with pytest.raises(ValidationError):
        adjust(
            indicator=cycle.indicators.get(kind="bonus"),
            participant=participant,
            points=Decimal(1),
            reason="获表彰",
            evidence="1号",
            by=office,
        )


def test_nobody_joins_the_evaluators_once_one_has_submitted(cycle, office) -> None:
    task = ScoringTask.objects.first()
    for participant in cycle.participants.all():
        give(task, participant)
    submit(task=task, by=task.evaluator)
    with pytest.raises(ValidationError):
        assign_evaluator(
            indicator=task.indicator, evaluator=StaffFactory(grant__role=Role.LEADER), by=office
        )


def test_a_task_is_taken_back_before_it_is_begun(cycle, office) -> None:
    begun, idle = ScoringTask.objects.all()
    give(begun, cycle.participants.first())
    with pytest.raises(ValidationError):
        release_evaluator(task=begun, by=office)
    for _twice in range(2):
        release_evaluator(task=idle, by=office)
    assert list(ScoringTask.objects.all()) == [begun]


def test_nobody_scores_once_the_cycle_has_moved_on(cycle) -> None:
    task = ScoringTask.objects.select_related("indicator__cycle").first()
    Cycle.objects.update(stage="calculated")
    with pytest.raises(ValidationError):
        give(task, cycle.participants.first())
