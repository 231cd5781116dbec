"""Committees, elections, extended terms and weak organisations of the demo; safe to repeat.

Invented, and never about an association that the article names.
"""

import datetime
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.utils import timezone

from organizations.models import Association, Department, PartyOrganization, WeakListing
from organizations.operations import weak
from organizations.operations.party import extend_term
from organizations.terms import months_after, regular_end

Form = PartyOrganization.CommitteeForm
# Departments with a committee of their own (fixtures/demo/records.py, COMMITTEE_HOSTS), and those
# that have taken over their industry's committee.
HOSTS = {
    Form.ENTITY: (
        "gxj", "zjj", "jtj", "nyj", "shj", "wlj", "wjw", "scj", "tyj", "gsl", "rsj",
    ),
    Form.INTEGRATED: ("jyj", "kjj", "lyj", "jrj", "xmzx"),
}  # fmt: skip
NAMES = {Form.ENTITY: "中共{}社会组织委员会", Form.INTEGRATED: "中共{}行业委员会"}
NAMED = ("菏泽市大数据协会", "菏泽市林产工业协会", "庄寨镇木业协会", "曹县电商直播协会")
EXTENDED = 4
OVERDUE_EVERY = 24  # of those whose term ran out, so many have not elected anew
Reason = WeakListing.Reason
# What was found, how many months ago it was listed, and how far it has come since.
WEAK = (
    (Reason.NO_LEADERSHIP, "书记调离后未及时补选，班子不健全。", 1, "listed"),
    (Reason.INACTIVE, "近半年未按规定开展“三会一课”和主题党日。", 1, "listed"),
    (Reason.SHELL, "挂牌后未实际开展工作，作用发挥不明显。", 3, "rectifying"),
    (Reason.INACTIVE, "组织生活不经常，党员参加率偏低。", 4, "rectifying"),
    (Reason.OVERDUE, "届满后长期未换届，也未报批延期。", 4, "rectifying"),
    (Reason.NO_LEADERSHIP, "书记长期缺位，日常工作无人负责。", 5, "rectifying"),
    (Reason.SHELL, "党组织活动与协会业务脱节，存在“空壳化”问题。", 6, "rectifying"),
    (Reason.INACTIVE, "党费收缴、党员发展等基础工作不规范。", 7, "accepted"),
    (Reason.OVERDUE, "到期未换届，党员大会召开不及时。", 8, "accepted"),
    (Reason.SHELL, "有牌子、无活动，党员作用发挥不明显。", 10, "delisted"),
    (Reason.NO_LEADERSHIP, "班子成员分工不明确，议事制度不落实。", 11, "delisted"),
)
NOTES = (
    "召开支部大会，对照问题制定整改方案，明确责任人和完成时限。",
    "上级党组织派人指导，补齐组织生活记录，恢复每月主题党日。",
    "完善议事决策和党员学习制度，开展谈心谈话。",
    "组织党员参加行业服务活动，整改事项基本完成。",
)
STEPS: tuple[Any, ...] = (weak.begin_rectifying, weak.accept, weak.delist)
ACCEPTANCE = {
    "accepted_by": "市委社会工作部",
    "acceptance_opinion": "经现场核查，班子健全，组织生活正常，列入的问题已整改到位，同意验收。",
}
STATES = ("listed", "rectifying", "accepted", "delisted")


@transaction.atomic
def load_party(by: Any) -> None:
    """Add what is missing: committees by department, the rest only where there is none yet."""
    for form, codes in HOSTS.items():
        for number, code in enumerate(codes):
            _record_committee(form, code, number)
    if not WeakListing.objects.exists():
        _extend(by)
        _list_weak(by)
        _elect()


