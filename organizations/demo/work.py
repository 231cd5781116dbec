"""The demo's work log: the last weeks of all instructors, seen from the day it is loaded on, and a
visit in most months before."""

import datetime
import uuid
from collections.abc import Iterator
from random import Random
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import User
from organizations.models import Assignment, Instructor, WorkEntry
from organizations.operations.assignments import reasons_of
from organizations.terms import months_after

WEEKS = 9
MONTHS, VISITED_SHARE = 20, 0.88  # before those weeks, and how many of them saw a visit
LAX, FORGOTTEN = 0.12, 0.04  # shares of associations visited late, and hardly reached at all
VISITED = (
    "走访协会办公场所，了解近期党组织活动和会员企业用工情况。",
    "实地走访，查看党务公开栏和活动记录，现场指导规范台账。",
    "到协会座谈，与秘书长商议发展党员和组织关系转接。",
    "走访会员企业，听取对协会服务的意见。",
    "参加协会理事会会前沟通，就党组织参与重大事项决策提出建议。",
)
CALLED = (
    "电话了解本周工作安排，提醒按时召开支部党员大会。",
    "微信沟通组织关系转接所需材料。",
    "电话答复党费收缴账户问题。",
    "微信转发学习资料并了解学习情况。",
    "电话核对党员人数和从业人员数。",
)
MET = (
    "列席支部主题党日，讲解近期学习内容。",
    "参加协会换届筹备会，提醒负责人人选审查程序。",
)
PROBLEMS = (
    ("活动场所与企业共用，党务公开栏未更新。", "下次走访前更新公开栏。"),
    ("两名党员组织关系尚未转入。", "与原党组织联系转接。"),
    ("专职工作人员不足，台账记录不完整。", "协助整理近两个月台账。"),
    ("会费收缴标准未在场所公示。", "督促公示并留存会议纪要。"),
)


def link_log_in(user: User, division: str) -> None:
    """Make `user` the log-in of the instructor with the most associations in the division with
    that code, unless the log-in is somebody's already."""
    if Instructor.objects.filter(user=user).exists():
        return
    here = Q(assignments__association__division__code=division, assignments__ended_on=None)
    ordered = Instructor.objects.annotate(count=Count("assignments", filter=here))
    chosen = ordered.order_by("-count", "pk").first()
    if chosen:
        chosen.user = user
        chosen.save(update_fields=["user"])


def give_reasons(today: datetime.date) -> None:
    """Say why instructors were sent where nobody has said so: to newly organised associations, or
    to those not yet able to organise."""
    open_ones = Assignment.objects.as_of(today).filter(reason="")
    reasons = reasons_of(set(open_ones.values_list("association", flat=True)), today)
    for reason in Assignment.Reason:
        sent = [pk for pk, given in reasons.items() if given == reason]
        open_ones.filter(association__in=sent).update(reason=reason)


def log_weeks(today: datetime.date, by: User) -> int:
    """Enter the work of the last weeks, unless there is some; how many entries were made.

    The same for the same day: most associations were reached in time, some were not.
    """
    if WorkEntry.objects.exists():
        return 0
    rng = Random(f"work {today.isoformat()}")  # noqa: S311  # a demonstration, the same each time
    rows = Assignment.objects.at_work(today).select_related("instructor__user").order_by("pk")
    made = [entry for row in rows for entry in _entries(row, today, by, rng)]
    return len(WorkEntry.objects.bulk_create(made, batch_size=2000))


def _entries(row: Assignment, today: datetime.date, by: User, rng: Random) -> Iterator[WorkEntry]:
    fate = rng.random()
    quiet = rng.randrange(20, 45) if fate < FORGOTTEN else rng.randrange(0, 7)
    visit_in = rng.randrange(3)
    for week in range(WEEKS):
        back = quiet + 7 * week - (rng.randrange(2) if week else 0)
        on = today - datetime.timedelta(days=back)
        if on < row.assigned_on:
            return
        is_visit = (week + visit_in) % 3 == 0 and not (fate < LAX and week < 6)
        yield _entry(row, on, is_visit, by, rng)
    yield from _earlier(row, today - datetime.timedelta(weeks=WEEKS + 7), by, rng)


def _earlier(row: Assignment, last: datetime.date, by: User, rng: Random) -> Iterator[WorkEntry]:
    for month in range(MONTHS):
        on = months_after(last, -month).replace(day=rng.randrange(3, 28))
        if on < row.assigned_on:
            return
        if rng.random() < VISITED_SHARE:
            yield _entry(row, on, True, by, rng)


def _entry(row: Assignment, on: datetime.date, is_visit: bool, by: User, rng: Random) -> WorkEntry:
    method = WorkEntry.Method.CALL
    words: tuple[str, ...] = CALLED
    if is_visit:
        method, words = WorkEntry.Method.VISIT, VISITED
    elif rng.random() < 0.12:
        method, words = WorkEntry.Method.MEETING, MET
    problem, next_step = rng.choice(PROBLEMS) if is_visit and rng.random() < 0.2 else ("", "")
    return WorkEntry(
        instructor=row.instructor,
        association_id=row.association_id,
        on=on,
        method=method,
        done=rng.choice(words),
        problem=problem,
        next_step=next_step,
        created_by=row.instructor.user or by,
        created_at=_evening(on),
        key=uuid.UUID(int=rng.getrandbits(128), version=4),
    )


def _evening(on: datetime.date) -> Any:
    """When a day's work is entered: at half past five, or now where that is still to come."""
    at = datetime.datetime.combine(on, datetime.time(17, 30), timezone.get_current_timezone())
    return min(at, timezone.now())
