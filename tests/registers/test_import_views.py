import io
import json
import threading
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags
from pytest_django import Settings

from accounts import roles
from accounts.models import User
from accounts.roles import Role
from organizations.models import Association, Coverage, Instructor
from registers import jobs, staging
from registers.models import ImportBatch, LearnedAlias
from tests.factories.accounts import StaffFactory
from tests.factories.organizations import (
    AssociationFactory,
    CityFactory,
    CountyFactory,
    DepartmentFactory,
    credit_code,
)
from tests.registers import hostile
from tests.registers.import_steps import (
    checked,
    commit,
    confirm_columns,
    page,
    upload,
    uploaded,
)
from tests.registers.sheets import ROSTERS
from tests.registers.workbook_builder import CODE, NAME, PERSON, SERVED, UNIT, roster

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]
Status = ImportBatch.Status
MEMBERS, DEPARTMENT, TYPE = "党员人数", "行业管理部门", "登记类型"
EXPECTED = json.loads((ROSTERS / "expected.json").read_text(encoding="utf-8"))
CITY_ROSTER = "市级行业协会商会基本情况统计表.xlsx"


@pytest.fixture
def reviewer(client: Client, settings: Settings) -> User:
    """An office reviewer, citywide, logged in."""
    user = StaffFactory(grant__role=Role.REVIEWER)
    client.force_login(user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return user


@pytest.fixture
def city() -> Any:
    return CityFactory()


def row(number: int, **cells: Any) -> dict[str, Any]:
    """A good row of a city association."""
    return {NAME: f"菏泽市新{number}协会", CODE: credit_code(number), **cells}


def wrong_row(number: int) -> dict[str, Any]:
    """A row whose credit code ends in a wrong check digit."""
    code = credit_code(number)
    return {NAME: f"菏泽市新{number}协会", CODE: code[:-1] + ("0" if code[-1] != "0" else "1")}


def text(response: Any) -> str:
    return str(response.content.decode())


def download(response: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))


@pytest.mark.parametrize("name", EXPECTED)
def test_a_real_roster_goes_in_and_comes_out_again(client, reviewer, name) -> None:
    call_command("load_reference")
    batch = checked(client, ROSTERS / name, EXPECTED[name]["register"])
    commit(client, batch)
    assert batch.register.model.objects.count() >= EXPECTED[name]["records"]
    client.post(page("undo", batch))
    assert batch.register.model.objects.count() == 0


def test_what_was_imported_is_said_on_the_same_page(client, reviewer, city) -> None:
    batch = checked(client, roster(row(1), row(2)))
    response = commit(client, batch)
    assert "2 records made, 0 changed" in text(response)


def test_nothing_is_written_before_the_decision(client, reviewer, city) -> None:
    checked(client, roster(row(1)))
    assert not Association.objects.exists()


def test_the_preview_shows_old_and_new_values(client, reviewer, city) -> None:
    AssociationFactory(credit_code=credit_code(1), name="菏泽市新1协会", party_members=3)
    batch = checked(client, roster(row(1, **{MEMBERS: 17})))
    (shown,) = client.get(page("batch-detail", batch)).context["rows"]
    assert [(v.column.key, v.old, v.new) for v in shown.values] == [("party_members", 3, 17)]


def test_the_preview_says_what_was_blank(client, reviewer, city) -> None:
    AssociationFactory(name=row(1)[NAME], credit_code=credit_code(1), party_members=None)
    batch = checked(client, roster(row(1, **{MEMBERS: 0})))
    shown = " ".join(strip_tags(text(client.get(page("batch-detail", batch)))).split())
    assert "Full Party members: (empty) after: 0" in shown


def test_the_day_of_the_data_can_be_changed_before_the_rows_are_checked(
    client, reviewer, city
) -> None:
    content = roster(row(1, 是否建立党组织="是"), title="填报时间：2025年8月31日")
    batch = uploaded(client, content)
    form = client.get(page("columns", batch)).context["form"]
    assert form["data_on"].value() == date(2025, 8, 31)
    confirm_columns(client, batch, data_on="2025-06-30")
    commit(client, batch)
    assert Coverage.objects.get().valid_from == date(2025, 6, 30)


