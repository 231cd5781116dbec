"""How much a workbook may ask of whoever looks for its columns."""

import pytest
from django.test import Client

from accounts.roles import Role
from registers import detection
from registers import register as registry
from registers.headings import known_headings
from tests.factories.accounts import StaffFactory
from tests.registers.import_steps import upload
from tests.registers.workbook_builder import CODE, NAME, roster

ASSOCIATIONS = registry.get("associations")


def refusal(content: bytes, client: Client) -> str:
    response = upload(client, content)
    assert response.status_code == 200
    return response.context["form"].errors["file"][0]


@pytest.fixture
def reviewer(client: Client, private_files: None) -> None:
    client.force_login(StaffFactory(grant__role=Role.REVIEWER))


@pytest.mark.django_db
def test_more_sheets_than_allowed_are_refused(client, reviewer, monkeypatch) -> None:
    monkeypatch.setattr(detection, "MOST_SHEETS", 2)
    rows = [{NAME: "甲协会"}]
    assert upload(client, roster(*rows, more={"二": rows})).status_code == 302
    three = roster(*rows, more={"二": rows, "三": rows})
    assert "more than 2 sheets" in refusal(three, client)


@pytest.mark.django_db
def test_more_different_headings_than_allowed_are_refused(client, reviewer, monkeypatch) -> None:
    monkeypatch.setattr(detection, "MOST_HEADINGS", 3)
    row = {NAME: "甲协会", CODE: None, "帐外一": 1}
    assert upload(client, roster(row, more={"又": [row]})).status_code == 302
    other = roster(row, more={"又": [{NAME: "乙协会", CODE: None, "帐外二": 1}]})
    assert "more than 3 different headings" in refusal(other, client)


@pytest.mark.django_db
@pytest.mark.parametrize("content", [f"{NAME},住所\n".encode(), roster({NAME: None})])
def test_headings_without_rows_are_refused(client, reviewer, content) -> None:
    assert "Nothing stands below the headings" in refusal(content, client)


@pytest.mark.django_db
def test_one_row_below_the_headings_is_enough(client, reviewer) -> None:
    assert upload(client, f"{NAME},住所\n菏泽市甲协会,东\n".encode()).status_code == 302


def test_a_text_longer_than_any_heading_is_none() -> None:
    is_known = known_headings(ASSOCIATIONS.columns)
    assert is_known(f"社会组织{NAME}")
    assert not is_known("社会组织" * 20 + NAME)
