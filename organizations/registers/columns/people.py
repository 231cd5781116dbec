"""The columns that say how many people work in an association and are its members."""

from django.utils.translation import gettext_lazy as _

from organizations.registers.columns.words import OF_OTHERS, words
from registers.columns import Column, CountColumn, YesNoColumn

PEOPLE_COLUMNS: tuple[Column, ...] = (
    CountColumn(
        key="staff_full_time",
        label=_("Full-time staff"),
        aliases=words(
            "专职工作人员数 | 专职 | 专职人数 | 专职人员 | 专职人员数 | 专职工作人员 | "
            "专职工作人员人数 | 专职从业人员 | 专职从业人员数 | 专职员工 | 全职人数 | 全职人员 | "
            "专职数 | 其中专职 | 专职职工 | 专职员工数 | 专职人员数量 | 专职工作者 | "
            "秘书处专职人员 | full time | full time employees"
        ),
        not_under=(*OF_OTHERS, "党员", "党组织"),
    ),
    CountColumn(
        key="staff_part_time",
        label=_("Part-time staff"),
        aliases=words(
            "兼职工作人员数 | 兼职 | 兼职人数 | 兼职人员 | 兼职人员数 | 兼职工作人员 | "
            "兼职工作人员人数 | 兼职从业人员 | 兼职从业人员数 | 兼职员工 | 兼职数 | 其中兼职 | "
            "兼职职工 | 兼职员工数 | part time | part time employees"
        ),
        not_under=(*OF_OTHERS, "党员", "党组织"),
    ),
    CountColumn(
        key="staff_total",
        label=_("Total staff"),
        aliases=words(
            "从业人员总数 | 从业人员 | 从业人员数 | 从业人数 | 从业人员人数 | 工作人员总数 | "
            "工作人员数 | 工作人员 | 工作人员人数 | 职工人数 | 职工总数 | 员工人数 | 员工总数 | "
            "员工数 | 职工数 | 总人数 | 人员总数 | 从业人员情况 | 专兼职工作人员数 | 专兼职人数 | "
            "专兼职工作人员总数 | 在职人数 | 在职人员 | 在职职工 | 职工 | 员工 | 人员数量 | "
            "工作人员数量 | 从业人员数量 | 在岗人数 | 用工人数 | 从业人员合计 | staff | "
            "employees | staff total | total staff | number of staff | number of employees | "
            "headcount"
        ),
        lesser_aliases=words("总数 | 人数 | 人员数"),
        not_under=(*OF_OTHERS, "会员", "党员", "党组织"),
    ),
    CountColumn(
        key="party_members",
        label=_("Full Party members"),
        aliases=words(
            "正式党员数 | 正式党员 | 正式党员人数 | 中共正式党员 | 党员正式 | 从业人员党员数 | "
            "从业人员中党员数 | 从业人员中共党员数 | 中共党员 | 中共党员数 | 中共党员人数 | "
            "职工党员数 | 工作人员中党员数 | 正式党员数量 | 正式中共党员 | 从业人员中正式党员 | "
            "从业人员党员 | 职工中党员数 | full members | full party members"
        ),
        lesser_aliases=words(
            "党员人数 | 党员数 | 党员总数 | 党员数量 | 党员 | 党员总人数 | 党员情况 | 党员规模 | "
            "在册党员 | 现有党员数 | 党组织党员数 | 支部党员数 | 党支部党员数 | 党员人员 | "
            "中国共产党党员 | 正式党员和预备党员 | 现有党员 | 在册党员数 | 从业党员 | "
            "纳入管理党员总数 | 纳入管理党员数 | party members | members of the party | "
            "number of party members | cpc members"
        ),
        not_under=words("负责人 | 会员 | 班子 | 秘书长 | 会长 | 指导员"),
        help=_("Without probationary members. Three or more must organise."),
    ),
    CountColumn(
        key="members_not_transferred",
        label=_("Party members registered elsewhere"),
        aliases=words(
            "未转入组织关系党员数 | 未转入组织关系的党员数 | 未转入组织关系的党员 | "
            "未转入组织关系党员 | 未转入组织关系的 | 未转入组织关系 | 其中未转入组织关系的 | "
            "其中未转入组织关系 | 未转入组织关系人数 | 组织关系未转入党员数 | 组织关系未转入 | "
            "未转入党员数 | 未转组织关系党员数 | 组织关系不在本单位党员数 | members not transferred"
        ),
        not_under=words("负责人 | 会员 | 指导员"),
        help=_("Of the full members, those whose membership is registered elsewhere."),
    ),
    YesNoColumn(
        key="has_party_group",
        label=_("Party group set up"),
        aliases=words(
            "是否建立党小组 | 建立党小组 | 是否成立党小组 | 是否有党小组 | 有无党小组 | 党小组 | "
            "是否已建立党小组 | 建立党小组情况 | 党小组建立情况 | party group | has party group"
        ),
        not_under=words("会员 | 指导员"),
        help=_("For an association without a Party organisation."),
    ),
    CountColumn(
        key="unit_members",
        label=_("Unit members"),
        aliases=words(
            "单位会员数 | 单位会员 | 会员单位数 | 会员单位 | 会员企业数 | 企业会员数 | 企业会员 | "
            "团体会员数 | 团体会员 | 单位会员家数 | 会员单位家数 | 会员企业 | 会员单位数量 | "
            "会员企业数量 | 单位 | 企业 | 团体 | 企业会员家数 | 会员企业家数 | 会员企业总数 | "
            "单位会员总数 | 企业（单位）会员 | 单位（企业）会员 | 单位会员（企业） | 入会企业数 | "
            "入会企业 | 企业会员数量 | 单位会员数量 | member units | corporate members | "
            "member companies | company members"
        ),
        lesser_aliases=words(
            "会员数 | 会员总数 | 会员数量 | 会员 | 会员家数 | 会员人数 | 会员规模 | members | "
            "number of members | membership"
        ),
        under=("会员", "member"),
        not_under=words("党员 | 个人 | party"),
    ),
    CountColumn(
        key="individual_members",
        label=_("Individual members"),
        aliases=words(
            "个人会员数 | 个人会员 | 个人会员人数 | 个人会员数量 | 个人会员总数 | 会员个人 | "
            "个体会员 | 个体会员数 | 自然人会员 | 个人 | personal members | individuals"
        ),
        under=("会员", "member"),
        not_under=("党员", "party"),
    ),
)
