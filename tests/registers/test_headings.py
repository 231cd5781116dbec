import openpyxl
import pytest
from django.conf import settings
from django.utils import translation

from organizations.registers.columns import ASSOCIATION_COLUMNS, INSTRUCTOR_COLUMNS
from registers.detection import sampled
from registers.headings import Match, known_headings, match_headings
from registers.workbooks.layout import Heading, find_layout
from registers.workbooks.reading import Sheet, open_workbook
from tests.registers.sheets import roster_sheets, sheet_of, without_merges

CODES = ["51371700MJ0400003G", "51371700MJ0400361H", "51371700MJ0400724D"]
NAMES = ["菏泽市大数据商会", "菏泽市农机协会", "菏泽市通信协会"]


def matched(sheet: Sheet, columns=ASSOCIATION_COLUMNS) -> list[Match]:
    layout = find_layout(sheet, known_headings(columns))
    assert layout is not None
    return match_headings(layout.headings, columns, sampled(sheet, layout), layout.preamble)


def mapping(sheet: Sheet, columns=ASSOCIATION_COLUMNS) -> dict[str, str | None]:
    return {str(match.heading): match.column for match in matched(sheet, columns)}


def of_headings(*texts: str, columns=ASSOCIATION_COLUMNS, **cells) -> dict[str, str | None]:
    """The meaning of headings given as "parent / leaf"; `cells` by position, as c0, c1, …"""
    headings = [Heading(n, tuple(text.split(" / "))) for n, text in enumerate(texts)]
    found = {int(key[1:]): values for key, values in cells.items()}
    return {str(m.heading): m.column for m in match_headings(headings, columns, found, ())}


def keys(table: str) -> dict[str, str | None]:
    """Lines of "heading path = key", where "-" stands for no column."""
    pairs = (line.rsplit(" = ", 1) for line in table.strip().splitlines())
    return {path.strip(): None if key == "-" else key for path, key in pairs}