def test_no_day_to_come_can_be_the_day_of_the_data(client, reviewer, city) -> None:
    batch = uploaded(client, roster(row(1)))
    response = confirm_columns(client, batch, data_on="2099-01-01")
    assert "This day is still to come." in text(response)


def test_a_record_that_left_the_scope_since_is_not_shown(client, city) -> None:
    own, other = CountyFactory.create_batch(2)
    clerk = StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=own)
    client.force_login(clerk)
    known = AssociationFactory(division=own, level="county", name="某县甲协会", address="旧街")
    batch = checked(client, roster({NAME: known.name, "住所": "新街"}))
    assert "旧街" in text(client.get(page("batch-detail", batch)))
    Association.objects.update(division=other)
    seen = text(client.get(page("batch-detail", batch)))
    assert "旧街" not in seen
    assert "No longer in your scope" in seen


def test_the_preview_marks_what_was_inferred(client, reviewer, city) -> None:
    batch = checked(client, roster(row(1)))
    (shown,) = client.get(page("batch-detail", batch)).context["rows"]
    inferred = {value.column.key for value in shown.values if value.inferred}
    assert {"level", "division"} <= inferred


def test_a_wrong_row_names_sheet_row_column_and_value(client, reviewer, city) -> None:
    wrong = wrong_row(1)
    batch = checked(client, roster(wrong, sheet="名册"))
    (shown,) = client.get(page("batch-detail", batch)).context["rows"]
    place = "Sheet “名册”, row 3, column “统一社会信用代码”: "
    assert shown.problems[0].startswith(f"{place}The check digit of “{wrong[CODE]}” is wrong")


def test_wrong_rows_rule_out_all_or_nothing(client, reviewer, city) -> None:
    batch = checked(client, roster(row(1), wrong_row(2)))
    response = commit(client, batch)
    assert not Association.objects.exists()
    assert "1 rows are wrong, so nothing was written" in text(response)


def test_only_the_good_rows_are_written_when_asked(client, reviewer, city) -> None:
    batch = checked(client, roster(row(1), wrong_row(2)))
    commit(client, batch, mode="good")
    assert list(Association.objects.values_list("name", flat=True)) == ["菏泽市新1协会"]


def test_the_marked_workbook_says_what_is_wrong_in_its_row(client, reviewer, city) -> None:
    batch = checked(client, roster(row(1), wrong_row(2)))
    response = client.get(page("marked", batch))
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    sheet = download(response).worksheets[0]
    problems = {cell.row: cell.value for cell in list(sheet.columns)[-1] if cell.value}
    assert set(problems) == {2, 4}
    assert wrong_row(2)[CODE] in problems[4]


def test_a_marked_workbook_goes_in_again_without_its_column_of_problems(
    client, reviewer, city
) -> None:
    batch = checked(client, roster(wrong_row(1), row(2)))
    marked = b"".join(client.get(page("marked", batch)).streaming_content)
    again = checked(client, marked)
    assert [plan["columns"][-1]["path"] for plan in again.plan] == [["Problems"]]
    assert again.counts["wrong"] == 1
    assert not client.get(page("batch-detail", again)).context["ignored"]


def test_a_large_workbook_is_marked_before_anybody_asks(
    client, reviewer, city, settings, monkeypatch
) -> None:
    batch = checked(client, roster(row(1), wrong_row(2)))
    assert not batch.marked
    settings.IMPORT_INLINE_BYTES = 0
    staging.claim(batch)
    jobs.perform(batch, jobs.Step.STAGE, by=reviewer)
    monkeypatch.delattr("registers.views.marked.write_marked")
    sheet = download(client.get(page("marked", batch))).worksheets[0]
    assert wrong_row(2)[CODE] in list(sheet.columns)[-1][3].value


