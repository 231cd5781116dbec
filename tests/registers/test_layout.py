import json
import time

import pytest

from organizations.registers.columns import ASSOCIATION_COLUMNS, INSTRUCTOR_COLUMNS
from registers.detection import sampled
from registers.headings import known_headings
from registers.workbooks.layout import Layout, find_layout
from registers.workbooks.reading import Sheet
from registers.workbooks.records import records
from tests.registers.sheets import ROSTERS, roster_sheets, sheet_of, without_merges

EXPECTED = json.loads((ROSTERS / "expected.json").read_text())
COLUMNS = {"associations": ASSOCIATION_COLUMNS, "instructors": INSTRUCTOR_COLUMNS}
HEADER_ROWS = {
    "市级行业协会商会基本情况统计表.xlsx": (3, 3),
    "社会组织党建工作台账.xlsx": (3, 5),
    "县区行业协会商会党建情况摸底表.xlsx": (2, 3),
    "党建工作指导员花名册.xls": (2, 2),
    "两个覆盖情况统计表.csv": (1, 1),
}
is_known = known_headings(ASSOCIATION_COLUMNS)
HEADER = ["序号", "社会组织名称", "统一社会信用代码", "党员人数", "备注"]
CODE = "51371700MJ0400003G"


def laid_out(sheet: Sheet) -> Layout:
    layout = find_layout(sheet, is_known)
    assert layout is not None
    return layout


def numbers(rows, merges=()) -> list[int]:
    """The worksheet rows of the records below HEADER in row 1 and these rows."""
    sheet = sheet_of([HEADER, *rows], merges)
    return [number for number, _cells in records(sheet, laid_out(sheet))]


def paths(sheet: Sheet) -> list[str]:
    return [str(heading) for heading in laid_out(sheet).headings]


@pytest.mark.parametrize("filename", EXPECTED)
def test_roster_has_the_records_that_a_person_counts(filename):
    known = known_headings(COLUMNS[EXPECTED[filename]["register"]])
    count = 0
    for sheet in roster_sheets(filename):
        layout = find_layout(sheet, known)
        count += len(list(records(sheet, layout)))
    assert count == EXPECTED[filename]["records"]


@pytest.mark.parametrize("filename", EXPECTED)
def test_roster_header_stands_where_a_person_sees_it(filename):
    known = known_headings(COLUMNS[EXPECTED[filename]["register"]])
    found = {find_layout(sheet, known).header_rows for sheet in roster_sheets(filename)}
    assert found == {HEADER_ROWS[filename]}


@pytest.mark.parametrize("filename", EXPECTED)
def test_roster_without_merges_has_the_same_headings(filename):
    known = known_headings(COLUMNS[EXPECTED[filename]["register"]])
    for sheet in roster_sheets(filename):
        assert find_layout(without_merges(sheet), known) == find_layout(sheet, known)


def test_preamble_keeps_title_unit_and_date_apart():
    sheet = sheet_of(
        [["2024年度台账"], ["填报单位：曹县民政局　　　填报时间：2025年8月1日"], HEADER]
    )
    assert laid_out(sheet).preamble == (
        "2024年度台账",
        "填报单位：曹县民政局",
        "填报时间：2025年8月1日",
    )


def test_header_is_found_below_many_lines():
    lines = [[f"第{n}条说明，请各单位认真填写。"] for n in range(1, 40)]
    assert laid_out(sheet_of([*lines, HEADER, [1, "曹县木业协会", CODE, 3, ""]])).header_rows == (
        40,
        40,
    )


def test_title_that_spans_the_table_is_no_heading():
    sheet = sheet_of([["行业协会商会名单", "", "", "", ""], HEADER], [(1, 1, 1, 5)])
    assert paths(sheet) == HEADER


def test_row_of_filled_in_labels_is_no_header_row():
    sheet = sheet_of([["填报单位：曹县", "", "", "填报时间：2025.8", ""], HEADER])
    assert laid_out(sheet).header_rows == (2, 2)


def test_merged_parents_make_the_path():
    sheet = sheet_of(
        [
            ["序号", "名称", "从业人员", "", "备注"],
            ["", "", "专职", "兼职", ""],
            [1, "曹县木业协会", 2, 3, ""],
        ],
        [(1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 1, 4), (1, 5, 2, 5)],
    )
    assert paths(sheet) == ["序号", "名称", "从业人员 / 专职", "从业人员 / 兼职", "备注"]


