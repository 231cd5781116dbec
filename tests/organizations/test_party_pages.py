"""The list of Party organisations, the page of each, its forms, and departments' committees."""

import datetime
import io

import openpyxl
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from organizations.figures import FIGURES, Scope
from organizations.figures.party import STANDING
from organizations.models import Association, PartyOrganization
from organizations.terms import months_after
from tests.factories.accounts import StaffFactory
from tests.factories.organizations import (
    AssociationFactory,
    CommitteeFactory,
    CountyFactory,
    CoverageFactory,
    DepartmentFactory,
    LeadershipTermFactory,
    PartyOrganizationFactory,
    WeakListingFactory,
)

pytestmark = pytest.mark.django_db
LIST = "organizations:partyorganization-list"
COMMITTEES = "organizations:committee-list"
SECRET = "别处"
DAY = datetime.date


@pytest.fixture
def reviewer(client):
    user = StaffFactory(grant__role=Role.REVIEWER)
    client.force_login(user)
    return user


@pytest.fixture
def county(db):
    return CountyFactory(name="曹县")


@pytest.fixture
def clerk(client, county):
    user = StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county)
    client.force_login(user)
    return user


def page_of(row, section=None):
    if section:
        return reverse("organizations:partyorganization-edit", args=[row.pk, section])
    return reverse("organizations:partyorganization-detail", args=[row.pk])


def names(response):
    return {row.cells[0].value for row in response.context["rows"]}


# Who reads and changes what


@pytest.fixture
def shared(county):
    """Covers an association of the county and one of another."""
    row = CoverageFactory(
        association__division=county, association__level="county", association__name="曹县甲协会"
    )
    CoverageFactory(
        party_organization=row.party_organization,
        association__division=CountyFactory(name=f"{SECRET}县"),
        association__level="county",
        association__name=f"{SECRET}协会",
        association__legal_representative=f"{SECRET}会长",
    )
    return row.party_organization


def test_a_shared_organisation_is_read_without_what_lies_outside(client, clerk, shared) -> None:
    for url in (page_of(shared), f"{reverse(LIST)}?columns=all"):
        text = client.get(url).text
        assert ("曹县甲协会" in text, f"{SECRET}协会" in text) == (True, False)
    assert client.get(page_of(shared)).context["elsewhere"] == 1


@pytest.mark.parametrize(
    "query", [{"q": f"{SECRET}协会"}, {"county": SECRET}, {"department": SECRET}]
)
def test_filters_do_not_tell_whom_it_covers_elsewhere(client, clerk, shared, query) -> None:
    foreign = Association.objects.get(name=f"{SECRET}协会")
    codes = {
        "county": foreign.division.code,
        "department": foreign.industry_department.code,
    }
    asked = {key: codes.get(key, value) for key, value in query.items()}
    assert names(client.get(reverse(LIST), asked)) == set()
    client.force_login(StaffFactory(grant__role=Role.LEADER))
    assert names(client.get(reverse(LIST), asked)) == {shared.name}


def test_cross_appointment_elsewhere_is_not_told(client, clerk, shared) -> None:
    shared.secretary, shared.secretary_source = f"{SECRET}会长", "leader"
    shared.save()
    assert names(client.get(reverse(LIST), {"appointment": "yes"})) == set()
    assert not client.get(page_of(shared)).context["cross_appointed"]


@pytest.mark.parametrize("section", ["particulars", "election", "extension", "dissolution"])
def test_a_shared_organisation_is_changed_by_who_is_responsible_for_all(
    client, clerk, shared, section
) -> None:
    assert client.get(page_of(shared, section)).status_code == 404
    assert client.post(page_of(shared, section), {"name": "改名"}).status_code == 404
    shared.coverages.filter(association__name=f"{SECRET}协会").update(valid_until="2026-01-01")
    assert client.get(page_of(shared, section)).status_code == 200


@pytest.mark.parametrize("since", [DAY(2020, 1, 1), None])
def test_the_page_of_an_association_tells_of_the_term_as_the_list_does(client, since) -> None:
    client.force_login(StaffFactory(grant__role=Role.REVIEWER))
    row = CoverageFactory(
        party_organization__kind="branch", party_organization__last_election_on=since
    )
    url = reverse("organizations:association-detail", args=[row.association_id])
    [(_coverage, term)] = client.get(url).context["coverages"]
    assert term == row.party_organization.term_state(timezone.localdate())


