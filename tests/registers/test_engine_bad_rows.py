from typing import Any

import pytest
from django.test import override_settings
from django.utils import translation

from accounts.roles import Role
from organizations.models import Association, Department, Division
from registers.committing import commit
from registers.models import ImportBatch
from registers.problems import Problem
from registers.reports import problems_of
from registers.staging import stage
from tests.factories.accounts import StaffFactory
from tests.factories.organizations import (
    AssignmentFactory,
    AssociationFactory,
    InstructorFactory,
    credit_code,
)
from tests.registers import hostile
from tests.registers.workbook_builder import (
    CODE,
    NAME,
    PARTY,
    PERSON,
    SERVED,
    SINCE,
    UNIT,
    association,
    codes,
    command,
    counts,
    imported_rows,
    only_problem,
    roster,
    row_counts,
    staged,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "private_files")]
WRONG_CHECK = credit_code(7)[:17] + ("0" if credit_code(7)[17] != "0" else "1")
SHEET = "菏泽市"
GOOD = {NAME: "菏泽市良好协会", CODE: credit_code(1)}
# Heading and cell of a wrong row → its column, code, and what its message must name.
BAD_CELLS: list[tuple[str, Any, str, str, list[str]]] = [
    (CODE, WRONG_CHECK, "credit_code", "code_check", [WRONG_CHECK, f"“{credit_code(7)[17]}”"]),
    (CODE, 5.13717e17, "credit_code", "code_as_number", ["5.13717"]),
    (CODE, "5.13717E+17", "credit_code", "code_as_number", ["5.13717E+17"]),
    (CODE, credit_code(7)[:16], "credit_code", "code_length", ["16", "18"]),
    ("行业管理部门", "市幸福局", "industry_department", "unknown_lookup", ["市幸福局"]),
    ("所属县区", "幸福县", "division", "unknown_lookup", ["幸福县"]),
    ("成立登记日期", "2021.13", "registered_on", "month_out_of_range", ["2021.13", "13", "12"]),
    ("成立登记日期", "2099-01-01", "registered_on", "date_to_come", ["2099-01-01"]),
    ("成立登记日期", "2021-02-30", "registered_on", "no_such_day", ["2021-02-30"]),
    ("单位会员数", -3, "unit_members", "count_negative", ["-3"]),
    ("单位会员数", 2.5, "unit_members", "count_fraction", ["2.5"]),
    ("单位会员数", 10**9, "unit_members", "count_too_large", ["1000000000"]),
    ("单位会员数", "许多", "unit_members", "count_unreadable", ["许多"]),
    ("单位会员数", "#REF!", "unit_members", "error_value", ["#REF!"]),
    ("住所", "=A1&A2", "address", "formula_without_value", ["=A1&A2"]),
    ("登记状态", "漂浮", "status", "unknown_choice", ["漂浮"]),
    (PARTY, "也许", "has_party_organization", "yes_no_unreadable", ["也许"]),
    ("联系电话", "请问会长", "phone", "phone_characters", ["请问会长"]),
    ("法定代表人", "张" * 41, "legal_representative", "too_long", ["41", "40"]),
]
BAD_ROWS: list[tuple[dict[str, Any], str, str, list[str]]] = [
    ({"专职": 3, "兼职": 2, "党员人数": 6}, "party_members", "more_than_staff", ["6", "5"]),
    ({"专职": 3, "兼职": 2, "从业人员总数": 9}, "staff_total", "sum_mismatch", ["9", "5"]),
    (
        {SINCE: "2020-05-01", "换届时间": "2019-05-01", "党组织名称": "中共某支部"},
        "last_election_on",
        "elected_before_established",
        ["2019-05-01", "2020-05-01"],
    ),
    (
        {"登记类型": "直接登记类", "业务主管单位": "菏泽市民政局"},
        "supervising_unit",
        "direct_with_supervisor",
        [],
    ),
    ({"注销日期": "2024-03-01"}, "ended_on", "ended_while_registered", ["2024-03-01"]),
]
BAD = [({heading: cell}, *rest) for heading, cell, *rest in BAD_CELLS] + BAD_ROWS