def test_a_marked_workbook_goes_when_its_rows_are_checked_anew(
    client, reviewer, city, settings
) -> None:
    batch = checked(client, roster(row(1), wrong_row(2)))
    settings.IMPORT_INLINE_BYTES = 0
    staging.claim(batch)
    jobs.perform(batch, jobs.Step.STAGE, by=reviewer)
    kept = Path(batch.marked.path)
    assert kept.exists()
    settings.IMPORT_INLINE_BYTES = 10**6
    client.post(page("check", batch))
    assert not kept.exists()


def test_the_template_is_imported_as_it_is(client, reviewer, city) -> None:
    response = client.get(reverse("registers:template", args=["associations"]))
    book = download(response)
    headings = [cell.value for cell in book.worksheets[0][3]]
    book.worksheets[0].cell(4, headings.index("Association's name") + 1, "菏泽市新协会")
    content = io.BytesIO()
    book.save(content)
    commit(client, checked(client, content.getvalue()))
    assert Association.objects.filter(name="菏泽市新协会").exists()


def instructor(name: str, *served: str) -> dict[str, Any]:
    """A row of an instructor who works with these associations."""
    return {PERSON: name, UNIT: "市财政局", SERVED: "、".join(served)}


def test_associations_that_the_registry_lacks_are_named_before_the_commit(
    client, reviewer, city
) -> None:
    AssociationFactory(name="菏泽市家具行业协会")
    AssociationFactory(name="菏泽市物流协会")
    batch = checked(
        client,
        roster(
            instructor("王强", "菏泽市家具协会", "菏泽市物流协会"),
            instructor("李明", "菏泽市家具协会", "曹县柳编商会"),
        ),
        "instructors",
    )
    assert batch.counts["wrong"] == 0
    (note,) = client.get(page("batch-detail", batch)).context["notes"]
    assert note.title == "2 associations named here are not in the registry"
    named = {n.name: [row for _sheet, row in n.places] for n in note.names}
    assert named == {"菏泽市家具协会": [3, 4], "曹县柳编商会": [4]}
    assert [n.candidates[:1] for n in note.names] == [["菏泽市家具行业协会"], []]


def test_what_is_left_open_is_no_longer_said_once_it_is_imported(client, reviewer, city) -> None:
    batch = checked(client, roster(instructor("王强", "曹县柳编商会")), "instructors")
    response = commit(client, batch)
    assert not response.context["notes"]
    assert response.context["follow_ups"]


def test_nothing_is_noted_where_the_registry_has_them_all(client, reviewer, city) -> None:
    AssociationFactory(name="菏泽市物流协会")
    batch = checked(client, roster(instructor("王强", "菏泽市物流协会")), "instructors")
    assert not client.get(page("batch-detail", batch)).context["notes"]


def test_candidates_lie_within_the_scope(client, city, own_county) -> None:
    AssociationFactory(name="菏泽市家具行业协会", division=CountyFactory(parent=city))
    batch = checked(client, roster(instructor("王强", "菏泽市家具协会")), "instructors")
    (note,) = client.get(page("batch-detail", batch)).context["notes"]
    assert [list(each.candidates) for each in note.names] == [[]]


def test_possible_answers_are_named_in_the_readers_language(client, reviewer, city) -> None:
    batch = checked(client, roster(row(1, **{TYPE: "不详情况"})))
    assert "Decoupled" in text(client.get(page("batch-detail", batch)))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    content = text(client.get(page("batch-detail", batch)))
    assert "脱钩类" in content
    assert "Decoupled" not in content
    sheet = download(client.get(page("marked", batch))).worksheets[0]
    assert "脱钩类" in str(list(sheet.columns)[-1][2].value)


# Columns


def test_a_column_can_be_left_out(client, reviewer, city) -> None:
    batch = uploaded(client, roster(row(1, **{MEMBERS: 17})))
    confirm_columns(client, batch, **{"meaning-0-2": ""})
    commit(client, batch)
    assert Association.objects.get().party_members is None