CITY = keys("""
    序号 = -
    社会组织名称 = name
    统一社会信用代码 = credit_code
    登记类型 = registration_type
    登记管理机关 = registration_authority
    行业管理部门 = industry_department
    业务主管单位 = supervising_unit
    成立登记日期 = registered_on
    法定代表人 = legal_representative
    联系电话 = phone
    住所 = address
    专职人数 = staff_full_time
    兼职人数 = staff_part_time
    党员人数 = party_members
    单位会员数 = unit_members
    评估等级 = rating
    2024年度年检结论 = inspection
    是否建立党组织 = has_party_organization
    备注 = remark
""")
LEDGER = keys("""
    序号 = -
    社会组织基本情况 / 社会组织名称 = name
    社会组织基本情况 / 统一社会信用代码 = credit_code
    社会组织基本情况 / 登记机构 = registration_authority
    社会组织基本情况 / 业务主管单位 = supervising_unit
    社会组织基本情况 / 住地 = address
    社会组织基本情况 / 2024年度年检结果 / 合格 = inspection
    社会组织基本情况 / 2024年度年检结果 / 基本合格 = inspection
    社会组织基本情况 / 2024年度年检结果 / 不合格 = inspection
    社会组织基本情况 / 2024年度年检结果 / 为参检 = inspection
    社会组织基本情况 / 从业人员情况 / 总数 = staff_total
    社会组织基本情况 / 从业人员情况 / 专职 = staff_full_time
    社会组织基本情况 / 从业人员情况 / 兼职 = staff_part_time
    社会组织基本情况 / 从业人员情况 / 中共党员 = party_members
    社会组织基本情况 / 负责人情况 / 是否党员 = -
    社会组织基本情况 / 负责人情况 / 是否兼任党组织书记 = -
    社会组织基本情况 / 负责人情况 / 是否担任“两代表一委员” = -
    党组织设置情况 / 是否成立党组织 = has_party_organization
    党组织设置情况 / 未成立原因 / 没有党员 = no_party_reason
    党组织设置情况 / 未成立原因 / 负责人不支持 = no_party_reason
    党组织设置情况 / 未成立原因 / 上级党组织未及时指导 = no_party_reason
    党组织设置情况 / 未成立原因 / 其他 = no_party_reason
    党组织设置情况 / 成立时间 = established_on
    党组织设置情况 / 上次换届时间 = last_election_on
    党组织设置情况 / 党组织名称 = party_organization
    党组织设置情况 / 联系电话 = -
    党组织设置情况 / 组建形式 / 在会员中建 = formation
    党组织设置情况 / 组建形式 / 在理事会中建 = formation
    党组织设置情况 / 组建形式 / 在业务主管部门联合建 = formation
    党组织设置情况 / 组建形式 / 其他 = formation
    党组织设置情况 / 选派党建工作指导员或联络员（人） = -
    党组织设置情况 / 党组织类别 / 党支部 = party_kind
    党组织设置情况 / 党组织类别 / 党总支 = party_kind
    党组织设置情况 / 党组织类别 / 党委 = party_kind
    党组织设置情况 / 党组织类别 / 联合党支部 = party_kind
    党组织设置情况 / 上级党组织名称 = parent_party_organization
    党务工作者队伍建设 / 书记 / 姓名 = secretary
    党务工作者队伍建设 / 书记 / 社会组织负责人兼任 = secretary_source
    党务工作者队伍建设 / 书记 / 其他人员担任 = secretary_source
    党务工作者队伍建设 / 书记 / 上级党组织选派 = secretary_source
    党务工作者队伍建设 / 书记 / 其他 = secretary_source
    党务工作者队伍建设 / 党务副书记 / 人数 = -
    党务工作者队伍建设 / 党务副书记 / 专职 = -
    党务工作者队伍建设 / 党务副书记 / 兼职 = -
    党员队伍建设情况 / 纳入管理党员总数 = -
    党员队伍建设情况 / 其中 / 组织关系在社会组织党组织的 = -
    党员队伍建设情况 / 其中 / 35岁以下 = -
    党员队伍建设情况 / 其中 / 大学及以上学历 = -
    党员队伍建设情况 / 近3年新发展党员数 = -
    党建工作经费情况 / 平均每年经费总额（元） = -
    党建工作经费情况 / 经费来源 / 市区财政 = -
    党建工作经费情况 / 经费来源 / 市区管党费 = -
    党建工作经费情况 / 经费来源 / 社会组织管理经费 = -
    党建工作经费情况 / 经费来源 / 其他 = -
    备注 = remark
""")
COUNTY = keys("""
    序号 = -
    县区 = division
    商会（协会）名称 = name
    基本情况 / 统一代码 = credit_code
    基本情况 / 成立时间 = registered_on
    基本情况 / 会长 = legal_representative
    基本情况 / 联系方式 = phone
    基本情况 / 会员数 = unit_members
    党建情况 / 党员数 = party_members
    党建情况 / 是否建立党组织 = has_party_organization
    党建情况 / 党组织名称 = party_organization
    党建情况 / 组建方式 = formation
    党建情况 / 成立时间 = established_on
    党建情况 / 书记 = secretary
    指导员 = instructor
    备注 = remark
""")
COVERAGE = keys("""
    序号 = -
    组织名称 = name
    创办时间 = registered_on
    状态 = status
    组织类型 = kind
    组织类别 = registration_type
    总人数 = staff_total
    党员人数 = party_members
    负责人 = legal_representative
    覆盖情况 = has_party_organization
    党组织名称 = party_organization
    组建方式 = formation
    党建指导员 = instructor
""")
INSTRUCTORS = keys("""
    序号 = -
    姓名 = name
    性别 = gender
    工作单位 = unit
    职务 = post
    专职/兼职 = engagement
    手机号码 = phone
    是否入人才库 = in_pool
    选派时间 = assigned_on
    联系指导社会组织 = associations
    备注 = remark
""")


@pytest.mark.parametrize(
    ("filename", "columns", "expected"),
    [
        ("市级行业协会商会基本情况统计表.xlsx", ASSOCIATION_COLUMNS, CITY),
        ("社会组织党建工作台账.xlsx", ASSOCIATION_COLUMNS, LEDGER),
        ("县区行业协会商会党建情况摸底表.xlsx", ASSOCIATION_COLUMNS, COUNTY),
        ("两个覆盖情况统计表.csv", ASSOCIATION_COLUMNS, COVERAGE),
        ("党建工作指导员花名册.xls", INSTRUCTOR_COLUMNS, INSTRUCTORS),
    ],
)
def test_roster_is_mapped_as_a_careful_person_would(filename, columns, expected):
    for sheet in roster_sheets(filename):
        assert mapping(sheet, columns) == expected
        assert mapping(without_merges(sheet), columns) == expected


