import datetime
import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import Role
from organizations.figures import Scope
from organizations.models import Assignment, Association, Instructor, WorkEntry
from organizations.operations.work import correct_work, log_work, remove_work
from organizations.tasks import open_tasks
from tests.factories.accounts import GrantFactory, StaffFactory
from tests.factories.organizations import (
    AssignmentFactory,
    AssociationFactory,
    CountyFactory,
    InstructorFactory,
    WorkEntryFactory,
)

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 3, 31)
WORK = reverse("organizations:work")


def days(number: int) -> datetime.timedelta:
    return datetime.timedelta(days=number)


@pytest.fixture
def county() -> Any:
    return CountyFactory()


@pytest.fixture
def user(client: Client, county: Any) -> User:
    """Logged in, and an instructor's."""
    user = StaffFactory(grant__role=Role.INSTRUCTOR, grant__division=county)
    client.force_login(user)
    return user


@pytest.fixture
def own(user: User, county: Any) -> Assignment:
    """The instructor's work with an association."""
    instructor = InstructorFactory(user=user)
    return AssignmentFactory(instructor=instructor, association__division=county)


def given_values(**values: Any) -> dict[str, Any]:
    return {
        "key": str(uuid.uuid4()),
        "method": "visit",
        "on": timezone.localdate().isoformat(),
        "done": "走访协会",
    } | values


def log_url(assignment: Assignment) -> str:
    return reverse("organizations:work-log", args=[assignment.association_id])


# Logging


def test_a_visit_is_logged_with_a_few_words(client: Client, own: Assignment, user: User) -> None:
    page = client.get(log_url(own)).context["form"]
    assert (page["method"].value(), page["on"].value()) == ("visit", timezone.localdate())
    answer = client.post(log_url(own), given_values(key=str(page["key"].value())))
    entry = WorkEntry.objects.get()
    assert answer.url == WORK
    assert (entry.instructor, entry.association) == (own.instructor, own.association)
    assert (entry.on, entry.method, entry.created_by) == (timezone.localdate(), "visit", user)


def test_a_doubled_tap_makes_one_entry(client: Client, own: Assignment) -> None:
    given = given_values()
    answers = [client.post(log_url(own), given).url for _ in range(2)]
    assert answers == [WORK, WORK]
    assert WorkEntry.objects.count() == 1


def test_another_form_makes_another_entry(client: Client, own: Assignment) -> None:
    for _ in range(2):
        client.post(log_url(own), given_values())
    assert WorkEntry.objects.count() == 2


def test_what_was_typed_is_not_lost(client: Client, own: Assignment) -> None:
    tomorrow = timezone.localdate() + days(1)
    answer = client.post(log_url(own), given_values(on=tomorrow.isoformat(), problem="无场所"))
    form = answer.context["form"]
    assert (form.errors.keys(), form["problem"].value()) == ({"on"}, "无场所")
    assert not WorkEntry.objects.exists()


@pytest.mark.parametrize("name", ["photo", "location", "latitude", "image", "file"])
def test_no_photo_and_no_place_is_asked_for(client: Client, own: Assignment, name: str) -> None:
    content = client.get(log_url(own)).content.decode()
    assert f'name="{name}"' not in content
    assert 'type="file"' not in content
    assert 'enctype="multipart' not in content


def test_only_days_of_the_assignment_are_logged(own: Assignment, user: User) -> None:
    end = timezone.localdate() - days(10)
    own.ended_on = end
    own.save()
    entry = {"association": own.association, "method": "call", "done": "电话", "by": user}
    log_work(**entry, on=end - days(1), key=uuid.uuid4())
    with pytest.raises(ValidationError):
        log_work(**entry, on=end, key=uuid.uuid4())


def test_nobody_logs_for_an_association_of_somebody_else(
    client: Client, own: Assignment, user: User, county: Any
) -> None:
    other = AssignmentFactory(association__division=county)
    assert client.get(log_url(other)).status_code == 404
    with pytest.raises(ValidationError):
        log_work(
            association=other.association,
            on=timezone.localdate(),
            method="call",
            done="电话",
            key=uuid.uuid4(),
            by=user,
        )


def test_a_key_of_somebody_else_s_entry_tells_nothing(own: Assignment, user: User) -> None:
    other = WorkEntryFactory(association=own.association)
    made = {"association": own.association, "method": "call", "done": "电话", "by": user}
    with pytest.raises(ValidationError):
        log_work(**made, on=timezone.localdate(), key=other.key)


def test_who_is_no_instructor_has_an_explanation(client: Client, user: User) -> None:
    assert "您的账号尚未关联指导员" in client.get(WORK).content.decode()


