"""The columns on an association's Party organisation, its secretary and instructor."""

from django.utils.translation import gettext_lazy as _

from organizations.models import Association, PartyOrganization
from organizations.registers.columns.words import NOT_ORGANISED, VACANT, spoken, words
from registers.columns import (
    ChoiceColumn,
    Column,
    DateColumn,
    NameColumn,
    NamesColumn,
    YesNoColumn,
)

PARTY_COLUMNS: tuple[Column, ...] = (
    YesNoColumn(
        key="has_party_organization",
        label=_("Party organisation established"),
        aliases=words(
            "是否建立党组织 | 建立党组织 | 成立党组织 | 组建党组织 | 是否建党 | 建党情况 | "
            "是否成立党组织 | 有无党组织 | 是否组建党组织 | 是否已建党组织 | 是否有党组织 | "
            "党组织建立情况 | 党组织组建情况 | 党组织成立情况 | 党组织设立情况 | 是否建有党组织 | "
            "是否设立党组织 | 是否已建立党组织 | 是否建立党支部 | 是否成立党支部 | 有无党支部 | "
            "是否有党支部 | 是否建党组织 | 党组织是否建立 | 党组织是否成立 | 党组织有无 | "
            "两个覆盖 | 两个覆盖情况 | 党组织覆盖情况 | 覆盖情况 | 组织覆盖 | 组织覆盖情况 | "
            "是否实现组织覆盖 | 是否组织覆盖 | 覆盖方式 | party organisation | "
            "party organization | has party organisation | has party organization | "
            "party organization established | party organisation coverage"
        ),
        lesser_aliases=words(
            "党组织 | 党建情况 | 是否建立 | 是否成立 | 建立情况 | 组建情况 | 党支部 | 党组织情况 | "
            "党组织建设情况 | party"
        ),
        not_under=words("会员 | 工会 | 团 | 妇"),
        like=(
            r"(?i)^\s*([是否有无√✓✔☑×✗✘xv10]|yes|no|没有|[已未暂尚拟待].{1,7}|正在.{1,4}|(组织|工作|双|全|无|未)覆盖)\s*$"
        ),
        yes=words(
            "组织覆盖 | 已覆盖 | 双覆盖 | 已组织覆盖 | 全覆盖 | 单独组建 | 联合组建 | 单独建立 | "
            "联合建立 | 已建党组织 | 已成立党组织 | 已建立党组织 | 有党组织 | 已设立 | 建立 | "
            "已组织 | 单独 | 联合 | 独立组建 | 独立建立 | 联建 | 单建 | 有党支部 | 有（单独） | "
            "有（联合）"
        ),
        no=words(
            "工作覆盖 | 未覆盖 | 无覆盖 | 未实现覆盖 | 未建党组织 | 未成立党组织 | 未建立党组织 | "
            "无党组织 | 没有党组织 | 应建未建 | 尚未建立 | 未设立 | 未组织 | 筹备 | 筹建中 | "
            "筹备中 | 不具备条件 | 暂不具备条件 | 无党员"
        ),
    ),
    NameColumn(
        key="party_organization",
        label=_("Party organisation's name"),
        aliases=words(
            "党组织名称 | 党组织全称 | 党支部名称 | 支部名称 | 所属党组织 | 所属党组织名称 | "
            "所在党组织 | 所在党组织名称 | 党组织名 | 基层党组织名称 | 隶属党支部 | 党组织 | "
            "所属党支部 | 所在党支部 | 已建党组织名称 | 党委名称 | 党支部全称 | 支部全称 | "
            "党组织规范名称 | 党总支名称 | 联合党支部名称 | 所属支部 | 所在支部 | 党员所属党组织 | "
            "单位党组织名称 | 社会组织党组织 | 协会党组织 | 商会党组织 | 协会党支部 | 商会党支部 | "
            "party organisation | party organization | party group | name of party organisation | "
            "name of party organization | party organization name | party branch"
        ),
        lesser_aliases=words("党支部 | 支部 | 党建情况 | 党组织情况 | 党委"),
        not_under=("上级", "superior"),
        like=r"党|支部|总支|(?i:party|branch|committee)",
        blank_words=NOT_ORGANISED,
        width=32,
    ),
    ChoiceColumn(
        key="party_kind",
        label=_("Kind of Party organisation"),
        aliases=words(
            "党组织类别 | 党组织类型 | 党组织形式 | 党组织种类 | 党组织设置形式 | 党组织设置类型 | "
            "党组织性质 | 党支部类型 | 党支部类别 | 支部类型 | 支部类别 | 党组织规格 | "
            "党组织层级 | type of party organisation | type of party organization | "
            "kind of party organization"
        ),
        lesser_aliases=words("类别 | 类型 | 设置形式 | 组织类别 | 组织类型 | type | kind"),
        choices=tuple(PartyOrganization.Kind.choices),
        synonyms=spoken(
            branch="党支部 | 支部 | 独立党支部 | 单独党支部 | 党支部委员会 | 支部委员会",
            general_branch="党总支 | 总支 | 总支部 | 党总支部 | 党的总支部",
            committee="党委 | 委员会 | 基层党委",
            joint_branch="联合党支部 | 联合支部 | 联合",
            provisional_branch="临时党支部 | 临时支部",
        ),
        blank_words=NOT_ORGANISED,
        spread_under=words(
            "党组织类别 | 党组织类型 | 党组织形式 | 党组织 | 党组织情况 | 党组织设置 | "
            "党组织设置情况 | 党组织建立情况 | 党组织组建情况 | 建立党组织情况 | 已建党组织"
        ),
    ),
    ChoiceColumn(
        key="formation",
        label=_("Formation"),
        aliases=words(
            "组建方式 | 组建形式 | 党组织组建方式 | 党组织组建形式 | 建立方式 | 建立形式 | "
            "成立方式 | 成立形式 | 党组织建立方式 | 党组织建立形式 | 党组织设置方式 | 设置方式 | "
            "党组织成立方式 | 党组织成立形式 | 组建类型 | 组建类别 | 组建模式 | 党组织覆盖方式 | "
            "党组织形式 | 党组织设置形式 | 党组织类型 | 党支部组建方式 | 党支部组建形式 | "
            "支部组建方式 | 党支部形式 | 单独或联合 | 单建或联建 | 单建/联建 | 单独/联合 | "
            "how formed | way of formation"
        ),
        lesser_aliases=words(
            "党组织建立情况 | 党组织组建情况 | 党组织成立情况 | 党组织设置情况 | 建立党组织情况 | "
            "党组织情况 | 覆盖情况 | 党组织覆盖情况 | 方式 | 形式 | 覆盖形式 | 覆盖方式 | "
            "组建情况 | 组织形式"
        ),
        choices=tuple(PartyOrganization.Formation.choices),
        synonyms=spoken(
            standalone=(
                "单独组建 | 单独建立 | 单独 | 独立组建 | 独立建立 | 独立 | 单建 | 单独成立 | "
                "独立成立 | 单独建 | 单独设立 | 单独组建党支部 | 单独组建党组织 | 单独建立党组织 | "
                "单独党支部 | 独立党支部 | 独立支部 | 单独支部 | 单独成立党支部 | 独建 | 单独组建类"
            ),
            joint=(
                "联合组建 | 联合建立 | 联合 | 联建 | 联合成立 | 联合建 | 联合设立 | "
                "联合组建党支部 | 联合党支部 | 联合支部 | 联合组建党组织 | 联合建立党组织 | "
                "联合成立党支部 | 联合党组织 | 联合组建类 | 与其他单位联合组建"
            ),
            joint_industry=(
                "行业联建 | 按行业联合 | 行业联合 | 按行业联建 | 依托行业联合组建 | "
                "按行业联合组建 | 行业联合组建"
            ),
            joint_unit=(
                "在业务主管部门联合建 | 在业务主管单位联合建 | 按单位联合 | 按单位联建 | "
                "依托单位联合组建 | 按单位联合组建 | 与主管单位联合组建"
            ),
            joint_area=(
                "区域联建 | 按区域联合 | 按区域联建 | 区域联合 | 按地域联合 | 按区域联合组建 | "
                "区域联合组建 | 按地域联合组建"
            ),
            among_members="在会员中建 | 在会员中组建 | 在会员单位中建",
            in_council="在理事会中建 | 在理事会中组建 | 理事会中建",
            other="其他 | 其它 | 其他方式",
        ),
        blank_words=(*NOT_ORGANISED, "工作覆盖", "未覆盖", "应建未建"),
        spread_under=words(
            "组建形式 | 组建方式 | 建立方式 | 建立形式 | 成立方式 | 成立形式 | 党组织建立情况 | "
            "党组织组建情况 | 党组织成立情况 | 建立党组织情况 | 已建党组织 | 已建立党组织 | "
            "覆盖方式"
        ),
    ),
    DateColumn(
        key="established_on",
        label=_("Party organisation established on"),
        aliases=words(
            "党组织成立时间 | 党组织成立日期 | 建立党组织时间 | 成立党组织时间 | 组建党组织时间 | "
            "建立党支部时间 | 成立党支部时间 | 组建党支部时间 | 党组织批准成立时间 | "
            "党支部批准成立时间 | 建党时间 | 党组织批准时间 | 党组织批复日期 | 党支部批复时间 | "
            "支部批复时间 | 支部建立时间 | 支部组建时间 | 党支部组建时间 | 党组织设立时间 | "
            "党组织建立时间 | 党组织建立日期 | 党组织组建时间 | 党支部成立时间 | 党支部成立日期 | "
            "支部成立时间 | 支部成立日期 | 党支部建立时间 | 成立时间 | 成立日期 | 建立时间 | "
            "建立日期 | 组建时间 | 组建日期 | 批准成立时间 | 批复时间 | 批复日期 | 批复成立时间 | "
            "设立时间 | 党组织批复时间 | 批准时间 | 成立年月 | established | established on | "
            "date established"
        ),
        under=words("党组织 | 党支部 | 支部 | 党建 | 党委 | 组建方式 | 组建形式 | party | branch"),
        not_under=words("书记 | 上级 | 工会 | 指导员 | 联络员"),
        blank_words=NOT_ORGANISED,
    ),
    DateColumn(
        key="last_election_on",
        past=True,
        label=_("Party organisation's last election"),
        aliases=words(
            "上次换届时间 | 上次换届日期 | 换届时间 | 换届日期 | 最近换届时间 | 最近一次换届时间 | "
            "最近一次换届日期 | 党组织换届时间 | 党组织换届日期 | 支部换届时间 | 党支部换届时间 | "
            "最近一次换届 | 上次换届选举时间 | 最近一次换届选举时间 | 党组织最近换届时间 | "
            "党支部换届选举时间 | 最后一次换届时间 | 最近换届日期 | 上届换届时间 | 本届换届时间 | "
            "换届选举时间 | 党组织上次换届时间 | last election | date of last election"
        ),
        under=words(
            "党组织 | 支部 | 党建 | 党委 | 上次换届 | 最近换届 | 最近一次 | party | branch | "
            "last election"
        ),
        not_under=words("理事会 | 会员大会 | 下次 | 任期"),
    ),
    NameColumn(
        key="parent_party_organization",
        label=_("Superior Party organisation"),
        aliases=words(
            "上级党组织名称 | 上级党组织 | 上级党（工）委 | 上级党（工）委名称 | 上级党工委 | "
            "隶属上级党委 | 隶属党（工）委 | 上一级党组织 | 直属上级党组织 | 批准成立的党组织 | "
            "上级党组织（党委） | 隶属党组织名称 | 主管党组织名称 | 所属党委 | 所属上级党组织 | "
            "归口党组织 | 归口党委 | 上级党委 | 上级党委名称 | 隶属党组织 | 隶属党委 | 隶属关系 | "
            "党组织隶属 | 党组织隶属关系 | 主管党组织 | 主管党委 | 上级党组织全称 | "
            "隶属上级党组织 | 管理党组织 | 上级主管党组织 | 党组织隶属情况 | "
            "superior party organization | parent party organisation | parent party organization | "
            "superior"
        ),
        blank_words=NOT_ORGANISED,
        width=28,
    ),
    NameColumn(
        key="secretary",
        label=_("Party secretary"),
        aliases=words(
            "党组织书记 | 书记 | 书记姓名 | 党支部书记 | 支部书记 | 党组织书记姓名 | "
            "党支部书记姓名 | 支部书记姓名 | 党组织负责人 | 党组织负责人姓名 | 支部负责人 | "
            "党建负责人 | 党支部负责人 | 党组织书记名字 | 书记（负责人） | 党组织书记（负责人） | "
            "党组织书记或负责人 | 党总支书记 | 党（总）支部书记 | 现任书记 | party secretary | "
            "secretary's name | secretary | party branch secretary | secretary of party branch | "
            "branch secretary | secretary name"
        ),
        lesser_aliases=("党委书记",),
        not_under=("副书记", "上级"),
        max_length=40,
        blank_words=(*VACANT, *NOT_ORGANISED),
    ),
    ChoiceColumn(
        key="secretary_source",
        label=_("Secretary's source"),
        aliases=words(
            "书记来源 | 党组织书记来源 | 书记任职方式 | 书记产生方式 | 书记兼任情况 | "
            "书记任职情况 | 党支部书记来源 | 支部书记来源 | 书记身份 | 书记选任方式 | "
            "书记配备方式 | 书记由谁担任 | 书记类型 | 书记担任方式 | 书记由何人担任 | "
            "书记产生来源 | 书记人选来源 | source of secretary"
        ),
        lesser_aliases=words("来源 | 任职方式 | 兼任情况 | source"),
        not_under=words("副书记 | 经费 | 资金"),
        choices=tuple(PartyOrganization.SecretarySource.choices),
        synonyms=spoken(
            leader=(
                "会长 | 理事长 | 负责人 | 法定代表人 | 主要负责人 | 会长担任书记 | 会长兼 | "
                "会长兼书记 | 会长兼任书记 | 社会组织主要负责人兼任 | 由会长兼任 | 由负责人兼任 | "
                "法人兼任 | 法人代表兼任 | 社会组织负责人兼任 | 负责人兼任 | 会长兼任 | "
                "主要负责人兼任 | 理事长兼任 | 协会负责人兼任 | 商会会长兼任 | 协会会长兼任 | "
                "法定代表人兼任 | 兼任 | 会长（理事长）兼任 | 负责人担任 | 会长担任"
            ),
            sent=(
                "上级派驻 | 上级任命 | 组织选派 | 组织委派 | 外派 | 派驻 | 机关选派 | "
                "主管部门选派 | 业务主管单位选派 | 上级派 | 上级党组织任命 | 行业主管部门选派 | "
                "上级党组织派 | 上级党组织选派 | 上级选派 | 选派 | 上级党组织委派 | 上级委派 | "
                "下派 | 委派 | 上级党委选派 | 上级下派"
            ),
            other=(
                "秘书长 | 副会长 | 党员会员 | 内部党员担任 | 党员骨干担任 | 其他负责人兼任 | "
                "班子成员 | 会员担任 | 监事长兼任 | 其他人员担任 | 其他 | 其它 | 其他人员 | "
                "其他人员兼任 | 秘书长兼任 | 副会长兼任 | 班子成员兼任 | 党员会员担任"
            ),
        ),
        spread_under=words("书记 | 党组织书记 | 党支部书记 | 书记情况 | 书记来源 | 书记任职情况"),
    ),
    ChoiceColumn(
        key="no_party_reason",
        label=_("Reason for having no Party organisation"),
        aliases=words(
            "未建立党组织原因 | 未成立原因 | 未建原因 | 未建立原因 | 未成立党组织原因 | "
            "未组建原因 | 未组建党组织原因 | 未建党组织原因 | 未建立党组织的原因 | "
            "没有建立党组织原因 | 没有成立党组织原因 | 未建立党支部原因 | 未成立党支部原因 | "
            "无党组织原因 | 不建立原因 | 未组建党支部原因 | 未建党支部原因 | 未成立（建立）原因 | "
            "没有党组织原因 | 没有组建党组织原因 | 未覆盖原因 | 未组建的原因 | 未建立的原因 | "
            "未成立的原因 | 未建党原因 | 未组织覆盖原因 | 未建组织原因 | "
            "reason for no party organization | reason without party organization"
        ),
        lesser_aliases=("原因", "reason"),
        choices=tuple(Association.NoPartyReason.choices),
        synonyms=spoken(
            no_members="没有党员 | 无党员 | 没党员 | 无正式党员 | 没有正式党员 | 暂无党员",
            too_few=(
                "有党员但不足三人 | 有党员但不足3人 | 党员不足3人 | 党员不足三人 | 不足三人 | "
                "不足3人 | 正式党员不足3人 | 正式党员不足三人 | 党员少 | 党员人数不足 | "
                "党员人数不足3人 | 党员数不足3人 | 党员少于3人 | 仅有个别党员 | 党员不足"
            ),
            due="应建未建 | 应建尚未建立 | 正在筹建 | 筹建中",
            leader_unwilling=(
                "负责人不支持 | 会长不支持 | 社会组织负责人不支持 | 主要负责人不支持"
            ),
            no_guidance="上级党组织未及时指导 | 上级未及时指导 | 未及时指导 | 上级指导不及时",
            other="其他 | 其它 | 其他原因",
        ),
        blank_words=words("已建 | 已建立 | 已成立"),
        spread_under=words(
            "未成立原因 | 未建立原因 | 未建原因 | 未成立党组织原因 | 未建立党组织原因"
        ),
    ),
    NamesColumn(
        key="instructor",
        label=_("Instructor"),
        aliases=words(
            "党建工作指导员 | 指导员 | 党建指导员 | 指导员姓名 | 党建指导员姓名 | 联络员 | "
            "党建联络员 | 党建工作联络员 | 党建工作指导员姓名 | 选派指导员 | 选派党建工作指导员 | "
            "选派党建指导员 | 派驻指导员 | 党建工作指导员或联络员 | 选派党建工作指导员或联络员 | "
            "指导员（联络员） | 党建指导员（联络员） | 党建工作指导员（联络员） | "
            "选派党建指导员情况 | 派驻党建指导员 | 选派指导员姓名 | 派驻指导员姓名 | "
            "选派党建工作指导员姓名 | 联络员姓名 | 党建联络员姓名 | 党建工作联络员姓名 | "
            "指导员名单 | 下派指导员 | 党建辅导员 | 党建指导员或联络员 | 联系指导员 | "
            "选派党建指导员姓名 | instructors | party building instructor | "
            "party-building instructor"
        ),
        lesser_aliases=words("党建工作指导 | 指派人员 | 联系人员"),
        not_under=("会员",),
        max_length=40,
        blank_words=(*VACANT, *NOT_ORGANISED),
    ),
)
