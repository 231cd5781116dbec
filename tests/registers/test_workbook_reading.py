"""Every way in which an uploaded workbook is read, or refused with a reason."""

from __future__ import annotations

import datetime
import os
import shutil
import subprocess
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from registers.workbooks import process
from registers.workbooks.reading import (
    DEFAULT,
    CellProblem,
    Limits,
    Unreadable,
    Workbook,
    open_workbook,
)

from . import hostile

ROSTERS = Path(__file__).parents[2] / "fixtures" / "rosters"
INSTRUCTORS = "党建工作指导员花名册.xls"
NAME = hostile.text_cell("A1", "名称")
FORMULA = '<c r="B1"><f>1+1</f></c>'
ELSEWHERE = (
    f'<Relationship Id="rId1" Type="{hostile.RELATIONS}/worksheet" Target="worksheets/zzz.xml"/>'
)
Read = list[tuple[str, list[tuple[int, list]]]]
Upload = Callable[..., Path]


@pytest.fixture
def upload(tmp_path: Path) -> Upload:
    def write(content: bytes, name: str = "上传.xlsx") -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def read(path: Path, limits: Limits = DEFAULT) -> Read:
    with open_workbook(path, limits=limits) as workbook:
        return [(sheet.name, list(sheet.rows())) for sheet in workbook.sheets]


def only_rows(path: Path) -> list[tuple[int, list]]:
    [(_name, rows)] = read(path)
    return rows


def refusal(path: Path, limits: Limits = DEFAULT) -> Unreadable:
    with pytest.raises(Unreadable) as refused:
        read(path, limits)
    message = str(refused.value)
    assert message
    assert "%(" not in message
    return refused.value


def saved(workbook: openpyxl.Workbook, path: Path) -> Path:
    workbook.save(path)
    return path


# The five rosters


def test_city_roster_is_read_with_its_merges() -> None:
    with open_workbook(ROSTERS / "市级行业协会商会基本情况统计表.xlsx") as workbook:
        [sheet] = workbook.sheets
        assert (workbook.format, sheet.name, sheet.hidden) == ("xlsx", "市级行业协会商会", False)
        assert len(sheet.merges) == 38
        assert {(1, 1, 1, 19), (4, 6, 7, 6)} <= set(sheet.merges)
        assert sheet.head[3][1][:3] == [1, "菏泽市大数据商会", "51371700MJ0400003G"]


def test_ledger_roster_is_read_to_its_last_column() -> None:
    rows = only_rows(ROSTERS / "社会组织党建工作台账.xlsx")
    assert rows[2][0] == 3
    assert len(rows[2][1]) == 55
    assert rows[2][1][54] == "备注"


def test_county_roster_has_a_sheet_per_county_and_a_hidden_one() -> None:
    with open_workbook(ROSTERS / "县区行业协会商会党建情况摸底表.xlsx") as workbook:
        sheets = [(sheet.name, sheet.hidden, len(sheet.merges)) for sheet in workbook.sheets]
    counties = [
        "牡丹区",
        "定陶区",
        "曹县",
        "单县",
        "成武县",
        "巨野县",
        "郓城县",
        "鄄城县",
        "东明县",
    ]
    assert sheets == [*((county, False, 9) for county in counties), ("字典", True, 0)]


def test_old_xls_roster_is_read_with_its_merge() -> None:
    with open_workbook(ROSTERS / INSTRUCTORS) as workbook:
        [sheet] = workbook.sheets
        assert (workbook.format, sheet.name) == ("xls", "花名册")
        assert sheet.merges == [(1, 1, 1, 11)]
        assert [number for number, _cells in sheet.rows()] == list(range(1, 51))


def test_csv_roster_in_gb18030_is_read() -> None:
    with open_workbook(ROSTERS / "两个覆盖情况统计表.csv") as workbook:
        [sheet] = workbook.sheets
        assert (workbook.format, sheet.name, sheet.merges) == ("csv", "", [])
        rows = list(sheet.rows())
    assert len(rows) == 41
    assert rows[2] == (
        3,
        [
            "2",
            "菏泽市印刷行业协会",
            "2012.5",
            "正常",
            "社会团体",
            "直接登记类",
            "22",
            "12",
            "曹梅保",
            "组织覆盖",
            "中共菏泽市印刷行业协会支部",
            "单独组建",
        ],
    )