# Correcting


def test_an_own_entry_is_corrected_and_history_keeps_the_first(
    client: Client, own: Assignment, user: User
) -> None:
    client.post(log_url(own), given_values(done="走防"))
    entry = WorkEntry.objects.get()
    url = reverse("organizations:work-edit", args=[entry.pk])
    client.post(url, given_values(done="走访"))
    entry.refresh_from_db()
    events = WorkEntry.pgh_event_model.objects.filter(pgh_obj=entry.pk).order_by("pgh_id")
    assert (entry.done, [event.done for event in events]) == ("走访", ["走防", "走访"])


def old_entry(own: Assignment, user: User, age: int) -> WorkEntry:
    at = timezone.now() - days(age)
    return WorkEntryFactory(
        instructor=own.instructor,
        association=own.association,
        created_by=user,
        created_at=at,
        on=(at - days(1)).date(),
    )


def test_old_entries_stay_as_they_are(own: Assignment, user: User, settings: Settings) -> None:
    settings.WORK_CORRECTION_DAYS = 3
    entry = old_entry(own, user, age=4)
    with pytest.raises(ValidationError):
        remove_work(entry=entry, by=user)
    with pytest.raises(ValidationError):
        correct_work(entry=entry, by=user, on=entry.on, method="call", done="", problem="",
                     next_step="")  # fmt: skip
    assert WorkEntry.objects.exists()


def test_a_young_entry_can_be_removed_twice_over(
    client: Client, own: Assignment, user: User
) -> None:
    entry = old_entry(own, user, age=1)
    remove_work(entry=entry, by=user)
    remove_work(entry=entry, by=user)
    assert not WorkEntry.objects.exists()


def test_nobody_corrects_the_entry_of_somebody_else(client: Client, own: Assignment) -> None:
    entry = WorkEntryFactory(association=own.association)
    for name in ("work-edit", "work-remove"):
        url = reverse(f"organizations:{name}", args=[entry.pk])
        assert client.post(url, given_values()).status_code == 404
    assert WorkEntry.objects.get().done == entry.done


# Rhythm


def worked(assignment: Assignment, on: datetime.date, method: str) -> None:
    WorkEntryFactory(
        instructor=assignment.instructor, association=assignment.association, on=on, method=method
    )


@pytest.mark.parametrize(
    ("method", "contact", "visit"),
    [
        ("visit", True, True),
        ("call", True, False),
        ("meeting", True, False),
        ("other", False, False),
    ],
)
def test_the_method_says_what_counts(method: str, contact: bool, visit: bool) -> None:
    row = AssignmentFactory()
    worked(row, TODAY, method)
    seen = Assignment.objects.with_rhythm(TODAY).get()
    assert (seen.last_contact == TODAY, seen.last_visit == TODAY) == (contact, visit)


def test_the_work_of_another_instructor_or_association_does_not_count() -> None:
    row = AssignmentFactory()
    WorkEntryFactory(instructor=row.instructor)
    WorkEntryFactory(association=row.association)
    assert Assignment.objects.with_rhythm(TODAY).get(pk=row.pk).last_visit is None


MADE = st.tuples(st.sampled_from(WorkEntry.Method.values), st.integers(-100, 0))


@given(
    assigned=st.integers(-100, 0),
    made=st.lists(MADE, max_size=4),
    contact_days=st.integers(0, 40),
    visit_days=st.integers(0, 40),
)
@hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_is_overdue_follows_from_the_last_work_or_the_assignment(
    settings: Settings,
    assigned: int,
    made: list[tuple[str, int]],
    contact_days: int,
    visit_days: int,
) -> None:
    settings.WORK_CONTACT_DAYS, settings.WORK_VISIT_DAYS = contact_days, visit_days
    row = AssignmentFactory(assigned_on=TODAY + days(assigned))
    for method, day in made:
        worked(row, TODAY + days(day), method)
    seen = Assignment.objects.with_rhythm(TODAY).get(pk=row.pk)
    for kind, rhythm, methods in (
        ("contact", contact_days, {"visit", "call", "meeting"}),
        ("visit", visit_days, {"visit"}),
    ):
        last = max([assigned, *(day for method, day in made if method in methods)])
        due = TODAY + days(last + rhythm) if rhythm else None
        assert getattr(seen, f"{kind}_due") == due
        assert getattr(seen, f"{kind}_overdue") is bool(rhythm and last + rhythm < 0)
        listed = Assignment.objects.overdue(TODAY, kind).filter(pk=row.pk).exists()
        assert listed is bool(rhythm and last + rhythm < 0)


