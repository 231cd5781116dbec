"""Instructors and Party organisations that serve several counties: what each county may learn."""

import io
from typing import Any

import openpyxl
import pghistory
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import Role
from organizations.models import Association, Instructor, UnresolvedAssignment
from registers.committing import commit
from registers.models import ImportBatch
from tests.factories.accounts import StaffFactory, UserFactory
from tests.factories.organizations import (
    AssignmentFactory,
    AssociationFactory,
    CountyFactory,
    CoverageFactory,
    InstructorFactory,
    PartyOrganizationFactory,
    UnresolvedAssignmentFactory,
)
from tests.registers.workbook_builder import (
    NAME,
    PERSON,
    SERVED,
    UNIT,
    counts,
    imported_rows,
    only_problem,
    only_row,
    roster,
    staged,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]
OWN, FOREIGN, LISTED, UNKNOWN = "曹县甲协会", "单县乙协会", "单县丙商会", "无人知晓协会"
PHONE = "13812345678"
LIST = "organizations:instructor-list"


@pytest.fixture
def county() -> Any:
    return CountyFactory(name="曹县")


@pytest.fixture
def clerk(county: Any) -> User:
    """Keeps the registry of one county."""
    return StaffFactory(username="clerk", grant__role=Role.COUNTY_STAFF, grant__division=county)


@pytest.fixture
def shared(county: Any) -> Instructor:
    """Serves an association of the county and one of another, and another is still to identify."""
    elsewhere = CountyFactory(name="单县")
    instructor = InstructorFactory(name="张三", unit="市局")
    for name, division, day in ((FOREIGN, elsewhere, "2020-01-01"), (OWN, county, "2024-05-01")):
        association = AssociationFactory(name=name, level="county", division=division)
        AssignmentFactory(instructor=instructor, association=association, assigned_on=day)
    AssociationFactory(name=LISTED, level="county", division=elsewhere)
    for name in (LISTED, UNKNOWN):
        UnresolvedAssignmentFactory(instructor=instructor, association_name=name, assigned_on=None)
    return instructor


def text_of(user: User, url: str) -> str:
    client = Client()
    client.force_login(user)
    response = client.get(url)
    body = response.getvalue()
    if response["Content-Type"].startswith("text/html"):
        return body.decode()
    return said_by(io.BytesIO(body))


def said_by(workbook: Any) -> str:
    rows = openpyxl.load_workbook(workbook).active.iter_rows(values_only=True)
    return "\n".join(str(cell) for row in rows for cell in row)


def detail_url(instructor: Instructor) -> str:
    return reverse("organizations:instructor-detail", args=[instructor.pk])


def read_by(user: User, instructor: Instructor) -> dict[str, str]:
    """What the person reads of the instructor, by where."""
    urls = {
        "list": f"{reverse(LIST)}?columns=all",
        "unresolved ones": f"{reverse(LIST)}?columns=all&unresolved=yes",
        "search": f"{reverse(LIST)}?columns=all&q={instructor.name}",
        "export": f"{reverse(LIST)}?columns=all&format=xlsx",
        "page and history": detail_url(instructor),
    }
    return {where: text_of(user, url) for where, url in urls.items()}


# Instructors


def test_a_county_reads_only_its_own_part_of_an_instructor_s_work(
    shared: Instructor, clerk: User
) -> None:
    shared.assignments.get(association__name=FOREIGN).delete()
    AssignmentFactory(instructor=shared, association=Association.objects.get(name=FOREIGN))
    found = read_by(clerk, shared)
    for name, seen in ((OWN, True), (UNKNOWN, True), (FOREIGN, False), (LISTED, False)):
        assert {where: name in text for where, text in found.items()} == dict.fromkeys(found, seen)


def test_who_is_responsible_for_the_city_reads_all_of_an_instructor_s_work(
    shared: Instructor,
) -> None:
    found = read_by(StaffFactory(grant__role=Role.LEADER), shared)
    for name in (OWN, UNKNOWN, FOREIGN, LISTED):
        assert [where for where, text in found.items() if name not in text] == []


def test_the_day_of_work_outside_the_scope_is_not_told(shared: Instructor, clerk: User) -> None:
    assert "2024-05-01" in text_of(clerk, f"{reverse(LIST)}?columns=all&format=xlsx")


