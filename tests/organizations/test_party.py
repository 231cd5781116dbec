"""Terms, weak listings and committees of Party organisations: rules, scope, lists and figures."""

import datetime
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.permissions import Permission
from accounts.roles import Role
from organizations.figures import FIGURES, Scope
from organizations.models import Association, PartyOrganization
from organizations.operations import weak
from organizations.operations.party import dissolve
from organizations.terms import regular_end
from tests.factories.accounts import StaffFactory
from tests.factories.organizations import (
    AssociationFactory,
    CommitteeFactory,
    CountyFactory,
    CoverageFactory,
    DepartmentFactory,
    JointBranchFactory,
    PartyOrganizationFactory,
    WeakListingFactory,
)

DAYS = st.dates(datetime.date(1990, 1, 1), datetime.date(2070, 1, 1))


class TestTermEnd(TestCase):
    @given(st.sampled_from(PartyOrganization.Kind.values), DAYS, st.none() | st.integers(0, 9000))
    def test_the_database_and_python_agree(self, kind, established, later):
        elected = None if later is None else established + datetime.timedelta(later)
        row = PartyOrganizationFactory(
            kind=kind, established_on=established, last_election_on=elected
        )
        row.refresh_from_db()
        assert row.term_ends_on == regular_end(kind, established, elected)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [
        {"extended_until": datetime.date(2019, 1, 2), "extension_approval": "1号"},
        {"extended_until": datetime.date(2018, 6, 1), "extension_approval": ""},
        {"committee_form": "entity"},
    ],
)
def test_the_database_refuses(values):
    row = PartyOrganizationFactory(established_on=datetime.date(2015, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        PartyOrganization.objects.filter(pk=row.pk).update(**values)


@pytest.mark.django_db
def test_weak_organisations_take_each_step_in_turn():
    listing, by = WeakListingFactory(), StaffFactory(grant__role=Role.REVIEWER)
    day = datetime.date(2026, 2, 1)
    opinion = {"accepted_by": "市委社会工作部", "acceptance_opinion": "整改到位"}
    accept = partial(weak.accept, **opinion)
    with pytest.raises(ValidationError):
        accept(listing=listing, on=day, by=by)
    for take in (weak.begin_rectifying, accept, weak.delist):
        take(listing=listing, on=day, by=by)
        take(listing=listing, on=day, by=by)
        if take is weak.begin_rectifying:
            weak.note(listing=listing, month=day, text="整改", by=by)
    listing.refresh_from_db()
    assert listing.state == "delisted"


@pytest.mark.django_db
def test_a_shared_organisation_is_changed_by_nobody_of_one_county():
    county = CountyFactory()
    here = CoverageFactory(association=AssociationFactory(level="county", division=county))
    user = StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county)
    rows = PartyOrganization.objects
    assert rows.for_user(user, Permission.EDIT_ASSOCIATION).exists()
    CoverageFactory(
        association=AssociationFactory(level="county", division=CountyFactory(name="单县")),
        party_organization=here.party_organization,
    )
    assert rows.for_user(user, Permission.VIEW_REGISTRY).exists()
    assert not rows.for_user(user, Permission.EDIT_ASSOCIATION).exists()
    with pytest.raises(ValidationError):
        dissolve(organization=here.party_organization, on=timezone.localdate(), by=user)


@pytest.mark.django_db
def test_with_an_organisation_ends_its_coverage():
    coverage, today = CoverageFactory(), timezone.localdate()
    by = StaffFactory(grant__role=Role.REVIEWER)
    dissolve(organization=coverage.party_organization, on=today, by=by)
    coverage.refresh_from_db()
    assert coverage.valid_until == today


@pytest.mark.django_db
def test_committee_figures_equal_their_lists(client):
    for form in ("entity", "entity", "integrated"):
        CommitteeFactory(committee_form=form)
    user = StaffFactory(grant__role=Role.REVIEWER)
    client.force_login(user)
    on, found = timezone.localdate(), {}
    for figure in FIGURES:
        if figure.list_name == "organizations:committee-list":
            rows = figure.rows(Scope(on, user))
            page = client.get(reverse(figure.list_name), figure.parameters).context["page"]
            assert {row.pk for row in page} == {row.pk for row in rows}
            found[figure.key] = rows.count()
    assert found == {"department_party_committees": 2, "integrated_departments": 1}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["partyorganization-list", "weak-list", "committee-list"])
def test_queries_do_not_grow_with_rows(client, name):
    client.force_login(StaffFactory(grant__role=Role.REVIEWER))

    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse(f"organizations:{name}")).status_code == 200
        return len(asked)

    def grow():
        WeakListingFactory(party_organization=CoverageFactory().party_organization)
        CommitteeFactory()

    grow()
    queries()
    one = queries()
    grow()
    grow()
    assert queries() == one


@pytest.mark.django_db
def test_a_committee_is_added_by_those_who_answer_for_the_department(client):
    own, other = DepartmentFactory(), DepartmentFactory()
    client.force_login(StaffFactory(grant__role=Role.DEPARTMENT_STAFF, grant__department=own))
    paths = [reverse("organizations:committee-add", args=[each.pk]) for each in (own, other)]
    assert [client.get(path).status_code for path in paths] == [200, 404]


@pytest.mark.django_db
def test_others_may_join_the_joint_branches_that_cover_one_of_theirs() -> None:
    today = timezone.localdate()
    tomorrow = today + datetime.timedelta(1)
    now, later, over = (
        CoverageFactory(party_organization=JointBranchFactory(), **days)
        for days in ({}, {"valid_from": tomorrow}, {"valid_until": today})
    )
    gone = CoverageFactory(party_organization=JointBranchFactory(dissolved_on=today))
    single = CoverageFactory()
    own = Association.objects.filter(coverages__in=[now, later, over, gone, single])
    elsewhere = JointBranchFactory()
    joinable = set(PartyOrganization.objects.joinable(own, today))
    assert joinable == {now.party_organization, later.party_organization}
    everywhere = set(PartyOrganization.objects.joinable(None, today))
    assert everywhere == joinable | {over.party_organization, elsewhere}


@pytest.mark.django_db
def test_what_begins_on_the_day_of_the_dissolution_never_held():
    party = CoverageFactory().party_organization
    day = timezone.localdate()
    late = CoverageFactory(party_organization=party, valid_from=day)
    dissolve(organization=party, on=day, by=StaffFactory(grant__role=Role.REVIEWER))
    [kept] = party.coverages.all()
    assert (kept.valid_until, kept == late) == (day, False)
