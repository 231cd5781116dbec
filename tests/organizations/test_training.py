import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import Role
from organizations.figures import FIGURES, Scope, citywide
from organizations.models import TrainingAttendance, TrainingSession
from organizations.operations.training import attend, strike
from registers.undo import undo
from tests.factories.accounts import StaffFactory
from tests.factories.organizations import (
    AssignmentFactory,
    AssociationFactory,
    CountyFactory,
    DepartmentFactory,
    InstructorFactory,
    TrainingAttendanceFactory,
    TrainingSessionFactory,
)
from tests.registers.workbook_builder import (
    counts,
    imported_rows,
    only_problem,
    roster,
    staged,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]
VIEW = Permission.VIEW_REGISTRY
LIST = reverse("organizations:trainingattendance-list")
FIGURE = next(figure for figure in FIGURES if figure.key == "training_attendances")


@pytest.fixture
def county() -> Any:
    return CountyFactory()


@pytest.fixture
def office(county: Any) -> Any:
    return DepartmentFactory(name="曹县社工部", short_name="曹县社工部", division=county)


@pytest.fixture
def clerk(county: Any, client: Client) -> User:
    user = StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county)
    client.force_login(user)
    return user


def row(name: str = "张三", **more: Any) -> dict[str, Any]:
    return {
        "姓名": name,
        "工作单位": "某支部",
        "培训班名称": "党务培训班",
        "培训时间": "2025-05-08",
        "主办单位": "曹县社工部",
    } | more


# Rosters


def test_a_roster_makes_its_sessions_and_their_attendances(office: Any, clerk: User) -> None:
    imported_rows(row(), row("李四"), register="attendances", by=clerk)
    session = TrainingSession.objects.get()
    assert (session.title, session.held_on, session.organiser) == (
        "党务培训班", datetime.date(2025, 5, 8), office
    )  # fmt: skip
    assert sorted(session.attendances.values_list("name", flat=True)) == ["张三", "李四"]


def test_who_is_an_instructor_and_whose_worker_is_linked(
    office: Any, clerk: User, county: Any
) -> None:
    instructor = InstructorFactory(name="张三", unit="某支部")
    association = AssociationFactory(division=county)
    imported_rows(row(所在社会组织=association.name), register="attendances", by=clerk)
    made = TrainingAttendance.objects.get()
    assert (made.instructor, made.association) == (instructor, association)


def test_what_is_exported_imports_unchanged(office: Any, clerk: User, client: Client) -> None:
    imported_rows(row(), row("李四", 职务="书记"), register="attendances", by=clerk)
    exported = client.get(LIST, {"format": "xlsx", "columns": "all"}).getvalue()
    assert counts(staged(exported, "attendances", by=clerk)) == {"unchanged": 2}


def test_the_same_person_twice_at_a_session_is_a_wrong_row(office: Any, clerk: User) -> None:
    assert counts(staged(roster(row(), row()), "attendances", by=clerk))["wrong"] >= 1


def test_a_roster_of_somebody_else_s_session_is_out_of_scope(office: Any, clerk: User) -> None:
    DepartmentFactory(name="单县社工部", short_name="单县社工部", division=CountyFactory())
    problem = only_problem(staged(roster(row(主办单位="单县社工部")), "attendances", by=clerk))
    assert problem["code"] == "out_of_scope"


def test_an_association_that_one_cannot_see_is_not_named(office: Any, clerk: User) -> None:
    foreign = AssociationFactory(division=CountyFactory())
    answers = [
        only_problem(staged(roster(row(所在社会组织=name)), "attendances", by=clerk))["code"]
        for name in (foreign.name, "没有的协会")
    ]
    assert answers == ["unknown_association"] * 2


def test_a_later_roster_changes_a_post_and_leaves_what_it_cannot_see(
    office: Any, clerk: User
) -> None:
    imported_rows(row(), register="attendances", by=clerk)
    foreign = AssociationFactory(division=CountyFactory())
    TrainingAttendance.objects.update(association=foreign)
    imported_rows(row(职务="书记"), register="attendances", by=clerk)
    made = TrainingAttendance.objects.get()
    assert (made.post, made.association) == ("书记", foreign)