def test_ticked_columns_carry_their_choices():
    [sheet] = roster_sheets("社会组织党建工作台账.xlsx")
    choices: dict[str, list[str]] = {}
    for match in matched(sheet):
        if match.choice:
            choices.setdefault(match.column, []).append(match.choice)
    assert choices == {
        "inspection": ["passed", "barely", "failed", "absent"],
        "no_party_reason": ["no_members", "leader_unwilling", "no_guidance", "other"],
        "formation": ["among_members", "in_council", "joint_unit", "other"],
        "party_kind": ["branch", "general_branch", "committee", "joint_branch"],
        "secretary_source": ["leader", "other", "sent", "other"],
    }


def test_year_of_an_inspection_stands_in_its_heading():
    headings = [Heading(0, ("2023年度年检结果",)), Heading(1, ("年检情况（2024年）",))]
    found = match_headings(headings, ASSOCIATION_COLUMNS, {}, ("2025年度台账",))
    assert [(match.column, match.year) for match in found] == [
        ("inspection", 2023),
        ("inspection", 2024),
    ]


@pytest.mark.parametrize(
    ("preamble", "year"),
    [
        (("2024年度社会组织党建工作台账", "填报时间：2025年8月29日"), 2024),
        (("菏泽市2024年社会组织年检情况表",), 2024),
        (("行业协会商会统计表", "填报时间：2025年8月29日"), None),
        (("截至2025年行业协会商会统计表",), None),
        (("2025年8月行业协会商会统计表",), None),
        ((), None),
    ],
)
def test_year_of_an_inspection_is_else_the_titles(preamble, year):
    [match] = match_headings([Heading(0, ("年检结果",))], ASSOCIATION_COLUMNS, {}, preamble)
    assert (match.column, match.year) == ("inspection", year)


FLAT = keys("""
    编号 = -
    机构名称 = name
    登记证书编号 = certificate_no
    社会信用代码 = credit_code
    主管部门 = supervising_unit
    登记部门 = registration_authority
    注册时间 = registered_on
    注册地址 = address
    理事长 = legal_representative
    手机号 = phone
    会员单位数 = unit_members
    正式党员数 = party_members
    有无党组织 = has_party_organization
    党支部名称 = party_organization
    成立时间 = established_on
    支部书记 = secretary
    上级党委 = parent_party_organization
    党建联络员 = instructor
    等级评估结果 = rating
    年检情况 = inspection
""")


def test_county_headings_in_another_order():
    assert mapping(sheet_of([list(FLAT)])) == FLAT


TYPOS = keys("""
    社会组识名称 = name
    统一社会信用代玛 = credit_code
    业务主管单未 = supervising_unit
    成立登记曰期 = registered_on
    法定代表入 = -
    法定代表仁 = legal_representative
    联系电活 = -
    联系店话 = phone
    党支部书纪 = secretary
    评估登级 = rating
    是否建立党组识 = has_party_organization
    备住 = remark
""")


