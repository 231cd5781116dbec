"""The columns of the register of associations."""

from django.utils.translation import gettext_lazy as _

from organizations import vocabularies
from organizations.models import Association
from organizations.registers.columns.party import PARTY_COLUMNS
from organizations.registers.columns.people import PEOPLE_COLUMNS
from organizations.registers.columns.reviews import REVIEW_COLUMNS
from organizations.registers.columns.words import (
    ASSOCIATION_LIKE,
    DEPARTMENT_LIKE,
    OF_PARTY,
    spoken,
    words,
)
from registers.columns import (
    ChoiceColumn,
    Column,
    CreditCodeColumn,
    DateColumn,
    LookupColumn,
    NameColumn,
    PhoneColumn,
    TextColumn,
)

ASSOCIATION_COLUMNS: tuple[Column, ...] = (
    NameColumn(
        key="name",
        label=_("Association's name"),
        aliases=words(
            "社会组织名称 | 社会组织 | 社会组织全称 | 协会名称 | 商会名称 | 社团名称 | 机构名称 | "
            "组织名称 | 单位名称 | 行业协会商会名称 | 行业协会商会 | 商会协会名称 | 协会商会名称 | "
            "行业协会名称 | 协会商会 | 商会协会 | 协会 | 商会 | 商协会名称 | 商协会 | 名称 | "
            "全称 | 社会团体名称 | 社会团体 | 行业商会名称 | 所属协会名称 | 法人名称 | 单位全称 | "
            "登记名称 | 机构全称 | 协会全称 | 商会全称 | 社团全称 | 商（协）会名称 | "
            "协（商）会名称 | 行业协会（商会）名称 | 协会（商会）名称 | 商会（协会）名称 | "
            "社会组织单位名称 | 社会组织机构名称 | 所管协会 | 所属协会 | 所管社会组织 | "
            "主管协会名称 | name | association | association name | name of association | "
            "organisation name | organization name | chamber | name of chamber"
        ),
        lesser_aliases=words(
            "单位 | 组织 | 机构 | 社团 | 填报单位 | 被检查单位 | organisation | organization"
        ),
        not_under=words(
            "党组织 | 党支部 | 党建 | 主管 | 登记机关 | 管理机关 | 登记管理 | 管理部门 | 书记 | "
            "指导员 | 负责人 | 法定代表人 | 法人 | 会长 | 秘书长 | 联系人 | 上级 | 挂靠 | party | "
            "instructor"
        ),
        like=ASSOCIATION_LIKE,
        help=_("As on the registration certificate."),
        required=True,
        width=32,
    ),
    CreditCodeColumn(
        key="credit_code",
        label=_("Unified social credit code"),
        aliases=words(
            "统一社会信用代码 | 社会信用代码 | 信用代码 | 统一代码 | 统一信用代码 | "
            "统一社会信用代码证号 | 统一社会信用代码号 | 社会统一信用代码 | 信用代码证号 | "
            "统一社会信用编码 | 机构信用代码 | 法人信用代码 | 单位信用代码 | 统一社会代码 | "
            "社会统一代码 | 登记证号统一社会信用代码 | 统一社会信用代码登记证号 | uscc | "
            "credit code | social credit code | unified code | unified credit code | uscc code"
        ),
        lesser_aliases=words(
            "代码 | 机构代码 | 组织机构代码 | 组织代码 | 单位代码 | 法人代码 | 登记证号 | "
            "登记证书号 | 登记证书编号 | 证书编号 | 证书号 | 证号 | 登记号 | 注册号 | code"
        ),
        not_under=words("党组织 | 党支部 | 会员 | 企业 | 挂靠 | 主管 | party | member"),
        help=_("18 digits and letters; without it an association is marked incomplete."),
        width=22,
    ),
    ChoiceColumn(
        key="registration_type",
        label=_("Registration type"),
        aliases=words(
            "登记类型 | 登记类别 | 登记方式 | 脱钩情况 | 脱钩类型 | 是否脱钩 | 脱钩或直接登记 | "
            "是否直接登记 | 脱钩状态 | 是否脱钩或直接登记 | 脱钩直接登记类别 | 登记管理类型 | "
            "登记体制 | 管理体制 | type of registration | registration category"
        ),
        lesser_aliases=words(
            "组织类别 | 组织类型 | 社会组织类别 | 社会组织类型 | 类别 | 类型 | 协会类别 | "
            "协会类型 | 商会类别 | 商会类型 | 单位类别 | 单位类型 | 性质 | type | category"
        ),
        not_under=OF_PARTY,
        choices=tuple(Association.RegistrationType.choices),
        synonyms=spoken(
            decoupled=(
                "脱钩类 | 脱钩 | 已脱钩 | 脱钩协会 | 脱钩行业协会 | 脱钩类行业协会商会 | "
                "完成脱钩 | 已完成脱钩"
            ),
            direct=(
                "直接登记类 | 直接登记 | 直登 | 直接登记协会 | 直接登记类行业协会商会 | "
                "无业务主管单位"
            ),
            not_decoupled="未脱钩 | 未脱钩类 | 尚未脱钩 | 暂未脱钩 | 双重管理 | 双重管理类",
            chamber=(
                "镇街商会 | 乡镇商会 | 街道商会 | 镇商会 | 乡镇街道商会 | 乡镇（街道）商会 | "
                "镇街类 | 基层商会 | 镇（街）商会"
            ),
        ),
        spread_under=words("登记类型 | 登记类别 | 类别 | 类型"),
    ),
    ChoiceColumn(
        key="kind",
        label=_("Kind of association"),
        aliases=words(
            "社会组织种类 | 机构类型 | 机构类别 | 法人类型 | 社会组织法人类型 | 法人类别 | "
            "组织种类 | kind | kind of organisation | kind of organization"
        ),
        lesser_aliases=words(
            "社会组织类型 | 社会组织类别 | 组织类型 | 组织类别 | 类别 | 类型 | 性质 | 组织性质 | "
            "社会组织性质 | 单位类型 | 单位类别 | 登记类型 | 登记类别 | 组织形式 | type | category"
        ),
        not_under=OF_PARTY,
        choices=tuple(Association.Kind.choices),
        synonyms=spoken(
            association=(
                "行业性社会团体 | 行业性社团 | 行业协会类 | 商会类 | 协会类 | 社会团体类 | "
                "社团类 | 行业性 | 行业类 | 学会 | 研究会 | 促进会 | 专业性 | 联合性 | 行业商会 | "
                "异地商会 | 工商领域 | 社团法人 | 社会团体 | 社团 | 行业协会 | 商会 | 协会 | "
                "社会团体法人 | 行业协会商会 | 联合会"
            ),
            service=(
                "民办非企业单位类 | 民非类 | 社会服务机构类 | 民办非企业单位法人 | "
                "社会服务机构（民办非企业单位） | 民办非企业单位 | 民办非企业 | 民非 | "
                "社会服务机构 | 民办非 | 民非单位"
            ),
            foundation="基金会 | 慈善基金会",
        ),
        spread_under=words("社会组织类型 | 社会组织类别 | 组织类型 | 组织类别 | 类别 | 类型"),
    ),
    ChoiceColumn(
        key="level",
        label=_("Level"),
        aliases=words(
            "级别 | 层级 | 登记级别 | 登记层级 | 管理级别 | 管理层级 | 行政级别 | 所属级别 | "
            "所属层级 | 社会组织级别 | 协会级别 | 商会级别 | 社会组织层级 | 协会层级 | 单位级别 | "
            "单位层级 | 管辖级别 | 活动地域级别 | 市级或县级 | 市县级别 | administrative level"
        ),
        not_under=(*OF_PARTY, "评估", "等级"),
        choices=tuple(Association.Level.choices),
        synonyms=spoken(
            city="市级 | 市 | 市属 | 市本级 | 市直 | 地市级 | 全市性 | 市管",
            county=(
                "区县 | 县市区 | 县（市、区） | 县区属 | 县管 | 区管 | 县级 | 县 | 区级 | 区县级 | "
                "县区级 | 县（区）级 | 县属 | 区属 | 县区"
            ),
            township=(
                "镇街 | 镇街级 | 乡镇 | 乡镇级 | 乡镇（街道） | 街道 | 镇级 | 乡级 | 镇 | "
                "乡镇街道 | 街道级"
            ),
        ),
        spread_under=words("级别 | 层级 | 登记级别"),
    ),
    LookupColumn(
        key="division",
        label=_("County, district or township"),
        aliases=words(
            "所属县区 | 县区 | 县（区） | 区县 | 所在县区 | 所属区县 | 区（县） | 县市区 | "
            "所属区域 | 所属区划 | 行政区划 | 登记区划 | 所属地区 | 所在地区 | 地区 | 区划 | "
            "所在区县 | 乡镇街道 | 乡镇 | 镇街 | 所属乡镇 | 所属镇街 | 街道 | 县别 | 属地 | "
            "所属地 | 所属辖区 | 辖区 | 所属行政区划 | 所在行政区划 | 所属行政区 | 行政区 | "
            "所在县 | 所属县 | 乡镇（街道） | 镇街道 | 乡镇办 | 乡镇办事处 | 乡镇（办事处） | "
            "镇办 | 所在乡镇 | 所属镇 | 所在镇 | 所在镇街 | 所在街道 | 所属街道 | 所属乡镇街道 | "
            "所在乡镇街道 | 所属市县 | 市县区 | 县市 | 登记地 | county | district | "
            "county or district | division | township | region"
        ),
        not_under=words("住所 | 地址 | 指导员 | 会员 | address"),
        like=r"[市县区镇乡]|街道|办事处|本级|(?i:county|district|town|zone|city)",
        parts=(r"[县区]|(?i:county|district)", r"[镇乡]|街道|办事处|(?i:town|street)"),
        space="divisions",
        vocabulary=vocabularies.divisions,
        width=18,
    ),
    LookupColumn(
        key="managing_area",
        label=_("Managing area"),
        aliases=words(
            "管理区域 | 功能区 | 代管区 | 所属功能区 | 实际管理区 | 管理功能区 | 代管功能区 | "
            "开发区"
        ),
        like=r"区",
        space="managing_areas",
        vocabulary=vocabularies.managing_areas,
        help=_("A management zone that looks after the association beside its division."),
    ),
    ChoiceColumn(
        key="status",
        label=_("Registration status"),
        aliases=words(
            "登记状态 | 状态 | 社会组织状态 | 单位状态 | 存续状态 | 运行状态 | 经营状态 | "
            "目前状态 | 机构状态 | 当前状态 | 社会组织运行状态 | 运行情况 | 运行状况 | 存续情况 | "
            "运转情况 | 运转状态 | 是否正常运行 | 是否正常运转 | 是否正常开展活动 | 是否存续 | "
            "status | registration state"
        ),
        not_under=OF_PARTY,
        choices=tuple(Association.Status.choices),
        synonyms=spoken(
            normal=(
                "正常开展活动 | 活动正常 | 正常运转 | 运转正常 | 正常活动 | 正常登记 | 登记有效 | "
                "正常在册 | 良好 | 运行良好 | 正常 | 存续 | 在册 | 正常运行 | 在业 | 已登记 | "
                "正常存续 | 运行正常 | 有效 | 登记"
            ),
            deregistered="注销 | 已注销 | 注销登记",
            withdrawn="撤销 | 已撤销 | 撤销登记 | 被撤销",
            revoked="吊销 | 已吊销 | 被吊销 | 吊销证书",
        ),
    ),
    DateColumn(
        key="ended_on",
        past=True,
        label=_("Date of ending"),
        aliases=words(
            "注销（撤销、吊销）日期 | 注销日期 | 注销时间 | 撤销日期 | 撤销时间 | 吊销日期 | "
            "吊销时间 | 终止日期 | 终止时间 | 注销撤销吊销日期 | 注销撤销日期 | 注销撤销时间 | "
            "ended on"
        ),
        not_under=(*OF_PARTY, "证书", "有效期", "聘", "任期"),
        help=_("When it was deregistered, withdrawn or revoked."),
    ),
    LookupColumn(
        key="registration_authority",
        label=_("Registration authority"),
        aliases=words(
            "登记管理机关 | 登记机关 | 登记机构 | 登记部门 | 登记单位 | 登记管理部门 | "
            "登记管理单位 | 注册机关 | 发证机关 | 注册登记机关 | 登记主管机关 | 审批机关 | "
            "批准登记机关 | 登记注册机关 | 登记审批机关 | 注册登记部门 | 审批部门 | 批准机关 | "
            "registration office | registered by | registering authority"
        ),
        like=DEPARTMENT_LIKE,
        space="departments",
        vocabulary=vocabularies.departments,
        width=22,
    ),
    LookupColumn(
        key="industry_department",
        label=_("Industry department"),
        aliases=words(
            "行业管理部门 | 行业主管部门 | 行业部门 | 行业管理单位 | 行业主管单位 | 行业指导部门 | "
            "行业管理机关 | 行业监管部门 | 行业归口部门 | 行业归口管理部门 | 行业管理部门单位 | "
            "行业管理（指导）部门 | 党建工作行业管理部门 | 监管部门 | 行业指导单位 | "
            "industry authority | industry management department | managed by"
        ),
        lesser_aliases=words(
            "管理部门 | 管理单位 | 部门 | 指导部门 | 归口部门 | 归口管理部门 | 归口管理单位 | "
            "归口单位 | 归口 | 牵头部门 | 联系部门 | 责任部门 | 责任单位 | 指导单位 | department"
        ),
        not_under=OF_PARTY,
        like=DEPARTMENT_LIKE,
        space="departments",
        vocabulary=vocabularies.departments,
        width=22,
    ),
    LookupColumn(
        key="supervising_unit",
        label=_("Supervising unit"),
        aliases=words(
            "业务主管单位 | 业务主管部门 | 业务指导单位 | 业务主管机关 | 主管单位 | 主管部门 | "
            "业务主管 | 主管机关 | 业务指导部门 | 原业务主管单位 | 业务主管（指导）单位 | "
            "主管单位部门 | 主管部门单位 | 业务主管部门单位 | 上级主管单位 | 上级主管部门 | "
            "supervising authority | supervisor | supervisory unit | competent unit"
        ),
        lesser_aliases=("挂靠单位", "挂靠部门"),
        not_under=OF_PARTY,
        like=DEPARTMENT_LIKE,
        blank_words=words(
            "直接登记 | 直接登记类 | 直登 | 已脱钩 | 脱钩 | 无主管单位 | 无业务主管单位 | "
            "无主管部门"
        ),
        space="departments",
        vocabulary=vocabularies.departments,
        help=_("Blank for a directly registered association."),
        width=22,
    ),
    DateColumn(
        key="registered_on",
        past=True,
        label=_("Registered on"),
        aliases=words(
            "成立登记日期 | 成立登记时间 | 成立时间 | 成立日期 | 登记时间 | 登记日期 | 注册时间 | "
            "注册日期 | 创办时间 | 创立时间 | 批准成立日期 | 批准成立时间 | 批准登记时间 | "
            "批准登记日期 | 注册登记时间 | 注册登记日期 | 登记成立时间 | 登记成立日期 | 设立时间 | "
            "设立日期 | 发证日期 | 发证时间 | 建会时间 | 建立时间 | 建立日期 | 成立年月 | "
            "民政登记时间 | 民政登记日期 | 成立（登记）时间 | date of establishment | "
            "成立登记年月 | 登记年月 | 注册年月 | 注册登记年月 | 创建时间 | 创建日期 | 创会时间 | "
            "创立日期 | 登记注册时间 | 登记注册日期 | 领证时间 | 领证日期 | 取证时间 | "
            "初次登记时间 | 首次登记时间 | 商会成立时间 | 组建时间 | 组建日期 | 协会成立时间 | "
            "批准日期 | 批准时间 | date of registration | registration date | founded | "
            "founded on | established | date founded"
        ),
        not_under=(*OF_PARTY, "变更", "注销", "会员", "分支机构", "党"),
    ),
    NameColumn(
        key="legal_representative",
        label=_("Legal representative"),
        aliases=words(
            "法定代表人 | 法人代表 | 法人 | 法人姓名 | 法定代表 | 法定代表人姓名 | 法人代表姓名 | "
            "法定负责人 | 单位法人 | 协会法人 | 商会法人 | 法人代表人 | legal rep | legal person"
        ),
        lesser_aliases=words(
            "负责人 | 会长 | 理事长 | 主要负责人 | 会长姓名 | 负责人姓名 | 单位负责人 | "
            "会长理事长 | 理事长会长 | 协会会长 | 商会会长 | 现任会长 | 会长法定代表人 | "
            "法定代表人会长 | 会长/理事长 | 会长法人 | 主席 | 社会组织负责人 | 协会负责人 | "
            "商会负责人 | 负责人（会长） | 会长（负责人） | 单位主要负责人 | 社会组织主要负责人 | "
            "现任负责人 | 主要负责人姓名 | president | chairman | leader"
        ),
        not_under=(*OF_PARTY, "党委", "副会长", "秘书长"),
        max_length=40,
        help=_("The president may stand here: as a rule he or she is the legal representative."),
    ),
    PhoneColumn(
        key="phone",
        label=_("Phone"),
        aliases=words(
            "联系电话 | 联系方式 | 电话 | 手机 | 手机号码 | 手机号 | 电话号码 | 联系号码 | "
            "单位电话 | 单位联系电话 | 办公电话 | 固定电话 | 联系手机 | 负责人电话 | 会长电话 | "
            "负责人联系电话 | 负责人联系方式 | 法人电话 | 法人联系电话 | 法定代表人电话 | "
            "法定代表人联系电话 | 法定代表人联系方式 | 会长联系电话 | 会长联系方式 | 负责人手机 | "
            "法定代表人手机 | 会长手机 | 会长手机号 | 法人手机 | 法人手机号 | 法人联系方式 | "
            "负责人手机号 | 主要负责人电话 | 主要负责人联系电话 | 主要负责人联系方式 | 手机电话 | "
            "移动电话 | 座机 | 座机号码 | 单位联系方式 | 办公室电话 | 法定代表人手机号 | "
            "会长电话号码 | 理事长电话 | 理事长联系电话 | 联系人手机 | 联系人手机号 | "
            "联系人电话号码 | 联系人电话 | 联系人联系电话 | 联系人联系方式 | telephone | tel | "
            "phone number | mobile | contact | contact number | contact phone"
        ),
        not_under=(*OF_PARTY, "指导员", "联络员", "秘书长", "党委"),
        personal=True,
    ),
    TextColumn(
        key="address",
        label=_("Address"),
        aliases=words(
            "住所 | 住地 | 地址 | 注册地址 | 办公地址 | 登记地址 | 住址 | 联系地址 | 通讯地址 | "
            "单位地址 | 办公住所 | 办公场所 | 办公地点 | 所在地 | 详细地址 | 登记住所 | 注册地 | "
            "驻地 | 住所地址 | 住所地 | 住所（办公地址） | 办公场所地址 | 办公地 | 单位住所 | "
            "现办公地址 | 实际办公地址 | 办公地点地址 | 所在地址 | address of office | domicile | "
            "office address | registered address"
        ),
        not_under=OF_PARTY,
        max_length=200,
        width=30,
    ),
    *PEOPLE_COLUMNS,
    *REVIEW_COLUMNS,
    *PARTY_COLUMNS,
    TextColumn(
        key="certificate_no",
        label=_("Certificate number"),
        aliases=words(
            "登记证书号 | 登记证号 | 登记证书编号 | 证书编号 | 证书号 | 登记证号码 | "
            "法人登记证号 | 法人登记证书号 | 社团登记证号 | 登记证编号 | 证号 | 成立登记证书号 | "
            "成立登记证号 | certificate no | certificate"
        ),
        not_under=OF_PARTY,
        like=r"^(?![0-9A-Za-z]{18}$)",
        max_length=60,
    ),
    TextColumn(
        key="business_scope",
        label=_("Scope of business"),
        aliases=words(
            "业务范围 | 业务范围和活动地域 | 经营范围 | 活动范围 | 服务范围 | 业务内容 | "
            "宗旨和业务范围 | business scope | scope"
        ),
        max_length=2000,
        width=40,
    ),
    TextColumn(
        key="industry",
        label=_("Industry"),
        aliases=words(
            "所属行业 | 行业 | 行业类别 | 行业分类 | 所属领域 | 行业领域 | 行业类型 | 所在行业 | "
            "国民经济行业 | sector | trade"
        ),
        max_length=60,
    ),
    TextColumn(
        key="remark",
        label=_("Remark"),
        aliases=words("备注 | 备注说明 | 说明 | 其他说明 | 备考 | 附注 | remarks | notes | note"),
        width=24,
    ),
)
