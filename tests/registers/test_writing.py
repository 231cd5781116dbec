import datetime
import io
import re
import zipfile
from xml.etree import ElementTree

import openpyxl
import pytest
from django.utils import timezone, translation
from hypothesis import example, given, settings
from hypothesis import strategies as st
from python_calamine import load_workbook

from registers.columns import (
    ChoiceColumn,
    CountColumn,
    CreditCodeColumn,
    DateColumn,
    LookupColumn,
    NameColumn,
    NamesColumn,
    PhoneColumn,
    TextColumn,
    Vocabulary,
    YearlyChoiceColumn,
    YesNoColumn,
)
from registers.register import Register
from registers.workbooks.layout import find_layout
from registers.workbooks.marking import mark_workbook
from registers.workbooks.reading import open_workbook
from registers.workbooks.records import records as layout_records
from registers.workbooks.writing import write_register, write_template

FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", '=HYPERLINK("http://x","y")']
XML_FORBIDS = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
OFFICES = Vocabulary(keys={"林业局": 7}, names={7: "市林业局", 8: "=2+2局"})
LEVELS = (("city", "City level"), ("county", "County level"))
RESULTS = (("passed", "Passed"), ("failed", "Failed"))


class ClubRegister(Register):
    key = "clubs"
    label = "Clubs"
    columns = (
        NameColumn(key="name", label="Name", required=True, help="As registered."),
        CreditCodeColumn(key="credit_code", label="Credit code"),
        ChoiceColumn(key="level", label="Level", choices=LEVELS),
        LookupColumn(key="office", label="Office", space="offices", vocabulary=lambda: OFFICES),
        DateColumn(key="registered_on", label="Registered on"),
        CountColumn(key="members", label="Members"),
        YesNoColumn(key="organised", label="Organised"),
        YearlyChoiceColumn(key="inspection", label="inspection", choices=RESULTS),
        NamesColumn(key="instructor", label="Instructors"),
        PhoneColumn(key="phone", label="Phone", personal=True),
        TextColumn(key="remark", label="Remark"),
    )


FULL = {
    "name": "林产工业协会",
    "credit_code": "11370100004188768U",
    "level": "city",
    "office": 7,
    "registered_on": "2021-03-01",
    "members": 12,
    "organised": True,
    "inspection": {"2023": "passed", "2024": "failed"},
    "instructor": ["张三", "李四"],
    "phone": "013800001234",
    "remark": "01",
}


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def written(*records, **options):
    out = io.BytesIO()
    write_register(out, ClubRegister(), records, **options)
    return out


def sheet_of(out):
    return openpyxl.load_workbook(out).worksheets[0]


def row_of(out, number):
    return [cell.value for cell in sheet_of(out)[number]]


def sheet_xml(out):
    with zipfile.ZipFile(out) as parts:
        return parts.read("xl/worksheets/sheet1.xml").decode()


def test_register_has_title_notes_headings_and_rows():
    out = written(FULL, note_lines=["As of 2026-03-01"])
    assert [row_of(out, 1)[0], row_of(out, 2)[0]] == ["Clubs", "As of 2026-03-01"]
    assert row_of(out, 3)[:3] == ["Name", "Credit code", "Level"]
    assert row_of(out, 4) == [
        "林产工业协会", "11370100004188768U", "City level", "市林业局",
        datetime.datetime(2021, 3, 1), 12,  # as openpyxl reads a day
        "Yes", "Passed", "Failed", "张三；李四",
        "013800001234", "01",
    ]  # fmt: skip


def test_yearly_column_becomes_one_column_a_year():
    headings = row_of(written({"inspection": {"2024": "passed"}}, FULL), 2)
    assert [text for text in headings if "inspection" in text] == [
        "2023 inspection",
        "2024 inspection",
    ]


def test_headings_speak_the_active_language():
    with translation.override("zh-hans"):
        assert "是" in row_of(written(FULL), 3)


@pytest.mark.parametrize("text", FORMULAS)
def test_text_never_becomes_a_formula(text):
    out = written({"name": text, "remark": text})
    assert "<f>" not in sheet_xml(out)
    cells = [c for c in sheet_of(out)[3] if c.value is not None]
    assert [(c.value, c.data_type) for c in cells] == [(text, "s"), (text, "s")]


