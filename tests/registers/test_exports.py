import datetime
import io
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings as site
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import PERMISSIONS, Role
from organizations.models import Association, Grant
from registers import apart, exports
from registers.addresses import list_url
from registers.export_writing import perform
from registers.lists import RegisterList
from registers.models import Export
from registers.register import Register, all_registers
from tests.factories.accounts import StaffFactory
from tests.factories.assessments import BrandFactory
from tests.factories.organizations import (
    AssignmentFactory,
    AssociationFactory,
    CountyFactory,
    CoverageFactory,
    DepartmentFactory,
    EstablishmentFactory,
    InstructorFactory,
    TrainingAttendanceFactory,
)

pytestmark = pytest.mark.django_db
Status = Export.Status
LIST = "organizations:association-list"
PHONE = "13812341234"
PATIENCE = 60


@pytest.fixture(autouse=True)
def private_files(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.VAR_DIR = tmp_path
    settings.EXPORT_INLINE_ROWS = 2


@pytest.fixture
def spawned(monkeypatch: pytest.MonkeyPatch) -> list[Export]:
    """The exports for which a process was asked, none of which is started."""
    asked: list[Export] = []
    monkeypatch.setattr(apart, "spawn", asked.append)
    return asked


@pytest.fixture
def leader(client: Client) -> User:
    """An office leader, citywide, logged in, reading English."""
    return logged_in(client, StaffFactory(grant__role=Role.LEADER))


def logged_in(client: Client, user: User) -> User:
    client.force_login(user)
    client.cookies[site.LANGUAGE_COOKIE_NAME] = "en"
    return user


def page(name: str, export: Export) -> str:
    return reverse(f"registers:export-{name}", args=[export.pk])


def ask(client: Client, name: str = LIST, **query: Any) -> Any:
    return client.get(reverse(name), query | {"format": "xlsx"})


def asked(client: Client, **query: Any) -> Export:
    """The export that a long list leads to."""
    assert ask(client, **query).status_code == 302
    return Export.objects.latest("pk")


def written(export: Export) -> Export:
    perform(export)
    export.refresh_from_db()
    return export


def sheet(response: Any) -> list[list[Any]]:
    content = io.BytesIO(response.getvalue())
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(content).active]


def fall_silent(export: Export) -> None:
    Export.objects.update(beat_at=timezone.now() - apart.QUIET - timedelta(1))
    export.refresh_from_db()


def test_a_list_at_the_threshold_is_answered_at_once(client, leader, spawned) -> None:
    AssociationFactory.create_batch(2)
    assert len(sheet(ask(client))) == 2 + 4
    assert not Export.objects.exists()


def test_a_list_above_the_threshold_is_written_apart(client, leader, spawned) -> None:
    AssociationFactory.create_batch(3)
    response = ask(client)
    export = Export.objects.get()
    assert response.url == page("detail", export)
    assert [spawned, export.status] == [[export], Status.WAITING]


def test_rows_that_may_not_be_exported_do_not_count(client, spawned) -> None:
    county = CountyFactory()
    logged_in(client, StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county))
    AssociationFactory(division=county)
    AssociationFactory.create_batch(3)
    assert len(sheet(ask(client))) == 1 + 4


def test_a_doubled_click_begins_one_export(client, leader, spawned) -> None:
    AssociationFactory.create_batch(3)
    assert ask(client).url == ask(client, page=2).url
    assert len(spawned) == 1


def test_another_question_is_another_export(client, leader, spawned) -> None:
    AssociationFactory.create_batch(3)
    assert ask(client).url != ask(client, columns="all").url


@pytest.mark.parametrize("name", [LIST, "organizations:instructor-list"])
def test_the_file_is_the_one_that_a_short_list_gives_at_once(
    client, leader, settings, spawned, name
) -> None:
    for members in (5, 1, 3):
        AssociationFactory(name=f"菏泽市林产{members}协会", party_members=members, phone=PHONE)
        InstructorFactory(in_pool=True, name=f"林产{members}")
    AssociationFactory()
    query = {"q": "林产", "sort": "-name", "columns": "all", "as_of": "2024-03-01"}
    assert ask(client, name, **query).status_code == 302
    export = written(Export.objects.get())
    settings.EXPORT_INLINE_ROWS = 100
    assert sheet(client.get(page("download", export))) == sheet(ask(client, name, **query))


def test_the_file_is_in_the_language_of_the_person(client, leader, spawned) -> None:
    AssociationFactory.create_batch(3)
    assert asked(client).language == "en"


def test_the_file_is_an_attachment_with_the_name_of_the_list(client, leader, spawned) -> None:
    AssociationFactory.create_batch(3)
    response = client.get(page("download", written(asked(client, as_of="2024-03-01"))))
    response.getvalue()
    assert response["Content-Disposition"].startswith("attachment;")
    assert "2024-03-01.xlsx" in response["Content-Disposition"]


def end_grants() -> None:
    Grant.objects.update(valid_until=timezone.localdate() - datetime.timedelta(1))


