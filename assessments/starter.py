"""The table that the first cycle begins with: the starter indicators of domain.md, Assessments [P].

Six sections of 20, 25, 15, 15, 15 and 10 points. What the system can count it counts; people score
what needs judgement.
"""

from decimal import Decimal
from typing import Any

from assessments.models.indicators import Indicator, Measure

Kind = Indicator.Kind

DUTY, COVERAGE, PEOPLE = "责任落实", "两个覆盖", "队伍建设"
STANDARDS, EFFECT, SUPERVISION, EXTRA = "规范化", "作用发挥", "综合监管", "加减分"


def _line(
    section: str, name: str, kind: str, full: int, standard: str, measure: str = ""
) -> dict[str, Any]:
    return {
        "section": section,
        "name": name,
        "kind": kind,
        "measure": measure,
        "full": Decimal(full),
        "standard": standard,
    }


_LINES = (
    _line(
        DUTY,
        "研究部署和责任落实",
        Kind.JUDGED,
        12,
        "党组（党委）研究部署、分工落实情况。",
    ),
    _line(DUTY, "重点任务完成情况", Kind.JUDGED, 8, "年度重点任务按时间节点完成情况和成效。"),
    _line(
        COVERAGE,
        "党组织覆盖率",
        Kind.COMPUTED,
        15,
        "截止日所管协会商会中已覆盖的占比。",
        Measure.COVERAGE,
    ),
    _line(
        COVERAGE,
        "新增覆盖",
        Kind.COMPUTED,
        10,
        "年初未覆盖的协会商会到截止日已覆盖的占比。",
        Measure.GROWTH,
    ),
    _line(
        PEOPLE,
        "党组织按期换届",
        Kind.COMPUTED,
        8,
        "截止日任期未届满的党组织占比。",
        Measure.TERMS,
    ),
    _line(
        PEOPLE,
        "指导员按月走访",
        Kind.COMPUTED,
        7,
        "周期内派驻指导员的各月中有走访记录的占比。",
        Measure.VISITS,
    ),
    _line(
        STANDARDS, "基础信息完整", Kind.COMPUTED, 5, "应填项目填写的占比。", Measure.COMPLETENESS
    ),
    _line(STANDARDS, "党组织标准化规范化建设", Kind.JUDGED, 10, "组织生活、阵地和制度建设情况。"),
    _line(EFFECT, "党建引领作用发挥", Kind.JUDGED, 15, "服务会员、行业自律和服务大局的成效。"),
    _line(
        SUPERVISION,
        "年检年报",
        Kind.COMPUTED,
        6,
        "上一年度年检合格或已报送年报的占比。",
        Measure.INSPECTION,
    ),
    _line(SUPERVISION, "综合监管和风险防范", Kind.JUDGED, 4, "负责人联审、风险排查和整改情况。"),
    _line(EXTRA, "加分项", Kind.BONUS, 5, "受到市级以上表彰、经验被推广等，凭文件加分。"),
    _line(EXTRA, "扣分项", Kind.DEDUCTION, 5, "被通报批评、发生责任事故等，凭文件扣分。"),
)
STARTER = tuple({"position": place, **line} for place, line in enumerate(_LINES, start=1))
