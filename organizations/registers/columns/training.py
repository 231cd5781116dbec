"""The columns of the register of attendance at training sessions."""

from django.utils.translation import gettext_lazy as _

from organizations import vocabularies
from organizations.registers.columns.words import DEPARTMENT_LIKE, words
from registers.columns import Column, DateColumn, LookupColumn, NameColumn, TextColumn

ATTENDANCE_COLUMNS: tuple[Column, ...] = (
    NameColumn(
        key="name",
        label=_("Attendee's name"),
        aliases=words(
            "姓名 | 参训人员姓名 | 参训人员 | 学员姓名 | 学员 | 参训人 | 参加人员 | 参加人员姓名 | "
            "参会人员 | 培训人员 | 培训对象姓名 | 人员姓名 | 名字 | name | attendee | full name"
        ),
        required=True,
        max_length=40,
    ),
    TextColumn(
        key="unit",
        label=_("Attendee's unit"),
        aliases=words(
            "工作单位 | 所在单位 | 单位 | 单位名称 | 单位及党组织 | 所属单位 | 参训单位 | "
            "所在党组织 | 党组织名称 | unit | work unit | department | employer"
        ),
        not_under=words("主办 | 承办 | 组织"),
        max_length=80,
        width=30,
    ),
    TextColumn(
        key="post",
        label=_("Post"),
        aliases=words("职务 | 党内职务 | 职务职级 | 岗位 | 身份 | post | position | job title"),
        max_length=60,
        width=16,
    ),
    NameColumn(
        key="association",
        label=_("Association represented"),
        aliases=words(
            "所属社会组织 | 所在社会组织 | 社会组织名称 | 社会组织 | 行业协会商会 | 协会名称 | "
            "商会名称 | 协会（商会）名称 | 所属协会商会 | association | association name"
        ),
        width=30,
    ),
    NameColumn(
        key="session",
        label=_("Training session"),
        aliases=words(
            "培训班名称 | 培训名称 | 培训班次 | 培训班 | 班次 | 培训主题 | 培训内容 | 培训项目 | "
            "培训活动 | session | training | course | training title"
        ),
        required=True,
        width=34,
    ),
    DateColumn(
        key="held_on",
        label=_("Held on"),
        aliases=words(
            "培训时间 | 培训日期 | 举办时间 | 举办日期 | 开班时间 | 开班日期 | 时间 | 日期 | "
            "参训时间 | date | training date | held"
        ),
        past=True,
        required=True,
    ),
    DateColumn(
        key="until",
        label=_("Last day"),
        aliases=words(
            "培训结束时间 | 培训结束日期 | 培训截止日期 | 结束时间 | 结束日期 | 结业时间 | "
            "结业日期 | last day | end date | training end date"
        ),
        help=_("Only where the session lasts several days."),
        past=True,
    ),
    LookupColumn(
        key="organiser",
        label=_("Organiser"),
        aliases=words(
            "主办单位 | 主办部门 | 举办单位 | 组织单位 | 承办单位 | 培训单位 | 主办方 | "
            "organiser | organizer | organised by"
        ),
        like=DEPARTMENT_LIKE,
        space="departments",
        vocabulary=vocabularies.departments,
        width=24,
    ),
)
