from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from accounts.roles import Role
from organizations.models import Instructor
from organizations.operations.instructors import keep_instructor
from tests.factories.accounts import StaffFactory
from tests.factories.organizations import (
    AssignmentFactory,
    CountyFactory,
    DepartmentFactory,
    InstructorFactory,
)
from tests.registers.workbook_builder import only_problem, roster, staged

pytestmark = pytest.mark.django_db
ADD = reverse("organizations:instructor-add")


@pytest.fixture
def county() -> Any:
    return CountyFactory()


@pytest.fixture
def bureau(county: Any) -> Any:
    return DepartmentFactory(name="曹县测试局", short_name="曹县测试局", division=county)


@pytest.fixture
def clerk(client: Client, county: Any) -> User:
    user = StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county)
    client.force_login(user)
    return user


def edit_url(instructor: Instructor) -> str:
    return reverse("organizations:instructor-edit", args=[instructor.pk])


def submitted(client: Client, url: str, **values: Any) -> Any:
    """The form as it is opened, with `values` typed over what stands there."""
    form = client.get(url).context["form"]
    shown = {bound.html_name: bound.value() for bound in form}
    return client.post(url, {k: v for k, v in (shown | values).items() if v not in (None, False)})


def test_a_new_instructor_belongs_to_the_department_of_the_unit(
    client: Client, clerk: User, bureau: Any
) -> None:
    submitted(client, ADD, name="张　三", unit="曹县测试局", phone="13812345678")
    made = Instructor.objects.get()
    assert (made.name, made.department, made.entered_by) == ("张三", bureau, clerk)
    assert made.phone == "13812345678"


def test_a_term_lasts_as_long_as_is_usual(client: Client, clerk: User, settings: Settings) -> None:
    settings.INSTRUCTOR_TERM_YEARS = 3
    assert "满3年" in client.get(ADD).content.decode()
    submitted(client, ADD, name="张三", unit="某公司", term_from="2025-03-01")
    assert str(Instructor.objects.get().term_until) == "2028-03-01"


def test_a_term_that_is_written_down_stays(client: Client, clerk: User) -> None:
    dates = {"term_from": "2025-03-01", "term_until": "2026-03-01"}
    submitted(client, ADD, name="张三", unit="某公司", **dates)
    assert str(Instructor.objects.get().term_until) == "2026-03-01"


def test_nobody_is_entered_for_another_office(client: Client, clerk: User) -> None:
    DepartmentFactory(name="市测试局", short_name="市测试局")
    answer = submitted(client, ADD, name="张三", unit="市测试局")
    assert answer.context["form"].non_field_errors()
    assert not Instructor.objects.exists()


def test_a_unit_cannot_be_changed_to_give_somebody_away(
    client: Client, clerk: User, bureau: Any
) -> None:
    DepartmentFactory(name="市测试局", short_name="市测试局")
    instructor = InstructorFactory(department=bureau, unit="曹县测试局")
    submitted(client, edit_url(instructor), unit="市测试局")
    instructor.refresh_from_db()
    assert instructor.unit == "曹县测试局"


def test_a_second_save_shows_what_the_other_person_changed(
    client: Client, clerk: User, bureau: Any
) -> None:
    instructor = InstructorFactory(department=bureau, unit="曹县测试局", post="科员")
    opened = client.get(edit_url(instructor)).context["form"]["version"].value()
    instructor.post = "科长"
    instructor.save()
    given = {"version": opened, "name": instructor.name, "unit": "曹县测试局", "post": "主任"}
    answer = client.post(edit_url(instructor), given)
    conflicts = [(c.theirs, c.mine) for c in answer.context["form"].conflicts]
    instructor.refresh_from_db()
    assert (answer.status_code, conflicts, instructor.post) == (409, [("科长", "主任")], "科长")


def test_the_phone_is_not_shown_in_the_form_of_who_may_not_read_it(
    client: Client, clerk: User, county: Any
) -> None:
    instructor = InstructorFactory(phone="13812345678")
    AssignmentFactory(instructor=instructor, association__division=county, ended_on="2025-01-01")
    assert "13812345678" not in client.get(edit_url(instructor)).content.decode()
    submitted(client, edit_url(instructor), post="科长")
    instructor.refresh_from_db()
    assert (instructor.post, instructor.phone) == ("科长", "13812345678")


def test_only_administrators_choose_the_log_in(client: Client, clerk: User, bureau: Any) -> None:
    instructor = InstructorFactory(department=bureau, unit="曹县测试局")
    log_in = StaffFactory(grant__role=Role.INSTRUCTOR, grant__division=bureau.division)
    submitted(client, edit_url(instructor), user=log_in.pk)
    instructor.refresh_from_db()
    assert instructor.user is None
    client.force_login(StaffFactory(grant__role=Role.ADMINISTRATOR))
    submitted(client, edit_url(instructor), user=log_in.pk)
    instructor.refresh_from_db()
    assert instructor.user == log_in


def test_a_log_in_that_is_somebody_s_is_not_offered(client: Client, bureau: Any) -> None:
    log_in = StaffFactory(grant__role=Role.INSTRUCTOR, grant__division=bureau.division)
    InstructorFactory(user=log_in)
    client.force_login(StaffFactory(grant__role=Role.ADMINISTRATOR))
    assert log_in not in client.get(ADD).context["form"].fields["user"].queryset


def test_the_operation_itself_asks_whose_instructor_it_is(clerk: User, bureau: Any) -> None:
    own = InstructorFactory(unit=bureau.name, department=bureau)
    elsewhere = InstructorFactory(department=DepartmentFactory(name="市测试局", short_name="市局"))
    elsewhere.unit = own.unit  # nor by taking the person over
    own.unit = "市测试局"
    for instructor in (own, elsewhere, Instructor(name="张三", unit="市测试局")):
        with pytest.raises(ValidationError), transaction.atomic():
            keep_instructor(instructor=instructor, by=clerk)
    assert {row.unit for row in Instructor.objects.filter(department=bureau)} == {bureau.name}
    assert Instructor.objects.count() == 2


@pytest.mark.usefixtures("private_files")
@pytest.mark.parametrize(
    ("term", "code"),
    [
        ({"任期届满日期": "2026-05-01"}, "term_without_beginning"),
        (
            {"任期开始日期": "2026-06-01", "任期届满日期": "2026-05-01"},
            "term_ends_before_it_begins",
        ),
    ],
)
def test_a_roster_s_term_begins_before_it_ends(term, code):
    wrong = roster({"姓名": "张三", "工作单位": "某局"} | term)
    assert only_problem(staged(wrong, "instructors"))["code"] == code
