import datetime
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from accounts.roles import Role
from organizations.demo.work import give_reasons
from organizations.models import Assignment, AssignmentRules, Association, Instructor
from organizations.operations.assignments import assign, end_assignment, replace
from organizations.terms import warned_until
from tests.factories.accounts import StaffFactory
from tests.factories.organizations import (
    AssignmentFactory,
    AssociationFactory,
    CountyFactory,
    CoverageFactory,
    DepartmentFactory,
    InstructorFactory,
    TrainingAttendanceFactory,
    WorkEntryFactory,
)

pytestmark = pytest.mark.django_db
DAY, LATER = datetime.date(2026, 1, 10), datetime.date(2026, 2, 1)
SOON = datetime.timedelta(1)


@pytest.fixture
def reviewer(client: Client) -> User:
    user = StaffFactory(grant__role=Role.REVIEWER)
    client.force_login(user)
    return user


def said(client: Client, response: Any) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def test_an_assignment_keeps_its_day_and_reason(client: Client, reviewer: User) -> None:
    instructor, association = InstructorFactory(), AssociationFactory()
    url = reverse("organizations:instructor-assign", args=[instructor.pk])
    given = {
        "association": association.credit_code,
        "assigned_on": "2026-01-10",
        "reason": "newly_organised",
    }
    client.post(url, given)
    made = Assignment.objects.get()
    assert (made.instructor, made.association) == (instructor, association)
    assert (made.assigned_on, made.reason, made.ended_on) == (DAY, "newly_organised", None)


def test_a_doubled_click_assigns_once(reviewer: User) -> None:
    pair = {"instructor": InstructorFactory(), "association": AssociationFactory()}
    once = assign(**pair, on=DAY, by=reviewer)
    assert assign(**pair, on=DAY, by=reviewer) == once
    assert Assignment.objects.count() == 1


def test_who_works_there_already_is_not_assigned_again(client: Client, reviewer: User) -> None:
    row = AssignmentFactory(assigned_on=DAY)
    url = reverse("organizations:association-assign", args=[row.association.pk])
    answer = client.post(url, {"instructor": row.instructor.name, "assigned_on": "2026-02-01"})
    assert answer.context["form"].non_field_errors()
    assert Assignment.objects.count() == 1


def test_the_very_same_again_is_told_as_no_news(client: Client, reviewer: User) -> None:
    row = AssignmentFactory(assigned_on=DAY, reason="")
    url = reverse("organizations:association-assign", args=[row.association.pk])
    assert [one.instructor for one in client.get(url).context["already"]] == [row.instructor]
    answer = client.post(url, {"instructor": row.instructor.name, "assigned_on": str(DAY)})
    assert "未作变更" in said(client, answer)
    assert Assignment.objects.count() == 1


def test_who_works_there_outside_the_scope_is_not_shown(client: Client) -> None:
    county = CountyFactory()
    client.force_login(StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county))
    here = AssignmentFactory(association__division=county)
    AssignmentFactory(instructor=here.instructor)
    url = reverse("organizations:instructor-assign", args=[here.instructor.pk])
    assert client.get(url).context["already"] == [here]


def test_a_name_that_nobody_bears_is_told_apart_from_one_out_of_reach(client: Client) -> None:
    county = CountyFactory()
    client.force_login(StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county))
    url = reverse("organizations:association-assign", args=[AssociationFactory(division=county).pk])
    InstructorFactory(name="他县人", department=None)
    AssignmentFactory(instructor=InstructorFactory(name="外人", department=DepartmentFactory()))
    for name, text in [("曹文", "没有找到"), ("外人", "没有找到"), ("他县人", "不是您可选派")]:
        answer = client.post(url, {"instructor": name, "assigned_on": "2026-01-10"})
        assert text in str(answer.context["form"].errors["instructor"])


def test_nothing_is_assigned_in_advance(reviewer: User) -> None:
    pair = {"instructor": InstructorFactory(), "association": AssociationFactory()}
    with pytest.raises(ValidationError):
        assign(**pair, on=timezone.localdate() + SOON, by=reviewer)


def test_nothing_is_ended_in_advance(reviewer: User) -> None:
    with pytest.raises(ValidationError):
        end_assignment(assignment=AssignmentFactory(), on=timezone.localdate() + SOON, by=reviewer)


