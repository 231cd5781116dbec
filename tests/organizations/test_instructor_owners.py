"""Whose people instructors are, and what others may do with them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import Role
from organizations.models import Instructor
from organizations.records.instructors import write_instructors
from registers.register import Change
from tests.factories.accounts import GrantFactory, StaffFactory
from tests.factories.organizations import (
    AssignmentFactory,
    AssociationFactory,
    CityFactory,
    CountyFactory,
    DepartmentFactory,
    InstructorFactory,
)
from tests.registers.workbook_builder import (
    NAME,
    PERSON,
    SERVED,
    UNIT,
    imported_rows,
    only_problem,
    roster,
    staged,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]
VIEW, EDIT = Permission.VIEW_REGISTRY, Permission.EDIT_INSTRUCTOR
PERSONAL = Permission.VIEW_PERSONAL_DATA
PHONE = "13812345678"


def clerk_of(division: Any) -> User:
    return StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=division)


@pytest.fixture
def county() -> Any:
    return CountyFactory(name="曹县")


@pytest.fixture
def clerk(county: Any) -> User:
    return clerk_of(county)


@pytest.fixture
def neighbour() -> User:
    return clerk_of(CountyFactory(name="单县"))


@pytest.fixture
def bureau(county: Any) -> Any:
    return DepartmentFactory(
        name="曹县测试局", short_name="曹县测试局", aliases=["曹县老局"], division=county
    )


def rights(user: User, instructor: Instructor) -> dict[str, bool]:
    """What the person may do with the instructor."""
    among = Instructor.objects.filter(pk=instructor.pk)
    return {
        "view": among.for_user(user, VIEW).exists(),
        "change": among.with_particulars_of(user, EDIT).exists(),
        "phone": among.for_user(user, PERSONAL).exists(),
        "assign": among.assignable(user, EDIT).exists(),
    }


ALL = dict.fromkeys(("view", "change", "phone", "assign"), True)
NONE = dict.fromkeys(ALL, False)


@pytest.mark.parametrize("employed", ["nowhere", "elsewhere"])
def test_an_office_has_its_own_people_wherever_they_work(
    bureau: Any, clerk: User, neighbour: User, employed: str
) -> None:
    instructor = InstructorFactory(department=bureau)
    if employed == "elsewhere":
        AssignmentFactory(instructor=instructor)
    assert rights(clerk, instructor) == ALL
    assert rights(neighbour, instructor) == NONE


def test_a_department_has_its_own_people(bureau: Any) -> None:
    user = StaffFactory(grant__role=Role.DEPARTMENT_STAFF, grant__department=bureau)
    instructor = InstructorFactory(department=bureau)
    assert Instructor.objects.for_user(user, PERSONAL).get() == instructor


def test_who_borrows_an_instructor_reads_the_phone_and_leaves_the_particulars(
    county: Any, clerk: User
) -> None:
    instructor = InstructorFactory(department=DepartmentFactory(division=CityFactory()))
    AssignmentFactory(instructor=instructor, association__division=county)
    assert rights(clerk, instructor) == ALL | {"change": False}


def test_who_borrowed_an_instructor_once_reads_no_phone(county: Any, clerk: User) -> None:
    instructor = InstructorFactory(department=DepartmentFactory(division=CityFactory()))
    AssignmentFactory(instructor=instructor, association__division=county, ended_on="2025-01-01")
    assert rights(clerk, instructor) == ALL | {"change": False, "phone": False}


def test_a_free_instructor_of_no_department_is_seen_but_is_not_anybody_s_to_take(
    clerk: User, neighbour: User
) -> None:
    free = InstructorFactory(entered_by=neighbour)
    assert rights(clerk, free) == NONE | {"view": True}
    assert rights(neighbour, free) == ALL | {"phone": False}


def test_a_free_instructor_whom_the_city_entered_is_the_city_s(clerk: User) -> None:
    for entered_by in (None, StaffFactory(grant__role=Role.REVIEWER)):
        assert not rights(clerk, InstructorFactory(entered_by=entered_by, unit=""))["assign"]


def test_a_colleague_goes_on_with_whom_an_office_has_entered(county: Any, clerk: User) -> None:
    assert rights(clerk_of(county), InstructorFactory(entered_by=clerk))["assign"]


def test_a_person_of_a_wider_scope_enters_nobody_for_a_county(county: Any, clerk: User) -> None:
    wide = StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county.parent)
    assert not rights(clerk, InstructorFactory(entered_by=wide))["assign"]


def test_a_citywide_role_may_do_everything() -> None:
    assert rights(StaffFactory(grant__role=Role.REVIEWER), InstructorFactory()) == ALL


def test_a_role_that_cannot_edit_changes_and_assigns_nobody(county: Any, bureau: Any) -> None:
    user = StaffFactory(grant__role=Role.INSTRUCTOR, grant__division=county)
    GrantFactory(user=user, role=Role.DEPARTMENT_STAFF, department=bureau)
    found = rights(user, InstructorFactory(department=bureau))
    assert (found["change"], found["assign"]) == (False, False)


# The hole: to assign somebody to oneself, in order to read the phone


@pytest.mark.parametrize("owner", ["nobody", "another office"])
def test_nobody_reads_a_phone_by_taking_an_instructor(
    county: Any, clerk: User, neighbour: User, client: Client, owner: str
) -> None:
    department = None if owner == "nobody" else DepartmentFactory(division=CountyFactory())
    free = InstructorFactory(
        name="赵六", unit="某单位", phone=PHONE, entered_by=neighbour, department=department
    )
    own = AssociationFactory(division=county)
    client.force_login(clerk)
    choice = {"instructor": "赵六（某单位）", "assigned_on": "2026-01-01"}
    client.post(reverse("organizations:association-assign", args=[own.pk]), choice)
    staged_row = staged(
        roster({PERSON: "赵六", UNIT: "某单位", SERVED: own.name}), "instructors", by=clerk
    )
    imported_rows({NAME: own.name, "党建指导员": "赵六"}, by=clerk)
    assert only_problem(staged_row)["code"] == "out_of_scope"
    assert not free.assignments.exists()
    page = client.get(reverse("organizations:instructor-detail", args=[free.pk]))
    assert PHONE not in page.content.decode()


def test_suggestions_name_only_whom_one_may_assign(
    clerk: User, neighbour: User, client: Client
) -> None:
    InstructorFactory(name="赵六", entered_by=neighbour)
    InstructorFactory(name="赵七", entered_by=clerk)
    client.force_login(clerk)
    answer = client.get(reverse("organizations:instructor-suggestions"), {"instructor": "赵"})
    assert ["赵六" in answer.content.decode(), "赵七" in answer.content.decode()] == [False, True]


# Where owners come from


@pytest.mark.parametrize("unit", ["曹县测试局", "曹县老局"])
def test_an_import_finds_the_department_that_the_unit_names(
    bureau: Any, clerk: User, unit: str
) -> None:
    imported_rows({PERSON: "张三", UNIT: unit}, register="instructors", by=clerk)
    made = Instructor.objects.get()
    assert (made.department, made.entered_by) == (bureau, clerk)


def test_a_unit_that_no_department_bears_leaves_it_open(clerk: User) -> None:
    imported_rows({PERSON: "张三", UNIT: "某公司"}, register="instructors", by=clerk)
    assert Instructor.objects.get().department is None


def test_a_county_enters_nobody_of_another_office_without_work(clerk: User, county: Any) -> None:
    DepartmentFactory(name="市测试局", short_name="市测试局", division=CityFactory())
    problem = only_problem(
        staged(roster({PERSON: "张三", UNIT: "市测试局"}), "instructors", by=clerk)
    )
    assert (problem["column"], problem["code"]) == ("unit", "instructor_of_others")


def test_a_county_enters_somebody_of_another_office_who_works_there(
    clerk: User, county: Any
) -> None:
    DepartmentFactory(name="市测试局", short_name="市测试局", division=CityFactory())
    own = AssociationFactory(division=county)
    imported_rows(
        {PERSON: "张三", UNIT: "市测试局", SERVED: own.name}, register="instructors", by=clerk
    )
    assert Instructor.objects.get().assignments.get().association == own


def test_the_departments_are_asked_once_for_all_rows(
    bureau: Any, clerk: User, django_assert_max_num_queries: Any
) -> None:
    rows = [Change(None, {"name": f"指导员{n}", "unit": "曹县测试局"}) for n in range(30)]
    with django_assert_max_num_queries(14):
        write_instructors(rows, "2026-01-01", clerk)
    assert bureau.instructors.count() == 30
