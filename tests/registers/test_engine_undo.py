"""Undoing imports. Association 甲 is kept or reversed, 乙 stands beside it."""

import io
import json
from collections.abc import Callable
from typing import Any

import pghistory
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.roles import Role
from organizations.models import (
    Association,
    Coverage,
    Division,
    Grant,
    Inspection,
    Instructor,
    PartyOrganization,
    Rating,
)
from registers import register as registry
from registers.models import ImportBatch
from registers.register import Record
from registers.undo import edited_since, later_imports, undo
from tests.factories.accounts import StaffFactory
from tests.registers.workbook_builder import (
    NAME,
    PARTY,
    PARTY_KIND,
    PARTY_NAME,
    PERSON,
    SERVED,
    SINCE,
    association,
    imported_rows,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "private_files")]
A, B = {NAME: "菏泽市甲协会"}, {NAME: "菏泽市乙协会"}
WHOLE = {
    "住所": "东街",
    "2024年度年检结果": "合格",
    "评估等级": "3A",
    PARTY_NAME: "中共甲支部",
    SINCE: "2019-05-01",
    "指导员": "赵六",
}
OTHER = {
    "住所": "西街",
    "2024年度年检结果": "不合格",
    "评估等级": "4A",
    PARTY_NAME: "中共新支部",
    SINCE: "2018-05-01",
    "指导员": "钱七",
}
JOINT = {PARTY_NAME: "中共某某联合支部委员会", PARTY_KIND: "联合党支部"}


def state() -> dict[str, list[Any]]:
    """Every row of the registry as it stands."""
    models = [part.model for part in registry.get("associations").parts]
    return {m.__name__: list(m._default_manager.order_by("pk").values()) for m in models}


def record(name: str) -> Record:
    rows = Association.objects.filter(name=name)
    ((_, found),) = registry.get("associations").snapshot(rows, timezone.localdate(), None)
    return found


def edited(edit: Callable[[], Any]) -> None:
    """Edit apart from the import; both run in the one transaction of the test."""
    with pghistory.context(from_="a form"):
        edit()


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_new_rows_go_with_all_that_came_along() -> None:
    before = state()
    batch = imported_rows(A | WHOLE, B | WHOLE)
    assert undo(batch, by=None)
    assert state() == before


def test_changed_rows_are_as_they_were() -> None:
    imported_rows(A | WHOLE, B | WHOLE)
    before = state()
    batch = imported_rows(A | OTHER, B | OTHER)
    assert state() != before
    assert undo(batch, by=None)
    assert state() == before


@pytest.mark.parametrize(
    "change",
    [
        {PARTY: "否"},
        {"登记状态": "注销"},
        JOINT,
        {"评估等级": "5A"},
        {"指导员": "钱七"},
        {"2023年度年检结果": "合格"},
    ],
)
def test_a_change_of_one_thing_is_reversed(change: dict[str, Any]) -> None:
    imported_rows(A | WHOLE)
    before = state()
    batch = imported_rows(A | change)
    assert state() != before
    assert undo(batch, by=None)
    assert state() == before


def edit_association() -> None:
    Association.objects.filter(name=A[NAME]).update(phone="0530-1")


def edit_through_save() -> None:
    edited = association(A[NAME])
    edited.legal_representative = "周八"
    edited.save()


def edit_party_organization() -> None:
    party = PartyOrganization.objects.get(coverages__association__name=A[NAME])
    party.secretary = "周八"
    party.save()


def edit_inspection() -> None:
    Inspection.objects.filter(association__name=A[NAME]).update(result="barely")


def delete_rating() -> None:
    Rating.objects.filter(association__name=A[NAME]).delete()


def end_coverage_in_sql() -> None:
    pk = association(A[NAME]).pk
    sql("UPDATE organizations_coverage SET valid_until = now() WHERE association_id = %s", pk)


def edit_association_in_sql() -> None:
    sql("UPDATE organizations_association SET remark = 'x' WHERE name = %s", A[NAME])


EDITS = [
    edit_association,
    edit_through_save,
    edit_party_organization,
    edit_inspection,
    delete_rating,
    end_coverage_in_sql,
    edit_association_in_sql,
]


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("known", [False, True], ids=["new", "changed"])
def test_a_row_edited_since_is_kept_and_listed_and_the_others_reversed(
    edit: Callable[[], Any], known: bool
) -> None:
    first, second = ({"住所": "甲街"}, WHOLE) if known else (None, WHOLE)
    if first:
        imported_rows(A | first, B | first)
    others = record(B[NAME]) if known else None
    batch = imported_rows(A | second, B | second | {PARTY_NAME: "中共乙支部"} | {"指导员": "钱七"})
    edited(edit)
    kept = record(A[NAME])
    assert undo(batch, by=None), batch.error
    assert batch.kept == [association(A[NAME]).pk]
    assert record(A[NAME]) == kept
    if known:
        assert record(B[NAME]) == others
    else:
        assert not Association.objects.filter(name=B[NAME]).exists()


def test_a_joint_branch_of_a_kept_and_a_reversed_row_stays_with_the_kept_one() -> None:
    batch = imported_rows(A | JOINT, B | JOINT)
    edited(edit_association)
    assert undo(batch, by=None)
    (coverage,) = Coverage.objects.all()
    assert coverage.association == association(A[NAME])
    assert coverage.party_organization.name == JOINT[PARTY_NAME]


