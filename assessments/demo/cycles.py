"""A whole cycle for the demo: scored, measured, calculated, announced and published."""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from random import Random
from typing import Any

from django.utils import timezone

from accounts.models import User
from assessments.models import Cycle, Indicator, Result, Score, ScoringTask
from assessments.models.ballots import ROWS
from assessments.operations.ballots import cast, close_ballot, make_codes, open_ballot
from assessments.operations.calculating import calculate
from assessments.operations.cycles import announce, open_cycle, prepare, publish
from assessments.operations.measuring import measure
from assessments.operations.scoring import adjust, assign_evaluator, submit

THRESHOLDS = {"ballot_weight": 30, "good_from": 85, "fair_from": 75, "average_from": 60}
QUOTA = 30
LEAST, MOST = 80, 98  # per cent of the full points that evaluators give
REASONS = (
    "研究部署及时，责任分工明确，有会议纪要佐证。",
    "重点任务按期完成，台账规范。",
    "组织生活正常开展，阵地建设达标。",
    "指导协会服务会员成效较好，典型经验在全市交流。",
    "工作有部署，个别协会推进偏慢。",
    "制度健全，督促检查到位。",
)
COMMENDED, CRITICISED = 5, 2
IN_THE_ROOM, VOTING = 48, 45


def load_cycles(office: User, evaluators: Sequence[User]) -> int:
    """Publish last year's cycle and prepare this year's, unless there is one; how many were
    rated."""
    today = timezone.localdate()
    if Cycle.objects.exists():
        return 0
    last = _prepared(today.year - 1, office)
    Cycle.objects.filter(pk=last.pk).update(**THRESHOLDS, good_quota=QUOTA)
    for indicator in last.indicators.filter(kind=Indicator.Kind.JUDGED):
        for evaluator in evaluators:
            assign_evaluator(indicator=indicator, evaluator=evaluator, by=office)
    open_cycle(cycle=last, by=office)
    _score(last)
    _adjust(last, office)
    _vote(last, office)
    measure(cycle=last, by=office)
    calculate(cycle=last, by=office)
    announce(cycle=last, by=office)
    # The days to object lie in the past, as if it had been announced then.
    over = today - datetime.timedelta(last.objection_days + 1)
    Cycle.objects.filter(pk=last.pk).update(announced_on=over)
    publish(cycle=last, by=office)
    _prepared(today.year, office)
    return Result.objects.filter(calculation__cycle=last).exclude(grade="").count()


def _prepared(year: int, office: User) -> Cycle:
    day = datetime.date
    days = {
        "year": year,
        "title": f"{year}年度行业党建“创晒评”",
        "starts_on": day(year, 1, 1),
        "cutoff_on": day(year, 12, 31),
        "declaring_from": day(year, 3, 1),
        "declaring_until": day(year, 6, 30),
        "showing_from": day(year, 7, 1),
        "showing_until": day(year, 12, 31),
        "rating_from": day(year + 1, 1, 1),
        "rating_until": day(year + 1, 3, 31),
    }
    return prepare(days=days, by=office)


def _score(cycle: Cycle) -> None:
    """Every evaluator's points for every department, near one another."""
    rng = Random(f"scores {cycle.year}")  # noqa: S311  # a demonstration, the same each time
    tasks = ScoringTask.objects.filter(indicator__cycle=cycle).select_related("indicator")
    merit = {each.pk: rng.uniform(LEAST, MOST) for each in cycle.participants.all()}
    for task in tasks:
        Score.objects.bulk_create(
            Score(
                task=task,
                participant_id=participant,
                points=_near(percent, task.indicator.full, rng),
                justification=rng.choice(REASONS),
            )
            for participant, percent in merit.items()
        )
        submit(task=task, by=task.evaluator)


def _near(percent: float, full: Decimal, rng: Random) -> Decimal:
    points = min(percent + rng.uniform(-4, 4), 100) * float(full) / 100
    return Decimal(round(points * 2)) / 2


def _vote(cycle: Cycle, office: User) -> None:
    """The sheets of the people in the room; not everybody cast one."""
    rng = Random(f"ballots {cycle.year}")  # noqa: S311  # a demonstration, the same each time
    favour = {each.pk: rng.uniform(0.1, 0.75) for each in cycle.participants.all()}
    codes = make_codes(cycle=cycle, number=IN_THE_ROOM, by=office)
    open_ballot(cycle=cycle, by=office)
    for code in codes[:VOTING]:
        cast(code=code, ratings={pk: _marks(share, rng) for pk, share in favour.items()})
    close_ballot(cycle=cycle, by=office)


def _marks(favour: float, rng: Random) -> list[int]:
    return [4 if rng.random() < favour else rng.choice((3, 3, 3, 2)) for _row in ROWS]


def _adjust(cycle: Cycle, office: User) -> None:
    participants = list(cycle.participants.order_by("pk"))
    bonus, deduction = (cycle.indicators.get(kind=kind) for kind in ("bonus", "deduction"))
    given: list[tuple[Any, Indicator, str, str, str]] = [
        (each, bonus, "2", "党建工作经验在全市推广。", f"菏社工发〔{cycle.year}〕{n + 3}号")
        for n, each in enumerate(participants[::7][:COMMENDED])
    ]
    given += [
        (each, deduction, "1", "所管协会违规收费被通报。", f"菏民通报〔{cycle.year}〕{n + 1}号")
        for n, each in enumerate(participants[5::13][:CRITICISED])
    ]
    for participant, indicator, points, reason, evidence in given:
        adjust(
            indicator=indicator,
            participant=participant,
            points=Decimal(points),
            reason=reason,
            evidence=evidence,
            by=office,
        )