def test_columns_that_hold_data_and_are_left_out_are_named(client, reviewer, city) -> None:
    batch = checked(client, roster(row(1, 挂靠科室="综合科")))
    assert client.get(page("batch-detail", batch)).context["ignored"] == ["挂靠科室"]


def test_two_columns_cannot_mean_the_same(client, reviewer, city) -> None:
    batch = uploaded(client, roster(row(1, 挂靠科室="综合科", **{MEMBERS: 17})))
    taken = {"meaning-0-2": "party_members", "meaning-0-3": "party_members"}
    response = confirm_columns(client, batch, **taken)
    assert "already means “Full Party members”" in text(response)


def test_county_and_township_may_both_mean_the_place(client, reviewer, city) -> None:
    columns = {"所属县区": "菏泽市", "所属镇街": ""}
    batch = uploaded(client, roster(row(1, **columns), row(2, **columns | {"所属镇街": "菏泽市"})))
    assert confirm_columns(client, batch).status_code == 302
    meant = [column["column"] for column in batch.plan[0]["columns"]]
    assert meant.count("division") == 2


def test_a_sheet_needs_a_column_that_names_its_rows(client, reviewer, city) -> None:
    batch = uploaded(client, roster(row(1)))
    response = confirm_columns(client, batch, **{"meaning-0-0": "", "meaning-0-1": ""})
    assert "nobody can tell whose the rows are" in text(response)


def test_some_sheet_must_be_used(client, reviewer, city) -> None:
    batch = uploaded(client, roster(row(1)))
    answers = {"meaning-0-0": "name", "meaning-0-1": "credit_code"}
    response = client.post(page("columns", batch), answers)
    assert "Choose at least one sheet" in text(response)


def test_a_value_for_the_whole_file_fills_what_rows_leave_out(client, reviewer, city) -> None:
    department = DepartmentFactory()
    batch = uploaded(client, roster(row(1)))
    confirm_columns(client, batch, **{"constant-industry_department": str(department.pk)})
    commit(client, batch)
    assert Association.objects.get().industry_department == department


def test_a_column_can_be_a_tick_for_a_choice(client, reviewer, city) -> None:
    batch = uploaded(client, roster(row(1, 备选="√"), row(2, 备选="×")))
    confirm_columns(client, batch, **{"meaning-0-2": "registration_type:direct"})
    commit(client, batch)
    types = Association.objects.order_by("name").values_list("registration_type", flat=True)
    assert list(types) == ["direct", ""]


# Words


def test_an_unknown_department_is_asked_once_and_then_known(client, reviewer, city) -> None:
    department = DepartmentFactory()
    rows = [row(n, **{DEPARTMENT: "老局"}) for n in (1, 2)]
    batch = uploaded(client, roster(*rows))
    assert confirm_columns(client, batch).url == page("values", batch)
    ((entry, _label, _similar, _field),) = client.get(page("values", batch)).context["form"].words
    assert [number for _sheet, number in entry["rows"]] == [3, 4]
    client.post(page("values", batch), {"word-0": str(department.pk)})
    batch.refresh_from_db()
    assert (batch.counts["new"], batch.counts["wrong"]) == (2, 0)
    later = checked(client, roster(row(3, **{DEPARTMENT: "老局"})))
    assert later.counts["wrong"] == 0


def test_a_word_can_mean_nothing(client, reviewer, city) -> None:
    batch = checked(client, roster(row(1, **{TYPE: "不详情况"})))
    client.post(page("values", batch), {"word-0": "blank"})
    commit(client, batch)
    assert Association.objects.get().registration_type == ""


def test_a_word_that_is_not_explained_stays_wrong(client, reviewer, city) -> None:
    batch = checked(client, roster(row(1, **{TYPE: "不详情况"})))
    client.post(page("values", batch), {"word-0": ""})
    batch.refresh_from_db()
    assert batch.counts["wrong"] == 1
    assert not LearnedAlias.objects.exists()


def test_an_answer_must_be_one_of_the_options(client, reviewer, city) -> None:
    batch = checked(client, roster(row(1, **{TYPE: "不详情况"})))
    response = client.post(page("values", batch), {"word-0": "anything"})
    assert response.context["form"].errors


