"""Values that the registry has changed since the day of a roster."""

from typing import Any

import pghistory
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.roles import Role
from organizations.models import Association
from registers.models import ImportBatch
from registers.newer import decision
from registers.reconciling import Comparison, Part
from registers.undo import undo
from tests.factories.accounts import StaffFactory
from tests.factories.organizations import AssociationFactory, InspectionFactory, InstructorFactory
from tests.registers.import_steps import checked, commit, page
from tests.registers.workbook_builder import (
    NAME,
    PERSON,
    UNIT,
    command,
    counts,
    imported,
    only_row,
    roster,
    staged,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]
PHONE, ADDRESS, MEMBERS, FULL, PART, TOTAL = (
    "联系电话",
    "住所",
    "党员数",
    "专职工作人员数",
    "兼职工作人员数",
    "从业人员总数",
)
OLD, NEW = "17701746814", "0530-7777777"
TODAY = timezone.localdate


def dated(day: Any) -> str:
    return f"截至{day}"


A_YEAR_AGO = "2025-08-31"
LATER = "2026-01-31"


def of(*rows: dict[str, Any], on: Any = A_YEAR_AGO) -> bytes:
    return roster(*({NAME: "菏泽市甲协会"} | cells for cells in rows), title=dated(on))


def edit(**values: Any) -> Association:
    """The association after somebody has changed it today, apart from any import; all run in the
    one transaction of the test."""
    with pghistory.context(from_="a form"):
        Association.objects.update(**values)
    return Association.objects.get()


@pytest.fixture
def association(reference: Any) -> Association:
    """One whose phone a roster gave two years ago, and somebody changed today."""
    imported(of({PHONE: "13800000000", ADDRESS: "旧址"}, on="2024-01-31"))
    return edit(phone=NEW)


@pytest.fixture
def reviewer(client: Any) -> Any:
    user = StaffFactory(grant__role=Role.REVIEWER)
    client.force_login(user)
    return user


def phone() -> str:
    return Association.objects.get().phone


def test_what_was_changed_since_is_kept_and_the_rest_is_written(association: Association) -> None:
    batch = imported(of({PHONE: OLD, ADDRESS: "新址"}))
    row = only_row(batch)
    assert (row.values, row.before) == ({"address": "新址"}, {"address": "旧址"})
    assert row.newer == {"phone": {"old": NEW, "new": OLD, "on": TODAY().isoformat()}}
    assert batch.newer == {"rows": 1, "values": 1}
    association.refresh_from_db()
    assert (association.phone, association.address) == (NEW, "新址")
    assert undo(batch, by=None)
    association.refresh_from_db()
    assert (association.phone, association.address) == (NEW, "旧址")


def test_a_row_of_which_all_is_kept_changes_nothing(association: Association) -> None:
    assert counts(imported(of({PHONE: OLD}))) == {"unchanged": 1}
    assert phone() == NEW


def test_the_files_values_are_written_where_a_person_wants_that(association: Association) -> None:
    batch = staged(of({PHONE: OLD}), keeps_newer=False)
    row = only_row(batch)
    assert (row.action, row.values, list(row.newer)) == ("changed", {"phone": OLD}, ["phone"])


@pytest.mark.parametrize("title", ["花名册", dated(TODAY())])
def test_a_file_of_today_is_asked_nothing(association: Association, title: str) -> None:
    row = {NAME: association.name, PHONE: OLD}
    with CaptureQueriesContext(
        connection,
    ) as queries:
        batch = staged(roster(row, title=title))
    assert counts(batch) == {"changed": 1}
    assert not asked(queries)


def asked(queries: CaptureQueriesContext) -> list[str]:
    return [q["sql"] for q in queries if "associationevent" in q["sql"] and "SELECT" in q["sql"]]


@pytest.mark.parametrize("number", [1, 3])
def test_one_query_tells_what_is_newer_in_all_rows(reference: Any, number: int) -> None:
    names = [f"菏泽市{n}协会" for n in "甲乙丙"[:number]]
    for name in names:
        AssociationFactory(name=name, phone=NEW)
    with CaptureQueriesContext(connection) as queries:
        batch = staged(of(*({NAME: name, PHONE: OLD} for name in names)))
    assert batch.newer == {"rows": number, "values": number}
    assert len(asked(queries)) == 1


def test_new_and_unchanged_rows_ask_nothing(association: Association) -> None:
    with CaptureQueriesContext(connection) as queries:
        staged(of({PHONE: NEW}, {NAME: "菏泽市乙协会", PHONE: OLD}))
    assert not asked(queries)


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [(A_YEAR_AGO, LATER, False), (LATER, A_YEAR_AGO, True), (LATER, LATER, False)],
)
def test_what_an_import_wrote_is_as_old_as_its_file(
    reference: Any, first: str, second: str, kept: bool
) -> None:
    imported(of({PHONE: NEW}, on=first))
    batch = imported(of({PHONE: OLD}, on=second))
    assert phone() == (NEW if kept else OLD)
    assert bool(batch.newer) == kept


