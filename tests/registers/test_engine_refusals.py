"""What becomes of a batch whose step the file or the database refuses."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import translation

from accounts.roles import Role
from organizations.models import Association
from registers import register as registry
from registers import staging
from registers.committing import commit
from registers.models import ImportBatch
from registers.register import Register
from registers.reports import problem_message
from registers.undo import undo
from tests.factories.accounts import StaffFactory
from tests.factories.organizations import CityFactory
from tests.registers.import_steps import checked, page
from tests.registers.workbook_builder import NAME, counts, imported_rows, roster, staged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]
Status = ImportBatch.Status
ROW = {NAME: "菏泽市甲协会"}
DEADLOCK, UNIQUE, FOREIGN_KEY, NO_TEXT = "40P01", "23505", "23503", "22021"
SAME_NAME = "A registered association of this name exists already."
Refuse = Callable[..., None]


@pytest.fixture(autouse=True)
def city() -> None:
    CityFactory()


@pytest.fixture
def refuse(monkeypatch: pytest.MonkeyPatch) -> Refuse:
    """Let the database refuse what the register's `method` does, with an error of its own."""
    register = type(registry.get("associations"))

    def refuse(method: str, state: str, constraint: str = "") -> None:
        def refused(self: Register, *args: Any) -> Any:
            with connection.cursor() as cursor:
                cursor.execute(
                    "DO $$ BEGIN RAISE EXCEPTION 'refused' "
                    f"USING ERRCODE = '{state}', CONSTRAINT = '{constraint}'; END $$"
                )

        monkeypatch.setattr(register, method, refused)

    return refuse


def reason(batch: ImportBatch) -> str:
    assert batch.error
    with translation.override("en"):
        return problem_message(**batch.error)


def name_constraint() -> str:
    """The constraint that keeps names of registered associations apart."""
    with translation.override("en"):
        (name,) = (
            each.name
            for each in Association._meta.constraints
            if str(each.violation_error_message) == SAME_NAME
        )
    return name


def checked_again(batch: ImportBatch) -> ImportBatch:
    assert staging.claim(batch)
    batch.refresh_from_db()
    staging.stage(batch)
    batch.refresh_from_db()
    return batch


def nothing_left(batch: ImportBatch) -> bool:
    return not (batch.rows.exists() or batch.counts or batch.unknown or batch.total)


def test_a_check_that_a_deadlock_ends_can_be_made_again(refuse, monkeypatch) -> None:
    batch = staged(roster(ROW))
    refuse("find", DEADLOCK)
    checked_again(batch)
    assert (batch.status, nothing_left(batch)) == (Status.FAILED, True)
    assert "try again" in reason(batch)
    monkeypatch.undo()
    assert counts(checked_again(batch)) == {"new": 1}


def test_text_that_cannot_be_stored_is_the_files_fault(refuse) -> None:
    batch = staged(roster(ROW))
    refuse("find", NO_TEXT)
    assert "cannot be stored" in reason(checked_again(batch))


def test_a_file_that_can_no_longer_be_read_shows_nothing_of_the_check_before() -> None:
    batch = staged(roster(ROW | {"业务主管单位": "无名局"}))
    assert batch.unknown
    Path(batch.file.path).write_bytes(b"PK")
    checked_again(batch)
    assert (batch.status, nothing_left(batch)) == (Status.FAILED, True)


def test_a_failed_check_leads_to_another(client: Client, refuse, monkeypatch) -> None:
    client.force_login(StaffFactory(grant__role=Role.REVIEWER))
    batch = checked(client, roster(ROW))
    refuse("find", DEADLOCK)
    client.post(page("check", batch))
    assert page("check", batch) in client.get(page("batch-detail", batch)).content.decode()
    monkeypatch.undo()
    client.post(page("check", batch))
    batch.refresh_from_db()
    assert batch.status == Status.STAGED


def test_a_writing_that_a_deadlock_ends_can_be_made_again(refuse, monkeypatch) -> None:
    batch = staged(roster(ROW))
    refuse("apply", DEADLOCK)
    assert not commit(batch, mode="all", by=None)
    assert (batch.status, Association.objects.count()) == (Status.STAGED, 0)
    assert "try again" in reason(batch)
    monkeypatch.undo()
    assert commit(batch, mode="all", by=None)


def test_a_row_that_breaks_a_rule_is_refused_in_the_rules_own_words(refuse) -> None:
    batch = staged(roster(ROW))
    refuse("apply", UNIQUE, name_constraint())
    assert not commit(batch, mode="all", by=None)
    assert batch.status == Status.STAGED
    assert SAME_NAME in reason(batch)
    assert name_constraint() not in reason(batch)


def test_a_row_that_breaks_a_nameless_rule_is_refused_in_general_words(refuse) -> None:
    batch = staged(roster(ROW))
    refuse("apply", UNIQUE, "some_index")
    assert not commit(batch, mode="all", by=None)
    assert reason(batch).startswith("A row breaks a rule of the registry. ")


def test_an_undoing_that_a_deadlock_ends_can_be_made_again(refuse, monkeypatch) -> None:
    batch = imported_rows(ROW)
    refuse("restored", DEADLOCK)
    assert not undo(batch, by=None)
    assert (batch.status, Association.objects.count()) == (Status.COMMITTED, 1)
    assert "try again" in reason(batch)
    monkeypatch.undo()
    assert undo(batch, by=None)


def test_an_undoing_that_later_records_forbid_says_so(refuse) -> None:
    batch = imported_rows(ROW)
    refuse("restored", FOREIGN_KEY, "some_fk")
    assert not undo(batch, by=None)
    assert "later records refer to what it made" in reason(batch)


def test_an_undoing_that_breaks_a_rule_is_refused_in_the_rules_own_words(refuse) -> None:
    batch = imported_rows(ROW)
    refuse("restored", UNIQUE, name_constraint())
    assert not undo(batch, by=None)
    assert SAME_NAME in reason(batch)