def test_four_header_rows_are_one_header():
    rows = [
        ["基本情况", "", "", "", "党建情况", ""],
        ["名称", "从业人员", "", "", "党组织", ""],
        ["", "总数", "其中", "", "名称", "书记"],
        ["", "", "专职", "兼职", "", ""],
        ["曹县木业协会", 5, 2, 3, "中共曹县木业协会支部", "王明"],
    ]
    merges = [(1, 1, 1, 4), (1, 5, 1, 6), (2, 1, 4, 1), (2, 2, 2, 4), (2, 5, 2, 6)]
    merges += [(3, 2, 4, 2), (3, 3, 3, 4), (3, 5, 4, 5), (3, 6, 4, 6)]
    sheet = sheet_of(rows, merges)
    assert laid_out(sheet).header_rows == (1, 4)
    assert paths(sheet)[2:5] == [
        "基本情况 / 从业人员 / 其中 / 专职",
        "基本情况 / 从业人员 / 其中 / 兼职",
        "党建情况 / 党组织 / 名称",
    ]


def test_groups_above_a_full_header_are_its_parents_without_merges():
    sheet = sheet_of(
        [
            ["基本情况", "", "", "党建情况", ""],
            ["名称", "会长", "成立时间", "党组织名称", "成立时间"],
        ]
    )
    assert paths(sheet)[2::2] == ["基本情况 / 成立时间", "党建情况 / 成立时间"]


def test_line_breaks_and_gaps_in_headings_go():
    sheet = sheet_of([["序号", "社会组织\n名  称", "credit  code", "党员 人数"]])
    assert paths(sheet) == ["序号", "社会组织名称", "credit code", "党员人数"]


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [["菏泽市社会工作部", "2025"], ["通知", "各单位"]],
        [["单独组建"], ["联合组建"], ["未建"]],
        [["社会组织名称", "曹县木业协会", "统一社会信用代码", CODE]],
        [["曹县木业协会", CODE, 12, "2015.8"], ["曹县板材协会", CODE, 3, "2016.8"]],
    ],
    ids=["nothing", "a letter", "a dictionary", "a form", "data alone"],
)
def test_sheet_without_a_table_has_no_layout(rows):
    assert find_layout(sheet_of(rows), is_known) is None


def test_single_column_of_names_is_a_table():
    sheet = sheet_of([["协会名称"], ["曹县木业协会"], ["曹县板材协会"]])
    assert [cells for _n, cells in records(sheet, laid_out(sheet))] == [
        ["曹县木业协会"],
        ["曹县板材协会"],
    ]


@pytest.mark.parametrize(
    "text",
    ["合计", "合 计", "合　计：", "小计", "总计", "共计", "合计（2家）", "曹县小计", "合计2家"],
)
def test_totals_are_no_records(text):
    assert numbers([[1, "曹县木业协会", "", 3, ""], [text, "", "", 3, ""]]) == [2]


def test_total_behind_a_running_number_is_no_record():
    assert numbers([[1, "曹县木业协会", "", 3, ""], [2, "合计", "", 3, ""]]) == [2]


@pytest.mark.parametrize(
    "name",
    ["合计工会计量协会", "总计量行业协会", "注册会计师协会", "说明书设计协会", "附子种植协会"],
)
def test_association_whose_name_resembles_a_total_or_note_is_a_record(name):
    assert numbers([["", name, "", "", ""]]) == [2]


@pytest.mark.parametrize(
    "text",
    [
        "注：党员为正式党员。",
        "填表说明：1.没有的填无",
        "填报人：王明",
        "审核人：",
        "单位负责人（签字）：",
        "备注：以上",
        "说明：",
        "附件：名单",
        "制表：李四",
        "联系人：王明",
        "数据截至2025年8月底",
    ],
)
def test_notes_are_no_records(text):
    assert numbers([[1, "曹县木业协会", "", 3, ""], [text, "", "联系电话：123", "", ""]]) == [2]


def test_numbered_lines_after_a_note_are_no_records():
    rows = [[1, "曹县木业协会", "", 3, ""], ["注：1.填正式党员；"], ["2.没有的填无。"]]
    assert numbers(rows) == [2]


def test_row_with_a_credit_code_is_a_record_whatever_it_begins_with():
    assert numbers([["合计", "", CODE, "", ""], ["注：", "", CODE.lower(), "", ""]]) == [2, 3]


def test_bare_running_numbers_are_no_records():
    assert numbers(
        [[1, "曹县木业协会", "", 3, ""], [2.0, "", "", "", ""], ["3", "", "", "", ""]]
    ) == [2]


def test_caption_over_a_group_of_rows_is_no_record():
    rows = [
        ["一、脱钩类", "", "", "", ""],
        [1, "曹县木业协会"],
        ["直接登记类", "", "", "", ""],
        [2, "曹县板材协会"],
    ]
    assert numbers(rows, [(4, 1, 4, 5)]) == [3, 5]


@pytest.mark.parametrize(
    "row",
    [
        [1, 2, 3, 4, 5],
        ["甲", "乙", "丙", "丁", "戊"],
        ["（1）", "（2）", "（3）", "（4）", "（5）"],
        ["甲", "乙", 1, 2, ""],
    ],
)
def test_row_that_numbers_the_columns_is_no_record(row):
    assert numbers([row, [1, "曹县木业协会", "", 3, ""]]) == [3]