# Rights


def test_another_persons_import_does_not_exist(client, reviewer, city) -> None:
    batch = checked(client, roster(row(1)))
    client.force_login(StaffFactory(grant__role=Role.REVIEWER))
    for name in ("batch-detail", "columns", "values", "marked"):
        assert client.get(page(name, batch)).status_code == 404
    for name in ("check", "commit", "undo", "restart"):
        assert client.post(page(name, batch)).status_code == 404
    assert not Association.objects.exists()


@pytest.mark.parametrize(
    ("role", "looks"),
    [
        (Role.LEADER, False),
        (Role.FINANCE, False),
        (Role.INSPECTOR, True),
        (Role.INSTRUCTOR, False),
    ],
)
def test_without_the_ability_to_import_every_door_is_shut(client, role, looks) -> None:
    client.force_login(StaffFactory(grant__role=role, grant__division=CityFactory()))
    listed = client.get(reverse("registers:batch-list"))
    assert listed.status_code == (200 if looks else 403)
    assert "/imports/new/" not in listed.text
    assert client.get(reverse("registers:upload", args=["associations"])).status_code == 403
    assert client.get(reverse("registers:template", args=["associations"])).status_code == 403


def test_an_own_import_is_refused_once_the_ability_is_gone(client, reviewer, city) -> None:
    batch = checked(client, roster(row(1)))
    reviewer.grants.update(role=Role.INSPECTOR)
    assert client.post(page("commit", batch), {"mode": "all"}).status_code == 403
    assert not Association.objects.exists()


def test_the_list_shows_own_imports_only(client, reviewer, city) -> None:
    checked(client, roster(row(1)))
    client.force_login(StaffFactory(grant__role=Role.REVIEWER))
    assert not client.get(reverse("registers:batch-list")).context["page"].object_list


