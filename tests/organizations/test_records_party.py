import datetime
from typing import Any

import pytest
from django.utils import timezone

from organizations.models import Assignment, Association, Coverage, PartyOrganization
from organizations.search.pinyin import spell
from registers import register as registry
from registers.undo import undo
from tests.factories.organizations import AssociationFactory, CoverageFactory
from tests.registers.workbook_builder import (
    NAME,
    PARTY,
    PARTY_KIND,
    PARTY_NAME,
    SINCE,
    association,
    counts,
    imported,
    imported_rows,
    only_row,
    roster,
    staged,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "private_files")]
DISSOLVED = datetime.date(2024, 5, 1)
JOINT = {PARTY_NAME: "中共某某联合支部委员会", PARTY_KIND: "联合党支部"}
OTHER_JOINT = {PARTY_NAME: "中共另一联合支部委员会", PARTY_KIND: "联合党支部"}
A, B = {NAME: "菏泽市甲协会"}, {NAME: "菏泽市乙协会"}


def coverage_of(row: dict[str, Any]) -> Coverage:
    """The one coverage of the row's association that has no end."""
    coverages = association(row[NAME]).coverages.select_related("party_organization")
    return coverages.get(valid_until=None)


def party_of(row: dict[str, Any]) -> PartyOrganization:
    return coverage_of(row).party_organization


def test_yes_without_details_makes_an_incomplete_party_organisation_since_today() -> None:
    imported_rows(A | {PARTY: "是"})
    assert party_of(A).is_incomplete
    assert coverage_of(A).valid_from == timezone.localdate()


def test_coverage_begins_with_the_establishment() -> None:
    imported_rows(A | {PARTY: "是", PARTY_NAME: "中共甲支部", SINCE: "2019年5月"})
    assert party_of(A).established_on == datetime.date(2019, 5, 1)
    assert coverage_of(A).valid_from == datetime.date(2019, 5, 1)


def test_a_named_party_organisation_exists_and_its_name_tells_its_kind() -> None:
    batch = staged(roster(A | {PARTY_NAME: "中共甲协会总支部委员会"}))
    row = only_row(batch)
    assert (row.values["has_party_organization"], row.values["party_kind"]) == (
        True,
        "general_branch",
    )
    assert {"has_party_organization", "party_kind"} <= set(row.inferred)


def test_no_ends_the_coverage_today_and_keeps_it_as_history() -> None:
    known = CoverageFactory(valid_from="2019-05-01")
    imported_rows({NAME: known.association.name, PARTY: "否"})
    known.refresh_from_db()
    assert known.valid_until == timezone.localdate()
    assert PartyOrganization.objects.filter(pk=known.party_organization_id).exists()


def test_no_for_one_of_a_joint_branch_leaves_the_other_covered() -> None:
    imported_rows(A | JOINT, B | JOINT)
    imported_rows(A | {PARTY: "否"})
    assert not association(A[NAME]).coverages.filter(valid_until=None).exists()
    assert party_of(B).name == JOINT[PARTY_NAME]


@pytest.mark.parametrize("known", [True, False])
def test_no_goes_before_leftover_details(known: bool) -> None:
    if known:
        imported_rows(A | {PARTY: "否"})
    row = A | {PARTY: "否", "上级党组织名称": "中共某综合党委"}
    imported_rows(row)
    assert not Coverage.objects.exists()
    assert counts(staged(roster(row))) == {"unchanged": 1}


def test_yes_after_no_covers_again() -> None:
    imported_rows(A | {PARTY: "否"})
    imported_rows(A | {PARTY: "是"})
    assert coverage_of(A).valid_from == timezone.localdate()


def test_a_name_without_an_answer_covers_an_association_known_as_uncovered() -> None:
    AssociationFactory(name=A[NAME])
    imported_rows(A | {PARTY_NAME: "中共甲支部"})
    assert party_of(A).name == "中共甲支部"


def test_a_party_organisation_is_renamed_and_stays_the_same() -> None:
    known = CoverageFactory(party_organization__name="中共旧支部")
    imported_rows({NAME: known.association.name, PARTY_NAME: "中共新支部"})
    known.refresh_from_db()
    assert (known.valid_until, known.party_organization.name) == (None, "中共新支部")


def test_a_joint_branch_named_in_two_rows_is_one() -> None:
    imported_rows(A | JOINT, B | JOINT)
    assert party_of(A) == party_of(B)