@pytest.mark.parametrize(
    "row",
    [
        ["填写说明", "填写规范全称", "18位", "填数字", "没有填“无”"],
        ["", "必填", "必填，18位", "选填，填数字", ""],
        ["例：", "菏泽市某某协会", CODE, 3, ""],
        ["（示例）", "菏泽市某某协会", CODE, 3, ""],
        ["栏次", "A", 1, 2, 3],
    ],
)
def test_rows_that_explain_the_columns_are_no_records(row):
    assert numbers([row, [1, "曹县木业协会", CODE, 3, ""]]) == [3]


@pytest.mark.parametrize(
    "row",
    [
        ["市商务局", "", "", "", ""],
        ["", "曹县（2家）", "", "", ""],
        ["", "曹县", "", "", ""],
        ["", "表二：未建党组织的", "", "", ""],
    ],
)
def test_lone_caption_between_records_is_no_record(row):
    rows = [[1, "曹县木业协会", "", 3, ""], row, [2, "曹县板材协会", "", 3, ""]]
    assert numbers(rows) == [2, 4]


@pytest.mark.parametrize(
    "row",
    [
        ["", "", 5, 6, "合计（2家）"],
        ["", "（此表每季度末报送市委社会工作部）", "", "", ""],
        ["", "报送邮箱：hz@example.com", "", "", ""],
        ["", "", "", "菏泽市民政局（盖章）", ""],
        ["", "", "", "2025年8月1日", ""],
    ],
)
def test_what_stands_below_a_table_is_no_record(row):
    assert numbers([[1, "曹县木业协会", "", 3, ""], row]) == [2]


def test_lone_name_of_an_association_is_a_record():
    assert numbers([["", "曹县数字经济联合会", "", "", ""]]) == [2]


def test_header_with_many_unknown_headings_is_one():
    known = ["社会组织名称", "统一社会信用代码", "法定代表人"]
    sheet = sheet_of([[*known, *(f"指标{n}" for n in range(30))]])
    assert laid_out(sheet).header_rows == (1, 1)


def test_row_of_units_is_no_record():
    assert numbers([["", "", "", "（人）", "（个）"], [1, "曹县木业协会", "", 3, ""]]) == [3]


def test_repeated_header_and_title_are_no_records():
    page = [
        ["曹县协会名单"],
        HEADER,
        ["甲", "乙", "丙", "丁", "戊"],
        [1, "曹县木业协会", "", 3, ""],
    ]
    sheet = sheet_of(page * 2)
    assert [number for number, _cells in records(sheet, laid_out(sheet))] == [4, 8]


def test_merge_is_filled_down_its_rows_only():
    rows = [
        ["序号", "协会名称", "县区"],
        [1, "甲协会", "曹县"],
        [2, "乙协会", ""],
        [3, "丙协会", ""],
    ]
    sheet = sheet_of(rows, [(2, 3, 3, 3)])
    assert [cells[2] for _n, cells in records(sheet, laid_out(sheet))] == ["曹县", "曹县", ""]


def test_merge_down_a_total_row_makes_no_record_of_it():
    rows = [["县区", "协会名称", "党员人数"], ["曹县", "甲协会", 3], ["", "", ""], ["合计", "", 3]]
    sheet = sheet_of(rows, [(2, 1, 3, 1)])
    assert [number for number, _cells in records(sheet, laid_out(sheet))] == [2]


def test_merge_across_says_nothing_in_other_columns():
    sheet = sheet_of([HEADER, [1, "曹县木业协会", "未取得代码", "", ""]], [(2, 3, 2, 4)])
    ((_number, cells),) = records(sheet, laid_out(sheet))
    assert cells[3] == ""


def test_ditto_takes_the_value_above_even_from_a_ditto():
    sheet = sheet_of(
        [["协会名称", "县区"], ["甲协会", "曹县"], ["乙协会", "同上"], ["丙协会", "〃"]]
    )
    assert [cells[1] for _n, cells in records(sheet, laid_out(sheet))] == ["曹县", "曹县", "曹县"]


def test_merge_over_the_whole_grid_costs_no_time():
    rows = [HEADER] + [[n, f"第{n}协会", "", "", ""] for n in range(2000)]
    sheet = sheet_of(rows, [(2, 4, 1_048_576, 16_384), (1, 1, 1_048_576, 1)])
    before = time.process_time()
    assert len(list(records(sheet, laid_out(sheet)))) == 2000
    assert time.process_time() - before < 2


def test_samples_are_the_filled_cells_below_the_header():
    rows = [HEADER, [1, "曹县木业协会", "", 3, ""], [2, "曹县板材协会", "", "—", ""]]
    sheet = sheet_of(rows)
    assert sampled(sheet, laid_out(sheet)) == {
        0: [1, 2],
        1: ["曹县木业协会", "曹县板材协会"],
        3: [3],
    }