def test_a_young_assignment_is_not_overdue_and_an_ended_one_neither() -> None:
    AssignmentFactory(assigned_on=TODAY - days(7))
    AssignmentFactory(ended_on=TODAY - days(100))
    AssignmentFactory(association__ended=True)
    assert not Assignment.objects.overdue(TODAY).exists()
    assert Assignment.objects.overdue(TODAY + days(1)).count() == 1


def test_work_after_the_day_asked_about_does_not_count() -> None:
    row = AssignmentFactory()
    worked(row, TODAY, "visit")
    assert Assignment.objects.overdue(TODAY - days(1), "visit").get() == row


# What staff see


def test_the_overdue_are_listed_in_scope_alone(client: Client, county: Any) -> None:
    own = AssignmentFactory(association__division=county)
    AssignmentFactory(instructor=own.instructor)
    client.force_login(StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county))
    assert list(client.get(reverse("organizations:work-overdue")).context["page"]) == [own]
    for name, shown in (
        ("association-list", own.association.name),
        ("instructor-list", own.instructor.name),
    ):
        rows = client.get(reverse(f"organizations:{name}"), {"work": "visit"}).context["rows"]
        assert [row.cells[0].value for row in rows] == [shown]


def test_an_instructor_who_looks_after_others_is_told_of_their_visits_too(
    own: Assignment, user: User, county: Any
) -> None:
    GrantFactory(user=user, role=Role.COUNTY_STAFF, division=county)
    AssignmentFactory(association__division=county)
    late = [task for task in open_tasks(Scope(TODAY, user)) if "走访" in task.text]
    assert sorted(task.number for task in late) == [1, 2]


def test_an_instructor_is_told_of_the_own_overdue_visits_alone(
    own: Assignment, user: User, county: Any
) -> None:
    AssignmentFactory(association__division=county)
    tasks = open_tasks(Scope(timezone.localdate(), user))
    told = [(t.number, t.url) for t in tasks if t.settled_by == Permission.LOG_WORK]
    assert told == [(1, WORK), (1, WORK)]  # a visit and a contact


def test_staff_are_told_of_the_overdue_visits_of_their_scope(county: Any) -> None:
    AssignmentFactory.create_batch(2, association__division=county)
    AssignmentFactory()
    clerk = StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county)
    tasks = open_tasks(Scope(timezone.localdate(), clerk))
    for what in ("visit", "contact"):
        (task,) = (t for t in tasks if f"what={what}" in t.url)
        assert task.number == 2


def test_the_desk_of_an_instructor_shows_the_own_associations(
    client: Client, own: Assignment
) -> None:
    assert list(client.get(reverse("desk")).context["work"]) == [own]


def test_an_association_that_has_ended_asks_for_no_visit(client: Client, own: Assignment) -> None:
    today = timezone.localdate()
    Association.objects.filter(pk=own.association_id).update(status="deregistered", ended_on=today)
    for name in ("desk", "organizations:work"):
        assert own.association.name not in client.get(reverse(name)).text


def test_of_an_instructor_s_log_a_county_reads_its_own_part(client: Client, county: Any) -> None:
    instructor = AssignmentFactory(association__division=county).instructor
    here = AssociationFactory(division=county)
    WorkEntryFactory(instructor=instructor, association=here, done="县内走访")
    WorkEntryFactory(instructor=instructor, done="外县秘事", problem="外县问题")
    client.force_login(StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county))
    for name in ("instructor-work", "instructor-detail"):
        content = client.get(
            reverse(f"organizations:{name}", args=[instructor.pk])
        ).content.decode()
        assert ["县内走访" in content, "外县秘事" in content] == [True, False]


def test_the_log_can_be_narrowed_to_problems(client: Client, leader: User) -> None:
    entry = WorkEntryFactory(problem="无场所")
    WorkEntryFactory(association=entry.association)
    client.force_login(leader)
    url = reverse("organizations:association-work", args=[entry.association.pk])
    assert list(client.get(url, {"problem": "yes"}).context["page"]) == [entry]


def test_a_log_of_many_entries_costs_the_same_queries(client: Client, leader: User) -> None:
    association = AssociationFactory()
    client.force_login(leader)
    url = reverse("organizations:association-work", args=[association.pk])
    client.get(url)
    counts = []
    for more in (1, 2):
        WorkEntryFactory.create_batch(more, association=association)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_cards_cost_the_same_queries(client: Client, own: Assignment, county: Any) -> None:
    client.get(WORK)
    counts = []
    for more in (0, 2):
        for _ in range(more):
            AssignmentFactory(instructor=own.instructor, association__division=county)
        with CaptureQueriesContext(connection) as queries:
            client.get(WORK)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert Instructor.objects.count() == 1
