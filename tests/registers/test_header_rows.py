"""Header rows that were not found rightly and are chosen by hand."""

import copy
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook
from pytest_django import Settings

from accounts.models import User
from accounts.roles import Role
from registers import committing
from registers.forms import ColumnsForm
from registers.models import ImportBatch
from registers.outside import leave_out
from tests.factories.accounts import StaffFactory
from tests.factories.organizations import CityFactory, credit_code
from tests.registers.import_steps import checked, commit, confirm_columns, page, upload, uploaded
from tests.registers.workbook_builder import CODE, NAME

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]
MEMBERS = "党员人数"


@pytest.fixture(autouse=True)
def reviewer(client: Client, settings: Settings) -> User:
    """An office reviewer, citywide, logged in."""
    CityFactory()
    user = StaffFactory(grant__role=Role.REVIEWER)
    client.force_login(user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return user


def workbook(**sheets: list[list[Any]]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


FOUND = [["名册"], [NAME, CODE], ["菏泽市甲协会", credit_code(1)]]
# Nobody could know these headings; the rows above are what a person sees.
ODD = [["内部资料"], ["会", "号码", MEMBERS], ["菏泽市乙协会", credit_code(2), 5]]


def header(client: Client, batch: ImportBatch, **rows: int) -> Any:
    """The answer to choosing header rows, as in first_1=2."""
    answers = {name.replace("_", "-"): row for name, row in rows.items()}
    return client.post(page("headers", batch), answers)


def test_the_first_rows_of_each_sheet_are_shown(client) -> None:
    batch = uploaded(client, workbook(甲=FOUND, 乙=ODD))
    heads = list(client.get(page("headers", batch)).context["form"].heads)
    assert [head.name for head in heads] == ["甲", "乙"]
    rows = [(row, is_header, cells[0]) for row, is_header, cells in heads[0].rows]
    assert rows == [(1, False, "名册"), (2, True, NAME), (3, False, "菏泽市甲协会")]


def test_a_header_chosen_by_hand_has_its_columns_found(client) -> None:
    batch = uploaded(client, workbook(甲=FOUND, 乙=ODD))
    assert header(client, batch, first_1=2, last_1=2).url == page("columns", batch)
    batch.refresh_from_db()
    plan = batch.plan[1]
    assert (plan["header_rows"], plan["used"]) == ([2, 2], True)
    assert plan["columns"][2]["column"] == "party_members"


def test_rows_below_a_header_chosen_by_hand_are_imported(client) -> None:
    batch = uploaded(client, workbook(甲=FOUND, 乙=ODD))
    header(client, batch, first_1=2, last_1=2)
    confirm_columns(client, batch, **{"meaning-1-0": "name", "meaning-1-1": "credit_code"})
    commit(client, batch)
    names = batch.register.model.objects.order_by("pk").values_list("name", flat=True)
    assert list(names) == ["菏泽市甲协会", "菏泽市乙协会"]


def test_one_row_is_a_header_by_itself(client) -> None:
    batch = uploaded(client, workbook(甲=FOUND, 乙=ODD))
    header(client, batch, first_1=2)
    batch.refresh_from_db()
    assert batch.plan[1]["header_rows"] == [2, 2]


def test_sheets_that_are_left_as_they_are_keep_their_columns(client) -> None:
    batch = uploaded(client, workbook(甲=FOUND, 乙=ODD))
    confirm_columns(client, batch, **{"meaning-0-1": ""})
    header(client, batch, first_0=2, last_0=2, first_1=2, last_1=2)
    batch.refresh_from_db()
    assert batch.plan[0]["columns"][1]["column"] is None


def test_a_checked_import_is_confirmed_anew(client) -> None:
    batch = checked(client, workbook(甲=FOUND, 乙=ODD))
    header(client, batch, first_0=1, last_0=2)
    commit(client, batch)
    assert not batch.register.model.objects.exists()


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ({"first_0": 3, "last_0": 2}, "cannot stand above the first"),
        ({"first_0": 1, "last_0": 9}, "at most 4 rows"),
        ({"first_0": 7, "last_0": 7}, "down to row 3"),
        ({"first_0": 2, "last_0": 3}, "Nothing stands below row 3"),
    ],
)
def test_rows_that_are_no_header_come_back_with_the_reason(client, rows, reason) -> None:
    batch = uploaded(client, workbook(甲=FOUND))
    response = header(client, batch, **rows)
    assert reason in response.content.decode()
    before = batch.plan
    batch.refresh_from_db()
    assert batch.plan == before


def test_the_columns_page_leads_to_the_header_rows(client) -> None:
    batch = uploaded(client, workbook(甲=FOUND))
    content = client.get(page("columns", batch)).content.decode()
    assert f'href="{page("headers", batch)}"' in content


def test_a_written_import_keeps_its_header(client) -> None:
    batch = checked(client, workbook(甲=FOUND))
    commit(client, batch)
    assert client.get(page("headers", batch)).url == page("batch-detail", batch)


def test_a_batch_that_is_being_written_keeps_its_plan(client) -> None:
    batch = checked(client, workbook(甲=FOUND))
    plan = copy.deepcopy(batch.plan)
    form = ColumnsForm({"used-0": "on", "meaning-0-0": "name"}, batch=batch)
    assert form.is_valid()
    committing.claim(ImportBatch.objects.get(), mode="all")
    assert [form.save(), leave_out(batch, ["甲"])] == [False, False]
    batch.refresh_from_db()
    assert (batch.status, batch.plan) == (ImportBatch.Status.COMMITTING, plan)


def test_confirmed_columns_must_be_checked_before_anything_is_written(client) -> None:
    batch = checked(client, workbook(甲=FOUND))
    form = ColumnsForm({"used-0": "on", "meaning-0-0": "name"}, batch=batch)
    assert form.is_valid()
    assert form.save()
    assert not committing.claim(batch, mode="all")


def test_a_workbook_without_a_header_comes_back_with_what_was_seen_and_expected(client) -> None:
    response = upload(client, workbook(乙=[["内部资料"], ["会", "号码"], ["菏泽市乙协会", "1"]]))
    (reason,) = response.context["form"].errors["file"]
    assert "Sheet “乙”, row 1: 内部资料；Sheet “乙”, row 2: 会、号码" in reason
    assert "统一社会信用代码" in reason
    assert not ImportBatch.objects.exists()


def test_headings_of_something_else_are_named_too(client) -> None:
    response = upload(client, workbook(乙=[["地址", "联系电话"], ["曹县", "13800001111"]]))
    assert "row 1: 地址、联系电话" in str(response.context["form"].errors["file"])


def test_the_expected_headings_are_those_of_the_register(client) -> None:
    response = upload(client, workbook(乙=[["内部资料"], ["1"]]), "instructors")
    assert "姓名" in str(response.context["form"].errors["file"])


def test_unknown_imports_have_no_header_page(client) -> None:
    assert client.get(reverse("registers:headers", args=[1])).status_code == 404