def test_an_assignment_ends_with_its_day_and_why(client: Client, reviewer: User) -> None:
    row = AssignmentFactory(assigned_on=DAY)
    url = reverse("organizations:assignment-end", args=[row.pk])
    client.post(url, {"ended_on": "2026-02-01", "end_reason": "轮岗"})
    row.refresh_from_db()
    assert (row.ended_on, row.end_reason) == (LATER, "轮岗")
    assert not Assignment.objects.as_of(LATER).exists()


def test_an_assignment_does_not_end_before_it_begins(client: Client, reviewer: User) -> None:
    row = AssignmentFactory(assigned_on=LATER)
    url = reverse("organizations:assignment-end", args=[row.pk])
    answer = client.post(url, {"ended_on": "2026-01-10"})
    assert answer.context["form"].non_field_errors()
    row.refresh_from_db()
    assert row.ended_on is None


@pytest.mark.parametrize("begins", [0, 30], ids=["today", "later"])
def test_what_was_entered_by_mistake_is_ended_before_it_holds(reviewer: User, begins: int) -> None:
    today = timezone.localdate()
    row = AssignmentFactory(assigned_on=today + datetime.timedelta(begins))
    end_assignment(assignment=row, on=today, by=reviewer)
    assert not Assignment.objects.exists()


def test_what_was_worked_on_today_was_no_mistake(reviewer: User) -> None:
    today = timezone.localdate()
    row = AssignmentFactory(assigned_on=today)
    WorkEntryFactory(instructor=row.instructor, association=row.association, on=today)
    with pytest.raises(ValidationError):
        end_assignment(assignment=row, on=today, by=reviewer)
    assert Assignment.objects.get() == row


def test_who_was_to_come_later_is_replaced_today(reviewer: User) -> None:
    today, other = timezone.localdate(), InstructorFactory()
    row = AssignmentFactory(assigned_on=today + datetime.timedelta(30))
    replace(assignment=row, instructor=other, on=today, by=reviewer)
    [made] = Assignment.objects.all()
    assert (made.instructor, made.assigned_on) == (other, today)


def test_no_assignment_ends_before_the_work_that_is_logged(
    reviewer: User,
) -> None:
    row = AssignmentFactory(assigned_on=DAY)
    WorkEntryFactory(instructor=row.instructor, association=row.association, on=LATER)
    with pytest.raises(ValidationError) as refused:
        end_assignment(assignment=row, on=LATER, by=reviewer)
    assert "ended_on" in refused.value.message_dict
    end_assignment(assignment=row, on=LATER + SOON, by=reviewer)


def test_another_reason_for_the_same_end_is_not_passed_over(reviewer: User) -> None:
    row = AssignmentFactory(assigned_on=DAY)
    for _twice in range(2):
        end_assignment(assignment=row, on=LATER, why="调离", by=reviewer)
    with pytest.raises(ValidationError):
        end_assignment(assignment=row, on=LATER, why="退休", by=reviewer)


def test_an_ended_assignment_is_not_ended_on_another_day(reviewer: User) -> None:
    row = AssignmentFactory(assigned_on=DAY, ended_on=LATER)
    assert end_assignment(assignment=row, on=LATER, by=reviewer) == row
    with pytest.raises(ValidationError):
        end_assignment(assignment=row, on=LATER + SOON, by=reviewer)


def test_one_takes_over_from_another_in_one_step(reviewer: User) -> None:
    row, other = AssignmentFactory(assigned_on=DAY, reason="not_yet_able"), InstructorFactory()
    new = replace(assignment=row, instructor=other, on=LATER, why="退休", by=reviewer)
    row.refresh_from_db()
    assert (row.ended_on, row.end_reason) == (LATER, "退休")
    assert (new.association, new.assigned_on, new.reason) == (
        row.association,
        LATER,
        "not_yet_able",
    )


def test_one_who_was_replaced_already_is_not_replaced_by_another(reviewer: User) -> None:
    row, first, second = (
        AssignmentFactory(assigned_on=DAY),
        InstructorFactory(),
        InstructorFactory(),
    )
    new = replace(assignment=row, instructor=first, on=LATER, by=reviewer)
    assert replace(assignment=row, instructor=first, on=LATER, by=reviewer) == new
    with pytest.raises(ValidationError):
        replace(assignment=row, instructor=second, on=LATER, by=reviewer)
    assert list(row.association.assignments.filter(ended_on=None)) == [new]