def test_content_and_not_the_name_decides_the_format(upload: Upload) -> None:
    path = upload((ROSTERS / INSTRUCTORS).read_bytes(), "指导员.xlsx")
    with open_workbook(path) as workbook:
        assert workbook.format == "xls"
        assert len(list(next(workbook.sheets).rows())) == 50


# Values and places


def test_numbers_are_whole_where_they_are_exact(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append([3, 2.5, True, 2**60, "007", "  x"])
    [(_number, cells)] = only_rows(saved(book, tmp_path / "numbers.xlsx"))
    assert cells == [3, 2.5, True, float(2**60), "007", "  x"]
    assert [type(cell) for cell in cells] == [int, float, bool, float, str, str]


@pytest.mark.parametrize("epoch", [openpyxl.utils.datetime.WINDOWS_EPOCH, CALENDAR_MAC_1904])
def test_dates_are_read_in_either_date_system(tmp_path: Path, epoch: datetime.datetime) -> None:
    moments = [
        datetime.date(2024, 1, 2),
        datetime.datetime(2024, 1, 2, 3, 4, 5),
        datetime.time(3, 4),
    ]
    book = openpyxl.Workbook()
    book.epoch = epoch
    book.active.append(moments)
    assert only_rows(saved(book, tmp_path / "dates.xlsx")) == [(1, moments)]


def test_rows_and_columns_keep_their_place_where_data_begin_at_c5(upload: Upload) -> None:
    path = upload(hostile.xlsx(hostile.row(5, hostile.text_cell("C5", "名称"))))
    assert only_rows(path) == [(5, [None, None, "名称"])]


def test_data_after_five_thousand_blank_rows_are_read(upload: Upload) -> None:
    rows = hostile.row(1, NAME) + hostile.row(5002, hostile.text_cell("A5002", "最后"))
    assert only_rows(upload(hostile.xlsx(rows))) == [(1, ["名称"]), (5002, ["最后"])]


@pytest.mark.parametrize("dimension", ["A1", "A1:XFD1048576", "B2:C3"])
def test_a_stored_dimension_that_lies_makes_no_difference(upload: Upload, dimension: str) -> None:
    rows = "".join(hostile.row(n, hostile.text_cell(f"D{n}", "x")) for n in (1, 9))
    path = upload(hostile.xlsx(rows, before=f'<dimension ref="{dimension}"/>'))
    blank = [None] * 3
    assert only_rows(path) == [(1, [*blank, "x"]), (9, [*blank, "x"])]


def test_a_merge_over_the_whole_grid_is_ignored_at_no_cost(upload: Upload) -> None:
    merge = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    began = time.monotonic()
    with open_workbook(upload(hostile.xlsx(hostile.row(1, NAME), after=merge))) as workbook:
        [sheet] = workbook.sheets
        assert (sheet.merges, list(sheet.rows())) == ([], [(1, ["名称"])])
    assert time.monotonic() - began < 2


def test_a_merge_that_reaches_beyond_the_data_is_clipped(upload: Upload) -> None:
    rows = hostile.row(1, NAME) + hostile.row(2, hostile.text_cell("B2", "x"))
    merge = '<mergeCells><mergeCell ref="A1:Z1"/></mergeCells>'
    with open_workbook(upload(hostile.xlsx(rows, after=merge))) as workbook:
        assert next(workbook.sheets).merges == [(1, 1, 1, 2)]


def test_blank_formatted_cells_at_the_end_of_the_grid_are_passed_over(upload: Upload) -> None:
    rows = hostile.row(1, NAME) + hostile.row(1_048_576, '<c r="XFD1048576" s="0"/>')
    assert only_rows(upload(hostile.xlsx(rows))) == [(1, ["名称"])]


def test_head_is_the_first_sixty_rows_and_rows_repeat_it(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for n in range(1, 2501):
        book.active.append([n])
    with open_workbook(saved(book, tmp_path / "long.xlsx")) as workbook:
        sheet = next(workbook.sheets)
        assert [number for number, _cells in sheet.head] == list(range(1, 61))
        assert list(sheet.rows()) == [(n, [n]) for n in range(1, 2501)]


def test_a_sheet_may_be_skipped_before_its_rows_are_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for n in range(3000):
        book.active.append([n])
    book.create_sheet("后").append(["x"])
    with open_workbook(saved(book, tmp_path / "two.xlsx")) as workbook:
        names = [(sheet.name, sheet.head[0]) for sheet in workbook.sheets]
    assert names == [("Sheet", (1, [0])), ("后", (1, ["x"]))]


def test_hidden_sheets_are_flagged_and_chart_sheets_skipped(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_chartsheet("图表")
    for state in ("hidden", "veryHidden"):
        book.create_sheet(state).sheet_state = state
    with open_workbook(saved(book, tmp_path / "hidden.xlsx")) as workbook:
        sheets = [(sheet.name, sheet.hidden) for sheet in workbook.sheets]
    assert sheets == [("Sheet", False), ("hidden", True), ("veryHidden", True)]


def test_an_empty_sheet_has_an_empty_head(tmp_path: Path) -> None:
    with open_workbook(saved(openpyxl.Workbook(), tmp_path / "empty.xlsx")) as workbook:
        [sheet] = workbook.sheets
        assert (sheet.head, list(sheet.rows())) == ([], [])


# Cells without a usable value


def test_error_cells_are_problems_in_their_place(upload: Upload) -> None:
    rows = hostile.row(1, NAME) + hostile.row(7, '<c r="B7" t="e"><v>#REF!</v></c>')
    assert only_rows(upload(hostile.xlsx(rows))) == [
        (1, ["名称"]),
        (7, [None, CellProblem("error_value", "#REF!")]),
    ]


def test_a_problem_belongs_to_its_own_sheet(upload: Upload) -> None:
    plain = hostile.worksheet(hostile.row(1, NAME))
    wrong = hostile.worksheet(hostile.row(1, '<c r="A1" t="e"><v>#N/A</v></c>'))
    path = upload(hostile.package(hostile.workbook_parts(plain, wrong, names=("甲", "乙"))))
    assert read(path) == [
        ("甲", [(1, ["名称"])]),
        ("乙", [(1, [CellProblem("error_value", "#N/A")])]),
    ]


def with_a_formula(
    *, workbook: tuple[str, str] = ("", ""), relations: tuple[str, str] = ("", "")
) -> dict[str, str | bytes]:
    """The parts of a roster with a formula without result, one text in two of them replaced."""
    parts = hostile.workbook_parts(hostile.worksheet(hostile.row(1, NAME, FORMULA)))
    for part, (found, instead) in (
        ("xl/workbook.xml", workbook),
        ("xl/_rels/workbook.xml.rels", relations),
    ):
        parts[part] = str(parts[part]).replace(found, instead)
    return parts


@pytest.mark.parametrize(
    "edits",
    [
        {"workbook": ("<sheets>", '<!-- <sheet name="f" sheetId="9" r:id="rId9"/> --><sheets>')},
        {"workbook": ('name="花名册"', 'name="花>册"')},
        {"relations": ("</Relationships>", f"<!-- {ELSEWHERE} --></Relationships>")},
    ],
    ids=["commented sheet", "angle in a name", "commented relation"],
)
def test_problems_are_found_whatever_stands_around_the_sheets(
    upload: Upload, edits: dict[str, tuple[str, str]]
) -> None:
    content = hostile.package(with_a_formula(**edits))
    problem = CellProblem("formula_without_value", "=1+1")
    assert only_rows(upload(content)) == [(1, ["名称", problem])]


@pytest.mark.parametrize(
    "edits",
    [
        {"workbook": ("r:id=", 'xmlns:x="urn:x" x:id="rId7" r:id=')},
        {"relations": ("</Relationships>", f"{ELSEWHERE}</Relationships>")},
        {"workbook": ("</sheets>", '<sheet name="又" sheetId="2" r:id="rId1"/></sheets>')},
        {
            "workbook": ("</sheets>", '<sheet name="花名册" sheetId="2" r:id="rId2"/></sheets>'),
            "relations": (
                "</Relationships>",
                f"{ELSEWHERE.replace('rId1', 'rId2')}</Relationships>",
            ),
        },
    ],
    ids=["two keys", "two relations", "one part", "one name"],
)
def test_a_workbook_whose_sheets_can_be_understood_in_two_ways_is_refused(
    upload: Upload, edits: dict[str, tuple[str, str]]
) -> None:
    parts = with_a_formula(**edits)
    parts["xl/worksheets/zzz.xml"] = hostile.worksheet(hostile.row(1, NAME))
    assert refusal(upload(hostile.package(parts))).code == "damaged"


def test_a_second_part_that_differs_in_case_alone_is_refused(upload: Upload) -> None:
    parts = with_a_formula()
    parts["xl/worksheets/SHEET1.xml"] = hostile.worksheet(hostile.row(1, NAME))
    assert refusal(upload(hostile.package(parts))).code == "damaged"


def test_problems_that_belong_to_no_sheet_are_refused(upload: Upload) -> None:
    parts = with_a_formula()
    parts["xl/worksheets/zzz.xml"] = parts["xl/worksheets/sheet1.xml"]
    assert refusal(upload(hostile.package(parts))).code == "damaged"


def test_a_sheet_that_the_scan_does_not_know_as_one_is_refused(upload: Upload) -> None:
    parts = with_a_formula()
    sheet = str(parts["xl/worksheets/sheet1.xml"])
    for tag in ("worksheet", "sheetData", "row"):
        sheet = sheet.replace(f"<{tag}", f"<a-b:{tag}").replace(f"</{tag}", f"</a-b:{tag}")
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(
        "xmlns=", f'xmlns:a-b="{hostile.MAIN}" xmlns='
    )
    assert refusal(upload(hostile.package(parts))).code == "damaged"


def test_a_list_of_sheets_of_many_megabytes_is_refused(upload: Upload) -> None:
    parts = with_a_formula(workbook=("<sheets>", f"{'<x/>' * 3_000_000}<sheets>"))
    assert refusal(upload(hostile.package(parts))).code == "unpacks_too_big"


def test_an_error_that_the_library_does_not_know_is_named(upload: Upload) -> None:
    path = upload(hostile.xlsx(hostile.row(3, '<c r="AB3" t="e"><v>#SPILL!</v></c>')))
    found = refusal(path)
    assert (found.code, found.params["cell"], found.params["value"]) == (
        "foreign_error",
        "AB3",
        "#SPILL!",
    )


def test_error_cells_of_an_old_xls_are_problems(upload: Upload) -> None:
    content, row, column = hostile.xls_with_error((ROSTERS / INSTRUCTORS).read_bytes())
    rows = dict(only_rows(upload(content, "a.xls")))
    assert rows[row][column - 1] == CellProblem("error_value", "#REF!")


@pytest.mark.parametrize("value", ["", "<v/>", "<v></v>", "<v />"])
def test_a_formula_without_cached_value_is_a_problem(upload: Upload, value: str) -> None:
    cells = (NAME, f'<c r="B1"><f>A2&amp;"x"</f>{value}</c>', '<c r="C1"><f>1</f><v>1</v></c>')
    [(_number, found)] = only_rows(upload(hostile.xlsx(hostile.row(1, *cells))))
    assert found == ["名称", CellProblem("formula_without_value", '=A2&"x"'), 1]


def test_a_formula_whose_result_is_the_empty_text_is_blank(upload: Upload) -> None:
    cell = '<c r="B1" t="str"><f>IF(1,"","")</f><v></v></c>'
    assert only_rows(upload(hostile.xlsx(hostile.row(1, NAME, cell)))) == [(1, ["名称"])]


def test_formulas_are_found_under_a_namespace_prefix(upload: Upload) -> None:
    sheet = (
        f'<x:worksheet xmlns:x="{hostile.MAIN}"><x:sheetData><x:row r="2"><x:c r="B2">'
        "<x:f>1+1</x:f></x:c></x:row></x:sheetData></x:worksheet>"
    )
    path = upload(hostile.package(hostile.workbook_parts(sheet)))
    assert only_rows(path) == [(2, [None, CellProblem("formula_without_value", "=1+1")])]


def test_a_formula_to_another_workbook_gives_its_cached_value(upload: Upload) -> None:
    parts = hostile.workbook_parts(
        hostile.worksheet(hostile.row(1, '<c r="A1"><f>[1]Sheet1!A1</f><v>42</v></c>'))
    )
    parts["xl/externalLinks/_rels/externalLink1.xml.rels"] = (
        '<Relationships><Relationship Id="rId1" Target="http://192.0.2.1/a.xlsx" '
        'TargetMode="External"/></Relationships>'
    )
    assert only_rows(upload(hostile.package(parts))) == [(1, [42])]


@pytest.mark.parametrize(
    ("stored", "shown"),
    [("甲_x0000_乙", "甲␀乙"), ("甲_x0007_", "甲␇"), ("\x1b[31m", "␛[31m")],
)
def test_control_characters_are_problems(upload: Upload, stored: str, shown: str) -> None:
    path = upload(hostile.xlsx(hostile.row(1, hostile.text_cell("A1", stored))))
    assert only_rows(path) == [(1, [CellProblem("control_characters", shown)])]


@pytest.mark.parametrize("forbidden", ["\ufffe", "\uffff"])
@pytest.mark.parametrize("write", [str.encode, lambda t: hostile.xlsx(in_a_cell(t))])
def test_characters_that_no_workbook_can_hold_are_problems(
    upload: Upload, write: Callable[[str], bytes], forbidden: str
) -> None:
    [(_number, cells)] = only_rows(upload(write(f"甲{forbidden}乙")))
    assert cells == [CellProblem("control_characters", "甲\ufffd乙")]


def in_a_cell(text: str) -> str:
    return hostile.row(1, hostile.text_cell("A1", text))


def test_line_breaks_and_wide_spaces_are_ordinary_text(upload: Upload) -> None:
    path = upload(hostile.xlsx(hostile.row(1, hostile.text_cell("A1", "甲\n\t\u3000乙"))))
    assert only_rows(path) == [(1, ["甲\n\t\u3000乙"])]


def test_ods_is_read_with_its_merges_and_problems(upload: Upload) -> None:
    table = (
        '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
        '<table:table-row><table:table-cell table:number-columns-spanned="2" '
        'office:value-type="string"><text:p>合并</text:p></table:table-cell>'
        "<table:covered-table-cell/>"
        '<table:table-cell table:formula="of:=A9" office:value-type="string" '
        'calcext:value-type="error"><text:p>#REF!</text:p></table:table-cell>'
        '<table:table-cell table:formula="of:=1+1"/><table:table-cell office:value="5" '
        'office:value-type="float"><text:p>5</text:p></table:table-cell></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048573">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    with open_workbook(upload(hostile.ods(table), "a.ods")) as workbook:
        [sheet] = workbook.sheets
        rows = list(sheet.rows())
    error = CellProblem("error_value", "#REF!")
    empty = CellProblem("formula_without_value", "=1+1")
    assert (workbook.format, sheet.name) == ("ods", "花名册")
    assert sheet.merges == [(3, 1, 3, 2)]
    assert rows == [(3, ["合并", None, error, empty, 5])]


# Text files


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("名称,数\n甲,1\n".encode("utf-8-sig"), ["甲", "1"]),
        ("名称;数\n甲;1\n".encode(), ["甲", "1"]),
        ("名称\t数\n甲\t1\n".encode("utf-16"), ["甲", "1"]),
        ("名称,数\n甲,1\n".encode("gb18030"), ["甲", "1"]),
        ('名称,数\n"甲,\n乙",1\n'.encode(), ["甲,\n乙", "1"]),
        (b"a,b\n\x07x,1\n" + b"y,2\n" * 100, [CellProblem("control_characters", "␇x"), "1"]),
    ],
)
def test_text_files_are_read_whatever_their_encoding(
    upload: Upload, content: bytes, expected: list
) -> None:
    assert only_rows(upload(content, "a.csv"))[1] == (2, expected)


def test_blank_lines_of_a_text_file_count_as_rows(upload: Upload) -> None:
    assert only_rows(upload(b"a,b\n\n,,\nc,\n")) == [(1, ["a", "b"]), (4, ["c"])]


def test_plain_text_is_read_as_one_column(upload: Upload) -> None:
    assert only_rows(upload("会议记录\n第一项\n".encode())) == [(1, ["会议记录"]), (2, ["第一项"])]


def test_a_long_text_is_read_as_it_is(upload: Upload) -> None:
    assert only_rows(upload(f"名称\n{'长' * 200_000}\n".encode())) == [
        (1, ["名称"]),
        (2, ["长" * 200_000]),
    ]


# Files that are refused


def roster() -> bytes:
    return (ROSTERS / "市级行业协会商会基本情况统计表.xlsx").read_bytes()


def doctype() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    prolog = f'<!DOCTYPE lolz [<!ENTITY l0 "lol">{entities}]>'
    return hostile.xlsx(hostile.row(1, hostile.text_cell("A1", "&l9;")), prolog=prolog)


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing in it": (lambda: b"", "empty_file"),
    "binary junk": (lambda: bytes(range(256)) * 20, "not_a_workbook"),
    "bytes of no encoding": (lambda: b"abc,\xff\xff\xff,d\n" * 9, "encoding"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + b"x" * 900, "not_a_workbook"),
    "a photograph": (lambda: b"\xff\xd8\xff\xe1" + b"x" * 900, "not_a_workbook"),
    "an animation": (lambda: b"GIF89a" + b"x" * 900, "not_a_workbook"),
    "a PDF": (lambda: b"%PDF-1.7\n1 0 obj\n", "not_a_workbook"),
    "a web page as .xls": (lambda: b"\r\n<html><table><tr><td>x</td></tr></table>", "markup"),
    "XML as .xls": (lambda: b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "markup"),
    "unmatched quotes": (lambda: b'a,b\n"c,d\ne,f\n', "quotes"),
    "a Word document": (lambda: hostile.package({"word/document.xml": "<w/>"}), "other_document"),
    "slides": (lambda: hostile.package({"ppt/presentation.xml": "<p/>"}), "other_document"),
    "an old Word document": (lambda: hostile.compound("WordDocument"), "other_document"),
    "some zip": (lambda: hostile.package({"a.txt": "x"}), "not_a_workbook"),
    "some compound file": (lambda: hostile.compound("Contents"), "not_a_workbook"),
    ".xlsb": (lambda: hostile.package({"xl/workbook.bin": b"x"}), "binary_workbook"),
    "encrypted xlsx": (
        lambda: hostile.compound("EncryptionInfo", "EncryptedPackage"),
        "password_protected",
    ),
    "encrypted xls": (
        lambda: hostile.xls_with_password((ROSTERS / INSTRUCTORS).read_bytes()),
        "password_protected",
    ),
    "encrypted zip": (hostile.encrypted_entries, "password_protected"),
    "truncated zip": (lambda: roster()[:-4000], "truncated"),
    "half a zip": (lambda: roster()[: len(roster()) // 2], "truncated"),
    "truncated xls": (lambda: (ROSTERS / INSTRUCTORS).read_bytes()[:9000], "truncated"),
    "document type": (doctype, "document_type"),
    "many strings": (
        lambda: hostile.with_shared_strings(
            f'<sst xmlns="{hostile.MAIN}" uniqueCount="4000000000"><si><t>x</t></si></sst>'
        ),
        "string_count",
    ),
    "an ODS row repeated for ever": (
        lambda: hostile.ods('<table:table-row table:number-rows-repeated="4000000000"/>'),
        "damaged",
    ),
    "last cell of the grid": (lambda: hostile.cell_at("XFD1048576"), "too_many_rows"),
    "a cell in the last column": (lambda: hostile.cell_at("XFD2"), "too_many_columns"),
    "a cell in the 501st column": (lambda: hostile.cell_at("SG2"), "too_many_columns"),
    "a cell in row 200,001": (lambda: hostile.cell_at("A200001"), "too_many_rows"),
    "a reference outside the grid": (lambda: hostile.cell_at("A4294967295"), "too_many_rows"),
    "a column outside the grid": (lambda: hostile.cell_at("ZZZZZZ1"), "too_many_columns"),
    "a reference that is none": (lambda: hostile.cell_at("A0"), "damaged"),
    "a bomb": (lambda: hostile.zip_bomb(600), "unpacks_too_big"),
    "a lying bomb": (lambda: hostile.lying_zip_bomb(200), "damaged"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_its_reason(upload: Upload, case: str) -> None:
    build, code = REFUSED[case]
    began = time.monotonic()
    assert refusal(upload(build())).code == code
    assert time.monotonic() - began < 10


def test_a_sheet_with_too_many_rows_is_named_with_what_was_found(upload: Upload) -> None:
    found = refusal(upload(hostile.cell_at("B1000000")))
    assert found.params == {"sheet": "花名册", "found": 1_000_000, "limit": 200_000}


def test_a_sheet_with_too_many_columns_is_named_with_what_was_found(upload: Upload) -> None:
    found = refusal(upload(hostile.cell_at("XFD2")))
    assert found.params == {"sheet": "花名册", "found": 16_384, "limit": 500}


def test_rows_without_references_are_counted_too(upload: Upload) -> None:
    rows = "<row><c><v>1</v></c></row>" * 101
    found = refusal(upload(hostile.xlsx(rows)), replace(DEFAULT, rows=100))
    assert (found.code, found.params["found"]) == ("too_many_rows", 101)


@pytest.mark.parametrize("reference", ["SF2", "A200000", "SF200"])
def test_cells_just_inside_the_limits_are_read(upload: Upload, reference: str) -> None:
    [_first, (_number, cells)] = only_rows(upload(hostile.cell_at(reference)))
    assert cells[-1] == "x"


def test_more_cells_than_allowed_are_refused(upload: Upload) -> None:
    rows = "".join(hostile.row(n, hostile.text_cell(f"A{n}", "x")) for n in range(1, 12))
    assert refusal(upload(hostile.xlsx(rows)), replace(DEFAULT, cells=10)).code == "too_many_cells"


def test_an_oversized_upload_is_refused_before_it_is_read(upload: Upload) -> None:
    path = upload(b"")
    os.truncate(path, DEFAULT.upload_bytes + 1)
    assert refusal(path).code == "upload_too_big"


def test_more_parts_than_allowed_are_refused(upload: Upload) -> None:
    parts = {**hostile.workbook_parts(), **{f"xl/media/{n}.png": b"" for n in range(2000)}}
    assert refusal(upload(hostile.package(parts))).code == "too_many_parts"


def test_a_part_stored_twice_is_refused(upload: Upload, tmp_path: Path) -> None:
    path = upload(hostile.xlsx(hostile.row(1, NAME)))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl\\workbook.xml", "<workbook/>")
    assert refusal(path).code == "damaged"


def test_a_file_that_makes_the_library_eat_memory_is_refused(upload: Upload) -> None:
    path = upload(hostile.cell_at("SF200000"))
    assert refusal(path, replace(DEFAULT, memory_bytes=256 * 1024 * 1024)).code == "reader_died"


# The reading process


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a script in the place of the reading process."""

    def install(script: str) -> None:
        path = tmp_path / "child.py"
        path.write_text(script)
        monkeypatch.setattr(process, "CHILD", path)

    return install


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("import os; os.abort()", "reader_died"),
        ("import sys; sys.stdin.read(1); sys.exit(3)", "reader_died"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "reader_died"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", "timed_out"),
        ("import time; time.sleep(60)", "timed_out"),
    ],
)
def test_the_death_of_the_reading_process_is_a_refusal(
    upload: Upload,
    reader: Callable[[str], None],
    capfd: pytest.CaptureFixture,
    script: str,
    code: str,
) -> None:
    reader(script)
    path = upload(hostile.xlsx(hostile.row(1, NAME)))
    assert refusal(path, replace(DEFAULT, wall_seconds=1)).code == code
    assert capfd.readouterr() == ("", "")


def test_processor_time_is_limited(upload: Upload, reader: Callable[[str], None]) -> None:
    folder = str(Path(process.__file__).parent)
    limit = "import reading_child; reading_child.limit_resources(2**30, 1)"
    reader(f"import sys; sys.path.insert(0, {folder!r}); {limit}\nwhile True: pass")
    assert refusal(upload(hostile.xlsx(hostile.row(1, NAME)))).code == "timed_out"


def test_no_process_is_left_behind(upload: Upload, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen] = []
    popen = subprocess.Popen

    def start(*args: object, **options: object) -> subprocess.Popen:
        started.append(popen(*args, **options))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    refusal(upload(hostile.cell_at("XFD1048576")))
    with open_workbook(upload(hostile.xlsx(hostile.row(1, NAME)))) as workbook:
        assert isinstance(workbook, Workbook)
    assert [child.returncode is not None for child in started] == [True, True]


def test_the_reading_process_knows_nothing_of_the_environment(
    upload: Upload, reader: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    seen = tmp_path / "seen"
    reader(f"import os; open({str(seen)!r}, 'w').write(repr(dict(os.environ)))")
    refusal(upload(hostile.xlsx(hostile.row(1, NAME))))
    assert "DATABASE_URL" not in seen.read_text()


def test_the_upload_itself_is_left_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / INSTRUCTORS
    shutil.copyfile(ROSTERS / INSTRUCTORS, path)
    read(path)
    assert path.read_bytes() == (ROSTERS / INSTRUCTORS).read_bytes()