def test_who_has_lost_the_right_meanwhile_gets_no_file(client, leader, spawned) -> None:
    AssociationFactory.create_batch(3)
    export = asked(client)
    end_grants()
    export = written(export)
    assert [export.status, export.file.name, export.total] == [Status.REFUSED, "", 0]


def test_who_is_deactivated_meanwhile_gets_no_file(client, leader, spawned) -> None:
    AssociationFactory.create_batch(3)
    export = asked(client)
    User.objects.update(is_active=False)
    assert written(export).status == Status.REFUSED


def test_a_scope_that_shrank_meanwhile_shrinks_the_file(client, leader, spawned) -> None:
    AssociationFactory.create_batch(3)
    inside = AssociationFactory(division=CountyFactory())
    export = asked(client)
    Grant.objects.update(role=Role.COUNTY_STAFF, division=inside.division)
    rows = sheet(client.get(page("download", written(export))))
    assert [row[0] for row in rows[4:]] == [inside.name]


def test_rights_to_personal_data_are_those_at_the_time_of_writing(client, leader, spawned) -> None:
    AssociationFactory.create_batch(3, phone=PHONE)
    export = asked(client, columns="all")
    Grant.objects.update(role=Role.FINANCE)
    rows = sheet(client.get(page("download", written(export))))
    assert not export.personal
    assert PHONE not in [value for row in rows for value in row]


def test_a_file_with_personal_data_is_closed_to_who_lost_that_right(
    client, leader, spawned
) -> None:
    AssociationFactory.create_batch(3, phone=PHONE)
    export = written(asked(client, columns="all"))
    assert export.personal
    Grant.objects.update(role=Role.FINANCE)
    assert client.get(page("download", export)).status_code == 403


def test_a_file_is_closed_to_who_has_another_scope_than_when_it_was_written(
    client, leader, spawned
) -> None:
    AssociationFactory.create_batch(3)
    export = written(asked(client))
    assert len(sheet(client.get(page("download", export)))) == 3 + 4
    Grant.objects.filter(user=leader).update(division=CountyFactory())
    assert client.get(page("download", export)).status_code == 403


def scoped_person(role: str) -> User:
    """Somebody with that role and in scope three associations with an instructor each, a Party
    organisation and the way to it, and three attendances at training."""
    county = CountyFactory()
    department = DepartmentFactory(division=county)
    served = AssignmentFactory.create_batch(
        3, association__division=county, association__industry_department=department
    )
    for assignment in (*served, AssignmentFactory()):
        EstablishmentFactory(association=assignment.association)
        CoverageFactory(association=assignment.association)
    TrainingAttendanceFactory.create_batch(3, session__organiser=department)
    TrainingAttendanceFactory()
    for assignment in served:
        BrandFactory(department=department, association=assignment.association)
    BrandFactory()
    where = {"division": county} if role == Role.COUNTY_STAFF else {"department": department}
    return StaffFactory(grant__role=role, **{f"grant__{key}": of for key, of in where.items()})


def asked_of(client: Client, register: Register, **query: Any) -> Export:
    response = client.get(list_url(register.model), query | {"format": "xlsx"})
    assert response.status_code == 302
    return Export.objects.latest("pk")


SCOPED = (Role.COUNTY_STAFF, Role.DEPARTMENT_STAFF)
READERS = [
    (register, role)
    for register in all_registers()
    for role in SCOPED
    if register.view_permission in PERMISSIONS[role]
]


@pytest.mark.parametrize("columns", ["", "all"])
@pytest.mark.parametrize(
    ("register", "role"), READERS, ids=lambda each: each if isinstance(each, str) else each.key
)
def test_a_file_is_open_to_a_scoped_person_whose_scope_is_as_it_was(
    client, spawned, register, role, columns
) -> None:
    logged_in(client, scoped_person(role))
    export = written(asked_of(client, register, columns=columns))
    assert len(sheet(client.get(page("download", export)))) == 3 + 4


@pytest.mark.parametrize("register", all_registers(), ids=lambda register: register.key)
def test_a_file_of_a_scoped_person_is_closed_when_the_scope_is_another(
    client, spawned, register
) -> None:
    role = next(role for of, role in READERS if of is register)
    user = logged_in(client, scoped_person(role))
    export = written(asked_of(client, register))
    county = role == Role.COUNTY_STAFF
    other = {"division": CountyFactory()} if county else {"department": DepartmentFactory()}
    Grant.objects.filter(user=user).update(**other)
    assert client.get(page("download", export)).status_code == 403


def test_a_file_without_personal_data_stays_open_to_who_lost_that_right(
    client, leader, spawned
) -> None:
    AssociationFactory.create_batch(3, phone=PHONE)
    export = written(asked(client, columns="level"))
    Grant.objects.update(role=Role.FINANCE)
    assert len(sheet(client.get(page("download", export)))) == 3 + 4


