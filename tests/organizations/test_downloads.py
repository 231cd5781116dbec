"""Lists beside the registers as files: the rows shown, what they are, nobody else's, no formula."""

import html
import io
import re
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from organizations.models import UnresolvedAssignment
from tests.factories.accounts import StaffFactory
from tests.factories.organizations import (
    AssignmentFactory,
    AssociationFactory,
    CityFactory,
    CommitteeFactory,
    CountyFactory,
    CoverageFactory,
    DepartmentFactory,
    DistinctNameFactory,
    EstablishmentFactory,
    FormerNameFactory,
    InstructorFactory,
    JointBranchFactory,
    MergerFactory,
    SuggestionFactory,
    TrainingAttendanceFactory,
    TrainingSessionFactory,
    WeakListingFactory,
)
from tests.factories.proposals import ProposalFactory
from tests.factories.reports import ReportFactory

pytestmark = pytest.mark.django_db
FORMULA = "=1+1"


@pytest.fixture
def county(client: Client) -> Any:
    """The county whose staff is logged in."""
    county = CountyFactory()
    client.force_login(StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county))
    return county


def sheet(client: Client, name: str, **query: str) -> list[list[Any]]:
    """The rows of the list's file, from its title on."""
    return read(client.get(reverse(f"organizations:{name}"), query | {"format": "xlsx"}))


def read(answer: Any) -> list[list[Any]]:
    """The rows of a file; no cell may be a formula."""
    book = openpyxl.load_workbook(io.BytesIO(answer.getvalue()))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]


def test_overdue_visits_as_a_file(client: Client, county: Any) -> None:
    AssignmentFactory(association__division=county, association__name=FORMULA)
    AssignmentFactory(association__name="他县协会")
    rows = sheet(client, "work-overdue", what="contact")
    assert [row[0] for row in rows if row[0] in (FORMULA, "他县协会")] == [FORMULA]
    assert any("：联系。" in str(row[0]) for row in rows)  # the filter, noted above the table


def test_load_as_a_file(client: Client, county: Any) -> None:
    own = AssignmentFactory(association__division=county, instructor__name=FORMULA)
    AssignmentFactory(instructor=own.instructor)
    rows = sheet(client, "instructor-load", load="some")
    [row] = [row for row in rows if row[0] == FORMULA]
    assert row[2] == 1  # of the associations in scope
    assert any("：未满。" in str(row[0]) for row in rows)  # the filter


def test_names_to_identify_as_a_file(client: Client, county: Any) -> None:
    own = InstructorFactory(department=DepartmentFactory(division=county))
    UnresolvedAssignment.objects.create(instructor=own, association_name=FORMULA)
    other = InstructorFactory(department=DepartmentFactory())
    UnresolvedAssignment.objects.create(instructor=other, association_name="外协会")
    names = [row[0] for row in sheet(client, "unresolved")]
    assert FORMULA in names
    assert "外协会" not in names


@pytest.mark.parametrize("name", ["work-overdue", "instructor-load"])
def test_who_may_not_export_gets_no_file(client: Client, name: str) -> None:
    county = CountyFactory()
    client.force_login(StaffFactory(grant__role=Role.INSTRUCTOR, grant__division=county))
    AssignmentFactory(association__division=county)
    url = reverse(f"organizations:{name}")
    assert "format=xlsx" not in client.get(url).text
    assert client.get(url, {"format": "xlsx"}).status_code == 403


def test_committees_as_a_file(client: Client) -> None:
    client.force_login(StaffFactory(grant__role=Role.REVIEWER))
    committee = CommitteeFactory(name=FORMULA, host_department__division=CityFactory())
    CoverageFactory(association__industry_department=committee.host_department)
    rows = sheet(client, "committee-list", committee=committee.committee_form)
    [row] = [row for row in rows if row[0] == str(committee.host_department)]
    assert row[1] == FORMULA
    assert row[5] == "100.0"


def test_weak_organisations_as_a_file(client: Client, county: Any) -> None:
    own = CoverageFactory(association__division=county, party_organization__name=FORMULA)
    WeakListingFactory(party_organization=own.party_organization)
    WeakListingFactory(party_organization__name="他县支部")
    rows = sheet(client, "weak-list")
    assert [row[0] for row in rows if row[0] in (FORMULA, "他县支部")] == [FORMULA]