def test_an_undone_roster_takes_its_sessions_along(office: Any, clerk: User) -> None:
    batch = imported_rows(row(), row("李四"), register="attendances", by=clerk)
    assert undo(batch, by=clerk)
    assert not TrainingSession.objects.exists()
    assert not TrainingAttendance.objects.exists()


# Whose they are


def seen(user: User) -> set[TrainingAttendance]:
    return set(TrainingAttendance.objects.for_user(user, VIEW))


def test_a_county_reads_its_own_sessions_and_its_own_people(
    county: Any, office: Any, clerk: User
) -> None:
    session = TrainingSessionFactory(organiser=office)
    own = {
        TrainingAttendanceFactory(session=session),
        TrainingAttendanceFactory(association=AssociationFactory(division=county)),
        TrainingAttendanceFactory(instructor=InstructorFactory(department=office)),
    }
    TrainingAttendanceFactory()
    assert seen(clerk) == own


def test_of_a_session_of_others_a_county_reads_its_own_people_alone(
    county: Any, clerk: User, client: Client
) -> None:
    session = TrainingSessionFactory()
    own = AssociationFactory(division=county)
    TrainingAttendanceFactory(session=session, association=own, name="本县人")
    TrainingAttendanceFactory(session=session, name="外县人")
    url = reverse("organizations:trainingsession-detail", args=[session.pk])
    content = client.get(url).content.decode()
    assert ["本县人" in content, "外县人" in content] == [True, False]
    edit = reverse("organizations:trainingsession-edit", args=[session.pk])
    assert client.get(edit).status_code == 404


def test_the_figure_is_its_list(county: Any, office: Any, clerk: User, client: Client) -> None:
    TrainingAttendanceFactory(session__organiser=office)
    TrainingAttendanceFactory(session__organiser=office, session__held_on="2025-08-01")
    TrainingAttendanceFactory()
    today, before = timezone.localdate(), datetime.date(2025, 6, 1)
    for on, number in ((today, 2), (before, 1)):
        assert FIGURE.value(Scope(on, clerk)) == number
        assert client.get(FIGURE.url(on)).context["paginator"].count == number
    assert FIGURE.value(citywide(today)) == 3


# Forms


def session_values(organiser: Any, **more: Any) -> dict[str, Any]:
    return {
        "title": "业务班", "held_on": "2025-05-08", "organiser": organiser.pk, "hours": "4",
        "kind": "course",
    } | more  # fmt: skip


ADD = reverse("organizations:trainingsession-add")


def filled(client: Client, url: str) -> dict[str, Any]:
    """What a browser would send back of the untouched form at `url`."""
    form = client.get(url).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in values.items()}


def page_of(session: TrainingSession) -> str:
    return reverse("organizations:trainingsession-detail", args=[session.pk])


def test_a_session_and_an_attendee_are_entered_by_form(
    county: Any, office: Any, clerk: User, client: Client
) -> None:
    client.post(ADD, filled(client, ADD) | session_values(office))
    session = TrainingSession.objects.get()
    association = AssociationFactory(division=county)
    url = reverse("organizations:training-attend", args=[session.pk])
    given = {"name": "张三", "unit": "某支部", "association": association.name}
    sent = filled(client, page_of(session)) | given
    client.post(url, sent)
    made = session.attendances.get()
    assert (made.name, made.association) == ("张三", association)
    assert client.post(url, sent).status_code == 302  # the same form, clicked twice
    again = client.post(url, filled(client, page_of(session)) | given)
    assert again.status_code == 422
    assert again.context["form"].errors
    assert session.attendances.count() == 1


