import datetime
from typing import Any

import pytest
from django.utils import timezone

from organizations.models import Assignment, Association, Instructor, UnresolvedAssignment
from organizations.terms import years_after
from registers.cleaning import check_digit
from tests.factories.organizations import (
    AssignmentFactory,
    AssociationFactory,
    InspectionFactory,
    InstructorFactory,
    RatingFactory,
    credit_code,
)
from tests.registers.workbook_builder import (
    CODE,
    NAME,
    PERSON,
    SERVED,
    SINCE,
    association,
    counts,
    imported_rows,
    only_row,
    roster,
    staged,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "private_files")]


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


# Dates


@pytest.mark.parametrize(
    ("written", "stored"),
    [("2015年8月", "2015-08-01"), ("2015年", "2015-01-01"), ("2015.8.17", "2015-08-17")],
)
def test_a_date_is_stored_as_the_first_day_that_it_can_mean(written: str, stored: str) -> None:
    imported_rows({NAME: "菏泽市甲协会", "成立登记日期": written})
    assert association("菏泽市甲协会").registered_on == day(stored)


@pytest.mark.parametrize("coarse", ["2015年8月", "2015年"])
def test_a_coarser_date_does_not_overwrite_a_finer_one(coarse: str) -> None:
    known = AssociationFactory(registered_on=day("2015-08-17"))
    batch = staged(roster({NAME: known.name, "成立登记日期": coarse}))
    assert counts(batch) == {"unchanged": 1}


@pytest.mark.parametrize("other", ["2015年9月", "2016年", "2015-08-18"])
def test_a_date_that_contradicts_overwrites(other: str) -> None:
    known = AssociationFactory(registered_on=day("2015-08-17"))
    imported_rows({NAME: known.name, "成立登记日期": other})
    known.refresh_from_db()
    assert known.registered_on != day("2015-08-17")


def test_the_end_in_the_month_of_the_registration_is_not_before_it() -> None:
    row = {NAME: "菏泽市甲协会", "成立登记日期": "2015-08-17"}
    imported_rows(row | {"登记状态": "注销", "注销日期": "2015年8月"})
    assert association("菏泽市甲协会").ended_on == day("2015-08-17")


# Blanks and status


def test_blank_cells_erase_nothing() -> None:
    row = {
        NAME: "菏泽市甲协会",
        CODE: credit_code(1),
        "住所": "东街",
        "联系电话": "0530-5612345",
        "行业管理部门": "市民政局",
        "专职": 3,
        "评估等级": "3A",
        "2024年度年检结果": "合格",
        "党组织名称": "中共甲协会支部",
        "书记": "王五",
        SINCE: "2019-05-01",
        "指导员": "赵六",
    }
    imported_rows(row)
    blank = dict.fromkeys(row, "无") | {NAME: row[NAME], "联系电话": None, "书记": "—"}
    assert counts(staged(roster(blank))) == {"unchanged": 1}


def test_the_credit_code_is_filled_in_where_it_was_missing() -> None:
    known = AssociationFactory(credit_code="")
    imported_rows({NAME: known.name, CODE: credit_code(1)})
    known.refresh_from_db()
    assert known.credit_code == credit_code(1)


def test_deregistered_without_a_date_ends_today_and_says_that_this_is_inferred() -> None:
    known = AssociationFactory()
    batch = imported_rows({NAME: known.name, "登记状态": "注销"})
    known.refresh_from_db()
    assert (known.status, known.ended_on) == ("deregistered", timezone.localdate())
    assert only_row(batch).inferred == ["ended_on"]


def test_deregistered_again_without_a_date_keeps_the_date() -> None:
    known = AssociationFactory(ended=True)
    assert counts(staged(roster({NAME: known.name, "登记状态": "注销"}))) == {"unchanged": 1}


def test_a_new_association_may_bear_the_name_of_an_ended_one() -> None:
    AssociationFactory(ended=True, name="菏泽市甲协会", credit_code=credit_code(1))
    imported_rows({NAME: "菏泽市甲协会", CODE: credit_code(2)})
    assert Association.objects.filter(name="菏泽市甲协会").count() == 2


@pytest.mark.parametrize(
    ("row", "total"),
    [({"专职": 8, "兼职": 5}, 13), ({"兼职": 7}, 10), ({"专职": 4, "从业人员总数": 6}, 6)],
)
def test_a_known_total_of_staff_follows_the_parts(row: dict[str, int], total: int) -> None:
    known = AssociationFactory(staff_full_time=3, staff_part_time=2, staff_total=5)
    imported_rows({NAME: known.name} | row)
    known.refresh_from_db()
    assert known.staff_total == total


def test_a_total_of_staff_that_nobody_wrote_is_not_stored() -> None:
    imported_rows({NAME: "菏泽市甲协会", "专职": 8, "兼职": 5})
    assert association("菏泽市甲协会").staff_total is None


# What is inferred