@pytest.fixture(scope="module")
def bad(reference: None, tmp_path_factory: pytest.TempPathFactory) -> ImportBatch:
    """A checked batch: row 3 is good, each later row wrong as BAD says."""
    rows = [{NAME: f"菏泽市错误{number}协会"} | cells for number, (cells, *_) in enumerate(BAD)]
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files")):
        return staged(roster(GOOD, *rows, sheet=SHEET))


@pytest.mark.parametrize(
    ("number", "column", "code", "named"),
    [pytest.param(n, *rest, id=f"{n} {rest[1]}") for n, (_, *rest) in enumerate(BAD)],
)
def test_a_wrong_row_names_sheet_row_column_value_and_what_would_be_right(
    bad: ImportBatch, number: int, column: str, code: str, named: list[str]
) -> None:
    row = number + 4
    with translation.override("en"):
        found = [p for p in problems_of(bad) if p["row"] == row]
    assert [(p["column"], p["code"]) for p in found] == [(column, code)]
    message = found[0]["message"]
    assert message.startswith(f"Sheet “{SHEET}”, row {row}, column “")
    assert [text for text in named if text not in message] == []


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_problem_has_a_message_that_names_its_place(bad: ImportBatch, language: str) -> None:
    with translation.override(language):
        for problem in problems_of(bad):
            assert SHEET in problem["message"]
            assert str(problem["row"]) in problem["message"]
            assert "%(" not in problem["message"]


def test_every_bad_row_and_no_other_is_wrong(bad: ImportBatch) -> None:
    assert counts(bad) == {"new": 1, "wrong": len(BAD)}


def test_the_unknown_department_is_listed_once_with_its_row(bad: ImportBatch) -> None:
    (unknown,) = (u for u in bad.unknown if u["text"] == "市幸福局")
    assert (unknown["column"], unknown["count"]) == ("industry_department", 1)


def test_control_characters_are_shown_and_refused() -> None:
    cells = [hostile.text_cell("A1", NAME), hostile.text_cell("B1", "住所")]
    below = [hostile.text_cell("A2", "菏泽市甲协会"), hostile.text_cell("B2", "a_x0001_b")]
    batch = staged(hostile.xlsx(hostile.row(1, *cells) + hostile.row(2, *below)))
    problem = only_problem(batch)
    assert (problem["row"], problem["column"]) == (2, "address")
    assert problem["code"] == "control_characters"


def test_a_code_twice_in_a_file_names_both_rows() -> None:
    first, second = {NAME: "菏泽市甲协会"}, {NAME: "菏泽市乙协会"}
    code = {CODE: credit_code(3)}
    batch = staged(roster(first | code, sheet="甲", more={"乙": [{NAME: "丙协会"}, second | code]}))
    problem = only_problem(batch)
    assert (problem["sheet"], problem["row"], problem["code"]) == ("乙", 4, "duplicate_in_file")
    with translation.override("en"):
        assert "row 3 of sheet “甲”" in only_problem(batch)["message"]


def test_a_name_twice_in_a_file_is_wrong() -> None:
    batch = staged(roster({NAME: "菏泽市甲协会"}, {NAME: " 菏泽市甲协会；"}))
    assert codes(batch) == [(4, "name", "duplicate_in_file")]


def test_two_rows_that_reach_one_association_by_code_and_by_name_are_a_duplicate() -> None:
    known = AssociationFactory(name="菏泽市甲协会")
    batch = staged(
        roster({CODE: known.credit_code, "住所": "东街"}, {NAME: known.name, "住所": "西街"})
    )
    assert [(row, code) for row, _, code in codes(batch)] == [(4, "duplicate_in_file")]


def test_a_code_that_belongs_to_another_name_says_whose_it_is() -> None:
    AssociationFactory(name="菏泽市甲协会", credit_code=credit_code(5))
    batch = staged(roster({NAME: "菏泽市乙协会", CODE: credit_code(5)}))
    problem = only_problem(batch)
    assert (problem["column"], problem["code"]) == ("credit_code", "code_of_other")
    assert "菏泽市甲协会" in problem["message"]
    assert credit_code(5) in problem["message"]


