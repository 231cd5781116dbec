"""Terms of Party organisations: computed by the database, extended, renewed and ended."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.roles import Role
from organizations.models import Coverage, PartyOrganization
from organizations.operations.party import (
    dissolve,
    extend_term,
    keep_particulars,
    record_election,
    restore,
)
from organizations.terms import TERM_YEARS, months_after, regular_end
from tests.factories.accounts import StaffFactory
from tests.factories.organizations import (
    AssociationFactory,
    CountyFactory,
    CoverageFactory,
    PartyOrganizationFactory,
)
from tests.registers.workbook_builder import NAME, imported_rows

pytestmark = pytest.mark.django_db
DAY = datetime.date
TODAY = timezone.localdate
DAYS = st.dates(DAY(1990, 1, 1), DAY(2040, 12, 31)) | st.sampled_from(
    [DAY(2024, 2, 29), DAY(2000, 2, 29), DAY(2023, 2, 28)]
)
KINDS = st.sampled_from([*PartyOrganization.Kind.values, ""])


@pytest.fixture
def reviewer(db):
    return StaffFactory(grant__role=Role.REVIEWER)


def same_day(day: DAY, year: int) -> DAY:
    try:
        return day.replace(year=year)
    except ValueError:  # a 29 February that the year does not have
        return DAY(year, 2, 28)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(kind=KINDS, established=st.none() | DAYS, later=st.none() | st.integers(0, 4000))
def test_the_database_reckons_terms_as_the_rule_says(kind, established, later) -> None:
    elected = established + datetime.timedelta(later) if established and later is not None else None
    with transaction.atomic():
        row = PartyOrganizationFactory(
            kind=kind, established_on=established, last_election_on=elected
        )
        row.refresh_from_db()
        transaction.set_rollback(True)
    since = elected or established
    years = {"committee": 5, "provisional_branch": None, "": None}.get(kind, 3)
    oracle = same_day(since, since.year + years) if since and years else None
    assert row.regular_term_end == row.term_ends_on == oracle
    assert regular_end(kind, established, elected) == oracle


@pytest.mark.parametrize(
    ("ends", "state"),
    [(-1, "overdue"), (0, "ending"), (180, "ending"), (190, "running"), (None, "unknown")],
)
def test_a_term_is_warned_of_six_months_before_and_when_overdue(ends, state, on) -> None:
    row = PartyOrganizationFactory(kind="" if ends is None else "branch", established_on=None)
    if ends is not None:
        row.last_election_on = months_after(on + datetime.timedelta(ends), -36)
        row.save()
    row.refresh_from_db()
    assert row.term_state(on) == state
    known = PartyOrganization.objects.all()
    found = {
        "unknown": known.term_unknown(),
        **{key: getattr(known, f"term_{key}")(on) for key in ("running", "ending", "overdue")},
    }
    assert {key for key, rows in found.items() if rows.exists()} == {state}


def extended(until, approval="菏组〔2026〕1号", **values):
    row = PartyOrganizationFactory(**{"established_on": DAY(2022, 2, 1)} | values)
    changed = PartyOrganization.objects.filter(pk=row.pk)
    changed.update(extended_until=until, extension_approval=approval)
    row.refresh_from_db()
    return row


@pytest.mark.parametrize("until", [DAY(2025, 2, 2), DAY(2026, 2, 1)])
def test_an_extension_ends_the_term_later(until) -> None:
    row = extended(until)
    assert (row.regular_term_end, row.term_ends_on) == (DAY(2025, 2, 1), until)


@pytest.mark.parametrize(
    ("until", "approval", "values"),
    [
        (DAY(2026, 2, 2), "菏组〔2026〕1号", {}),
        (DAY(2025, 2, 1), "菏组〔2026〕1号", {}),
        (DAY(2025, 8, 1), "", {}),
        (None, "菏组〔2026〕1号", {}),
        (DAY(2025, 8, 1), "菏组〔2026〕1号", {"kind": ""}),
    ],
)
def test_the_database_refuses_other_extensions(until, approval, values) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        extended(until, approval, **values)


def elect(row, by, day, approval=""):
    return record_election(
        organization=row,
        elected_on=day,
        secretary="李四",
        secretary_source="leader",
        approval=approval,
        by=by,
    )


@pytest.mark.parametrize(
    ("day", "lawful"),
    [(DAY(2022, 2, 1), True), (DAY(2022, 4, 2), True), (DAY(2022, 4, 3), False)],
)
def test_the_founding_election_is_not_an_early_one(reviewer, day, lawful) -> None:
    row = PartyOrganizationFactory(established_on=DAY(2022, 2, 1))
    row.refresh_from_db()
    if not lawful:
        with pytest.raises(ValidationError):
            elect(row, reviewer, day)
        return
    assert elect(row, reviewer, day).last_election_on == day
    with pytest.raises(ValidationError):  # there is one now
        elect(row, reviewer, day + datetime.timedelta(9))


def test_an_election_begins_a_term_and_ends_the_extension(reviewer) -> None:
    row = extended(DAY(2025, 8, 1))
    row = elect(row, reviewer, DAY(2025, 7, 1))
    assert (row.term_ends_on, row.extended_until, row.secretary) == (DAY(2028, 7, 1), None, "李四")
    assert elect(row, reviewer, DAY(2025, 7, 1)).term_ends_on == DAY(2028, 7, 1)


@pytest.mark.parametrize(
    ("day", "approval", "lawful"),
    [
        (DAY(2024, 2, 1), "菏组〔2024〕1号", True),
        (DAY(2024, 1, 31), "菏组〔2024〕1号", False),
        (DAY(2024, 12, 1), "", False),
        (DAY(2025, 2, 1), "", True),
        (DAY(2026, 3, 1), "", True),
        (DAY(2022, 1, 31), "菏组〔2024〕1号", False),
        (DAY(2999, 1, 1), "", False),
    ],
)
def test_an_early_election_takes_an_approval_and_a_year_at_most(
    reviewer, day, approval, lawful
) -> None:
    row = PartyOrganizationFactory(established_on=DAY(2022, 2, 1))
    row.refresh_from_db()
    if lawful:
        assert elect(row, reviewer, day, approval).last_election_on == day
        return
    with pytest.raises(ValidationError):
        elect(row, reviewer, day, approval)
    row.refresh_from_db()
    assert row.last_election_on is None


def test_an_extension_is_refused_in_the_words_of_the_rule(reviewer) -> None:
    row = PartyOrganizationFactory(established_on=DAY(2022, 2, 1))
    with pytest.raises(ValidationError):
        extend_term(organization=row, until=DAY(2027, 1, 1), approval="某文", by=reviewer)


def test_dissolving_ends_the_coverages_that_day(reviewer) -> None:
    row = CoverageFactory().party_organization
    ended = CoverageFactory(party_organization=row, valid_until=DAY(2020, 1, 1))
    dissolve(organization=row, on=DAY(2026, 1, 5), by=reviewer)
    days = Coverage.objects.order_by("pk").values_list("valid_until", flat=True)
    assert list(days) == [DAY(2026, 1, 5), ended.valid_until]
    with pytest.raises(ValidationError):
        dissolve(organization=row, on=DAY(2026, 1, 6), by=reviewer)


def test_nothing_more_happens_to_a_dissolved_organisation(reviewer) -> None:
    row = CoverageFactory().party_organization
    dissolve(organization=row, on=TODAY(), by=reviewer)
    for write in (
        lambda: elect(row, reviewer, TODAY()),
        lambda: extend_term(organization=row, until=TODAY(), approval="某文", by=reviewer),
        lambda: keep_particulars(organization=row, values={"name": "甲"}, by=reviewer),
    ):
        with pytest.raises(ValidationError):
            write()


def test_a_dissolution_does_not_lie_before_an_election(reviewer) -> None:
    row = PartyOrganizationFactory(established_on=DAY(2020, 1, 1), last_election_on=DAY(2023, 1, 1))
    with pytest.raises(ValidationError) as refused:
        dissolve(organization=row, on=DAY(2022, 1, 1), by=reviewer)
    assert "dissolved_on" in refused.value.message_dict


def test_a_mistaken_dissolution_gives_back_what_it_ended(reviewer) -> None:
    row = CoverageFactory().party_organization
    ended = CoverageFactory(party_organization=row, valid_until=DAY(2020, 1, 1))
    elsewhere = CoverageFactory(party_organization=row)
    dissolve(organization=row, on=DAY(2026, 1, 5), by=reviewer)
    CoverageFactory(association=elsewhere.association, valid_from=DAY(2026, 2, 1))
    for _twice in range(2):
        restore(organization=row, by=reviewer)
    days = row.coverages.order_by("pk").values_list("valid_until", flat=True)
    assert list(days) == [None, ended.valid_until, DAY(2026, 1, 5)]
    row.refresh_from_db()
    assert row.dissolved_on is None


def test_a_dissolution_does_not_lie_before_a_coverage(reviewer) -> None:
    late = CoverageFactory(valid_from=DAY(2025, 6, 1))
    row = late.party_organization
    with pytest.raises(ValidationError) as refused:
        dissolve(organization=row, on=DAY(2025, 1, 1), by=reviewer)
    assert "dissolved_on" in refused.value.message_dict
    assert list(row.coverages.all()) == [late]


def test_who_left_on_the_day_of_a_mistaken_dissolution_stays_away(reviewer) -> None:
    row = CoverageFactory().party_organization
    CoverageFactory(party_organization=row, valid_until=DAY(2026, 1, 5))
    late = CoverageFactory(party_organization=row, valid_from=DAY(2026, 1, 5))
    dissolve(organization=row, on=DAY(2026, 1, 5), by=reviewer)
    restore(organization=row, by=reviewer)
    days = row.coverages.order_by("pk").values_list("valid_until", flat=True)
    assert list(days) == [None, DAY(2026, 1, 5), None]
    assert late in row.coverages.all()


def test_who_is_responsible_for_part_of_it_changes_nothing() -> None:
    county = CountyFactory()
    clerk = StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county)
    row = CoverageFactory(association__division=county).party_organization
    assert elect(row, clerk, TODAY()).last_election_on == TODAY()
    CoverageFactory(party_organization=row, association__division=CountyFactory())
    for write in (
        lambda: elect(row, clerk, TODAY()),
        lambda: dissolve(organization=row, on=TODAY(), by=clerk),
        lambda: extend_term(organization=row, until=TODAY(), approval="某文", by=clerk),
        lambda: keep_particulars(organization=row, values={"name": "甲"}, by=clerk),
    ):
        with pytest.raises(ValidationError):
            write()


@pytest.mark.parametrize(
    ("values", "until"),
    [
        ({"established_on": DAY(2021, 2, 1)}, DAY(2025, 8, 1)),
        ({"kind": "joint_branch"}, DAY(2025, 8, 1)),
        ({"kind": "committee"}, None),
    ],
)
def test_an_extension_ends_with_the_end_that_it_put_off(reviewer, values, until) -> None:
    row = extended(DAY(2025, 8, 1), last_election_on=DAY(2022, 2, 1))
    keep_particulars(organization=row, values=values, by=reviewer)
    row.refresh_from_db()
    assert row.extended_until == until


@pytest.mark.usefixtures("private_files")
def test_an_imported_election_ends_the_extension() -> None:
    association = AssociationFactory(name="菏泽市甲协会")
    row = extended(DAY(2025, 8, 1))
    CoverageFactory(association=association, party_organization=row)
    imported_rows({NAME: "菏泽市甲协会", "党组织换届时间": "2025-07-01"})
    row.refresh_from_db()
    assert (row.term_ends_on, row.extended_until) == (DAY(2028, 7, 1), None)


def test_every_kind_with_a_term_is_known() -> None:
    assert set(PartyOrganization.Kind.values) - TERM_YEARS.keys() == {"provisional_branch"}