# Other words for the same, one line each: the heading, what stands below it, the column.
FIRM = {
    "name": NAMES,
    "code": CODES,
    "date": ["2015.3", "2016年5月", "20200101"],
    "person": ["王明", "李华", "张伟"],
    "phone": ["13812345678", "13912345678", "0530-5312345"],
    "department": ["市商务局", "市教育局", "市民政局"],
    "place": ["曹县", "单县", "牡丹区"],
    "count": [3, 5, 12],
    "yes": ["是", "否", "是"],
    "party": ["中共菏泽市木业协会支部委员会", "中共酒业商会支部", "中共物流协会支部"],
    "form": ["单独组建", "联合组建", "单独组建"],
    "kind": ["党支部", "党支部", "联合党支部"],
    "type": ["脱钩类", "直接登记类", "脱钩类"],
    "status": ["正常", "正常", "注销"],
    "result": ["合格", "合格", "未参检"],
    "number": ["菏社证字第001号", "菏社证字第002号", "A003"],
}
SYNONYMS = """
    组织全称 name name
    机构名称（全称） name name
    组织机构代码(18位) code credit_code
    登记证书编号 code credit_code
    登记证书编号 number certificate_no
    成立（登记）时间 date registered_on
    登记注册年月 date registered_on
    法定代表人/负责人 person legal_representative
    会长手机 phone phone
    负责人手机号码 phone phone
    会员企业（家） count unit_members
    其中：正式党员 count party_members
    党支部全称 party party_organization
    党支部 party party_organization
    党支部 yes has_party_organization
    Party organisation party party_organization
    Party organisation yes has_party_organization
    所属党委 party parent_party_organization
    党组织批准成立年月 date established_on
    建立党组织时间 date established_on
    最近一次换届时间（年月） date last_election_on
    选派指导员姓名 person instructor
    业务主管（指导）机关 department supervising_unit
    归口管理单位 department industry_department
    所属行政区划 place division
    属地 place division
    运行状况 status status
    党组织建立情况 form formation
    党组织形式 form formation
    党组织形式 kind party_kind
    是否脱钩 type registration_type
    是否脱钩 yes registration_type
    是否正常运行 yes status
    工会成立时间 date -
    书记电话 phone -
    指导员单位 department -
    是否参加年检 yes -
    是否参加年检 result inspection
    脱钩时间 date -
    下次换届时间 date -
    预备党员 count -
"""


@pytest.mark.parametrize("line", SYNONYMS.strip().splitlines())
def test_other_words_for_the_same_are_told_with_their_cells(line):
    heading, cells, key = line.strip().rsplit(" ", 2)
    beside = ("序号", "信用代码") if cells in ("name", "code") else ("序号", "社会组织名称")
    found = of_headings(*beside[: 1 + (cells != "code")], heading, c2=FIRM[cells], c1=FIRM[cells])
    assert found[heading] == (None if key == "-" else key)


def test_headings_that_sound_like_known_ones_are_misspelt():
    assert mapping(sheet_of([list(TYPOS)])) == TYPOS


ENGLISH = keys("""
    No. = -
    Name of association = name
    Unified Social Credit Code = credit_code
    Registration date = registered_on
    President = legal_representative
    Phone number = phone
    Registered address = address
    Party members = party_members
    Has Party organization = has_party_organization
    Party organization name = party_organization
    Party secretary = secretary
    Remarks = remark
""")


def test_english_headings():
    assert mapping(sheet_of([list(ENGLISH)])) == ENGLISH


def test_workbook_with_its_header_at_row_nine_repeated_and_numbered(tmp_path):
    book = openpyxl.Workbook()
    page = book.active
    page["A1"] = "附件2"
    page["A4"] = "2023年度县（区）行业协会商会情况统计表"
    page["A6"] = "填报单位（盖章）：巨野县委社会工作部"
    page["F6"] = "填报日期：2024年3月"
    for cell in ("A9", "B9", "C9"):
        page.merge_cells(f"{cell}:{cell[0]}10")
    page.merge_cells("D9:E9")
    for position, text in {
        "A9": "序号",
        "B9": "商会名称",
        "C9": "年检结论",
        "D9": "党支部",
        "D10": "名称",
        "E10": "书记姓名",
    }.items():
        page[position] = text
    page.append([1, 2, 3, 4, 5])
    page.append([1, "巨野县大蒜商会", "合格", "中共巨野县大蒜商会支部", "王明"])
    page.append(["序号", "商会名称", "年检结论", "党支部"])
    page.append([2, "巨野县门窗商会", "未参检", "", ""])
    book.save(tmp_path / "roster.xlsx")
    with open_workbook(tmp_path / "roster.xlsx") as workbook:
        [matches] = [matched(sheet) for sheet in workbook.sheets]
    assert {str(m.heading): (m.column, m.year) for m in matches} == {
        "序号": (None, None),
        "商会名称": ("name", None),
        "年检结论": ("inspection", 2023),
        "党支部 / 名称": ("party_organization", None),
        "党支部 / 书记姓名": ("secretary", None),
    }