def test_a_name_that_is_registered_with_another_code_says_with_which() -> None:
    AssociationFactory(name="菏泽市甲协会", credit_code=credit_code(5))
    batch = staged(roster({NAME: "菏泽市甲协会", CODE: credit_code(6)}))
    problem = only_problem(batch)
    assert problem["code"] == "name_of_other"
    assert credit_code(5) in problem["message"]


@pytest.mark.parametrize(
    ("before", "cells", "column"),
    [
        (
            {"staff_full_time": 8, "staff_part_time": 2, "staff_total": 10},
            {"从业人员总数": 9},
            "staff_total",
        ),
        ({"party_members": 5}, {"从业人员总数": 3}, "party_members"),
        ({"supervising_unit": "民政"}, {"登记类型": "直接登记类"}, "supervising_unit"),
        ({"status": "revoked", "ended_on": "2020-01-01"}, {"登记状态": "正常"}, "ended_on"),
        (
            {"status": "revoked", "ended_on": "2020-01-01"},
            {"成立登记日期": "2021-01-01"},
            "ended_on",
        ),
    ],
)
def test_a_row_at_odds_with_what_the_registry_holds_is_wrong_before_the_commit(
    before: dict[str, Any], cells: dict[str, Any], column: str
) -> None:
    if "supervising_unit" in before:
        before = {"supervising_unit": Department.objects.first()}
    known = AssociationFactory(**before)
    batch = staged(roster({NAME: known.name} | cells))
    assert [found for _, found, _ in codes(batch)] == [column]


def test_nothing_is_written_by_checking() -> None:
    AssociationFactory(name="菏泽市甲协会")
    content = roster(
        {NAME: "菏泽市甲协会", "住所": "东街", PARTY: "是", "指导员": "赵六"},
        {NAME: "菏泽市乙协会", CODE: WRONG_CHECK},
        {NAME: "菏泽市丙协会", "党组织名称": "中共某支部", "2024年度年检结果": "合格"},
    )
    before = row_counts()
    staged(content)
    assert row_counts() == before


def test_all_or_nothing_writes_nothing_while_a_row_is_wrong() -> None:
    batch = staged(roster(GOOD, {NAME: "菏泽市坏协会", CODE: WRONG_CHECK}))
    before = row_counts()
    with pytest.raises(Problem) as refusal:
        commit(batch, mode="all", by=None)
    assert (refusal.value.code, refusal.value.params) == ("wrong_rows", {"count": 1})
    batch.refresh_from_db()
    assert (batch.status, row_counts()) == ("staged", before)


def test_all_or_nothing_asks_what_the_last_check_found() -> None:
    batch = staged(roster(GOOD))
    ImportBatch.objects.update(counts=batch.counts | {"wrong": 1})  # checked again by another
    assert not commit(batch, mode="all", by=None)
    assert not Association.objects.exists()


def test_good_rows_writes_exactly_these() -> None:
    batch = staged(
        roster(GOOD, {NAME: "菏泽市坏协会", CODE: WRONG_CHECK}, {NAME: "菏泽市又一协会"})
    )
    assert commit(batch, mode="good", by=None)
    assert set(Association.objects.values_list("name", flat=True)) == {GOOD[NAME], "菏泽市又一协会"}


def test_a_batch_committed_twice_is_applied_once() -> None:
    batch = staged(roster({NAME: "菏泽市甲协会"}))
    assert commit(batch, mode="all", by=None)
    written = row_counts()
    assert not commit(ImportBatch.objects.get(pk=batch.pk), mode="all", by=None)
    assert row_counts() == written


@pytest.mark.parametrize("change", ["edited", "deleted", "made"])
def test_a_registry_that_changed_since_the_preview_writes_nothing(change: str) -> None:
    known = AssociationFactory(name="菏泽市甲协会", address="旧街")
    batch = staged(roster({NAME: "菏泽市乙协会"}, {NAME: "菏泽市甲协会", "住所": "新街"}))
    if change == "edited":
        Association.objects.update(address="别街")
    elif change == "deleted":
        known.delete()
    else:
        AssociationFactory(name="菏泽市乙协会")
    before = row_counts()
    assert not commit(batch, mode="all", by=None)
    assert row_counts() == before
    assert (batch.status, batch.error["code"]) == ("staged", "registry_changed")