def test_a_joint_branch_is_found_again_by_a_later_roster() -> None:
    imported_rows(A | JOINT)
    imported_rows(B | JOINT)
    assert PartyOrganization.objects.count() == 1


def test_standalone_branches_of_one_name_are_two() -> None:
    alone = {PARTY_NAME: "中共行业协会支部委员会", PARTY_KIND: "党支部"}
    imported_rows(A | alone, B | alone)
    assert party_of(A) != party_of(B)


def test_two_that_move_from_one_joint_branch_to_another_share_the_other() -> None:
    imported_rows(A | JOINT, B | JOINT)
    imported_rows(A | OTHER_JOINT, B | OTHER_JOINT)
    assert party_of(A) == party_of(B)
    assert (party_of(A).name, party_of(A).kind) == (OTHER_JOINT[PARTY_NAME], "joint_branch")


def test_a_move_keeps_the_former_coverage_as_history() -> None:
    imported_rows(A | JOINT | {SINCE: "2019-05-01"}, B | JOINT | {SINCE: "2019-05-01"})
    former = coverage_of(A)
    imported_rows(A | OTHER_JOINT)
    former.refresh_from_db()
    assert former.valid_until == timezone.localdate()
    assert coverage_of(A).valid_from == timezone.localdate()
    assert party_of(B).name == JOINT[PARTY_NAME]


def test_one_with_a_branch_of_its_own_joins_a_joint_branch() -> None:
    imported_rows(A | JOINT, B | {PARTY_NAME: "中共乙支部", PARTY_KIND: "党支部"})
    imported_rows(B | JOINT)
    assert party_of(B) == party_of(A)


def test_two_rows_that_each_complete_a_joint_branch_complete_it_together() -> None:
    imported_rows(A | JOINT, B | JOINT)
    imported_rows(
        A | {"书记": "王五", "组建方式": None}, B | {"书记": None, "组建方式": "联合组建"}
    )
    party = party_of(A)
    assert (party.secretary, party.formation) == ("王五", "joint")


@pytest.mark.parametrize(
    ("title", "since"),
    [
        ("填报单位：某局　填报时间：2025年8月31日", datetime.date(2025, 8, 31)),
        ("截至2024-12-31", datetime.date(2024, 12, 31)),
        ("填报时间：2099年1月1日", None),
        ("填报时间：2025年2月30日", None),
        ("2025年度台账", None),
    ],
)
def test_a_party_organisation_without_a_date_is_known_since_the_day_of_the_file(
    title, since
) -> None:
    imported(roster(A | {PARTY: "是", "指导员": "赵六"}, title=title))
    known = since or timezone.localdate()
    assert coverage_of(A).valid_from == known
    assert Assignment.objects.get().assigned_on == known


def test_an_older_file_ends_no_coverage_in_the_past() -> None:
    imported(roster(A | {PARTY: "是"}, title="填报时间：2025年8月31日"))
    imported(roster(A | {PARTY: "否"}, title="填报时间：2025年9月30日"))
    ended = Coverage.objects.get()
    assert (ended.valid_from, ended.valid_until) == (
        datetime.date(2025, 8, 31),
        timezone.localdate(),
    )


@pytest.mark.parametrize(("day", "stands"), [("2025年8月31日", True), ("2025年10月1日", False)])
def test_a_file_says_nothing_of_a_party_organisation_that_came_after_its_day(day, stands) -> None:
    covered = CoverageFactory(valid_from=datetime.date(2025, 10, 1))
    row = {NAME: covered.association.name, PARTY: "否", "未建原因": "没有党员"}
    batch = imported(roster(row, title=f"填报时间：{day}"))
    assert counts(batch) == ({"unchanged": 1} if stands else {"changed": 1})
    covered.refresh_from_db()
    assert (covered.valid_until is None) == stands


def test_coverage_known_since_the_import_follows_a_date_found_later() -> None:
    imported_rows(A | {PARTY: "是"})
    imported_rows(A | {SINCE: "2019-05-01"})
    assert coverage_of(A).valid_from == datetime.date(2019, 5, 1)