def test_a_register_says_what_exporting_it_takes(client, leader, spawned, monkeypatch) -> None:
    AssociationFactory.create_batch(3)
    export = written(asked(client))
    associations = type(export.register)
    monkeypatch.setattr(associations, "export_permission", Permission.ADMINISTER)
    assert not client.get(reverse(LIST)).context["may_export"]
    assert ask(client).status_code == 403
    assert client.get(page("detail", export)).status_code == 403
    assert client.get(page("download", export)).status_code == 403
    assert client.get(reverse("registers:export-list")).status_code == 200
    monkeypatch.setattr(Register, "export_permission", Permission.ADMINISTER)
    assert client.get(reverse("registers:export-list")).status_code == 403


def test_a_register_says_what_its_personal_data_take(client, leader, spawned, monkeypatch) -> None:
    AssociationFactory.create_batch(3, phone=PHONE)
    monkeypatch.setattr(Register, "personal_permission", Permission.ADMINISTER)
    assert PHONE not in client.get(reverse(LIST), {"columns": "phone"}).content.decode()
    export = written(asked(client, columns="all"))
    assert PHONE not in [
        value for row in sheet(client.get(page("download", export))) for value in row
    ]


def test_an_export_that_meets_a_fault_has_failed_and_says_so(
    client, leader, spawned, monkeypatch
) -> None:
    AssociationFactory.create_batch(3)
    export = asked(client)
    monkeypatch.setattr(RegisterList, "write", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        perform(export)
    fall_silent(export)
    content = client.get(page("detail", export)).content.decode()
    assert [export.status, "met a fault" in content] == [Status.FAILED, True]
    assert page("restart", export) not in content
    assert ask(client).url != page("detail", export)


@pytest.mark.parametrize("name", ["detail", "download"])
def test_exports_of_others_do_not_exist(client, leader, spawned, name) -> None:
    AssociationFactory.create_batch(3)
    export = written(asked(client))
    logged_in(client, StaffFactory(grant__role=Role.ADMINISTRATOR))
    assert client.get(page(name, export)).status_code == 404


def test_the_list_of_exports_shows_ones_own(client, leader, spawned) -> None:
    AssociationFactory.create_batch(3)
    own = asked(client)
    other = exports.begin("associations", client.get("/").wsgi_request.GET, by=StaffFactory())
    content = client.get(reverse("registers:export-list")).content.decode()
    assert page("detail", own) in content
    assert page("detail", other) not in content


def test_a_file_that_is_not_ready_cannot_be_fetched(client, leader, spawned) -> None:
    AssociationFactory.create_batch(3)
    assert client.get(page("download", asked(client))).status_code == 404


def test_the_page_follows_the_work(client, leader, spawned) -> None:
    AssociationFactory.create_batch(3)
    export = asked(client)
    Export.objects.update(status=Status.WRITING, done=1, total=3)
    content = client.get(page("detail", export), headers={"hx-request": "true"}).content
    assert b'hx-trigger="every 1s"' in content
    assert b'value="1" max="3"' in content


def test_the_page_reloads_when_the_file_is_ready(client, leader, spawned) -> None:
    AssociationFactory.create_batch(3)
    export = written(asked(client))
    response = client.get(page("detail", export), headers={"hx-request": "true"})
    assert response["HX-Refresh"] == "true"
    assert page("download", export) in client.get(page("detail", export)).content.decode()


def test_an_interrupted_export_can_be_started_again(client, leader, spawned) -> None:
    AssociationFactory.create_batch(3)
    export = asked(client)
    fall_silent(export)
    assert "Start again" in client.get(page("detail", export)).content.decode()
    client.post(page("restart", export))
    client.post(page("restart", export))
    assert spawned == [export, export]


def test_an_export_at_work_cannot_be_started_again(client, leader, spawned) -> None:
    AssociationFactory.create_batch(3)
    client.post(page("restart", asked(client)))
    assert len(spawned) == 1


def test_an_export_is_written_once(client, leader, spawned) -> None:
    AssociationFactory.create_batch(3)
    export = written(asked(client))
    Association.objects.filter(pk=Association.objects.first().pk).delete()
    assert written(export).total == 3


def test_old_exports_go_with_their_files(client, leader, spawned) -> None:
    AssociationFactory.create_batch(3)
    export = written(asked(client))
    path = Path(export.file.path)
    assert path.exists()
    Export.objects.update(created_at=timezone.now() - Export.KEPT - timedelta(1))
    assert client.get(page("download", export)).status_code == 404
    client.get(reverse("registers:export-list"))
    assert path.exists()  # reading deletes nothing
    asked(client)
    assert not path.exists()
    assert list(Export.objects.all()) == [spawned[-1]]


@pytest.mark.django_db(transaction=True)
def test_an_export_is_written_by_a_process_of_its_own(client, leader, tmp_path) -> None:
    AssociationFactory.create_batch(3)
    export = asked(client)
    until = time.monotonic() + PATIENCE
    while export.at_work and time.monotonic() < until:
        time.sleep(0.1)
        export.refresh_from_db()
    assert (tmp_path / "exports" / f"{export.pk}.log").read_text() == ""
    assert [export.status, export.done] == [Status.READY, 3]
    assert len(sheet(client.get(page("download", export)))) == 3 + 4
