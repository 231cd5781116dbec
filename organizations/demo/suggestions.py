"""What the public has written in the demo: every state, kind and age, the same every time."""

import datetime
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from accounts.models import User
from organizations.models import Suggestion
from organizations.operations.suggestions import due_day

State, Kind = Suggestion.State, Suggestion.Kind


class Message(NamedTuple):
    """One message. days: how long ago it came; answer: the answer, or why it is not pertinent;
    public: the question as it was published."""

    kind: str
    days: int
    text: str
    state: str = State.NEW
    answer: str = ""
    public: str = ""
    contact: str = ""


MESSAGES = (
    Message(
        Kind.CONSULTATION, 62,
        "企业想加入本地的行业协会，不知道该找哪个部门，也不知道要准备哪些材料。",
        State.CLOSED,
        "请先在“协会商会名录”中按行业查询，协会页面列有行业管理部门。入会条件和所需材料以该协会章程"
        "为准，一般需提交入会申请表和营业执照复印件。",
        "企业如何加入本地的行业协会？",
    ),
    Message(
        Kind.SUGGESTION, 48,
        "建议在网上公开各协会的业务范围和会员数量，方便企业比较。",
        State.CLOSED,
        "名录已公开各协会的业务范围、单位会员和个人会员数量、评估等级和年检结果，尚未填报的正在补充。",
        "建议公开各协会的业务范围和会员数量。",
    ),
    Message(
        Kind.CONSULTATION, 41,
        "协会只有两名党员，能不能成立党支部？",
        State.ANSWERED,
        "正式党员不足三人的，可与同行业、同区域的其他单位联合成立党支部，也可由党建工作指导员联系指导。"
        "请与行业管理部门商定。",
        "协会正式党员不足三人，怎样建立党组织？",
    ),
    Message(
        Kind.COMPLAINT, 36,
        "有人以协会名义上门推销牌匾，收费不开票，请核实是否合规。",
        State.ANSWERED,
        "经核实，相关人员与协会无关，线索已移交市场监管部门。协会开展评比表彰须经批准，且不得收费。",
        contact="演示联系方式甲",
    ),
    Message(
        Kind.COMPLAINT, 33,
        "小区物业费上涨没有征求业主意见。",
        State.NOT_PERTINENT,
        "此事项不属于行业协会商会工作范围，请向所在街道或住房城乡建设部门反映，也可拨打12345热线。",
    ),
    Message(
        Kind.CORRECTION, 27,
        "名录中的住所已经变更，希望按新的登记证书更正。",
        State.IN_HAND,
        contact="演示联系方式乙",
    ),
    Message(
        Kind.SUGGESTION, 24,
        "希望多举办银企对接活动，小企业贷款仍然不容易。",
    ),
    Message(
        Kind.COMPLAINT, 12,
        "缴纳会费后一直没有收到票据，多次催问没有结果。",
        State.IN_HAND,
        contact="演示联系方式丙",
    ),
    Message(
        Kind.CONSULTATION, 6,
        "镇街商会换届需要提前多久报告？报告哪些材料？",
        State.IN_HAND,
    ),
    Message(Kind.SUGGESTION, 4, "建议把党建品牌的经验做法整理成册，供其他协会学习。"),
    Message(Kind.CORRECTION, 2, "协会的单位会员数量是前年的，请更新。"),
    Message(Kind.CONSULTATION, 1, "年度报告改版后，从哪里提交？"),
)  # fmt: skip


def load_suggestions(handler: User) -> int:
    """Write the messages that are not there yet, handled by `handler`; how many were written."""
    now = timezone.now()
    rows = [_row(message, now, handler) for message in MESSAGES]
    there = Suggestion.objects.filter(key__in=[row.key for row in rows])
    known = set(there.values_list("key", flat=True))
    # The oldest comes first: receipt numbers rise with time.
    return len(Suggestion.objects.bulk_create([row for row in rows if row.key not in known]))


def _row(message: Message, now: datetime.datetime, handler: User) -> Suggestion:
    received = now - datetime.timedelta(days=message.days, hours=3)
    due = due_day(timezone.localdate(received))
    row = Suggestion(
        kind=message.kind,
        state=message.state,
        text=message.text,
        contact=message.contact,
        key=uuid5(NAMESPACE_URL, message.text),
        code_hash="-",  # no code opens it
        received_at=received,
        due_on=due,
    )
    if message.state == State.NOT_PERTINENT:
        row.reason = message.answer
    elif message.answer:
        row.answer = message.answer
    if message.state != State.NEW:
        row.handler = handler
    if message.answer:
        row.settled_on = due - datetime.timedelta(days=4)
    if message.public:
        row.public_text, row.public_answer = message.public, message.answer
        row.published_on = row.settled_on
    return row