def test_checked_again_after_the_registry_changed_it_can_be_written() -> None:
    AssociationFactory(name="菏泽市甲协会", address="旧街")
    batch = staged(roster({NAME: "菏泽市甲协会", "住所": "新街"}))
    Association.objects.update(address="别街")
    commit(batch, mode="all", by=None)
    stage(batch)
    assert batch.error is None
    assert commit(batch, mode="all", by=None)
    assert association("菏泽市甲协会").address == "新街"


# Scope


@pytest.fixture
def county() -> Division:
    return Division.objects.get(name="曹县")


@pytest.fixture
def clerk(county: Division) -> Any:
    return StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county)


@pytest.fixture
def foreign() -> Association:
    """An association of another county, of which a clerk of 曹县 must learn nothing."""
    return AssociationFactory(
        name="单县甲协会",
        credit_code=credit_code(8, "371722"),
        division=Division.objects.get(name="单县"),
        address="秘密街",
    )


OUTSIDE = [
    {NAME: "单县甲协会", CODE: credit_code(8, "371722")},
    {NAME: "单县甲协会", CODE: credit_code(9, "371722")},
    {NAME: "单县甲协会"},
    {NAME: "单县别名协会", CODE: credit_code(8, "371722")},
    {CODE: credit_code(8, "371722"), "住所": "某街"},
    {NAME: "单县甲协会", "专职": 1, "兼职": 1, "党员人数": 9},
    {NAME: "单县甲协会", CODE: WRONG_CHECK},
]


@pytest.mark.parametrize("row", OUTSIDE)
def test_a_row_outside_the_scope_is_refused_like_an_unknown_one(
    row: dict[str, Any], clerk: Any, foreign: Association
) -> None:
    content = roster(row)
    known = list(problems_of(staged(content, by=clerk)))
    Association.objects.all().delete()
    assert known == list(problems_of(staged(content, by=clerk)))


@pytest.mark.parametrize("row", OUTSIDE[:4])
def test_a_row_outside_the_scope_is_told_only_what_it_said(
    row: dict[str, Any], clerk: Any, foreign: Association
) -> None:
    batch = staged(roster(row), by=clerk)
    problem = only_problem(batch)
    assert problem["code"] == "out_of_scope"
    assert row[NAME] in problem["message"]
    told = f"{problem} {list(batch.rows.values_list('values', 'before', 'target', 'problems'))}"
    hidden = {foreign.name, foreign.credit_code, foreign.address} - set(row.values())
    assert [secret for secret in hidden if secret in told] == []


def test_rows_within_the_scope_are_imported(clerk: Any) -> None:
    batch = staged(roster({NAME: "曹县甲协会"}, {NAME: "曹县庄寨镇商会"}), by=clerk)
    assert counts(batch) == {"new": 2}
    assert commit(batch, mode="all", by=clerk)


def test_a_row_that_moves_an_association_out_of_the_scope_is_not_written(
    clerk: Any, county: Division
) -> None:
    AssociationFactory(name="曹县甲协会", division=county)
    batch = staged(roster({NAME: "曹县甲协会", "所属县区": "单县"}), by=clerk)
    assert not commit(batch, mode="all", by=clerk)
    assert batch.error["code"] == "left_scope"
    assert association("曹县甲协会").division == county


# The command line


def test_command_prints_what_it_found_and_wrote() -> None:
    status, report = command(roster({NAME: "菏泽市甲协会"}, sheet="市级"))
    assert (status, report["problems"]) == (0, [])
    assert report["counts"] == {"new": 1, "changed": 0, "unchanged": 0, "wrong": 0}
    assert report["sheets"] == [
        {"name": "市级", "header_rows": [2, 2], "records": 1, "columns": {NAME: "name"}}
    ]
    assert ImportBatch.objects.get(pk=report["batch"]).status == "committed"
    assert report["seconds"] > 0


def test_command_with_wrong_rows_ends_with_1_and_writes_nothing(bad: ImportBatch) -> None:
    status, report = command(roster(GOOD, {NAME: "菏泽市坏协会", CODE: WRONG_CHECK}))
    (problem,) = report["problems"]
    message = problem.pop("message")
    assert (status, report["batch"]) == (1, None)
    assert problem == {"sheet": "Sheet1", "row": 4, "column": "credit_code", "code": "code_check"}
    assert WRONG_CHECK in message
    assert not Association.objects.exists()
    assert not ImportBatch.objects.exclude(pk=bad.pk).exists()


