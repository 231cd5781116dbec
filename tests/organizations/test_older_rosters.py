"""Rosters that speak of a day before something that the registry knows."""

import datetime
from typing import Any

import pytest

from organizations.models import Association, Coverage, PartyOrganization
from registers.undo import undo
from tests.factories.organizations import (
    AssociationFactory,
    CoverageFactory,
    PartyOrganizationFactory,
)
from tests.registers.workbook_builder import (
    NAME,
    PARTY,
    PARTY_KIND,
    PARTY_NAME,
    SINCE,
    counts,
    imported,
    only_row,
    roster,
    staged,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "private_files")]
SECRETARY, LAST_ELECTION, REASON = "党组织书记", "最近一次换届时间", "未建原因"
FOUNDED = datetime.date(2026, 6, 1)
DISSOLVED = datetime.date(2026, 5, 1)
OLD = {PARTY_NAME: "中共菏泽市甲协会支部委员会", PARTY_KIND: "党支部", SINCE: "2020-01-01"}
NEW_NAME = "中共菏泽市甲协会总支部委员会"
BEFORE, SINCE_THEN = "截至2025-12-31", "截至2026-06-30"


@pytest.fixture
def association() -> Association:
    return AssociationFactory(name="菏泽市甲协会")


@pytest.fixture
def old(association: Association) -> Coverage:
    """The branch of before, dissolved."""
    branch = PartyOrganizationFactory(
        name=OLD[PARTY_NAME],
        established_on=datetime.date(2020, 1, 1),
        secretary="旧书记",
        dissolved_on=DISSOLVED,
    )
    return CoverageFactory(
        association=association,
        party_organization=branch,
        valid_from=branch.established_on,
        valid_until=DISSOLVED,
    )


@pytest.fixture
def current(association: Association, old: Coverage) -> Coverage:
    """The general branch that followed."""
    branch = PartyOrganizationFactory(
        name=NEW_NAME, kind="general_branch", established_on=FOUNDED, secretary="新书记"
    )
    return CoverageFactory(association=association, party_organization=branch, valid_from=FOUNDED)


def of(association: Association, title: str, **cells: Any) -> bytes:
    return roster({NAME: association.name, **cells}, title=title)


def stored() -> list[dict[str, Any]]:
    organizations = PartyOrganization.objects.order_by("pk").values()
    return [*organizations, *Coverage.objects.order_by("pk").values()]


@pytest.mark.parametrize(
    "said",
    [
        {PARTY: "是"} | OLD | {SECRETARY: "旧书记"},
        OLD,
        {SECRETARY: "旧书记"},
        {SINCE: "2020-01-01"},
        {LAST_ELECTION: "2023-01-01"},
        {PARTY_KIND: "联合党支部", PARTY_NAME: "中共某某联合支部委员会"},
        {PARTY: "否", REASON: "没有党员"},
        {REASON: "没有党员"},
    ],
)
def test_a_roster_says_nothing_of_a_party_organisation_founded_after_its_day(
    current: Coverage, said: dict[str, str]
) -> None:
    before = stored()
    batch = imported(of(current.association, BEFORE, **said))
    assert counts(batch) == {"unchanged": 1}
    assert stored() == before


def test_it_says_all_the_rest(current: Coverage) -> None:
    before = stored()
    said = OLD | {PARTY: "是", SECRETARY: "旧书记", "党员数": 7}
    batch = imported(of(current.association, BEFORE, **said))
    assert only_row(batch).values == {"party_members": 7}
    assert stored() == before
    current.association.refresh_from_db()
    assert current.association.party_members == 7
    assert undo(batch, by=None)
    current.association.refresh_from_db()
    assert (current.association.party_members, stored()) == (None, before)


@pytest.mark.parametrize("title", [SINCE_THEN, "截至2026-06-01", "花名册"])
def test_a_roster_of_a_day_since_the_founding_changes_it(current: Coverage, title: str) -> None:
    batch = imported(of(current.association, title, **{SECRETARY: "新新书记"}))
    assert only_row(batch).before == {"secretary": "新书记"}
    current.party_organization.refresh_from_db()
    assert current.party_organization.secretary == "新新书记"


def test_an_older_roster_completes_one_whose_founding_nobody_knows(
    association: Association,
) -> None:
    unnamed = PartyOrganizationFactory(name="", established_on=None, kind="", formation="")
    CoverageFactory(association=association, party_organization=unnamed, valid_from=FOUNDED)
    imported(of(association, BEFORE, **{PARTY: "是"}, **OLD))
    unnamed.refresh_from_db()
    assert (unnamed.name, str(unnamed.established_on)) == (OLD[PARTY_NAME], OLD[SINCE])


def test_an_older_roster_does_not_bring_back_what_was_dissolved_since(old: Coverage) -> None:
    before = stored()
    batch = imported(of(old.association, BEFORE, **{PARTY: "是"}, **OLD))
    assert (counts(batch), stored()) == ({"unchanged": 1}, before)


def test_a_roster_of_a_day_since_the_dissolution_tells_of_another(old: Coverage) -> None:
    imported(of(old.association, SINCE_THEN, **{PARTY: "是", PARTY_NAME: NEW_NAME}))
    assert old.association.coverages.get(valid_until=None).party_organization.name == NEW_NAME


def test_what_the_association_had_left_before_its_dissolution_is_no_hindrance(
    old: Coverage,
) -> None:
    Coverage.objects.update(valid_until=datetime.date(2024, 1, 1))
    assert counts(staged(of(old.association, BEFORE, **{PARTY: "是"}))) == {"changed": 1}