def test_a_mistaken_dissolution_is_cleared_on_its_page(client) -> None:
    client.force_login(StaffFactory(grant__role=Role.REVIEWER))
    row = PartyOrganizationFactory(dissolved_on=DAY(2025, 1, 1))
    url = page_of(row, "dissolution")
    shown = client.get(url)
    assert [tab["url"] for tab in shown.context["tabs"]] == [url]
    client.post(url, {"version": shown.context["form"].current, "dissolved_on": ""})
    row.refresh_from_db()
    assert row.dissolved_on is None


def test_a_department_s_committee_is_its_own(client) -> None:
    own, other = CommitteeFactory(), CommitteeFactory(name=f"中共{SECRET}局委员会")
    client.force_login(
        StaffFactory(grant__role=Role.DEPARTMENT_STAFF, grant__department=own.host_department)
    )
    assert client.get(page_of(own, "particulars")).status_code == 200
    assert client.get(page_of(other)).status_code == 404
    assert SECRET not in client.get(reverse(COMMITTEES)).text


def test_a_foreign_host_keeps_a_county_from_changing_its_committee(client, clerk, county) -> None:
    row = CommitteeFactory()
    CoverageFactory(party_organization=row, association__division=county)
    assert client.get(page_of(row)).status_code == 200
    assert client.get(page_of(row, "particulars")).status_code == 404