def test_the_last_change_decides(reference: Any) -> None:
    imported(of({PHONE: NEW}, on=A_YEAR_AGO))
    edit(phone=OLD)
    imported(of({PHONE: NEW}, on=TODAY()))
    assert staged(of({PHONE: OLD}, on=LATER)).newer
    edit(address="别处")
    row = only_row(staged(of({PHONE: OLD, ADDRESS: "新址"}, on=LATER)))
    assert set(row.newer) == {"phone", "address"}


def test_what_an_undo_gave_back_is_as_old_as_it_was(reference: Any) -> None:
    imported(of({PHONE: NEW}, on="2024-01-31"))
    later = imported(of({PHONE: "13800000000"}, on=LATER))
    assert staged(of({PHONE: OLD})).newer
    assert undo(later, by=None)
    batch = staged(of({PHONE: OLD}))
    assert (counts(batch), batch.newer) == ({"changed": 1}, {})


def test_what_was_never_filled_in_is_completed(reference: Any) -> None:
    AssociationFactory(name="菏泽市甲协会", phone="")
    assert imported(of({PHONE: OLD})).newer == {}
    assert phone() == OLD


def test_what_was_cleared_since_stays_cleared(association: Association) -> None:
    edit(phone="")
    assert counts(imported(of({PHONE: OLD}))) == {"unchanged": 1}
    assert phone() == ""


def test_values_that_must_agree_are_kept_together(reference: Any) -> None:
    imported(of({FULL: 3, PART: 3, TOTAL: 6, MEMBERS: 2}, on="2024-01-31"))
    edit(staff_full_time=5, staff_total=8)
    batch = imported(of({FULL: 2, PART: 4, TOTAL: 6, MEMBERS: 1}))
    row = only_row(batch)
    assert set(row.newer) == {"staff_full_time", "staff_part_time", "staff_total", "party_members"}
    assert counts(batch) == {"unchanged": 1}


def test_values_that_agree_are_not(reference: Any) -> None:
    imported(of({FULL: 3, PART: 3, TOTAL: 6, MEMBERS: 2}, on="2024-01-31"))
    edit(staff_full_time=5, staff_total=8)
    row = only_row(imported(of({FULL: 2, PART: 3, TOTAL: 5, MEMBERS: 1})))
    assert (row.values, set(row.newer)) == (
        {"party_members": 1},
        {"staff_full_time", "staff_total"},
    )


def test_an_instructors_newer_particulars_are_kept(reference: Any) -> None:
    InstructorFactory(name="张三", unit="市司法局", post="科长", phone="")
    said = {PERSON: "张三", UNIT: "市司法局", "职务": "主任", PHONE: OLD}
    batch = imported(roster(said, title=dated(A_YEAR_AGO)), "instructors")
    row = only_row(batch)
    assert (row.values, list(row.newer)) == ({"phone": OLD}, ["post"])


def test_the_command_keeps_and_says_how_many(association: Association, capsys: Any) -> None:
    status, report = command(of({PHONE: OLD, ADDRESS: "新址"}))
    assert (status, report["counts"]["changed"], phone()) == (0, 1, NEW)
    assert set(report) == {"batch", "sheets", "counts", "problems", "seconds"}
    assert decision(ImportBatch.objects.get(pk=report["batch"])) in capsys.readouterr().err


def test_the_preview_shows_both_and_offers_the_choice(
    client: Any, reviewer: Any, association: Association
) -> None:
    batch = checked(client, of({PHONE: OLD, ADDRESS: "新址"}))
    text = client.get(page("batch-detail", batch), {"action": "newer"}).text
    assert (NEW in text, OLD in text, "registry newer (changed on" in text) == (True,) * 3
    for choice in ("roster", "roster"):  # a doubled click
        client.post(page("newer", batch), {"keep": choice})
    commit(client, batch)
    assert phone() == OLD
    batch.refresh_from_db()
    assert "is written over by the file" in client.get(page("batch-detail", batch)).text
    client.post(page("newer", batch), {"keep": "registry"})
    batch.refresh_from_db()
    assert (batch.keeps_newer, batch.status) == (False, "committed")


def test_the_choice_can_be_taken_back(client: Any, reviewer: Any, association: Association) -> None:
    batch = checked(client, of({PHONE: OLD}))
    assert OLD in client.get(page("batch-detail", batch)).text
    client.post(page("newer", batch), {"keep": "roster"})
    batch.refresh_from_db()
    assert counts(batch) == {"changed": 1}
    client.post(page("newer", batch), {"keep": "registry"})
    batch.refresh_from_db()
    assert counts(batch) == {"unchanged": 1}


def test_what_is_kept_differs_in_the_comparison(reviewer: Any, association: Association) -> None:
    comparison = Comparison(staged(of({PHONE: OLD}), by=reviewer), reviewer)
    assert (comparison.counts[Part.DIFFERENT], comparison.counts[Part.SAME]) == (1, 0)


def test_another_year_of_inspection_is_an_addition(
    client: Any, reviewer: Any, association: Association
) -> None:
    InspectionFactory(association=association, year=2025, result="passed")
    batch = checked(client, of({"2024年度年检结果": "未参检"}, on=TODAY()))
    text = " ".join(client.get(page("batch-detail", batch), {"action": "changed"}).text.split())
    assert ("2025" in text.split('class="import-changes"')[1].split("</dl>")[0]) is False
    assert "added:</span> <ins>2024:" in text