@pytest.mark.parametrize(
    ("row", "division", "level"),
    [
        ({NAME: "菏泽市甲协会"}, "菏泽市", "city"),
        ({NAME: "曹县甲协会"}, "曹县", "county"),
        ({NAME: "曹县庄寨镇商会"}, "庄寨镇", "township"),
        ({NAME: "庄寨镇木业协会"}, "庄寨镇", "township"),
        ({NAME: "甲协会", CODE: credit_code(1)}, "菏泽市", "city"),
        ({NAME: "甲协会", CODE: credit_code(1, "371721")}, "曹县", "county"),
        ({NAME: "甲协会", "所属县区": "曹县"}, "曹县", "county"),
        ({NAME: "甲商会", "所属县区": "庄寨镇"}, "庄寨镇", "township"),
        ({NAME: "甲商会", "登记类型": "镇街商会", "所属县区": "曹县"}, "曹县", "township"),
    ],
)
def test_division_and_level_follow_from_name_code_or_division(
    row: dict[str, Any], division: str, level: str
) -> None:
    imported_rows(row)
    made = Association.objects.select_related("division").get()
    assert (made.division and made.division.name, made.level) == (division, level)


@pytest.mark.parametrize("where", [{"sheet": "曹县"}, {"title": "曹县行业协会商会花名册"}])
def test_sheet_and_title_say_where_a_row_belongs(where: dict[str, str]) -> None:
    batch = staged(roster({NAME: "甲协会"}, **where))
    row = only_row(batch)
    assert row.values["level"] == "county"
    assert {"division", "level"} <= set(row.inferred)


def test_a_rows_division_goes_before_the_title() -> None:
    batch = staged(roster({NAME: "甲协会", "所属县区": "曹县"}, title="菏泽市行业协会商会花名册"))
    assert only_row(batch).values["level"] == "county"


def test_a_row_that_gives_its_level_has_it_not_inferred() -> None:
    row = only_row(staged(roster({NAME: "菏泽市甲协会", "级别": "县级"})))
    assert row.values["level"] == "county"
    assert "level" not in row.inferred


@pytest.mark.parametrize(("second", "kind"), [("2", "service"), ("3", "foundation")])
def test_the_second_character_of_the_code_tells_the_kind(second: str, kind: str) -> None:
    body = f"5{second}{credit_code(1)[2:17]}"
    row = only_row(staged(roster({NAME: "菏泽市甲中心", CODE: body + check_digit(body)})))
    assert row.values["kind"] == kind
    assert "kind" in row.inferred


# Inspections and ratings


def test_an_inspection_of_another_year_is_added() -> None:
    known = InspectionFactory(year=2023).association
    imported_rows({NAME: known.name, "2024年度年检结果": "基本合格"})
    assert list(known.inspections.values_list("year", "result")) == [
        (2024, "barely"),
        (2023, "passed"),
    ]


def test_the_result_of_a_year_is_corrected() -> None:
    known = InspectionFactory(year=2024).association
    imported_rows({NAME: known.name, "2024年度年检结果": "未报"})
    assert list(known.inspections.values_list("regime", "result")) == [("report", "not_reported")]


def test_a_new_grade_ends_a_dated_one_and_keeps_it() -> None:
    known = RatingFactory(grade="3A", valid_from=day("2023-01-01")).association
    imported_rows({NAME: known.name, "评估等级": "4A"})
    today = timezone.localdate()
    assert list(known.ratings.values_list("grade", "valid_from", "valid_until")) == [
        ("4A", today, years_after(today, 5)),
        ("3A", day("2023-01-01"), today),
    ]


def test_a_first_grade_has_no_dates_that_nobody_knows() -> None:
    known = AssociationFactory()
    imported_rows({NAME: known.name, "评估等级": "4A"})
    assert list(known.ratings.values_list("valid_from", "valid_until")) == [(None, None)]


def test_a_new_grade_replaces_an_undated_one() -> None:
    known = RatingFactory(grade="3A", valid_from=None, valid_until=None).association
    imported_rows({NAME: known.name, "评估等级": "4A"})
    assert [rating.grade for rating in known.ratings.all()] == ["4A"]


def test_an_expired_undated_grade_is_not_rewritten() -> None:
    known = RatingFactory(grade="2A", valid_from=None, valid_until=day("2020-01-01")).association
    RatingFactory(association=known, grade="3A", valid_from=day("2023-01-01"))
    imported_rows({NAME: known.name, "评估等级": "4A"})
    assert sorted(rating.grade for rating in known.ratings.all()) == ["2A", "3A", "4A"]


def test_a_grade_of_the_same_day_is_corrected() -> None:
    today = timezone.localdate()
    known = RatingFactory(grade="3A", valid_from=today).association
    imported_rows({NAME: known.name, "评估等级": "4A"})
    assert [(rating.grade, rating.valid_from) for rating in known.ratings.all()] == [("4A", today)]


def test_a_new_grade_holds_until_the_one_that_is_known_to_follow() -> None:
    today = timezone.localdate()
    soon = today + datetime.timedelta(30)
    known = RatingFactory(grade="3A", valid_from=day("2023-01-01"), valid_until=soon).association
    RatingFactory(association=known, grade="5A", valid_from=soon, valid_until=None)
    imported_rows({NAME: known.name, "评估等级": "4A"})
    assert list(known.ratings.values_list("grade", "valid_from", "valid_until")) == [
        ("5A", soon, None),
        ("4A", today, soon),
        ("3A", day("2023-01-01"), today),
    ]