def test_column_headed_unit_holds_the_names_of_associations():
    rows = [["单位", "信用代码"], *([name, code] for name, code in zip(NAMES, CODES, strict=True))]
    assert mapping(sheet_of(rows)) == {"单位": "name", "信用代码": "credit_code"}


def test_column_headed_unit_with_departments_is_not_the_name():
    assert of_headings("单位", c0=["市教育局", "市民政局", "市商务局"]) == {"单位": None}


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
@pytest.mark.parametrize("columns", [ASSOCIATION_COLUMNS, INSTRUCTOR_COLUMNS])
def test_own_labels_map_to_their_own_keys(columns, language):
    with translation.override(language):
        texts = [str(column.label) for column in columns]
    assert len(set(texts)) == len(columns)
    assert list(of_headings(*texts, columns=columns).values()) == [column.key for column in columns]


@pytest.mark.parametrize("columns", [ASSOCIATION_COLUMNS, INSTRUCTOR_COLUMNS])
def test_first_alias_maps_to_its_column(columns):
    texts = [column.aliases[0] for column in columns if column.aliases]
    assert list(of_headings(*texts, columns=columns).values()) == [
        c.key for c in columns if c.aliases
    ]


def test_codes_are_credit_codes_whatever_their_heading_says():
    assert of_headings("名称", "编码情况", c0=NAMES, c1=CODES)["编码情况"] == "credit_code"


def test_names_are_the_associations_whatever_their_heading_says():
    assert of_headings("法人主体", "信用代码", c0=NAMES, c1=CODES)["法人主体"] == "name"


def test_registration_type_whose_cells_are_kinds_is_the_kind():
    assert of_headings("登记类型", c0=["社会团体", "社会团体", "基金会"]) == {"登记类型": "kind"}


def test_choice_with_unknown_words_keeps_its_column():
    assert of_headings("登记类型", c0=["甲类", "乙类", "丙类"]) == {"登记类型": "registration_type"}


def test_column_of_wrong_dates_keeps_its_column():
    cells = ["2021-13-01", "2021年2月30日", "2021.13"]
    assert of_headings("成立登记日期", c0=cells) == {"成立登记日期": "registered_on"}


def test_instructors_given_as_numbers_are_a_count():
    assert of_headings("指导员", c0=[1.0, 0.0, 2]) == {"指导员": None}


def test_phone_of_the_secretary_is_not_the_associations():
    assert of_headings("书记 / 姓名", "书记 / 联系电话") == {
        "书记 / 姓名": "secretary",
        "书记 / 联系电话": None,
    }


def test_staff_of_the_party_work_are_not_the_associations():
    found = of_headings(
        "从业人员 / 专职", "从业人员 / 兼职", "党务工作者 / 专职", "党务工作者 / 兼职"
    )
    assert list(found.values()) == ["staff_full_time", "staff_part_time", None, None]


def test_unit_and_individual_members_stand_under_members():
    assert list(of_headings("会员 / 单位", "会员 / 个人").values()) == [
        "unit_members",
        "individual_members",
    ]


def test_legal_representative_goes_before_president():
    found = of_headings("会长", "法定代表人")
    assert found == {"会长": None, "法定代表人": "legal_representative"}


def test_question_about_a_choice_is_a_tick_of_it():
    headings = [Heading(0, ("是否脱钩",)), Heading(1, ("是否直接登记",))]
    cells = {0: ["是", "是", "否"], 1: ["否", "×", "√"]}
    found = match_headings(headings, ASSOCIATION_COLUMNS, cells, ())
    assert [(match.column, match.choice) for match in found] == [
        ("registration_type", "decoupled"),
        ("registration_type", "direct"),
    ]


def test_ticked_way_of_forming_says_more_than_that_there_is_a_party_organisation():
    path = "党组织建立情况"
    headings = [Heading(n, (path, leaf)) for n, leaf in enumerate(("单独建立", "未建立"))]
    found = match_headings(headings, ASSOCIATION_COLUMNS, {0: ["√"], 1: ["√"]}, ())
    assert [(match.column, match.choice) for match in found] == [
        ("formation", "standalone"),
        ("has_party_organization", "no"),
    ]