@pytest.fixture
def own_county(client: Client, city: Any, settings: Settings) -> Any:
    """The county of somebody who imports for it alone, logged in."""
    county = CountyFactory(parent=city)
    client.force_login(StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return county


def county_row(number: int, county: Any, **cells: Any) -> dict[str, Any]:
    """A good row of an association of that county."""
    code = credit_code(number, county.code)
    return {NAME: f"{county.name}新{number}协会", CODE: code, **cells}


def outside(client: Client, batch: ImportBatch) -> list[tuple[str, str, bool]]:
    found = client.get(page("batch-detail", batch)).context["outside"]
    return [(each.sheet, each.listed, each.whole) for each in found]


def test_rows_of_another_county_are_refused_like_unknown_ones(client, city, own_county) -> None:
    other = CountyFactory(parent=city)
    secret = AssociationFactory(division=other, credit_code=credit_code(7), party_members=3)
    batch = checked(client, roster({NAME: secret.name, CODE: secret.credit_code, MEMBERS: 9}))
    response = client.get(page("batch-detail", batch))
    assert batch.counts["wrong"] == 1
    assert "is not among the entries that you can change" in text(response)
    assert not response.context["rows"]
    commit(client, batch, mode="good")
    secret.refresh_from_db()
    assert secret.party_members == 3


def test_rows_outside_the_scope_are_told_in_one_sentence(client, city, own_county) -> None:
    other = CountyFactory(parent=city)
    mixed = [county_row(1, other), county_row(2, other), county_row(3, own_county), wrong_row(4)]
    foreign = [county_row(n, other) for n in (5, 6, 7)]
    batch = checked(client, roster(*mixed, sheet="本县", more={"外县": foreign}))
    response = client.get(page("batch-detail", batch))
    assert outside(client, batch) == [("本县", "3–4", False), ("外县", "3–5", True)]
    assert "5 rows are not among the entries that you can change" in text(response)
    assert "1 new, 0 changed, 0 unchanged, 1 wrong" in text(response)
    assert [shown.row.row for shown in response.context["rows"]] == [6]


def test_the_list_of_imports_tells_them_apart_as_well(client, city, own_county) -> None:
    foreign = [county_row(n, CountyFactory(parent=city)) for n in (1, 2)]
    batch = checked(client, roster(*foreign, county_row(3, own_county), wrong_row(4)))
    waiting = uploaded(client, roster(county_row(5, own_county)))
    listed = client.get(reverse("registers:batch-list")).context["page"].object_list
    found = {each.pk: (each.wrong, each.outside) for each in listed}
    assert found == {batch.pk: (1, 2), waiting.pk: (None, 0)}


def test_the_rows_of_the_own_scope_are_one_click_away(client, city, own_county) -> None:
    batch = checked(client, roster(county_row(1, own_county), county_row(2, CountyFactory())))
    assert "Import the rows of my scope" in text(client.get(page("batch-detail", batch)))
    response = commit(client, batch, mode="good")
    assert Association.objects.get().division == own_county
    assert "1 row outside your scope was left out" in text(response)


def test_sheets_without_an_own_row_are_left_out_at_once(client, city, own_county) -> None:
    foreign = [county_row(n, CountyFactory(parent=city)) for n in (2, 3)]
    own = roster(county_row(1, own_county), sheet="本县", more={"外县": foreign})
    batch = checked(client, own)
    client.post(page("own-sheets", batch))
    batch.refresh_from_db()
    assert [plan["used"] for plan in batch.plan] == [True, False]
    assert (batch.counts["new"], batch.counts["wrong"]) == (1, 0)


def test_sheets_are_not_left_out_where_none_would_remain(client, city, own_county) -> None:
    batch = checked(client, roster(county_row(2, CountyFactory(parent=city))))
    client.post(page("own-sheets", batch))
    batch.refresh_from_db()
    assert (batch.status, batch.plan[0]["used"]) == (Status.STAGED, True)


def test_a_sheet_with_an_own_row_stays(client, city, own_county) -> None:
    rows = [county_row(1, own_county), county_row(2, CountyFactory(parent=city))]
    foreign = [county_row(3, CountyFactory(parent=city))]
    batch = checked(client, roster(*rows, sheet="本县", more={"外县": foreign}))
    client.post(page("own-sheets", batch))
    batch.refresh_from_db()
    assert [plan["used"] for plan in batch.plan] == [True, False]


def test_posts_need_their_token(city) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(StaffFactory(grant__role=Role.REVIEWER))
    file = SimpleUploadedFile("roster.xlsx", roster(row(1)))
    response = client.post(reverse("registers:upload", args=["associations"]), {"file": file})
    assert response.status_code == 403


# Uploads


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"%PDF-1.7\n" + b"x" * 99, "not a spreadsheet"),
        (hostile.cell_at("XFD1048576"), "at most"),
        (hostile.zip_bomb(600), "Unpacked"),
        (hostile.encrypted_entries(), "password"),
    ],
)
def test_a_file_that_cannot_be_read_comes_back_with_the_reason(
    client, reviewer, content, message
) -> None:
    response = upload(client, content)
    assert message in str(response.context["form"].errors["file"])
    assert not ImportBatch.objects.exists()


def test_a_file_above_the_limit_is_refused(client, reviewer, settings) -> None:
    settings.IMPORT_UPLOAD_BYTES = 1024 * 1024
    response = upload(client, b"x" * (1024 * 1024 + 1))
    assert "at most 1 MB are accepted" in text(response)


def test_the_uploaded_file_has_no_address(client, reviewer, city) -> None:
    batch = checked(client, roster(row(1)))
    for address in (batch.file.url, f"/{batch.file.name}", f"/files/{batch.file.name}"):
        assert client.get(address).status_code == 404


# Decisions