def test_an_edited_joint_branch_keeps_all_that_it_covers() -> None:
    batch = imported_rows(A | JOINT, B | JOINT)
    edited(edit_party_organization)
    assert undo(batch, by=None)
    assert batch.kept == sorted(association(row[NAME]).pk for row in (A, B))


def test_a_joint_branch_that_was_changed_stays_changed_while_a_kept_row_needs_it() -> None:
    imported_rows(A | JOINT, B | JOINT)
    batch = imported_rows(A | {"住所": "东街", "书记": "王五"}, B | {"住所": "西街"})
    edited(edit_association)
    assert undo(batch, by=None)
    assert PartyOrganization.objects.get().secretary == "王五"
    assert association(B[NAME]).address == ""


def test_what_was_kept_goes_once_what_kept_it_is_undone() -> None:
    first = imported_rows(A | WHOLE, B | WHOLE)
    later = imported_rows(A | OTHER, B | OTHER)
    assert undo(first, by=None)
    assert set(first.kept) == {association(A[NAME]).pk, association(B[NAME]).pk}
    assert list(later_imports(first, first.kept)) == [later]
    assert undo(later, by=None)
    assert undo(first, by=None)
    assert first.kept == []
    assert not any(state().values())


def test_undoing_the_rest_leaves_alone_what_was_undone_before() -> None:
    imported_rows(A, B)
    first = imported_rows(A | WHOLE, B | WHOLE)
    later = imported_rows(A | OTHER)
    undo(first, by=None)
    edited(lambda: Association.objects.filter(name=B[NAME]).update(address="后来街"))
    undo(later, by=None)
    assert undo(first, by=None)
    assert association(B[NAME]).address == "后来街"
    assert association(A[NAME]).address == ""


def test_what_undoing_will_keep_is_known_beforehand() -> None:
    batch = imported_rows(A, B)
    edited(edit_association)
    assert edited_since(batch) == [association(A[NAME]).pk]


def test_an_instructor_whom_a_later_roster_names_stays() -> None:
    batch = imported_rows(A | {"指导员": "赵六"})
    imported_rows({PERSON: "赵六", SERVED: "菏泽市未知协会"}, register="instructors")
    assert undo(batch, by=None), batch.error
    assert not Association.objects.exists()
    assert Instructor.objects.filter(name="赵六").exists()


def test_who_has_lost_a_row_of_the_import_cannot_undo_it() -> None:
    caoxian = Division.objects.get(name="曹县")
    clerk = StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=caoxian)
    batch = imported_rows(A | {"所属县区": "曹县"}, by=clerk)
    Grant.objects.update(division=Division.objects.get(name="单县"))
    clerk = type(clerk).objects.get(pk=clerk.pk)
    assert not undo(batch, by=clerk)
    assert (batch.status, batch.error["code"]) == ("committed", "undo_outside_scope")
    assert Association.objects.exists()


def test_undone_twice_does_nothing_the_second_time() -> None:
    batch = imported_rows(A)
    assert undo(batch, by=None)
    imported_rows(A)
    assert not undo(batch, by=None)
    assert Association.objects.exists()


def test_what_was_not_written_cannot_be_undone() -> None:
    batch = imported_rows(A)
    ImportBatch.objects.update(status="staged")
    assert not undo(batch, by=None)
    assert Association.objects.exists()


def test_overlapping_batches_undone_last_first_leave_what_was_before() -> None:
    imported_rows(A | {"住所": "一街"}, B)
    before = state()
    batches = [imported_rows(A | WHOLE, B | {"住所": f"{n}街"}) for n in range(2)]
    batches.append(imported_rows(A | OTHER, B | JOINT))
    for batch in reversed(batches):
        assert undo(batch, by=None)
        assert batch.kept == []
    assert state() == before


def test_an_earlier_batch_undone_first_keeps_what_the_later_one_changed() -> None:
    first = imported_rows(A | WHOLE, B | WHOLE)
    imported_rows(A | OTHER)
    assert undo(first, by=None)
    assert association(A[NAME]).address == "西街"
    assert not Association.objects.filter(name=B[NAME]).exists()


def test_instructors_and_their_assignments_are_reversed() -> None:
    imported_rows(A, {NAME: "菏泽市丙协会"})
    imported_rows({PERSON: "赵六", SERVED: "菏泽市丙协会"}, register="instructors")
    before = state()
    batch = imported_rows(
        {PERSON: "赵六", SERVED: A[NAME], "职务": "科长", "选派时间": "2024-05"},
        {PERSON: "钱七", SERVED: f"{A[NAME]}、菏泽市未知协会"},
        register="instructors",
    )
    assert undo(batch, by=None), batch.error
    assert state() == before


def test_an_instructor_edited_since_is_kept() -> None:
    batch = imported_rows({PERSON: "赵六"}, {PERSON: "钱七"}, register="instructors")
    edited(lambda: Instructor.objects.filter(name="赵六").update(post="科长"))
    assert undo(batch, by=None)
    assert [i.name for i in Instructor.objects.all()] == ["赵六"]


def test_command_undoes_and_says_what_it_kept() -> None:
    batch, out = imported_rows(A, B), io.StringIO()
    edited(edit_association)
    call_command("undo_import", str(batch.pk), "--json", stdout=out)
    kept = association(A[NAME]).pk
    assert json.loads(out.getvalue()) == {"batch": batch.pk, "undone": True, "kept": [kept]}


def test_command_refuses_what_is_undone_already() -> None:
    batch = imported_rows(A)
    undo(batch, by=None)
    with pytest.raises(CommandError):
        call_command("undo_import", str(batch.pk))