@pytest.mark.django_db(transaction=True)
def test_a_refused_replacement_ends_nothing(client: Client) -> None:
    client.force_login(StaffFactory(grant__role=Role.REVIEWER))
    row = AssignmentFactory(assigned_on=DAY)
    busy = AssignmentFactory(association=row.association, assigned_on=DAY).instructor
    url = reverse("organizations:assignment-replace", args=[row.pk])
    answer = client.post(url, {"instructor": busy.name, "ended_on": "2026-02-01"})
    row.refresh_from_db()
    assert (answer.status_code, row.ended_on) == (200, None)


def test_namesakes_are_told_apart_by_their_unit(client: Client, reviewer: User) -> None:
    association = AssociationFactory()
    InstructorFactory(name="张三", unit="甲局")
    meant = InstructorFactory(name="张三", unit="乙局")
    url = reverse("organizations:association-assign", args=[association.pk])
    client.post(url, {"instructor": "张三", "assigned_on": "2026-01-10"})
    assert not Assignment.objects.exists()
    client.post(url, {"instructor": "张三（乙局）", "assigned_on": "2026-01-10"})
    assert Assignment.objects.get().instructor == meant


def test_more_associations_than_usual_are_a_warning(
    client: Client, reviewer: User, settings: Settings
) -> None:
    settings.INSTRUCTOR_MOST_ASSOCIATIONS = 1
    row, more = AssignmentFactory(), AssociationFactory()
    url = reverse("organizations:instructor-assign", args=[row.instructor.pk])
    answer = client.post(url, {"association": more.name, "assigned_on": "2026-01-10"})
    assert "一般不超过1家" in said(client, answer)
    assert row.instructor.assignments.count() == 2


def test_a_county_assigns_to_its_own_associations_alone(client: Client) -> None:
    county = CountyFactory()
    clerk = StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county)
    client.force_login(clerk)
    own = InstructorFactory(department=DepartmentFactory(division=county))
    url = reverse("organizations:instructor-assign", args=[own.pk])
    client.post(url, {"association": AssociationFactory().name, "assigned_on": "2026-01-10"})
    assert not Assignment.objects.exists()


def reasons_of_each_kind() -> tuple[list[Association], list[str]]:
    """Covered for a day less than a year, for a year, and not at all; why somebody is sent."""
    today = timezone.localdate()
    newly = CoverageFactory(valid_from=today - datetime.timedelta(364)).association
    long_since = CoverageFactory(valid_from=today - datetime.timedelta(365)).association
    return [newly, long_since, AssociationFactory()], ["newly_organised", "", "not_yet_able"]


def test_the_form_proposes_the_reason_that_coverage_suggests(
    client: Client, reviewer: User
) -> None:
    associations, reasons = reasons_of_each_kind()
    urls = [reverse("organizations:association-assign", args=[a.pk]) for a in associations]
    assert [client.get(url).context["form"]["reason"].value() for url in urls] == reasons


def test_the_demo_gives_the_reasons_that_coverage_suggests() -> None:
    associations, reasons = reasons_of_each_kind()
    rows = [AssignmentFactory(association=association) for association in associations]
    give_reasons(timezone.localdate())
    assert [Assignment.objects.get(pk=row.pk).reason for row in rows] == reasons


# Load


def loads(load: str) -> set[Instructor]:
    today, every = timezone.localdate(), Association.objects.all()
    return set(Instructor.objects.of_load(today, every, load))


def test_instructors_by_load(settings: Settings) -> None:
    settings.INSTRUCTOR_MOST_ASSOCIATIONS = 2
    people = InstructorFactory.create_batch(4)
    for number, instructor in enumerate(people):
        AssignmentFactory.create_batch(number, instructor=instructor)
        AssignmentFactory(instructor=instructor, ended_on=DAY)
    assert [loads(load) for load in ("none", "some", "full", "over")] == [
        {instructor} for instructor in people
    ]