def test_a_doubled_click_enters_one_session(office: Any, clerk: User, client: Client) -> None:
    sent = filled(client, ADD) | session_values(office)
    answers = [client.post(ADD, sent) for _ in range(2)]
    page = page_of(TrainingSession.objects.get())
    assert [answer["Location"] for answer in answers] == [page, page]


def test_two_who_correct_a_session_overwrite_nothing(
    office: Any, clerk: User, client: Client
) -> None:
    session = TrainingSessionFactory(organiser=office, place="甲地")
    url = reverse("organizations:trainingsession-edit", args=[session.pk])
    stale = filled(client, url)
    client.post(url, stale | {"place": "乙地"})
    assert client.post(url, stale | {"hours": "6"}).status_code == 302
    session.refresh_from_db()
    assert (session.place, session.hours) == ("乙地", 6)
    answer = client.post(url, stale | {"place": "丙地"})
    assert answer.status_code == 409
    assert [each.name for each in answer.context["form"].conflicts] == ["place"]
    session.refresh_from_db()
    assert session.place == "乙地"


def test_two_who_correct_an_attendance_overwrite_nothing(
    county: Any, office: Any, clerk: User, client: Client
) -> None:
    made = TrainingAttendanceFactory(session__organiser=office)
    one, other = AssociationFactory.create_batch(2, division=county)
    url = reverse("organizations:trainingattendance-edit", args=[made.pk])
    stale = filled(client, url)
    client.post(url, stale | {"association": one.name})
    client.post(url, stale | {"post": "书记"})
    made.refresh_from_db()
    assert (made.association, made.post) == (one, "书记")
    assert client.post(url, stale | {"association": other.name}).status_code == 409


def test_who_was_struck_meanwhile_does_not_come_back(
    office: Any, clerk: User, client: Client
) -> None:
    made = TrainingAttendanceFactory(session__organiser=office)
    url = reverse("organizations:trainingattendance-edit", args=[made.pk])
    stale = filled(client, url)
    strike(attendance=made, by=clerk)
    assert client.post(url, stale).status_code == 404
    made = TrainingAttendanceFactory(session__organiser=office)
    known = TrainingAttendance.objects.get(pk=made.pk)
    strike(attendance=made, by=clerk)
    with pytest.raises(ValidationError):
        attend(attendance=known, by=clerk)
    assert not TrainingAttendance.objects.exists()


@pytest.mark.parametrize("field", ["held_on", "until"])
@pytest.mark.parametrize("day", ["1899-12-31", "0001-01-01", "9999-12-31", "tomorrow"])
def test_a_session_is_held_on_a_day_that_can_be(
    office: Any, clerk: User, client: Client, field: str, day: str
) -> None:
    if day == "tomorrow":
        day = (timezone.localdate() + datetime.timedelta(1)).isoformat()
    answer = client.post(ADD, filled(client, ADD) | session_values(office, **{field: day}))
    assert field in answer.context["form"].errors
    assert not TrainingSession.objects.exists()


def test_a_session_of_several_days_shows_its_last_one(
    office: Any, clerk: User, client: Client
) -> None:
    client.post(ADD, filled(client, ADD) | session_values(office, until="2025-05-07"))
    assert not TrainingSession.objects.exists()
    client.post(ADD, filled(client, ADD) | session_values(office, until="2025-05-10"))
    session = TrainingSession.objects.get()
    assert session.until == datetime.date(2025, 5, 10)
    for url in (page_of(session), reverse("organizations:trainingsession-list")):
        assert "2025年5月10日" in client.get(url).content.decode()
    edit = reverse("organizations:trainingsession-edit", args=[session.pk])
    client.post(edit, filled(client, edit) | {"until": "2025-05-08"})
    session.refresh_from_db()
    assert session.until is None  # one day is its first and last


