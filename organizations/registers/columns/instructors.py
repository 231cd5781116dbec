"""The columns of the register of Party-building instructors."""

from django.utils.translation import gettext_lazy as _

from organizations.models import Instructor
from organizations.registers.columns.words import ASSOCIATION_LIKE, spoken, words
from registers.columns import (
    ChoiceColumn,
    Column,
    DateColumn,
    NameColumn,
    NamesColumn,
    PhoneColumn,
    TextColumn,
    YesNoColumn,
)

SERVED = tuple(
    f"{serving}{served}"
    for serving in words(
        "联系 | 指导 | 联系指导 | 联系服务 | 指导服务 | 服务 | 负责 | 负责联系 | 负责指导 | 派驻 | "
        "包联 | 包保 | 对接 | 结对 | 挂包 | 帮包 | 联系的 | 指导的 | 联系指导的 | 负责联系的 | "
        "负责指导的 | 所联系 | 所指导 | 所联系指导 | 所服务 | 所包联"
    )
    for served in words(
        "社会组织 | 行业协会商会 | 协会商会 | 协会 | 商会 | 协会（商会） | 商会协会"
    )
)
INSTRUCTOR_COLUMNS: tuple[Column, ...] = (
    NameColumn(
        key="name",
        label=_("Instructor's name"),
        aliases=words(
            "姓名 | 指导员姓名 | 党建工作指导员姓名 | 党建指导员姓名 | 指导员 | 党建指导员 | "
            "党建工作指导员 | 选派指导员姓名 | 选派指导员 | 派驻人员姓名 | 派驻人员 | "
            "派驻指导员姓名 | 派驻指导员 | 选派党建指导员姓名 | 党建联络员姓名 | "
            "党建指导员（联络员）姓名 | 成员姓名 | 联络员姓名 | 联络员 | 人员姓名 | 名字 | "
            "选派人员 | 选派人员姓名 | 党建联络员 | name | instructor | full name"
        ),
        not_under=words("负责人 | 会长 | 法定代表人 | 书记 | 社会组织 | 协会 | 联系对象"),
        required=True,
        max_length=40,
    ),
    ChoiceColumn(
        key="gender",
        label=_("Gender"),
        aliases=("性别", "sex"),
        choices=tuple(Instructor.Gender.choices),
        synonyms=spoken(
            male="男 | 男性 | m",
            female="女 | 女性 | f",
        ),
    ),
    TextColumn(
        key="unit",
        label=_("Work unit"),
        aliases=words(
            "工作单位 | 所在单位 | 单位 | 单位名称 | 派出单位 | 选派单位 | 所属单位 | 现工作单位 | "
            "原工作单位 | 派出部门 | 所在部门 | 工作部门 | 部门 | 派驻单位 | organisation | "
            "organization | 指导员单位 | 指导员工作单位 | 指导员所在单位 | 党建指导员单位 | "
            "党建指导员工作单位 | 党建指导员所在单位 | employer | department | work unit"
        ),
        not_under=words("社会组织 | 协会 | 联系 | 服务 | 指导社会组织 | association"),
        like=rf"^(?!.*(?:{ASSOCIATION_LIKE})).+",
        max_length=80,
        width=24,
    ),
    TextColumn(
        key="post",
        label=_("Post"),
        aliases=words(
            "职务 | 职务职级 | 职级 | 现任职务 | 工作职务 | 职务（职称） | 指导员职务 | "
            "党建指导员职务 | 岗位 | 职称 | 单位职务 | position | title | job title"
        ),
        not_under=("社会组织", "协会"),
        max_length=60,
        width=18,
    ),
    ChoiceColumn(
        key="engagement",
        label=_("Full- or part-time"),
        aliases=words(
            "专职/兼职 | 专兼职 | 专职或兼职 | 专（兼）职 | 专兼职情况 | 专职兼职 | 任职方式 | "
            "工作方式 | 类别 | engagement | full-time or part-time | full time part time"
        ),
        choices=tuple(Instructor.Engagement.choices),
        synonyms=spoken(
            full_time="专职 | 全职 | 专 | 专职指导员",
            part_time="兼职 | 兼 | 兼职指导员",
        ),
        spread_under=words("专职/兼职 | 专兼职 | 类别 | 任职方式"),
    ),
    PhoneColumn(
        key="phone",
        label=_("Phone"),
        aliases=words(
            "手机号码 | 联系电话 | 联系方式 | 电话 | 手机 | 手机号 | 电话号码 | 办公电话 | "
            "联系号码 | 指导员电话 | 指导员联系电话 | 指导员手机 | 指导员手机号 | 指导员联系方式 | "
            "党建指导员电话 | 党建指导员联系电话 | 党建指导员手机 | 党建指导员联系方式 | "
            "phone number | mobile | telephone | tel | contact | contact number"
        ),
        not_under=words("社会组织 | 协会 | 负责人 | 会长 | association"),
        personal=True,
    ),
    YesNoColumn(
        key="in_pool",
        label=_("In the talent pool"),
        aliases=words(
            "是否入人才库 | 是否在人才库 | 人才库 | 是否纳入人才库 | 入人才库 | 是否入库 | "
            "是否进入人才库 | 纳入人才库 | 是否人才库成员 | 是否在库 | 是否入选人才库 | "
            "是否列入人才库 | 人才库成员 | 人才库人员 | 是否人才库人员 | talent pool | in pool | "
            "in talent pool"
        ),
        yes=words("已入库 | 入库 | 在库 | 已纳入"),
        no=words("未入库 | 未纳入 | 不在库"),
    ),
    DateColumn(
        key="assigned_on",
        label=_("Assigned on"),
        aliases=words(
            "选派时间 | 选派日期 | 派驻时间 | 派驻日期 | 任职时间 | 任职日期 | 聘任时间 | "
            "聘任日期 | 聘用时间 | 派出时间 | 委派时间 | 选聘时间 | 选聘日期 | 任命时间 | "
            "任职起始时间 | 选派年月 | 派出日期 | 任期开始时间 | 任期起始时间 | 聘期起始时间 | "
            "下派日期 | 入驻时间 | 到岗时间 | 开始时间 | 指派时间 | 下派时间 | 聘期开始 | "
            "assignment date | date assigned | assigned | since"
        ),
    ),
    NamesColumn(
        key="associations",
        label=_("Associations instructed"),
        aliases=SERVED
        + words(
            "联系指导社会组织 | 联系社会组织 | 指导社会组织 | 所联系社会组织 | 服务社会组织 | "
            "联系指导的社会组织 | 指导的社会组织 | 指导社会组织名称 | 联系社会组织名称 | "
            "联系协会 | 指导协会 | 联系商会 | 指导商会 | 联系指导协会 | 派驻社会组织 | "
            "派驻社会组织名称 | 派驻协会 | 联系指导行业协会商会 | 联系行业协会商会 | "
            "指导行业协会商会 | 服务行业协会商会 | 社会组织名称 | 社会组织 | 行业协会商会 | "
            "协会名称 | 商会名称 | 服务对象 | 联系对象 | 指导对象 | 联系单位 | 指导单位 | "
            "服务单位 | 对接社会组织 | 对接协会 | 包联社会组织 | 包联协会 | 结对社会组织 | "
            "负责社会组织 | 联系指导社会组织名称 | 所指导社会组织 | 所联系协会 | 联系点 | "
            "associations | association | works with | assigned associations | associations served"
        ),
        lesser_aliases=words(
            "派驻单位 | 包联单位 | 结对单位 | 单位名称 | 名称 | 协会 | 商会 | 所在社会组织"
        ),
        like=ASSOCIATION_LIKE,
        blank_words=words("暂无 | 未安排 | 待定"),
        help=_("Several names with ； or one per line."),
        width=40,
    ),
    TextColumn(
        key="remark",
        label=_("Remark"),
        aliases=words("备注 | 备注说明 | 说明 | 其他说明 | remarks | notes | note"),
        width=24,
    ),
    DateColumn(
        key="term_from",
        label=_("Term begins on"),
        aliases=words(
            "任期开始日期 | 任期起 | 任期起始 | 任期起始日期 | 本届任期开始时间 | term from | "
            "term begins | term start"
        ),
        help=_("From inclusive."),
    ),
    DateColumn(
        key="term_until",
        label=_("Term ends on"),
        aliases=words(
            "任期届满日期 | 任期届满时间 | 任期止 | 任期终止 | 任期结束时间 | 任期结束日期 | "
            "任期到期时间 | 聘期届满时间 | 聘期结束时间 | 聘期终止时间 | 聘期止 | term until | "
            "term ends | term end"
        ),
        help=_("The first day after the term."),
    ),
)