def test_the_rules_in_force_are_the_limit_everywhere(
    client: Client, reviewer: User, settings: Settings
) -> None:
    settings.INSTRUCTOR_MOST_ASSOCIATIONS = 5
    assert AssignmentRules.objects.in_force().most == 5
    AssignmentRules.objects.create(most=2, set_by=reviewer)
    row = AssignmentFactory()
    AssignmentFactory.create_batch(2, instructor=row.instructor)
    assert loads("over") == {row.instructor}
    page = client.get(reverse("organizations:instructor-load"))
    assert page.context["most"] == 2
    assert "不超过2家" in page.text
    listed = client.get(reverse("organizations:instructor-list"), {"load": "over"})
    assert [each.pk for each in listed.context["page_obj"]] == [row.instructor.pk]
    own = client.get(reverse("organizations:instructor-detail", args=[row.instructor.pk]))
    assert own.context["most"] == 2


def test_the_load_page_counts_by_reason_in_the_own_scope(client: Client) -> None:
    county = CountyFactory()
    client.force_login(StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county))
    instructor = InstructorFactory()
    for reason in ("newly_organised", "not_yet_able", "not_yet_able", ""):
        AssignmentFactory(instructor=instructor, association__division=county, reason=reason)
    AssignmentFactory(instructor=instructor)
    (row,) = client.get(reverse("organizations:instructor-load")).context["page"]
    assert (row.load, row.newly_organised, row.not_yet_able) == (4, 1, 2)


def test_people_are_not_sorted_by_what_is_overdue(client: Client, reviewer: User) -> None:
    AssignmentFactory.create_batch(2)
    page = client.get(reverse("organizations:instructor-load"), {"sort": "-overdue"})
    assert page.context["sort"] == ""


@pytest.mark.parametrize(
    "name", ["instructor-load", "work-overdue", "trainingsession-list", "trainingattendance-list"]
)
def test_queries_of_lists_do_not_grow_with_the_rows(
    client: Client, reviewer: User, name: str
) -> None:
    counts = []
    client.get(reverse(f"organizations:{name}"))
    for more in (1, 2):
        for _ in range(more):
            AssignmentFactory()
            TrainingAttendanceFactory(association=AssociationFactory())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse(f"organizations:{name}"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


# Terms


@pytest.mark.parametrize(
    ("days", "employed", "state"),
    [
        (None, True, ""),
        (-1, True, "over"),
        (0, True, "over"),
        (-1, False, ""),
        (1, False, "ending"),
        (400, True, ""),
    ],
)
def test_a_term_is_over_or_ends_soon(days: int | None, employed: bool, state: str) -> None:
    today = timezone.localdate()
    until = None if days is None else today + datetime.timedelta(days)
    instructor = InstructorFactory(term_until=until, term_from=until and DAY.replace(year=2020))
    if employed:
        AssignmentFactory(instructor=instructor)
    assert Instructor.objects.with_term_state(today).get(pk=instructor.pk).term_state == state


def test_the_warning_begins_six_months_before() -> None:
    today = timezone.localdate()
    last = warned_until(today)
    for until in (last, last + SOON):
        InstructorFactory(term_until=until, term_from=DAY)
    states = Instructor.objects.with_term_state(today).order_by("term_until")
    assert [one.term_state for one in states] == ["ending", ""]


def test_terms_are_filtered_in_the_list(client: Client, reviewer: User) -> None:
    InstructorFactory(term_from=DAY, term_until=timezone.localdate() + SOON, name="将满")
    InstructorFactory(name="无期")
    page = client.get(reverse("organizations:instructor-list"), {"term": "due"})
    assert [row.cells[0].value for row in page.context["rows"]] == ["将满"]
    shown = {head.column.key for head in page.context["heads"]}
    assert {"term_from", "term_until"} <= shown


@pytest.mark.parametrize("registered", [None, datetime.date(2020, 1, 1)])
def test_nobody_is_sent_before_there_is_an_association(reviewer: User, registered: Any) -> None:
    association = AssociationFactory(registered_on=registered)
    first = registered or datetime.date(1949, 10, 1)
    sent = {"instructor": InstructorFactory(), "association": association, "by": reviewer}
    with pytest.raises(ValidationError):
        assign(**sent, on=first - SOON)
    assert assign(**sent, on=first).assigned_on == first


def test_an_assignment_of_no_day_is_none(reviewer: User) -> None:
    row = AssignmentFactory(assigned_on=DAY)
    with pytest.raises(ValidationError):
        end_assignment(assignment=row, on=DAY, by=reviewer)
    end_assignment(assignment=row, on=DAY + SOON, by=reviewer)
