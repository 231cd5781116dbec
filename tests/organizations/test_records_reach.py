"""What a row may not reach: Party organisations and instructors outside the person's scope."""

from typing import Any

import pytest

from accounts.roles import Role
from organizations.models import Association, Division, Instructor, PartyOrganization
from registers.committing import commit
from tests.factories.accounts import StaffFactory
from tests.factories.organizations import (
    AssignmentFactory,
    AssociationFactory,
    CoverageFactory,
    InstructorFactory,
    PartyOrganizationFactory,
)
from tests.registers.workbook_builder import (
    NAME,
    PARTY_KIND,
    PARTY_NAME,
    association,
    codes,
    counts,
    imported_rows,
    only_problem,
    roster,
    staged,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "private_files")]
OWN, OTHER = "曹县", "单县"
BRANCH = "中共建材行业联合支部委员会"
JOINING = {PARTY_NAME: BRANCH, PARTY_KIND: "联合党支部"}
NEW = {NAME: "曹县甲协会"}


@pytest.fixture
def clerk() -> Any:
    """May import into one county."""
    return StaffFactory(
        grant__role=Role.COUNTY_STAFF, grant__division=Division.objects.get(name=OWN)
    )


def of_county(county: str, **values: Any) -> Association:
    return AssociationFactory(level="county", division=Division.objects.get(name=county), **values)


def branch(*counties: str, **values: Any) -> PartyOrganization:
    """A joint branch that covers an association in each of the counties."""
    kind = {"kind": "joint_branch", "formation": "joint"} | values
    made = PartyOrganizationFactory(name=BRANCH, **kind)
    for county in counties:
        CoverageFactory(party_organization=made, association=of_county(county))
    return made


def party_of(name: str) -> PartyOrganization:
    return association(name).coverages.get(valid_until=None).party_organization


# Party organisations


def test_a_joint_branch_of_another_county_is_not_joined(clerk: Any) -> None:
    foreign = branch(OTHER, secretary="")
    imported_rows(NEW | JOINING | {"书记": "王五"}, by=clerk)
    foreign.refresh_from_db()
    assert (foreign.secretary, foreign.coverages.count()) == ("", 1)
    assert party_of(NEW[NAME]) != foreign


def test_a_joint_branch_of_the_own_county_is_joined(clerk: Any) -> None:
    own = branch(OWN)
    imported_rows(NEW | JOINING, by=clerk)
    assert party_of(NEW[NAME]) == own


def test_the_system_joins_a_joint_branch_of_any_county() -> None:
    known = branch(OTHER)
    imported_rows(NEW | JOINING)
    assert party_of(NEW[NAME]) == known


def test_a_branch_that_is_not_joint_is_not_joined_by_its_name() -> None:
    alone = branch(OWN, kind="branch", formation="standalone")
    imported_rows(NEW | JOINING)
    assert party_of(NEW[NAME]) != alone


def test_a_joint_branch_shared_with_another_county_is_joined_as_it_is(clerk: Any) -> None:
    shared = branch(OWN, OTHER)
    imported_rows(NEW | JOINING, by=clerk)
    assert party_of(NEW[NAME]) == shared


def test_joining_does_not_complete_a_branch_shared_with_another_county(clerk: Any) -> None:
    branch(OWN, OTHER, secretary="")
    batch = staged(roster(NEW | JOINING | {"书记": "王五"}), by=clerk)
    assert codes(batch) == [(3, "party_organization", "shared_party_organization")]


def test_particulars_of_a_branch_shared_with_another_county_are_refused(clerk: Any) -> None:
    shared = branch(OWN, OTHER)
    covered = Association.objects.get(division__name=OWN)
    batch = staged(roster({NAME: covered.name, "书记": "王五"}), by=clerk)
    problem = only_problem(batch)
    assert (problem["column"], problem["code"]) == (
        "party_organization",
        "shared_party_organization",
    )
    assert shared.name in problem["message"]