# Instructors


def test_a_shorter_list_of_instructors_removes_nothing() -> None:
    known = AssociationFactory()
    imported_rows({NAME: known.name, "指导员": "张三、李四"})
    assert counts(staged(roster({NAME: known.name, "指导员": "李四"}))) == {"unchanged": 1}


def test_an_instructor_whom_nobody_knows_is_made() -> None:
    imported_rows({NAME: "菏泽市甲协会", "指导员": "张三"})
    assert Assignment.objects.get().instructor == Instructor.objects.get(name="张三", unit="")


def test_one_instructor_named_in_two_rows_is_one_person() -> None:
    imported_rows(
        {NAME: "菏泽市甲协会", "指导员": "张三"}, {NAME: "菏泽市乙协会", "指导员": "张三"}
    )
    assert Instructor.objects.get().assignments.count() == 2


def test_adding_an_instructor_does_not_assign_a_namesake_of_the_present_one() -> None:
    InstructorFactory(name="张三", unit="甲局")
    second = InstructorFactory(name="张三", unit="乙局")
    known = AssignmentFactory(instructor=second).association
    imported_rows({NAME: known.name, "指导员": "张三、李四"})
    assert sorted(a.instructor.unit for a in known.assignments.all()) == ["", "乙局"]


def test_an_association_that_an_instructors_row_names_and_nobody_knows_is_unresolved() -> None:
    known = AssociationFactory()
    row = {PERSON: "张三", SERVED: f"{known.name}；菏泽市未知协会", "选派时间": "2024-05-06"}
    imported_rows(row, register="instructors")
    assert Assignment.objects.get().association == known
    unresolved = UnresolvedAssignment.objects.get()
    assert (unresolved.association_name, unresolved.assigned_on) == (
        "菏泽市未知协会",
        day("2024-05-06"),
    )
    assert counts(staged(roster(row), "instructors")) == {"unchanged": 1}


def test_a_name_that_has_become_known_is_unresolved_no_longer() -> None:
    imported_rows({PERSON: "张三", SERVED: "菏泽市甲协会"}, register="instructors")
    AssociationFactory(name="菏泽市甲协会")
    imported_rows({PERSON: "张三", SERVED: "菏泽市甲协会；菏泽市乙协会"}, register="instructors")
    assert Assignment.objects.get().association.name == "菏泽市甲协会"
    assert [u.association_name for u in UnresolvedAssignment.objects.all()] == ["菏泽市乙协会"]


def test_an_instructors_shorter_list_of_associations_removes_nothing() -> None:
    row = {PERSON: "张三", SERVED: f"{AssociationFactory().name}、{AssociationFactory().name}"}
    imported_rows(row, register="instructors")
    shorter = row | {SERVED: row[SERVED].split("、")[0]}
    assert counts(staged(roster(shorter), "instructors")) == {"unchanged": 1}


def test_a_rosters_row_fills_in_the_unit_of_an_instructor_known_by_name() -> None:
    imported_rows({NAME: "菏泽市甲协会", "指导员": "张三"})
    imported_rows({PERSON: "张三", "工作单位": "甲局"}, register="instructors")
    assert Instructor.objects.get().unit == "甲局"


def former_assignment() -> tuple[Assignment, dict[str, str]]:
    """An assignment that has ended, and the roster's row that dates it back into that time."""
    former = AssignmentFactory(assigned_on=day("2020-01-01"), ended_on=day("2023-06-01"))
    instructor = former.instructor
    row = {PERSON: instructor.name, "工作单位": instructor.unit, SERVED: former.association.name}
    return former, row | {"选派时间": "2022-03"}


def days_of_work(former: Assignment) -> list[tuple[datetime.date, datetime.date | None]]:
    rows = former.instructor.assignments.order_by("assigned_on")
    return list(rows.values_list("assigned_on", "ended_on"))


def test_who_is_assigned_again_works_since_the_former_assignment_ended() -> None:
    former, row = former_assignment()
    imported_rows(row, register="instructors")
    ended = day("2023-06-01")
    assert days_of_work(former) == [(former.assigned_on, ended), (ended, None)]


def test_a_current_assignment_is_not_dated_back_into_a_former_one() -> None:
    former, row = former_assignment()
    AssignmentFactory(
        instructor=former.instructor, association=former.association, assigned_on=day("2024-01-01")
    )
    imported_rows(row, register="instructors")
    ended = day("2023-06-01")
    assert days_of_work(former) == [(former.assigned_on, ended), (ended, None)]


def test_the_day_of_assignment_holds_for_those_served_now() -> None:
    row = {PERSON: "张三", SERVED: f"{AssociationFactory().name}；菏泽市未知协会"}
    imported_rows(row, register="instructors")
    imported_rows(row | {"选派时间": "2024-05"}, register="instructors")
    assert Assignment.objects.get().assigned_on == day("2024-05-01")
    assert UnresolvedAssignment.objects.get().assigned_on == day("2024-05-01")