def test_training_sessions_as_a_file(client: Client, county: Any) -> None:
    own = DepartmentFactory(division=county)
    TrainingSessionFactory(title=FORMULA, organiser=own)
    TrainingSessionFactory(title="他县培训班")
    attended = TrainingAttendanceFactory(
        association=AssociationFactory(division=county), session__title="全市培训班"
    )
    rows = sheet(client, "trainingsession-list")
    assert {row[0] for row in rows} >= {FORMULA, attended.session.title}
    assert "他县培训班" not in {row[0] for row in rows}


def test_suggestions_as_a_file_without_how_to_reach_their_writers(client: Client) -> None:
    client.force_login(StaffFactory(grant__role=Role.REVIEWER))
    SuggestionFactory(text=FORMULA, contact="13812345678")
    SuggestionFactory(text="已答复的意见", answered=True)
    rows = sheet(client, "suggestion-list")
    assert [row[3] for row in rows if row[3] in (FORMULA, "已答复的意见")] == [FORMULA]
    assert not any("13812345678" in str(cell) for row in rows for cell in row)


def test_those_not_begun_as_a_file_of_the_register(client: Client, county: Any) -> None:
    ought = AssociationFactory(division=county, party_members=5)
    begun = EstablishmentFactory(association__division=county, association__party_members=5)
    page = client.get(reverse("organizations:establishment-not-begun")).text
    url = html.unescape(
        next(each for each in re.findall(r'href="([^"]+)"', page) if "xlsx" in each)
    )
    names = [row[0] for row in read(client.get(url))]
    assert ought.name in names
    assert begun.association.name not in names


def test_likely_duplicates_as_a_file(client: Client) -> None:
    client.force_login(StaffFactory(grant__role=Role.REVIEWER))
    pair = {"菏泽市牡丹协会", "菏泽市牡丹商会"}
    for name in pair:
        AssociationFactory(name=name, credit_code="")
    assert pair in [{row[0], row[2]} for row in sheet(client, "duplicates")]


def test_settled_names_as_a_file(client: Client, county: Any) -> None:
    own = DistinctNameFactory(association__division=county, name=FORMULA)
    DistinctNameFactory(name="他县的名称")
    FormerNameFactory(association=own.association, name="曾用名协会")
    names = [row[1] for row in sheet(client, "remembered")]
    assert {FORMULA, "曾用名协会"} <= set(names)
    assert "他县的名称" not in names


def test_mergers_as_a_file(client: Client, county: Any) -> None:
    MergerFactory(survivor__division=county, absorbed_name=FORMULA)
    MergerFactory(absorbed_name="他县并入的")
    names = [row[0] for row in sheet(client, "mergers")]
    assert FORMULA in names
    assert "他县并入的" not in names


def test_joint_branches_of_the_table_as_a_file(client: Client, county: Any) -> None:
    branch = JointBranchFactory(name=FORMULA)
    CoverageFactory(party_organization=branch, association__division=county)
    CoverageFactory(party_organization=branch)
    [row] = [row for row in sheet(client, "joint-organizations") if row[0] == FORMULA]
    assert row[4] == 1  # of one's own associations


def test_what_a_joint_branch_covers_as_a_file(client: Client, county: Any) -> None:
    branch = JointBranchFactory()
    CoverageFactory(
        party_organization=branch, association__division=county, association__name=FORMULA
    )
    other = CoverageFactory(party_organization=branch)
    url = reverse("organizations:joint-branch", args=[branch.pk])
    names = [row[0] for row in read(client.get(url, {"format": "xlsx"}))]
    assert FORMULA in names
    assert other.association.name not in names


def test_frozen_reports_as_a_file(client: Client) -> None:
    reviewer = StaffFactory(grant__role=Role.REVIEWER)
    client.force_login(reviewer)
    report = ReportFactory(note=FORMULA)
    [row] = [row for row in sheet(client, "report-list") if row[5] == FORMULA]
    assert row[0] == str(report)


def test_proposals_as_a_file(client: Client) -> None:
    reviewer = StaffFactory(grant__role=Role.REVIEWER)
    client.force_login(reviewer)
    ProposalFactory(created_by=reviewer)
    ProposalFactory()
    rows = sheet(client, "proposal-list")
    assert [row[2] for row in rows].count(str(reviewer)) == 1