@pytest.mark.parametrize("text", FORMULAS)
def test_fast_reader_reads_the_same_text(text):
    out = written({"name": text})
    out.seek(0)
    assert load_workbook(out).get_sheet_by_index(0).to_python()[2][0] == text


def test_note_lines_never_become_formulas():
    assert sheet_of(written(note_lines=["=1+1"]))["A2"].data_type == "s"


def test_counts_stay_numbers_and_codes_stay_texts():
    sheet = sheet_of(written(FULL))
    assert [sheet["F3"].data_type, sheet["B3"].data_type, sheet["B3"].number_format] == [
        "n", "s", "@",
    ]  # fmt: skip


@pytest.mark.parametrize("day", ["2021-03", "2021", "1899-05-01", "1900-02-28"])
def test_date_that_a_spreadsheet_cannot_hold_is_written_as_text(day):
    assert row_of(written({"name": "a", "registered_on": day}), 3)[4] == day


def test_control_characters_are_left_out():
    assert row_of(written({"name": "a\x00b\x0bc"}), 3)[0] == "abc"


TEXTS = st.text(st.characters(exclude_characters="\r"), min_size=1)


@settings(max_examples=150, deadline=None)
@example("甲\uffff乙\ufffe")
@example("\ud800<&]]>\x00_x0041_")
@given(TEXTS)
def test_any_text_is_written_as_xml_and_read_back_but_for_what_xml_forbids(text):
    out = written({"name": f"名{text}"}, note_lines=[f"注{text}"])
    assert_well_formed(out)
    kept = XML_FORBIDS.sub("", text)
    out.seek(0)
    rows = load_workbook(out).get_sheet_by_index(0).to_python()
    assert rows[3][0] == f"名{kept}"


def assert_well_formed(out):
    with zipfile.ZipFile(out) as parts:
        for part in parts.namelist():
            ElementTree.fromstring(parts.read(part))


def test_text_that_looks_like_an_escaped_character_is_read_back_as_it_was(tmp_path):
    path = tmp_path / "out.xlsx"
    path.write_bytes(written({"name": "a_x0041_b"}).getvalue())
    assert rows_read(path)[-1][1][0] == "a_x0041_b"


def test_declared_extent_is_the_written_one():
    assert '<dimension ref="A1:L4"' in sheet_xml(written(FULL, FULL))


def test_chosen_columns_alone_are_written():
    columns = [c for c in ClubRegister.columns if not c.personal]
    out = written(FULL, columns=columns)
    assert "013800001234" not in sheet_xml(out)


def rows_read(path):
    with open_workbook(path) as workbook:
        return [row for sheet in workbook.sheets if not sheet.hidden for row in sheet.rows()]


def read_back(out, tmp_path):
    """The records of an export as an import would clean them, by heading."""
    path = tmp_path / "out.xlsx"
    path.write_bytes(out.getvalue())
    labels = {str(column.label): column for column in ClubRegister.columns}
    with open_workbook(path) as workbook:
        sheet = next(iter(workbook.sheets))
        layout = find_layout(sheet, lambda text: text in labels)
        keyed = [(h.column, labels[h.leaf]) for h in layout.headings if h.leaf in labels]
        return [
            {column.key: column.clean(cells[i]) for i, column in keyed if i < len(cells)}
            for _number, cells in layout_records(sheet, layout)
        ]


def test_export_is_read_back_unchanged(tmp_path):
    record = read_back(written(FULL, note_lines=["Rule: all", "As of 2026-03-01"]), tmp_path)[0]
    expected = {k: v for k, v in FULL.items() if k != "inspection"} | {"office": "市林业局"}
    assert record == expected


def template():
    out = io.BytesIO()
    write_template(out, ClubRegister(), {"office": OFFICES})
    return out


def test_template_has_every_heading_of_the_register():
    headings = row_of(template(), 3)
    year = timezone.localdate().year - 1
    assert headings == [
        f"{year} inspection" if c.key == "inspection" else c.label for c in ClubRegister.columns
    ]


def test_template_holds_no_data_rows(tmp_path):
    assert read_back(template(), tmp_path) == []


def test_template_offers_choices_from_a_hidden_sheet():
    book = openpyxl.load_workbook(template())
    rules = {
        str(r.sqref).split(":")[0]: r for r in book.worksheets[0].data_validations.dataValidation
    }
    assert set(rules) == {"C4", "D4", "G4", "H4"}
    assert rules["C4"].formula1 == "'Lists'!$C$1:$C$2"
    assert [cell.value for cell in book["Lists"]["C"]][:2] == ["City level", "County level"]
    assert book["Lists"].sheet_state == "hidden"