def test_choice_may_stand_under_two_headings_that_name_it_together():
    found = of_headings("党组织书记 / 来源 / 会长兼任", "党组织书记 / 来源 / 上级选派")
    assert set(found.values()) == {"secretary_source"}


def test_person_in_charge_under_the_party_organisation_is_its_secretary():
    found = of_headings("负责人情况 / 姓名", "党组织情况 / 名称", "党组织情况 / 负责人")
    assert list(found.values()) == ["legal_representative", "party_organization", "secretary"]


def test_date_of_founding_beside_the_party_organisation_is_its_own():
    assert of_headings("协会名称", "组建时间")["组建时间"] == "registered_on"
    found = of_headings("协会名称", "党支部名称", "支部书记", "组建时间")
    assert found["组建时间"] == "established_on"


def test_county_and_township_are_parts_of_one_place():
    found = of_headings("乡镇（街道）", "县（区）", "所属县区", "商会名称")
    assert list(found.values()) == ["division", "division", None, "name"]


def test_blanks_in_words_do_not_contradict_a_heading():
    cells = ["未建立党组织"] * 9 + ["中共木业协会支部"]
    assert of_headings("协会名称", "所属党组织", c1=cells)["所属党组织"] == "party_organization"


def test_question_spread_over_yes_and_no():
    headings = [Heading(0, ("是否建立党组织", "是")), Heading(1, ("是否建立党组织", "否"))]
    found = match_headings(headings, ASSOCIATION_COLUMNS, {0: ["√"], 1: ["√"]}, ())
    assert [(match.column, match.choice) for match in found] == [
        ("has_party_organization", "yes"),
        ("has_party_organization", "no"),
    ]


def test_boxes_and_circles_are_ticks():
    found = of_headings("类别 / 社会团体", "类别 / 基金会", c0=["●", "○", "■"], c1=["□", "●", "□"])
    assert set(found.values()) == {"kind"}


def test_choice_columns_that_hold_counts_are_no_ticks():
    found = of_headings("年检结果 / 合格", "年检结果 / 不合格", c0=[12, 30], c1=[2, 5])
    assert set(found.values()) == {None}


@pytest.mark.parametrize(
    "text",
    [
        "是否党员",
        "预备党员数",
        "近三年发展党员数",
        "女党员人数",
        "流动党员数",
        "秘书长",
        "副会长",
        "秘书长联系电话",
        "工会主席",
        "是否成立公会",
        "党费收缴",
        "活动经费",
        "上年度收入",
        "办公面积",
        "党务副书记",
        "非公企业党员数",
        "理事会换届时间",
        "变更时间",
        "证书有效期",
        "年龄",
        "学历",
        "会费标准",
        "是否党建入章",
        "分支机构数",
        "理事人数",
        "开户银行",
        "35岁以下从业人员",
        "会员中党员数",
        "未参加年检原因",
        "团员数",
    ],
)
def test_heading_of_something_else_means_nothing(text):
    assert of_headings("社会组织名称", text)[text] is None


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("登记证号（统一社会信用代码）", "credit_code"),
        ("*社会组织名称（必填）", "name"),
        ("1.协会名称", "name"),
        ("（一）商会名称", "name"),
        ("行业协会商会名称（全称）", "name"),
        ("统一社会信用代码/登记证号", "credit_code"),
        ("协会住所", "address"),
        ("现任会长姓名", "legal_representative"),
        ("从业人员数（人）", "staff_total"),
        ("正式党员数（不含预备）", "party_members"),
        ("社会组织党组织名称", "party_organization"),
        ("党组织成立日期（年月）", "established_on"),
        ("党建工作指导员姓名及联系方式", None),
        ("党组织书记姓名", "secretary"),
        ("未建立党组织的原因", "no_party_reason"),
        ("社会组织评估等级（A级）", "rating"),
        ("登记机关名称", "registration_authority"),
        ("所属县（区）", "division"),
        ("2025年度年报情况", "inspection"),
        ("注销日期", "ended_on"),
    ],
)
def test_heading_with_words_around_it(text, key):
    assert of_headings(text)[text] == key