def test_only_how_many_there_are_outside_the_scope_is_told(
    shared: Instructor, clerk: User, client: Client
) -> None:
    AssignmentFactory(instructor=shared, ended_on="2025-01-01")
    client.force_login(clerk)
    assert client.get(detail_url(shared)).context["elsewhere"] == 1


def test_who_names_only_associations_elsewhere_has_nothing_to_identify_here(
    shared: Instructor, clerk: User, client: Client
) -> None:
    UnresolvedAssignment.objects.filter(association_name=UNKNOWN).delete()
    client.force_login(clerk)
    assert not client.get(f"{reverse(LIST)}?unresolved=yes").context["rows"]


def test_the_command_exports_what_the_person_may_see(
    shared: Instructor, clerk: User, tmp_path: Any
) -> None:
    out = tmp_path / "out.xlsx"
    call_command("export_register", "instructors", str(out), "--as", "clerk", stdout=io.StringIO())
    assert [OWN in said_by(out), FOREIGN in said_by(out)] == [True, False]
    call_command("export_register", "instructors", str(out), stdout=io.StringIO())
    assert FOREIGN in said_by(out)


# Imports


@pytest.fixture
def reviewer() -> User:
    return StaffFactory(grant__role=Role.REVIEWER)


@pytest.mark.parametrize("person", ["clerk", "reviewer"])
def test_what_a_person_exports_imports_unchanged(
    shared: Instructor, person: str, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(person)
    client = Client()
    client.force_login(user)
    exported = client.get(f"{reverse(LIST)}?columns=all&format=xlsx").getvalue()
    assert counts(staged(exported, "instructors", by=user)) == {"unchanged": 1}


def row(*names: str, **more: Any) -> dict[str, Any]:
    return {PERSON: "张三", UNIT: "市局", SERVED: "；".join(names), **more}


def test_a_preview_names_nothing_outside_the_scope(shared: Instructor, clerk: User) -> None:
    added = AssociationFactory(name="曹县丁协会", division=shared_county(shared))
    batch = staged(roster(row(OWN, added.name)), "instructors", by=clerk)
    assert only_row(batch).before == {"associations": [OWN, UNKNOWN]}


def test_a_row_cannot_find_out_whom_an_instructor_serves_elsewhere(
    shared: Instructor, clerk: User
) -> None:
    AssociationFactory(name="单县丁协会")
    answers = [
        counts(staged(roster(row(OWN, name)), "instructors", by=clerk))
        for name in (FOREIGN, "单县丁协会")
    ]
    assert answers[0] == answers[1]


def test_naming_what_others_know_already_leaves_nothing_to_identify(
    shared: Instructor, clerk: User
) -> None:
    imported_rows(row(OWN, FOREIGN), register="instructors", by=clerk)
    assert not UnresolvedAssignment.objects.filter(association_name=FOREIGN).exists()


def test_a_batch_that_somebody_of_another_scope_confirms_is_written(
    shared: Instructor, clerk: User
) -> None:
    administrator = StaffFactory(grant__role=Role.ADMINISTRATOR)
    AssociationFactory(name="曹县丁协会", division=shared_county(shared))
    batch = staged(roster(row(OWN, "曹县丁协会")), "instructors", by=clerk)
    assert commit(batch, mode="all", by=administrator), batch.error
    assert shared.assignments.filter(association__name="曹县丁协会").exists()


def test_what_a_county_leaves_out_stays_with_the_other_county(
    shared: Instructor, clerk: User
) -> None:
    AssociationFactory(name="曹县丁协会", division=shared_county(shared))
    imported_rows(row("曹县丁协会"), register="instructors", by=clerk)
    assert shared.assignments.filter(association__name=FOREIGN, ended_on=None).exists()


def test_a_county_redates_only_its_own_part_of_the_work(shared: Instructor, clerk: User) -> None:
    imported_rows(row(OWN, 选派时间="2025-02-03"), register="instructors", by=clerk)
    days = {
        name: day.isoformat()
        for name, day in shared.assignments.values_list("association__name", "assigned_on")
    }
    assert days == {OWN: "2025-02-03", FOREIGN: "2020-01-01"}


@pytest.mark.parametrize("particular", [{"联系电话": "13900000000"}, {"职务": "科长"}])
def test_a_county_does_not_change_the_particulars_of_whom_others_share(
    shared: Instructor, clerk: User, particular: dict[str, str]
) -> None:
    problem = only_problem(staged(roster(row(OWN, **particular)), "instructors", by=clerk))
    assert (problem["column"], problem["code"]) == ("name", "shared_instructor")


def test_who_is_responsible_for_the_city_changes_the_particulars_of_whom_counties_share(
    shared: Instructor, reviewer: User
) -> None:
    imported_rows(row(OWN, 职务="科长"), register="instructors", by=reviewer)
    shared.refresh_from_db()
    assert shared.post == "科长"


def test_who_came_to_be_shared_since_the_preview_is_not_changed(
    shared: Instructor, clerk: User
) -> None:
    elsewhere = shared.assignments.filter(association__name=FOREIGN)
    elsewhere.update(ended_on="2024-01-01")
    batch = staged(roster(row(OWN, 职务="科长")), "instructors", by=clerk)
    elsewhere.update(ended_on=None)
    assert not commit(batch, mode="all", by=clerk)
    shared.refresh_from_db()
    assert not shared.post


def test_a_county_changes_the_particulars_of_its_own_instructor(
    shared: Instructor, clerk: User
) -> None:
    shared.assignments.filter(association__name=FOREIGN).update(ended_on="2024-01-01")
    imported_rows(row(OWN, 职务="科长"), register="instructors", by=clerk)
    shared.refresh_from_db()
    assert shared.post == "科长"


def test_a_batch_of_the_city_changes_nobody_shared_for_a_county_that_confirms_it(
    shared: Instructor, reviewer: User, clerk: User
) -> None:
    batch = staged(roster(row(OWN, 职务="科长")), "instructors", by=reviewer)
    assert not commit(batch, mode="all", by=clerk)
    shared.refresh_from_db()
    assert not shared.post


def test_an_ended_assignment_gives_no_say_over_who_works_elsewhere(
    shared: Instructor, clerk: User
) -> None:
    shared.assignments.filter(association__name=OWN).update(ended_on="2025-01-01")
    problem = only_problem(staged(roster(row(OWN, 职务="科长")), "instructors", by=clerk))
    assert problem["code"] == "out_of_scope"
    assert shared in Instructor.objects.for_user(clerk, Permission.VIEW_REGISTRY)


def test_a_roster_of_associations_knows_who_worked_there_before(
    shared: Instructor, clerk: User
) -> None:
    shared.assignments.filter(association__name=OWN).update(ended_on="2025-01-01")
    imported_rows({NAME: OWN, "党建指导员": "张三"}, by=clerk)
    assert Instructor.objects.get(name="张三") == shared


# Personal data


@pytest.fixture
def free() -> Instructor:
    """Nobody has assigned this one yet."""
    return InstructorFactory(name="赵六", unit="市局", phone=PHONE)


def test_the_phone_of_whom_nobody_has_assigned_is_masked_for_a_county(
    free: Instructor, clerk: User
) -> None:
    found = read_by(clerk, free)
    assert {where: PHONE in text for where, text in found.items()} == dict.fromkeys(found, False)
    assert "赵六" in found["list"]


def test_a_preview_masks_the_phone_of_whom_nobody_has_assigned(
    free: Instructor, clerk: User
) -> None:
    """The county's own office entered this one, and may go on."""
    Instructor.objects.filter(pk=free.pk).update(entered_by=clerk)
    changed = roster({PERSON: "赵六", UNIT: "市局", "联系电话": "13900000000"})
    batch = staged(changed, "instructors", by=clerk)
    content = text_of(clerk, reverse("registers:batch-detail", args=[batch.pk]))
    assert [phone in content for phone in (PHONE, "138****5678", "13900000000")] == [
        False,
        True,
        True,
    ]


@pytest.mark.parametrize(("ended_on", "read"), [(None, True), ("2025-01-01", False)])
def test_a_county_reads_the_phone_of_who_works_there_now(
    free: Instructor, clerk: User, county: Any, ended_on: str | None, read: bool
) -> None:
    AssignmentFactory(instructor=free, association__division=county, ended_on=ended_on)
    assert (PHONE in text_of(clerk, detail_url(free))) is read


def test_who_is_responsible_for_the_city_reads_the_phone_of_whom_nobody_has_assigned(
    free: Instructor,
) -> None:
    assert PHONE in text_of(StaffFactory(grant__role=Role.LEADER), detail_url(free))


def shared_county(instructor: Instructor) -> Any:
    return instructor.assignments.get(association__name=OWN).association.division


# Where changes come from

FILE = "单县名册.xlsx"


def association_page(user: User, association: Association) -> str:
    url = reverse("organizations:association-detail", args=[association.pk])
    return text_of(user, url)


@pytest.mark.parametrize(
    ("role", "told"), [(Role.COUNTY_STAFF, False), (Role.LEADER, True), (Role.ADMINISTRATOR, True)]
)
def test_a_workbook_of_another_office_is_named_only_to_who_sees_the_city(
    county: Any, role: str, told: bool
) -> None:
    scope = {"grant__division": county} if role == Role.COUNTY_STAFF else {}
    batch = ImportBatch.objects.create(
        register_key="associations", file_name=FILE, created_by=UserFactory()
    )
    somebody = UserFactory(full_name="李四")
    with pghistory.context(batch=batch.pk, file=FILE, user=somebody.pk):
        association = AssociationFactory(level="county", division=county)
    content = association_page(StaffFactory(grant__role=role, **scope), association)
    said = [FILE in content, "导入台账文件" in content, "李四" in content]
    assert said == [told, not told, True]


def test_the_own_workbook_is_named(county: Any, clerk: User) -> None:
    batch = ImportBatch.objects.create(
        register_key="associations", file_name=FILE, created_by=clerk
    )
    with pghistory.context(batch=batch.pk, file=FILE, user=clerk.pk):
        association = AssociationFactory(level="county", division=county)
    assert FILE in association_page(clerk, association)


# Party organisations


def test_a_joint_branch_does_not_name_the_associations_of_other_counties(
    county: Any, clerk: User
) -> None:
    branch = PartyOrganizationFactory(kind="joint_branch", formation="joint")
    own = AssociationFactory(division=county)
    CoverageFactory(party_organization=branch, association=own)
    foreign = CoverageFactory(party_organization=branch, association__name=FOREIGN)
    foreign.valid_until = "2025-01-01"
    foreign.save()
    branch.secretary = "书记甲"
    branch.save()
    content = association_page(clerk, own)
    assert ["书记甲" in content, FOREIGN in content] == [True, False]


@pytest.mark.django_db(transaction=True)
def test_of_a_joint_branch_a_county_reads_what_happened_while_it_covered_its_association(
    county: Any, clerk: User
) -> None:
    branch = PartyOrganizationFactory(name="联合支部", secretary="单县旧书记")
    CoverageFactory(party_organization=branch, association__name=FOREIGN)
    branch.secretary = "前书记"
    branch.save()
    own = AssociationFactory(division=county)
    coverage = CoverageFactory(party_organization=branch, association=own)
    branch.secretary = "共同书记"
    branch.save()
    coverage.delete()
    branch.secretary = "单县新书记"
    branch.save()
    named = ("单县旧书记", "共同书记", "单县新书记")
    by_clerk = association_page(clerk, own)
    by_leader = association_page(StaffFactory(grant__role=Role.LEADER), own)
    assert [name in by_clerk for name in named] == [False, True, False]
    assert [name in by_leader for name in named] == [True, True, True]


@pytest.mark.django_db(transaction=True)
def test_of_a_joint_branch_a_county_does_not_read_what_happened_between_two_coverages(
    county: Any, clerk: User
) -> None:
    branch = PartyOrganizationFactory(name="联合支部")
    CoverageFactory(party_organization=branch, association__name=FOREIGN)
    own = AssociationFactory(division=county)

    def elect(secretary: str) -> None:
        branch.secretary = secretary
        branch.save()

    first = CoverageFactory(party_organization=branch, association=own)
    elect("共同书记")
    first.delete()
    elect("间隙书记")
    elect("后任书记")
    CoverageFactory(party_organization=branch, association=own)
    elect("现任书记")
    urls = [
        reverse("organizations:association-detail", args=[own.pk]),
        reverse("organizations:partyorganization-detail", args=[branch.pk]),
    ]
    named = ("共同书记", "间隙书记", "现任书记")
    leader = StaffFactory(grant__role=Role.LEADER)
    for url in urls:
        by_clerk, by_leader = text_of(clerk, url), text_of(leader, url)
        assert [name in by_clerk for name in named] == [True, False, True]
        assert [name in by_leader for name in named] == [True, True, True]