def _record_committee(form: Form, code: str, number: int) -> None:
    department = Department.objects.get(code=code)
    established = datetime.date(2023, 3, 8) + datetime.timedelta(days=61 * number)
    PartyOrganization.objects.get_or_create(
        host_department=department,
        committee_form=form,
        dissolved_on=None,
        defaults={
            "name": NAMES[form].format(department.name),
            "kind": PartyOrganization.Kind.COMMITTEE,
            "superior": "中共菏泽市委“两新”工作委员会",
            "approval_no": f"菏两新工委发〔{established.year}〕{number + 3}号",
            "approved_on": established - datetime.timedelta(days=12),
            "established_on": established,
        },
    )


def _own() -> list[PartyOrganization]:
    """Branches of one invented association each, always in the same order."""
    named = Association.objects.filter(name__in=NAMED).order_by().values("pk")
    rows = PartyOrganization.objects.existing(timezone.localdate()).standalone()
    rows = rows.exclude(coverages__association__in=named).filter(committee_form="")
    return list(rows.exclude(name="").order_by("pk"))


def _extend(by: Any) -> None:
    """A few terms that have run out were extended with approval, until some weeks from now."""
    today = timezone.localdate()
    overdue = [each for each in _own() if each.term_state(today) == "overdue"]
    young = [each for each in overdue if months_after(each.regular_term_end, 11) > today]
    for number, each in enumerate(young[:EXTENDED]):
        until = months_after(each.regular_term_end, 12)
        approval = f"菏两新工委复〔{each.regular_term_end.year}〕{number + 21}号"
        extend_term(organization=each, until=until, approval=approval, by=by)


def _elect() -> None:
    """Nearly all whose term has run out have elected anew a month after its end."""
    today = timezone.localdate()
    weak_ones = WeakListing.objects.filter(delisted_on=None).values("party_organization")
    rows = PartyOrganization.objects.existing(today).exclude(pk__in=weak_ones).order_by("pk")
    overdue = [each for each in rows if each.term_state(today) == "overdue"]
    elected = [each for number, each in enumerate(overdue) if number % OVERDUE_EVERY]
    for each in elected:
        while (end := each.regular_term_end) and (on := months_after(end, 1)) < today:
            each.last_election_on = on
            each.regular_term_end = regular_end(each.kind, each.established_on, on)
    PartyOrganization.objects.bulk_update(elected, ["last_election_on"], batch_size=500)


def _list_weak(by: Any) -> None:
    rows = _own()
    step = max(len(rows) // len(WEAK), 1)
    for number, (reason, text, months, state) in enumerate(WEAK):
        if number * step < len(rows):
            _run(rows[number * step], reason, text, months, state, number, by)


def _run(
    organization: PartyOrganization,
    reason: str,
    text: str,
    months: int,
    state: str,
    number: int,
    by: Any,
) -> None:
    """List it `months` ago and take the steps, with a note a month; some lack this month's."""
    today = timezone.localdate()
    listed = months_after(today, -months)
    listing = weak.list_weak(organization=organization, on=listed, reason=reason, text=text, by=by)
    taken = STATES.index(state)
    days = [listed, *(months_after(listed, after) for after in (1, months - 2, months - 1))]
    for earlier, later in pairwise(days[1 : taken + 1]):
        if later < earlier:
            raise ValueError(f"{organization}: the steps of the demo are out of order")
    for take, day in zip(STEPS[:taken], days[1:], strict=False):
        if take is weak.accept:
            _write_notes(listing, min(day, today), by)
        said = ACCEPTANCE if take is weak.accept else {}
        take(listing=listing, on=min(day, today), by=by, **said)
        listing.refresh_from_db()
    if state == "rectifying":
        _write_notes(listing, today, by, without_last=bool(number % 2))


def _write_notes(
    listing: WeakListing, until: datetime.date, by: Any, *, without_last: bool = False
) -> None:
    due = listing.months_due(until)
    for place, month in enumerate(due[:-1] if without_last else due):
        note = NOTES[min(place, len(NOTES) - 1)]
        weak.note(listing=listing, month=month, text=note, by=by)