@pytest.mark.parametrize(
    "text",
    ["序号", "社会组织名称", "党员 人数", "负责人", "Unified Social Credit Code", "为参检结果", ""],
)
def test_known_headings_are_told_from_other_texts(text):
    assert known_headings(ASSOCIATION_COLUMNS)(text) == (text not in ("为参检结果", ""))


def test_years_may_stand_below_their_parent():
    headings = [Heading(n, ("年检情况", f"{2022 + n}年")) for n in range(3)]
    found = match_headings(headings, ASSOCIATION_COLUMNS, {}, ())
    assert [(match.column, match.year) for match in found] == [
        ("inspection", 2022),
        ("inspection", 2023),
        ("inspection", 2024),
    ]


def test_narrower_headings_go_before_wider_ones():
    found = of_headings("会员总数", "团体会员", "党员总数", "其中正式党员", "正式党员")
    assert found == {
        "会员总数": None,
        "团体会员": "unit_members",
        "党员总数": None,
        "其中正式党员": None,
        "正式党员": "party_members",
    }


def test_ticked_choice_goes_before_a_name_of_the_same_words():
    assert of_headings("名称", "类别 / 社会团体", "类别 / 基金会") == {
        "名称": "name",
        "类别 / 社会团体": "kind",
        "类别 / 基金会": "kind",
    }


def test_election_beside_the_party_organisation_is_its_own():
    assert of_headings("换届时间")["换届时间"] is None
    assert of_headings("党组织名称", "换届时间")["换届时间"] == "last_election_on"


def test_no_column_is_used_twice():
    found = of_headings("协会名称", "商会名称", "联系电话", "手机号码")
    assert found == {"协会名称": "name", "商会名称": None, "联系电话": "phone", "手机号码": None}


@pytest.mark.parametrize(
    ("text", "cells", "key"),
    [
        ("负责指导社会组织", NAMES, "associations"),
        ("所联系协会（商会）名称", NAMES, "associations"),
        ("派驻单位", NAMES, "associations"),
        ("派驻单位", ["市教育局", "市民政局", "市商务局"], "unit"),
        ("指导员工作单位", ["市教育局", "市民政局", "市商务局"], "unit"),
        ("指导员联系方式", ["13812345678", "13912345678"], "phone"),
        ("选派年月", ["2023.5", "2023.6"], "assigned_on"),
        ("任期届满时间", ["2023.5", "2023.6"], "term_until"),
        ("指导协会数", [3, 4, 5], None),
    ],
)
def test_other_words_on_instructor_rosters(text, cells, key):
    assert of_headings("姓名", text, columns=INSTRUCTOR_COLUMNS, c1=cells)[text] == key


INSTRUCTOR_HEADINGS = keys("""
    序号 = -
    指导员姓名 = name
    派出单位 = unit
    职务职级 = post
    联系方式 = phone
    专兼职情况 = engagement
    是否纳入人才库 = in_pool
    派驻时间 = assigned_on
    派驻社会组织 / 名称 = associations
    派驻社会组织 / 联系电话 = -
    说明 = remark
""")


def test_other_instructor_headings():
    assert of_headings(*INSTRUCTOR_HEADINGS, columns=INSTRUCTOR_COLUMNS) == INSTRUCTOR_HEADINGS


def test_unit_names_on_an_instructor_roster_are_told_by_their_cells():
    found = of_headings(
        "姓名", "单位名称", columns=INSTRUCTOR_COLUMNS, c0=["王明", "李华"], c1=NAMES
    )
    assert found["单位名称"] == "associations"


@pytest.mark.parametrize(
    "texts", [("名称", "问题"), ("名称", "Problems"), ("名称", "问题", "问题")]
)
def test_a_column_of_problems_right_of_the_table_is_our_own(texts: tuple[str, ...]) -> None:
    headings = [Heading(n, (text,)) for n, text in enumerate(texts)]
    found = match_headings(headings, ASSOCIATION_COLUMNS, {})
    assert [match.reason for match in found[1:]] == ["marks"] * (len(texts) - 1)


def test_a_column_of_problems_among_others_is_the_offices() -> None:
    headings = [Heading(n, (text,)) for n, text in enumerate(("名称", "问题", "整改责任人"))]
    assert match_headings(headings, ASSOCIATION_COLUMNS, {})[1].reason == "unknown"