def test_a_second_click_writes_nothing_and_shows_the_result(client, reviewer, city) -> None:
    batch = checked(client, roster(row(1)))
    commit(client, batch)
    response = commit(client, batch)
    assert Association.objects.count() == 1
    assert "1 records made" in text(response)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_write_once(reviewer, client) -> None:
    CityFactory()
    batch = checked(client, roster(row(1), {NAME: "菏泽市无码协会"}))
    statuses = []

    def click() -> None:
        try:
            other = Client()
            other.force_login(reviewer)
            answer = other.post(page("commit", batch), {"mode": "all"})
            statuses.append(answer.status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [302, 302]
    assert Association.objects.count() == 2
    assert Association.pgh_event_model.objects.filter(pgh_label="insert").count() == 2


def test_a_registry_changed_since_the_preview_is_not_overwritten(client, reviewer, city) -> None:
    known = AssociationFactory(credit_code=credit_code(1), name="菏泽市新1协会", party_members=3)
    batch = checked(client, roster(row(1, **{MEMBERS: 17})))
    Association.objects.update(party_members=4)
    response = commit(client, batch)
    known.refresh_from_db()
    assert known.party_members == 4
    assert "The registry has changed since the preview: row 3 of sheet “Sheet1”" in text(response)
    (shown,) = response.context["rows"]
    assert [(v.old, v.new) for v in shown.values] == [(4, 17)]
    assert page("check", batch) not in text(response)
    commit(client, batch)
    known.refresh_from_db()
    assert known.party_members == 17


@pytest.mark.django_db(transaction=True)
def test_undoing_keeps_and_lists_what_was_edited_since(client, reviewer, city) -> None:
    batch = checked(client, roster(row(1), row(2)))
    commit(client, batch)
    Association.objects.filter(name="菏泽市新1协会").update(remark="现场核实")
    response = client.post(page("undo", batch), follow=True)
    assert [name for name, _url in response.context["kept"]] == ["菏泽市新1协会"]
    assert Association.objects.count() == 1


def test_instructors_that_an_import_made_go_when_it_is_undone(client, reviewer, city) -> None:
    batch = checked(client, roster({"姓名": "王强", "工作单位": "市财政局"}), "instructors")
    commit(client, batch)
    client.post(page("undo", batch))
    assert not Instructor.objects.exists()


def test_an_import_in_its_first_state_leads_to_its_columns(client, reviewer, city) -> None:
    batch = uploaded(client, roster(row(1)))
    assert client.get(page("batch-detail", batch)).url == page("columns", batch)


def test_columns_of_a_written_import_can_no_longer_change(client, reviewer, city) -> None:
    batch = checked(client, roster(row(1)))
    commit(client, batch)
    assert client.post(page("columns", batch), {}).url == page("batch-detail", batch)
    batch.refresh_from_db()
    assert batch.status == Status.COMMITTED


def test_phones_are_hidden_from_people_who_may_not_see_them(client, reviewer, city, monkeypatch):
    batch = checked(client, roster(row(1, 联系电话="13812341234")))
    hidden = roles.PERMISSIONS[Role.REVIEWER] - {roles.Permission.VIEW_PERSONAL_DATA}
    monkeypatch.setitem(roles.PERMISSIONS, Role.REVIEWER, hidden)
    content = text(client.get(page("batch-detail", batch)))
    assert "138****1234" in content
    assert "13812341234" not in content


def test_a_preview_hides_what_the_register_says(client, reviewer, city, monkeypatch):
    batch = checked(client, roster(row(1, 联系电话="13812341234")))
    assert "13812341234" in text(client.get(page("batch-detail", batch)))
    demanded = roles.Permission.ADMINISTER
    monkeypatch.setattr(type(batch.register), "personal_permission", demanded)
    assert "13812341234" not in text(client.get(page("batch-detail", batch)))


# Cost


@pytest.mark.parametrize("url_name", ["registers:batch-list", "registers:batch-detail"])
def test_a_page_takes_as_many_queries_for_three_rows_as_for_one(
    client, reviewer, city, url_name
) -> None:
    counts = []
    for size in (1, 3):
        ImportBatch.objects.all().delete()
        for _ in range(size):
            batch = checked(client, roster(*(row(n) for n in range(size))))
        args = [batch.pk] if url_name.endswith("detail") else []
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(url_name, args=args))
        counts.append(len(queries))
    assert counts[0] == counts[1]