def test_coverage_is_not_dated_back_into_a_former_one() -> None:
    imported_rows(A | {PARTY: "是"})
    ended = {"valid_from": datetime.date(2018, 1, 1), "valid_until": datetime.date(2020, 1, 1)}
    CoverageFactory(association=Association.objects.get(), **ended)
    imported_rows(A | {SINCE: "2019-05-01"})
    assert coverage_of(A).valid_from == ended["valid_until"]


def test_an_establishment_still_to_come_does_not_uncover_what_is_covered() -> None:
    imported_rows(A | {PARTY: "是"})
    row = A | {SINCE: "2099-05-01"}
    imported_rows(row)
    assert coverage_of(A).valid_from <= timezone.localdate()
    assert counts(staged(roster(row))) == {"unchanged": 1}


def test_a_coverage_that_is_to_begin_later_does_not_stand_in_the_way() -> None:
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    known = CoverageFactory(valid_from=tomorrow)
    imported_rows({NAME: known.association.name, PARTY: "是"})
    covered = Coverage.objects.as_of(timezone.localdate()).filter(association=known.association)
    assert covered.exists()


def test_the_last_election_in_the_month_of_the_establishment_is_not_before_it() -> None:
    imported_rows(A | {PARTY_NAME: "中共甲支部", SINCE: "2019-05-20", "换届时间": "2019年5月"})
    assert party_of(A).last_election_on == datetime.date(2019, 5, 20)


def test_new_details_leave_the_others_as_they_are() -> None:
    imported_rows(A | {PARTY_NAME: "中共甲支部", SINCE: "2019-05-20", "书记": "王五"})
    imported_rows(A | {"书记来源": "上级选派"})
    party = party_of(A)
    assert (party.secretary, party.secretary_source) == ("王五", "sent")
    assert party.established_on == datetime.date(2019, 5, 20)


# Dissolved, but the coverage left open


@pytest.fixture
def stale() -> Coverage:
    return CoverageFactory(
        association__name=A[NAME],
        party_organization__kind="branch",
        party_organization__dissolved_on=DISSOLVED,
    )


def test_a_dissolved_party_organisation_is_none(stale: Coverage) -> None:
    register, everything = registry.get("associations"), Association.objects.all()
    rows = register.snapshot(everything, timezone.localdate(), None)
    ((_pk, record),) = rows
    assert (record["has_party_organization"], record["party_kind"]) == (False, None)


def test_yes_after_a_dissolution_covers_anew(stale: Coverage) -> None:
    imported_rows(A | {PARTY: "是", SINCE: "2010-05-01"})
    stale.refresh_from_db()
    assert stale.valid_until == DISSOLVED
    assert (coverage_of(A).valid_from, party_of(A) != stale.party_organization) == (DISSOLVED, True)
    assert Association.objects.covered(timezone.localdate()).exists()


def test_no_after_a_dissolution_changes_nothing(stale: Coverage) -> None:
    assert counts(staged(roster(A | {PARTY: "否"}))) == {"unchanged": 1}


def test_the_particulars_of_a_dissolved_party_organisation_stay(stale: Coverage) -> None:
    imported_rows(A | {PARTY_NAME: "中共甲支部"})
    stale.party_organization.refresh_from_db()
    assert stale.party_organization.name != "中共甲支部"


def test_a_coverage_left_open_from_the_day_of_the_dissolution_on_never_held() -> None:
    stale = CoverageFactory(
        association__name=A[NAME],
        valid_from=DISSOLVED,
        party_organization__dissolved_on=DISSOLVED,
    )
    imported_rows(A | {PARTY: "是"})
    assert not Coverage.objects.filter(pk=stale.pk).exists()


def test_what_was_covered_today_and_is_not_was_never_covered() -> None:
    for answer in ("是", "否"):
        imported_rows(A | {PARTY: answer})
    assert not association(A[NAME]).coverages.exists()


def test_an_import_keeps_the_order_of_names_and_its_undoing_does() -> None:
    imported_rows(A | {PARTY_NAME: "中共甲协会支部委员会"})
    assert party_of(A).pinyin == spell("中共甲协会支部委员会")[0]
    batch = imported(roster(A | {PARTY_NAME: "中共乙协会支部委员会"}))
    assert party_of(A).pinyin == spell("中共乙协会支部委员会")[0]
    undo(batch, by=None)
    assert party_of(A).name == "中共甲协会支部委员会"
    assert party_of(A).pinyin == spell("中共甲协会支部委员会")[0]