def test_a_roster_tells_the_last_day_and_is_taken_back(
    office: Any, clerk: User, client: Client
) -> None:
    imported_rows(row(), register="attendances", by=clerk)
    batch = imported_rows(row(培训结束时间="2025-05-10"), register="attendances", by=clerk)
    session = TrainingSession.objects.get()
    assert session.until == datetime.date(2025, 5, 10)
    exported = client.get(LIST, {"format": "xlsx", "columns": "all"}).getvalue()
    assert counts(staged(exported, "attendances", by=clerk)) == {"unchanged": 1}
    assert undo(batch, by=clerk)
    session.refresh_from_db()
    assert session.until is None


def test_a_last_day_before_the_first_is_a_wrong_row(office: Any, clerk: User) -> None:
    wrong = roster(row(培训结束时间="2025-05-07"))
    assert (
        only_problem(staged(wrong, "attendances", by=clerk))["code"]
        == "session_ends_before_it_begins"
    )


def test_a_county_enters_no_session_for_another_office(
    office: Any, clerk: User, client: Client
) -> None:
    foreign = DepartmentFactory(division=CountyFactory())
    answer = client.post(ADD, filled(client, ADD) | session_values(foreign))
    assert "organiser" in answer.context["form"].errors
    assert not TrainingSession.objects.exists()


def test_an_attendance_is_corrected_without_the_association_that_one_cannot_see(
    office: Any, clerk: User, client: Client
) -> None:
    foreign = AssociationFactory(division=CountyFactory(), name="外县协会")
    made = TrainingAttendanceFactory(session__organiser=office, association=foreign)
    url = reverse("organizations:trainingattendance-edit", args=[made.pk])
    assert "外县协会" not in client.get(url).content.decode()
    client.post(url, filled(client, url) | {"post": "书记"})
    made.refresh_from_db()
    assert (made.post, made.association) == ("书记", foreign)


def test_who_did_not_attend_is_taken_off_the_list(office: Any, clerk: User, client: Client) -> None:
    made = TrainingAttendanceFactory(session__organiser=office)
    url = reverse("organizations:training-strike", args=[made.pk])
    client.post(url)
    assert not TrainingAttendance.objects.exists()
    again = client.post(url, follow=True)  # a doubled click
    assert (again.status_code, "已不在名单上" in again.text) == (200, True)
    foreign = StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=CountyFactory())
    client.force_login(foreign)
    assert client.post(url).status_code == 404


def test_the_association_of_an_attendee_is_suggested(
    office: Any, clerk: User, county: Any, client: Client
) -> None:
    AssociationFactory(name="甲木业协会", division=county, level="county")
    AssociationFactory(name="乙木业协会", division=CountyFactory(), level="county")
    url = reverse("organizations:training-associations")
    text = client.get(url, {"association": "木业"}).text
    assert text.strip() == '<option value="甲木业协会">'
    made = TrainingAttendanceFactory(session__organiser=office)
    pages = (
        reverse("organizations:trainingsession-detail", args=[made.session_id]),
        reverse("organizations:trainingattendance-edit", args=[made.pk]),
    )
    for page in pages:
        shown = client.get(page).text
        assert f'hx-get="{url}"' in shown
        assert shown.count('<datalist id="suggestions">') == 1


def test_an_instructor_s_page_shows_the_training(office: Any, clerk: User, client: Client) -> None:
    instructor = InstructorFactory(department=office)
    attendance = TrainingAttendanceFactory(instructor=instructor)
    url = reverse("organizations:instructor-detail", args=[instructor.pk])
    assert attendance.session.title in client.get(url).content.decode()


def test_sessions_of_others_stay_unknown_on_the_page_of_a_shared_instructor(client: Any) -> None:
    county = CountyFactory()
    shared = AssignmentFactory(association__division=county).instructor
    attended = TrainingAttendanceFactory(instructor=shared, session__title="别处培训班")
    client.force_login(StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county))
    page = client.get(reverse("organizations:instructor-detail", args=[shared.pk]))
    assert page.status_code == 200
    assert attended.session.title not in page.text
    client.force_login(StaffFactory(grant__role=Role.REVIEWER))
    page = client.get(reverse("organizations:instructor-detail", args=[shared.pk]))
    assert attended.session.title in page.text