def test_template_list_holds_no_formula():
    assert openpyxl.load_workbook(template())["Lists"]["D2"].data_type == "s"


def test_template_explains_required_column():
    comment = openpyxl.load_workbook(template()).worksheets[0]["A3"].comment.text
    assert comment.startswith("As registered.\nA name of at most")
    assert comment.endswith("\nThis must be filled in.")


def roster(path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "协会"
    sheet.append(["花名册"])
    sheet.append(["名称", "人数"])
    sheet.append(["林产工业协会", "=1+1"])
    sheet["B3"].data_type = "s"
    sheet.append(["物流协会", "=1+1"])
    sheet["A4"].number_format = "0.000"
    book.save(path)
    return path


PROBLEMS = [("协会", 3, 1, "Not a number."), ("协会", 3, None, "Twice in the file.")]


def marked(path, file_format="xlsx", problems=PROBLEMS):
    out = io.BytesIO()
    mark_workbook(path, file_format, problems, out, header_rows={"协会": 2, "": 1})
    return openpyxl.load_workbook(out)


def test_wrong_cell_is_filled_and_says_why(tmp_path):
    cell = marked(roster(tmp_path / "in.xlsx"))["协会"]["B3"]
    assert cell.fill.fill_type == "solid"
    assert cell.comment.text == "Not a number."


def test_problems_column_stands_right_of_the_table(tmp_path):
    sheet = marked(roster(tmp_path / "in.xlsx"))["协会"]
    assert [sheet["C2"].value, sheet["C3"].value, sheet["C4"].value] == [
        "Problems",
        "Not a number.\nTwice in the file.",
        None,
    ]


def test_users_formulas_stay_formulas_and_texts_stay_texts(tmp_path):
    sheet = marked(roster(tmp_path / "in.xlsx"))["协会"]
    assert [sheet["B3"].data_type, sheet["B4"].data_type] == ["s", "f"]


def test_own_formats_of_the_workbook_are_kept(tmp_path):
    assert marked(roster(tmp_path / "in.xlsx"))["协会"]["A4"].number_format == "0.000"


def test_message_never_becomes_a_formula(tmp_path):
    problems = [("协会", 3, 0, "=1+1")]
    assert marked(roster(tmp_path / "in.xlsx"), problems=problems)["协会"]["C3"].data_type == "s"


def test_cell_hidden_by_a_merge_is_marked_where_the_merge_begins(tmp_path):
    path = roster(tmp_path / "in.xlsx")
    book = openpyxl.load_workbook(path)
    book["协会"].merge_cells("B3:B4")
    book.save(path)
    sheet = marked(path, problems=[("协会", 4, 1, "Not a number.")])["协会"]
    assert sheet["B3"].comment.text == "Not a number."


def test_a_marked_workbook_is_well_formed_whatever_it_quotes(tmp_path):
    original = tmp_path / "in.csv"
    original.write_text("Name,Remark\na,b\uffffc\n", encoding="utf-8")
    out = io.BytesIO()
    problems = [("", 2, 1, "“b\uffffc” is wrong.")]
    mark_workbook(original, "csv", problems, out, header_rows={"": 1})
    assert_well_formed(out)
    sheet = sheet_of(out)
    assert sheet["B2"].comment.text == "“bc” is wrong."


def test_text_file_is_built_anew_with_its_problems(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text("名称,人数\n林产工业协会,=1+1\n\n物流协会,x\n", encoding="utf-8")
    sheet = marked(path, "csv", [("", 4, 1, "Not a number.")]).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows == [
        ["名称", "人数", "Problems"],
        ["林产工业协会", "=1+1", None],
        [None, None, None],
        ["物流协会", "x", "Not a number."],
    ]
    assert [sheet["B2"].data_type, sheet["B4"].comment.text] == ["s", "Not a number."]


def test_workbook_that_cannot_be_marked_in_place_is_built_anew(tmp_path):
    path = roster(tmp_path / "in.xlsx")
    sheet = marked(path, "xls")["协会"]
    assert [sheet["C2"].value, sheet["B3"].comment.text] == ["Problems", "Not a number."]