def test_command_with_good_rows_writes_them_and_ends_with_1() -> None:
    status, report = command(roster(GOOD, {NAME: "坏协会", CODE: WRONG_CHECK}), "--mode", "good")
    assert (status, report["counts"]["new"], report["counts"]["wrong"]) == (1, 1, 1)
    assert Association.objects.get().name == GOOD[NAME]


@pytest.mark.parametrize(("rows", "status"), [([GOOD], 0), ([{NAME: "协会", CODE: "1"}], 1)])
def test_command_on_a_dry_run_keeps_nothing(
    bad: ImportBatch, rows: list[dict[str, Any]], status: int
) -> None:
    ended, report = command(roster(*rows), "--dry-run")
    assert (ended, report["batch"]) == (status, None)
    assert not Association.objects.exists()
    assert not ImportBatch.objects.exclude(pk=bad.pk).exists()


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"no workbook at all", "no_header"), (hostile.cell_at("XFE1"), "too_many_columns")],
)
def test_command_with_an_unreadable_file_ends_with_2(
    bad: ImportBatch, content: bytes, code: str
) -> None:
    status, report = command(content)
    (problem,) = report["problems"]
    assert (status, report["batch"], report["sheets"]) == (2, None, [])
    assert problem["code"] == code
    assert (problem["sheet"], problem["row"], problem["column"]) == (None, None, None)
    assert problem["message"]
    assert set(report) == {"batch", "sheets", "counts", "problems", "seconds"}
    assert report["counts"] == {"new": 0, "changed": 0, "unchanged": 0, "wrong": 0}
    assert not ImportBatch.objects.exclude(pk=bad.pk).exists()


# Instructors


def test_namesakes_without_a_unit_are_asked_about() -> None:
    imported_rows(
        {PERSON: "张三", UNIT: "甲局"}, {PERSON: "张三", UNIT: "乙局"}, register="instructors"
    )
    batch = staged(roster({PERSON: "张三", "职务": "科长"}), "instructors")
    assert codes(batch) == [(3, "name", "ambiguous_instructor")]


def test_two_rows_that_reach_one_instructor_are_a_duplicate() -> None:
    imported_rows({PERSON: "张三", UNIT: "甲局"}, register="instructors")
    rows = ({PERSON: "张三", UNIT: "甲局", "职务": "科长"}, {PERSON: "张三", "职务": "主任"})
    assert [c for *_, c in codes(staged(roster(*rows), "instructors"))] == ["duplicate_in_file"]


def test_an_instructors_name_that_is_too_long_is_a_wrong_row() -> None:
    batch = staged(roster({NAME: "菏泽市甲协会", "指导员": "张" * 41}))
    assert codes(batch) == [(3, "instructor", "too_long")]


def test_an_associations_name_that_is_too_long_for_an_assignment_is_a_wrong_row() -> None:
    batch = staged(roster({PERSON: "张三", "联系指导社会组织": "会" * 121}), "instructors")
    assert codes(batch) == [(3, "associations", "too_long")]


def test_an_instructor_outside_the_scope_is_not_shown(clerk: Any, foreign: Association) -> None:
    AssignmentFactory(
        association=foreign, instructor=InstructorFactory(name="张三", unit="甲局", post="秘密岗")
    )
    batch = staged(roster({PERSON: "张三", UNIT: "甲局", "职务": "科长"}), "instructors", by=clerk)
    assert "秘密岗" not in str(list(batch.rows.values_list("before", flat=True)))


def test_an_association_outside_the_scope_is_assigned_to_nobody(
    clerk: Any, county: Division, foreign: Association
) -> None:
    own = AssociationFactory(division=county)
    rows = roster({PERSON: "张三", SERVED: f"{own.name}、{foreign.name}"})
    batch = staged(rows, "instructors", by=clerk)
    commit(batch, mode="all", by=clerk)
    assert not foreign.assignments.exists()