def test_a_branch_that_came_to_be_shared_since_the_preview_is_not_changed(clerk: Any) -> None:
    known = branch(OWN, secretary="赵六")
    covered = Association.objects.get(division__name=OWN)
    batch = staged(roster({NAME: covered.name, "书记": "王五"}), by=clerk)
    CoverageFactory(party_organization=known, association=of_county(OTHER))
    assert not commit(batch, mode="all", by=clerk)
    known.refresh_from_db()
    assert known.secretary == "赵六"


def test_particulars_that_stay_the_same_are_no_change_of_a_shared_branch(clerk: Any) -> None:
    branch(OWN, OTHER, secretary="王五")
    covered = Association.objects.get(division__name=OWN)
    row = {NAME: covered.name, "书记": "王五", "联系电话": "0530-5612345"}
    imported_rows(row, by=clerk)
    assert association(covered.name).phone


def test_an_association_can_leave_a_branch_shared_with_another_county(clerk: Any) -> None:
    shared = branch(OWN, OTHER)
    covered = Association.objects.get(division__name=OWN)
    imported_rows({NAME: covered.name, "是否建立党组织": "否"}, by=clerk)
    assert shared.coverages.filter(valid_until=None).count() == 1


# Instructors


def test_an_instructor_of_another_county_is_not_assigned_by_name(clerk: Any) -> None:
    foreign = AssignmentFactory(
        instructor__name="张三", instructor__unit="", association=of_county(OTHER)
    ).instructor
    imported_rows(NEW | {"指导员": "张三"}, by=clerk)
    assert foreign.assignments.count() == 1
    assert association(NEW[NAME]).assignments.get().instructor.name == "张三"


def test_an_instructor_in_the_own_county_is_found_beside_a_foreign_namesake(clerk: Any) -> None:
    AssignmentFactory(instructor__name="张三", association=of_county(OTHER))
    own = AssignmentFactory(
        instructor__name="张三", instructor__unit="县局", association=of_county(OWN)
    ).instructor
    imported_rows(NEW | {"指导员": "张三"}, by=clerk)
    assert association(NEW[NAME]).assignments.get().instructor == own


def test_namesakes_are_asked_about() -> None:
    for unit in ("甲局", "乙局"):
        InstructorFactory(name="张三", unit=unit)
    batch = staged(roster(NEW | {"指导员": "张三"}))
    assert codes(batch) == [(3, "instructor", "ambiguous_instructor")]


def test_the_unit_in_brackets_tells_namesakes_apart() -> None:
    InstructorFactory(name="张三", unit="甲局")
    meant = InstructorFactory(name="张三", unit="乙局")
    imported_rows(NEW | {"指导员": "张三（乙局）"})
    assert association(NEW[NAME]).assignments.get().instructor == meant


def test_an_instructor_already_assigned_is_not_asked_about() -> None:
    known = AssignmentFactory(instructor__name="张三", instructor__unit="甲局").association
    InstructorFactory(name="张三", unit="乙局")
    assert counts(staged(roster({NAME: known.name, "指导员": "张三"}))) == {"unchanged": 1}


def test_what_lies_outside_is_asked_about_namesakes_like_what_is_unknown(clerk: Any) -> None:
    for unit in ("甲局", "乙局"):
        InstructorFactory(name="张三", unit=unit)
    foreign = of_county(OTHER, name="单县甲协会")
    content = roster({NAME: foreign.name, "指导员": "张三"})
    known = codes(staged(content, by=clerk))
    foreign.delete()
    assert known == codes(staged(content, by=clerk))


def test_namesakes_without_a_unit_are_asked_about_on_their_own_roster() -> None:
    for _ in range(2):
        InstructorFactory(name="张三", unit="")
    batch = staged(roster({"姓名": "张三", "职务": "科长"}), "instructors")
    assert codes(batch) == [(3, "name", "ambiguous_instructor")]


def test_a_foreign_instructor_without_a_unit_does_not_hide_a_new_one(clerk: Any) -> None:
    AssignmentFactory(instructor__name="张三", instructor__unit="", association=of_county(OTHER))
    imported_rows({"姓名": "张三", "工作单位": "县局"}, register="instructors", by=clerk)
    assert Instructor.objects.filter(name="张三").count() == 2