def a_year_ago() -> None:
    """All that is on record of Party organisations and coverages was recorded a year ago."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in ("partyorganizationevent", "coverageevent"):
            cursor.execute(f"ALTER TABLE organizations_{table} DISABLE TRIGGER USER")
            cursor.execute(
                f"UPDATE organizations_{table} SET pgh_created_at = now() - interval '1 year'"
            )
            cursor.execute(f"ALTER TABLE organizations_{table} ENABLE TRIGGER USER")


@pytest.mark.parametrize("hosts", [True, False])
def test_the_host_reads_all_of_its_committee_on_the_page_of_an_association(client, hosts) -> None:
    row, office = CommitteeFactory(secretary=f"{SECRET}书记"), DepartmentFactory()
    row.secretary = "现任书记"
    row.save()
    CoverageFactory(party_organization=row)
    a_year_ago()
    office = row.host_department if hosts else office
    own = CoverageFactory(party_organization=row, association__industry_department=office)
    client.force_login(StaffFactory(grant__role=Role.DEPARTMENT_STAFF, grant__department=office))
    page = client.get(reverse("organizations:association-detail", args=[own.association_id]))
    assert (f"{SECRET}书记" in page.text) is hosts


def test_history_from_before_it_covered_an_association_of_the_county_is_not_told(
    client, county
) -> None:
    row = CoverageFactory(association__division=CountyFactory()).party_organization
    for secretary in (f"{SECRET}书记", "现任书记"):
        row.secretary = secretary
        row.save()
    a_year_ago()
    CoverageFactory(party_organization=row, association__division=county)
    row.secretary = "新任书记"
    row.save()
    client.force_login(StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county))
    page = client.get(page_of(row))
    assert f"{SECRET}书记" not in page.text
    assert [each.name for each in page.context["secretaries"]] == ["新任书记"]
    client.force_login(StaffFactory(grant__role=Role.LEADER))
    assert f"{SECRET}书记" in client.get(page_of(row)).text


# The list


def test_the_list_exports_what_it_shows(client, reviewer) -> None:
    row = CoverageFactory().party_organization
    PartyOrganizationFactory(dissolved_on=DAY(2020, 1, 1))
    answer = client.get(reverse(LIST), {"format": "xlsx", "columns": "all"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active
    rows = list(sheet.iter_rows(values_only=True))
    assert [each[0] for each in rows[4:]] == [row.name]
    assert row.associations.get().name in rows[4]


@pytest.mark.parametrize("view", [LIST, COMMITTEES])
def test_a_page_takes_as_many_queries_for_three_as_for_one(client, reviewer, view) -> None:
    counted = []
    for number in (1, 2):
        for _ in range(number):
            row = CommitteeFactory()
            CoverageFactory(
                party_organization=row, association__industry_department=row.host_department
            )
        client.get(reverse(view))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(view))
        counted.append(len(queries))
    assert counted[0] == counted[1]


def of_everything():
    """One of each kind of row that figures and filters tell apart."""
    for kind in (*PartyOrganization.Kind.values, ""):
        PartyOrganizationFactory(kind=kind, last_election_on=DAY(2023, 5, 1))
    for months in (0, -35):
        PartyOrganizationFactory(last_election_on=months_after(timezone.localdate(), months))
    PartyOrganizationFactory(name="")
    CommitteeFactory()
    CommitteeFactory(committee_form="integrated")
    CommitteeFactory(dissolved_on=DAY(2025, 1, 1))
    CommitteeFactory(host_department__division=CountyFactory())
    WeakListingFactory()
    for term, secretary, source in (
        ("会长甲", "会长甲", ""),
        ("会长甲", "别人", "leader"),
        (None, "法人甲", "leader"),
        (None, "法人甲", "sent"),
        (None, "", ""),
    ):
        association = AssociationFactory(legal_representative="法人甲")
        if term:
            LeadershipTermFactory(association=association, name=term)
        CoverageFactory(
            association=association,
            party_organization__secretary=secretary,
            party_organization__secretary_source=source,
        )


@pytest.mark.parametrize("figure", STANDING, ids=lambda figure: figure.key)
def test_every_number_at_the_head_is_its_list(client, reviewer, figure) -> None:
    of_everything()
    scope = Scope(timezone.localdate(), reviewer)
    rows = list(figure.rows(scope))
    listed = client.get(figure.url(scope.on)).context["page_obj"].paginator.object_list
    assert {each.pk for each in listed} == {each.pk for each in rows} != set()


@pytest.mark.parametrize("key", ["department_party_committees", "integrated_departments"])
def test_departments_committees_are_their_list(client, reviewer, key) -> None:
    of_everything()
    figure = next(figure for figure in FIGURES if figure.key == key)
    scope = Scope(timezone.localdate(), reviewer)
    entries = client.get(figure.url(scope.on)).context["entries"]
    assert [entry["department"] for entry in entries] == list(figure.rows(scope))
    assert figure.value(scope) == 1


def test_the_president_is_the_secretary_by_term_else_as_legal_representative(on) -> None:
    of_everything()
    known = Association.objects.with_both_leaders(on)
    both = known.count(), Association.objects.cross_appointed(on).count()
    assert both == (4, 2)


# Forms


def particulars(row, **changed):
    said = {
        name: getattr(row, name) or ""
        for name in ("name", "kind", "nature", "formation", "subordination", "superior")
    }
    days = {"established_on": row.established_on.isoformat(), "approved_on": ""}
    rest = {"approval_no": "", "secretary": row.secretary, "secretary_source": ""}
    return said | days | rest | changed


def test_two_people_changing_the_same_see_each_other_s_value(client, reviewer) -> None:
    row = PartyOrganizationFactory(name="中共甲支部")
    version = client.get(page_of(row, "particulars")).context["form"]["version"].value()
    row.name = "中共乙支部"
    row.save()
    sent = particulars(row, name="中共丙支部", version=version)
    answer = client.post(page_of(row, "particulars"), sent)
    assert (answer.status_code, "中共乙支部" in answer.text) == (409, True)
    row.refresh_from_db()
    assert row.name == "中共乙支部"


def test_a_new_founding_date_ends_the_extension_of_the_term(client, reviewer) -> None:
    row = PartyOrganizationFactory(established_on=DAY(2022, 2, 1))
    rows = PartyOrganization.objects.filter(pk=row.pk)
    rows.update(extended_until=DAY(2025, 8, 1), extension_approval="某文")
    version = client.get(page_of(row, "particulars")).context["form"]["version"].value()
    sent = particulars(row, established_on="2021-02-01", version=version)
    assert client.post(page_of(row, "particulars"), sent).status_code == 302
    row.refresh_from_db()
    assert (row.term_ends_on, row.extended_until) == (DAY(2024, 2, 1), None)


def test_an_election_is_recorded_on_its_form(client, reviewer) -> None:
    row = CoverageFactory().party_organization
    form = client.get(page_of(row, "election")).context["form"]
    sent = {
        "version": form["version"].value(),
        "last_election_on": "2026-01-05",
        "secretary": "李四",
        "secretary_source": "leader",
        "election_approval": "",
    }
    assert client.post(page_of(row, "election"), sent | {"secretary": ""}).status_code == 422
    assert client.post(page_of(row, "election"), sent).status_code == 302
    row.refresh_from_db()
    assert (row.secretary, row.term_ends_on) == ("李四", DAY(2029, 1, 5))


def test_a_committee_is_approved_before_it_is_established(client, reviewer) -> None:
    url = reverse("organizations:committee-add", args=[DepartmentFactory().pk])
    sent = {
        "key": str(client.get(url).context["form"]["key"].value()),
        "committee_form": "entity",
        "name": "中共菏泽市测试局社会组织委员会",
        "established_on": "2025-03-01",
        "approved_on": "2025-03-02",
    }
    answer = client.post(url, sent)
    assert (answer.status_code, "批复日期不得晚于成立日期" in answer.text) == (422, True)
    assert client.post(url, sent | {"approved_on": "2025-03-01"}).status_code == 302


def test_a_committee_s_page_shows_its_department_s_associations(client, reviewer) -> None:
    committee = CommitteeFactory()
    AssociationFactory.create_batch(2, industry_department=committee.host_department)
    ended = {"status": "deregistered", "ended_on": DAY(2026, 1, 1)}
    AssociationFactory(industry_department=committee.host_department, **ended)
    AssociationFactory()
    answer = client.get(reverse("organizations:partyorganization-detail", args=[committee.pk]))
    assert answer.context["managed"] == 2
    assert "权限范围" not in answer.text
    assert "<dd>单独组建" not in answer.text


def test_the_list_stands_in_the_order_of_its_names_pinyin(client, reviewer) -> None:
    for name in ("中共单县支部委员会", "中共曹县支部委员会", "中共郓城县支部委员会"):
        PartyOrganizationFactory(name=name)
    renamed = PartyOrganization.objects.get(name="中共郓城县支部委员会")
    renamed.name = "中共安兴镇支部委员会"
    renamed.save(update_fields=["name"])
    places = ["安兴镇", "曹县", "单县"]
    for query, order in (
        ({}, places),
        ({"sort": "name"}, places),
        ({"sort": "-name"}, places[::-1]),
    ):
        page = client.get(reverse(LIST), query).context["page_obj"]
        assert [each.name[2:-5] for each in page.object_list] == order


def test_a_committee_is_recorded_once_by_a_doubled_click(client, reviewer) -> None:
    department = DepartmentFactory()
    url = reverse("organizations:committee-add", args=[department.pk])
    sent = {
        "key": str(client.get(url).context["form"]["key"].value()),
        "committee_form": "entity",
        "name": "中共菏泽市测试局社会组织委员会",
        "established_on": "2025-03-01",
    }
    assert [client.post(url, sent).status_code for _ in range(2)] == [302, 302]
    row = PartyOrganization.objects.get()
    assert (row.kind, row.host_department, row.committee_form) == (
        "committee",
        department,
        "entity",
    )
    again = client.post(url, sent | {"key": "6f0d8b0c-8f60-4b40-9d3b-1d9b7f0f2c11"})
    assert again.status_code == 422


@pytest.mark.parametrize(
    "values", [{"kind": "branch"}, {"host_department": None}], ids=["kind", "host"]
)
def test_the_database_keeps_forms_to_committees_of_departments(values) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        CommitteeFactory(**values)


def test_the_database_keeps_one_committee_of_a_form() -> None:
    row = CommitteeFactory()
    CommitteeFactory(host_department=row.host_department, committee_form="integrated")
    CommitteeFactory(host_department=row.host_department, dissolved_on=DAY(2025, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        CommitteeFactory(host_department=row.host_department)


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.REVIEWER, 200),
        (Role.DEPARTMENT_STAFF, 200),
        (Role.COUNTY_STAFF, 404),
        (Role.LEADER, 403),
        (Role.INSPECTOR, 403),
        (Role.FINANCE, 403),
    ],
)
def test_committees_are_recorded_by_the_department_or_the_city(client, role, status) -> None:
    department, scope = DepartmentFactory(), {}
    if role == Role.DEPARTMENT_STAFF:
        scope = {"grant__department": department}
    elif role == Role.COUNTY_STAFF:
        scope = {"grant__division": CountyFactory()}
    client.force_login(StaffFactory(grant__role=role, **scope))
    url = reverse("organizations:committee-add", args=[department.pk])
    assert client.get(url).status_code == status
    foreign = reverse("organizations:committee-add", args=[DepartmentFactory().pk])
    denied = 404 if scope else status
    assert client.get(foreign).status_code == denied
