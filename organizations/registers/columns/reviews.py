"""The columns of an association's assessment grade and its yearly inspections."""

from django.utils.translation import gettext_lazy as _

from organizations.models import Inspection, Rating
from organizations.registers.columns.words import OF_PARTY, spoken, words
from registers.columns import ChoiceColumn, Column, YearlyChoiceColumn

REVIEW_COLUMNS: tuple[Column, ...] = (
    ChoiceColumn(
        key="rating",
        label=_("Rating"),
        aliases=words(
            "评估等级 | 等级 | 评估级别 | 等级评估结果 | 等级评估 | 社会组织评估等级 | 评估结果 | "
            "评估情况 | 社会组织等级 | 等级评估情况 | 评级 | 社会组织评估结果 | 星级 | A级 | "
            "评定等级 | 评估等次 | 评定结果 | 评级结果 | 评级情况 | 评估 | 评估等级结果 | "
            "等级情况 | 社会组织等级评估 | 现有等级 | 获评等级 | rating grade | grade | "
            "assessment grade"
        ),
        not_under=(*OF_PARTY, "年检", "年报", "信用"),
        choices=tuple(Rating.Grade.choices),
        synonyms={
            writing: code
            for number, (code, count, stars) in enumerate(
                [
                    ("1A", "一", "一星"),
                    ("2A", "二", "二星"),
                    ("3A", "三", "三星"),
                    ("4A", "四", "四星"),
                    ("5A", "五", "五星"),
                ],
                start=1,
            )
            for writing in (
                "A" * number,
                "A" * number + "级",
                f"{number}A级",
                f"{count}A",
                f"{count}A级",
                f"{number}A等级",
                stars,
                f"{stars}级",
                f"{number}星",
                f"{number}星级",
                f"A{number}",
                f"{number}A级社会组织",
            )
        },
        blank_words=words(
            "未评 | 未评估 | 未参评 | 未参加评估 | 无等级 | 未定级 | 未评级 | 未参加 | 未申报 | "
            "未评定 | 不参评 | 否"
        ),
        spread_under=words("评估等级 | 等级 | 评估情况 | 等级评估结果"),
    ),
    YearlyChoiceColumn(
        key="inspection",
        label=_("Annual inspection or report"),
        aliases=words(
            "年检（年报）结果 | 年检结果 | 年检结论 | 年检情况 | 年检 | 年检年报结果 | "
            "年检年报情况 | 年度检查结果 | 年度检查 | 年度检查结论 | 年度检查情况 | 年报情况 | "
            "年报结果 | 年报 | 年度报告 | 年度报告情况 | 年度年检结果 | 年度年检结论 | "
            "年度年检情况 | 年度年检 | 年检等次 | 年检年报 | 参加年检情况 | 是否参加年检 | "
            "年度检查等次 | 年度检查（年度报告） | 年检（年报） | 年检（年报）情况 | "
            "年报年检情况 | 年审结果 | 年审情况 | 年审 | 年检状态 | 年报状态 | 年度报告结果 | "
            "年检结果（年报） | 检查结论 | 检查结果 | annual inspection | inspection | "
            "inspection result | annual report | annual inspection result"
        ),
        not_under=(*OF_PARTY, "税"),
        choices=tuple(Inspection.Result.choices),
        synonyms=spoken(
            passed="合格 | 年检合格 | 通过 | 已年检合格",
            barely="基本合格 | 年检基本合格",
            failed="不合格 | 年检不合格 | 未通过",
            absent="未参检 | 未年检 | 为参检 | 未参加 | 未参加年检 | 未检 | 未参加检查 | 未参与",
            reported="已报 | 已年报 | 已报送 | 按时报送 | 已上报 | 已提交 | 已公示",
            not_reported="未报 | 未年报 | 未报送 | 未上报 | 逾期未报 | 未提交",
        ),
        spread_under=words("年检 | 年检结果 | 年检情况 | 年检结论 | 年度检查 | 年报 | 年报情况"),
        help=_("The result of the year that the heading or the title names."),
    ),
)
