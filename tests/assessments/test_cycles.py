"""A cycle's way from its preparation to its publication, and what holds on it."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import Role
from assessments.models import (
    Cycle,
    CycleMove,
    Indicator,
    MeasuredRow,
    MeasuredValue,
    Participant,
    Result,
    ResultLine,
    Score,
    Stage,
)
from assessments.operations.ballots import make_codes, open_ballot
from assessments.operations.calculating import calculate
from assessments.operations.cycles import announce, open_cycle, prepare, publish, take_back
from assessments.operations.measuring import measure
from assessments.operations.scoring import give_score, submit
from tests.factories.accounts import StaffFactory
from tests.factories.assessments import (
    CycleFactory,
    IndicatorFactory,
    ParticipantFactory,
    ScoringTaskFactory,
)
from tests.factories.organizations import AssociationFactory, DepartmentFactory

pytestmark = pytest.mark.django_db
DAYS = {
    name: getattr(CycleFactory, name)
    for name in (
        "starts_on",
        "cutoff_on",
        "declaring_from",
        "declaring_until",
        "showing_from",
        "showing_until",
        "rating_from",
        "rating_until",
    )
}


@pytest.fixture
def office() -> User:
    return StaffFactory(grant__role=Role.REVIEWER)


@pytest.fixture
def ready(office: User) -> Cycle:
    """A cycle with one judged and one computed indicator, one evaluator, one department."""
    cycle = CycleFactory(year=2025)
    judged = IndicatorFactory(cycle=cycle, position=1, full=60)
    IndicatorFactory(cycle=cycle, position=2, full=40, kind="computed", measure="coverage")
    ScoringTaskFactory(indicator=judged)
    participant = ParticipantFactory(cycle=cycle)
    AssociationFactory(industry_department=participant.department)
    return cycle


def score_all(cycle: Cycle, points: int = 50) -> None:
    for task in cycle.indicators.get(kind="judged").tasks.all():
        for participant in cycle.participants.rated():
            give_score(
                task=task,
                participant=participant,
                points=points,
                justification="材料齐全",
                by=task.evaluator,
            )
        submit(task=task, by=task.evaluator)


def brought_to(stage: str, cycle: Cycle, office: User) -> Cycle:
    """The cycle at `stage`, by the steps that lead there."""
    steps = {
        "open": lambda: open_cycle(cycle=cycle, by=office),
        "calculated": lambda: [
            score_all(cycle),
            measure(cycle=cycle, by=office),
            calculate(cycle=cycle, by=office),
        ],
        "announced": lambda: announce(cycle=cycle, by=office),
        "published": lambda: [
            Cycle.objects.update(
                announced_on=timezone.localdate() - datetime.timedelta(cycle.objection_days + 1)
            ),
            publish(cycle=cycle, by=office),
        ],
    }
    for name, step in steps.items():
        step()
        if name == stage:
            break
    cycle.refresh_from_db()
    return cycle


def test_the_first_cycle_begins_with_the_starter_table(office) -> None:
    rated, other = DepartmentFactory(), DepartmentFactory(is_assessed=False)
    cycle = prepare(days=DAYS | {"year": 2025, "title": "2025年度"}, by=office)
    weighted = cycle.indicators.filter(kind__in=Indicator.WEIGHTED)
    assert sum(each.full for each in weighted) == 100
    assert [each.department for each in cycle.participants.all()] == [rated]
    assert other not in {each.department for each in cycle.participants.all()}


def test_the_next_cycle_begins_with_the_table_of_the_last(office) -> None:
    last = CycleFactory(year=2024, good_from=95)
    IndicatorFactory(cycle=last, name="上年指标")
    stays, left = ParticipantFactory.create_batch(2, cycle=last)
    Participant.objects.filter(pk=left.pk).update(
        withdrawn_on=datetime.date(2025, 1, 1), withdrawn_reason="机构改革"
    )
    cycle = prepare(days=DAYS | {"year": 2025, "title": "2025年度"}, by=office)
    assert cycle.good_from == 95
    assert [each.name for each in cycle.indicators.all()] == ["上年指标"]
    assert [each.department for each in cycle.participants.all()] == [stays.department]


def test_a_year_has_one_cycle(office) -> None:
    CycleFactory(year=2025)
    with pytest.raises(ValidationError):
        prepare(days=DAYS | {"year": 2025, "title": "又一个"}, by=office)


def test_opening_says_all_that_is_missing(office) -> None:
    cycle = CycleFactory()
    IndicatorFactory(cycle=cycle, full=90)
    with pytest.raises(ValidationError) as refused:
        open_cycle(cycle=cycle, by=office)
    assert len(refused.value.messages) == 3


def test_the_way_is_walked_step_by_step(ready, office) -> None:
    brought_to("published", ready, office)
    moves = [each.to_stage for each in ready.moves.order_by("pk")]
    assert moves == ["open", "calculated", "announced", "published"]
    assert (ready.version, ready.published_on) == (1, timezone.localdate())
    [result] = Result.objects.all()
    assert (result.indicator_score, result.total, result.rank) == (50, 50, 1)
    assert result.grade == "poor"


@pytest.mark.parametrize("stage", ["open", "calculated", "announced"])
def test_each_step_can_be_taken_back_with_a_reason(ready, office, stage) -> None:
    brought_to(stage, ready, office)
    if stage == "open":
        take_back(cycle=ready, reason="指标有误", by=office)
    else:
        take_back(cycle=ready, reason="漏计得分", by=office)
    before = {"open": "preparing", "calculated": "open", "announced": "calculated"}
    ready.refresh_from_db()
    assert ready.stage == before[stage]
    assert ready.moves.first().note
    with pytest.raises(ValidationError):
        take_back(cycle=ready, reason=" ", by=office)


def test_no_table_changes_once_points_are_given_by_it(ready, office) -> None:
    brought_to("calculated", ready, office)
    take_back(cycle=ready, reason="漏计得分", by=office)
    with pytest.raises(ValidationError):
        take_back(cycle=ready, reason="调整指标", by=office)
    with pytest.raises(IntegrityError), transaction.atomic():
        Cycle.objects.update(stage=Stage.PREPARING)


def test_nothing_is_published_while_participants_may_object(ready, office) -> None:
    brought_to("announced", ready, office)
    with pytest.raises(ValidationError):
        publish(cycle=ready, by=office)


def test_nothing_is_announced_while_a_result_is_missing(ready, office) -> None:
    brought_to("open", ready, office)
    measure(cycle=ready, by=office)
    calculate(cycle=ready, by=office)
    with pytest.raises(ValidationError) as refused:
        announce(cycle=ready, by=office)
    assert str(ready.participants.get()) in refused.value.messages[0]


@pytest.mark.parametrize("role", [Role.LEADER, Role.INSPECTOR, Role.FINANCE])
def test_only_the_office_moves_a_cycle(ready, role) -> None:
    with pytest.raises(ValidationError):
        open_cycle(cycle=ready, by=StaffFactory(grant__role=role))


CHANGES = {
    "title": lambda cycle: Cycle.objects.update(title="改"),
    "stage": lambda cycle: Cycle.objects.update(stage="announced", published_on=None),
    "deletion": lambda cycle: Cycle.objects.all()._raw_delete("default"),
    "indicator": lambda cycle: cycle.indicators.update(name="改"),
    "moved indicator": lambda cycle: cycle.indicators.update(cycle=CycleFactory(year=2030)),
    "another move": lambda cycle: CycleMove.objects.create(
        cycle=cycle, from_stage="announced", to_stage="calculated", by=StaffFactory()
    ),
    "new indicator": lambda cycle: IndicatorFactory(cycle=cycle, position=9),
    "new participant": lambda cycle: ParticipantFactory(cycle=cycle),
    "withdrawal": lambda cycle: cycle.participants.update(
        withdrawn_on=datetime.date(2026, 1, 1), withdrawn_reason="改"
    ),
    "score": lambda cycle: Score.objects.update(points=1),
    "result": lambda cycle: Result.objects.update(total=99),
    "line": lambda cycle: ResultLine.objects.update(points=99),
    "value": lambda cycle: MeasuredValue.objects.update(counted=1),
    "another line": lambda cycle: ResultLine.objects.create(
        result=Result.objects.get(),
        indicator=IndicatorFactory(cycle=CycleFactory(), position=1),
        full=1,
    ),
    "another row": lambda cycle: MeasuredRow.objects.create(
        value=MeasuredValue.objects.get(), name="新", counted=0, whole=1
    ),
    "another result": lambda cycle: Result.objects.create(
        calculation=cycle.calculations.get(),
        participant=ParticipantFactory(),
        bonus=0,
        deduction=0,
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_nothing_of_a_published_cycle_changes(ready, office, change) -> None:

    brought_to("published", ready, office)
    with pytest.raises(DatabaseError), transaction.atomic():
        change(ready)


@pytest.mark.parametrize("stage", ["calculated", "announced", "published"])
def test_no_stage_is_passed_over(ready, stage) -> None:
    today = timezone.localdate()
    days = {"announced_on": today, "published_on": today if stage == "published" else None}
    with pytest.raises(DatabaseError), transaction.atomic():
        Cycle.objects.update(stage=stage, **days)


def test_departments_see_their_own_cycles_once_they_are_open(ready, office) -> None:
    own = ready.participants.get().department
    person, other = (
        StaffFactory(grant__role=Role.DEPARTMENT_STAFF, grant__department=department)
        for department in (own, DepartmentFactory())
    )
    seen = lambda user: list(Cycle.objects.for_user(user, Permission.VIEW_ASSESSMENT))  # noqa: E731
    assert seen(person) == []
    brought_to("open", ready, office)
    assert seen(person) == [ready]
    assert seen(other) == []


def test_departments_see_the_own_result_when_announced_and_all_when_published(
    ready, office
) -> None:
    own, _other = ready.participants.get(), ParticipantFactory(cycle=ready)
    person = StaffFactory(grant__role=Role.DEPARTMENT_STAFF, grant__department=own.department)

    def seen() -> int:
        return Result.objects.for_user(person, Permission.VIEW_ASSESSMENT).count()

    brought_to("calculated", ready, office)
    assert seen() == 0
    announce(cycle=ready, by=office)
    assert seen() == 1
    Cycle.objects.update(announced_on=timezone.localdate() - datetime.timedelta(9))
    publish(cycle=ready, by=office)
    assert seen() == 2


def test_a_table_that_is_settled_anew_is_measured_anew(ready, office) -> None:
    brought_to("open", ready, office)
    measure(cycle=ready, by=office)
    take_back(cycle=ready, reason="调整截止日", by=office)
    open_cycle(cycle=ready, by=office)
    ready.refresh_from_db()
    with pytest.raises(ValidationError):
        calculate(cycle=ready, by=office)
    measure(cycle=ready, by=office, reason="调整截止日")
    calculate(cycle=ready, by=office)


def test_no_table_changes_once_a_ballot_was_open(ready, office) -> None:
    brought_to("open", ready, office)
    make_codes(cycle=ready, number=1, by=office)
    open_ballot(cycle=ready, by=office)
    with pytest.raises(ValidationError):
        take_back(cycle=ready, reason="调整指标", by=office)
    with pytest.raises(IntegrityError), transaction.atomic():
        Cycle.objects.update(stage=Stage.PREPARING)
