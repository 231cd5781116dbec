"""The national statistics table against a slow, obvious computation and against its lists."""

import datetime
import io
from random import Random
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from organizations.coverage import Tally, coverage
from organizations.models import Association
from organizations.statistics.lines import COLUMNS, FORM, LINES, TOTAL
from organizations.statistics.sources import live
from organizations.statistics.table import Table, table, tabulate
from organizations.views.statistics import live_url
from tests.factories.accounts import StaffFactory
from tests.factories.organizations import (
    AssignmentFactory,
    AssociationFactory,
    CoverageFactory,
    DepartmentFactory,
    PartyOrganizationFactory,
)
from tests.factories.registry import random_registry

pytestmark = pytest.mark.django_db

JOINT = ("joint", "joint_industry", "joint_unit", "joint_area")
DAYS = [datetime.date(2024, 2, 29), datetime.date(2025, 6, 30), datetime.date(2026, 3, 15)]


class Slowly:
    """Every association asked by itself, in Python, in which lines it counts."""

    def __init__(self, on: datetime.date, functional: bool, dormant: bool) -> None:
        self.on, self.functional, self.dormant = on, functional, dormant
        rows = Association.objects.prefetch_related(
            "coverages__party_organization", "assignments", "dormancies"
        )
        self.rows = [row for row in rows if self.is_active(row)]

    def holds(self, since: datetime.date | None, until: datetime.date | None) -> bool:
        return (since is None or since <= self.on) and (until is None or self.on < until)

    def is_active(self, row: Association) -> bool:
        dormant = any(self.holds(d.found_on, d.ended_on) for d in row.dormancies.all())
        return self.holds(row.registered_on, row.ended_on) and (self.dormant or not dormant)

    def organization(self, row: Association) -> Any:
        for covering in row.coverages.all():
            party = covering.party_organization
            if (
                self.holds(covering.valid_from, covering.valid_until)
                and self.holds(None, party.dissolved_on)
                and (self.functional or party.nature == "entity")
            ):
                return party
        return None

    def instructors(self, row: Association) -> set[int]:
        held = [a for a in row.assignments.all() if self.holds(a.assigned_on, a.ended_on)]
        return {a.instructor_id for a in held}

    @staticmethod
    def staff(row: Association) -> int | None:
        if row.staff_total is not None:
            return row.staff_total
        if row.staff_full_time is None or row.staff_part_time is None:
            return None
        return row.staff_full_time + row.staff_part_time

    def column(self, rows: list[Association]) -> dict[str, int | None]:
        party = {row.pk: self.organization(row) for row in rows}
        joint = [
            row
            for row in rows
            if (p := party[row.pk]) and (p.kind == "joint_branch" or p.formation in JOINT)
        ]
        alone = [row for row in rows if party[row.pk] and row not in joint]
        none = [row for row in rows if not party[row.pk]]
        due = [row for row in none if (row.party_members or 0) >= 3]
        kinds = [party[row.pk].kind for row in alone]
        transferred = [row.members_not_transferred for row in rows]
        members, staff = [row.party_members for row in rows], [self.staff(row) for row in rows]

        def known(values: list[Any], answer: int) -> int | None:
            return None if values and all(v is None for v in values) else answer

        def count(values: list[Any], wanted: Any) -> int | None:
            return known(values, len([v for v in values if v is not None and wanted(v)]))

        kinds_known = [kind or None for kind in kinds]
        uncovered = [row.party_members for row in none]
        return {
            "units": len(rows),
            "standalone": len(alone),
            "committee": count(kinds_known, lambda k: k == "committee"),
            "general_branch": count(kinds_known, lambda k: k == "general_branch"),
            "branch": count(kinds_known, lambda k: k in ("branch", "provisional_branch")),
            "joint": len(joint),
            "joint_enough": count([row.party_members for row in joint], lambda n: n >= 3),
            "joint_organizations": len({party[row.pk].pk for row in joint}),
            "uncovered": len(none),
            "due": count(uncovered, lambda n: n >= 3),
            "party_group": count([row.has_party_group for row in due], lambda group: group),
            "too_few": count(uncovered, lambda n: n in (1, 2)),
            "no_members": count(uncovered, lambda n: n == 0),
            "uncovered_served": len([row for row in none if self.instructors(row)]),
            "staff": known(staff, sum(n or 0 for n in staff)),
            "members": known(members, sum(n or 0 for n in members)),
            "not_transferred": known(transferred, sum(n or 0 for n in transferred)),
            "instructors": len({i for row in rows for i in self.instructors(row)}),
        }


@pytest.mark.parametrize("seed", [1, 2])
def test_every_cell_agrees_with_a_slow_count(
    seed: int, functional_counts: bool, dormant_counts: bool
) -> None:
    random_registry(Random(seed))
    for on in DAYS:
        found = table(Association.objects.all(), on)
        slowly = Slowly(on, functional_counts, dormant_counts)
        for column in COLUMNS:
            rows = [row for row in slowly.rows if column in (TOTAL, row.kind)]
            counted = {line.key: found.number(line.key, column) for line in FORM}
            assert counted == slowly.column(rows), (on, column)


@pytest.mark.parametrize("seed", [7, 8])
def test_the_table_and_the_coverage_report_count_alike(
    seed: int, functional_counts: bool, dormant_counts: bool
) -> None:
    random_registry(Random(seed))
    rows = Association.objects.all()
    for on in DAYS:
        found, report = tabulate(live(rows, on), on), coverage(rows, on)
        assert report.total == Tally(
            active=found.counted("units"),
            covered=found.counted("covered"),
            served=found.counted("with_instructor"),
            work_covered=found.counted("work_covered"),
            due=found.counted("due"),
            too_few=found.counted("too_few"),
            without_members=found.counted("no_members"),
            members_unknown=found.counted("members_unknown"),
        )
        assert report.chambers.covered == found.counted("chambers_covered")
        assert report.instructors.people == found.counted("instructors")
        assert report.instructors.unknown_until == found.work_unknown_until


def assert_adds_up(found: Table) -> None:
    """The identities of the form, with what is not recorded as one of the parts."""
    wholes = {
        "units": ("standalone", "joint", "uncovered"),
        "standalone": ("committee", "general_branch", "branch", "kind_unknown"),
        "uncovered": ("due", "too_few", "no_members", "members_unknown"),
    }
    for column in COLUMNS:
        for whole, parts in wholes.items():
            total = sum(found.number(part, column) or 0 for part in parts)
            assert found.number(whole, column) == total, (whole, column)
    for line in LINES.values():
        if line.measured not in ("party_organization", "instructor"):
            parts_of_kinds = sum(found.number(line.key, c) or 0 for c in COLUMNS if c != TOTAL)
            assert (found.number(line.key) or 0) == parts_of_kinds, line.key


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_parts_add_up_to_their_wholes(seed: int) -> None:
    random_registry(Random(seed))
    assert_adds_up(table(Association.objects.all(), DAYS[1]))


@pytest.fixture
def leading(client: Client, leader: User) -> Client:
    client.force_login(leader)
    return client


ADDED = {"staff": "staff", "members": "party_members", "not_transferred": "members_not_transferred"}


@pytest.mark.parametrize("counts_all", [True, False])
def test_every_cell_is_what_its_list_shows(
    leading: Client, settings: Any, counts_all: bool
) -> None:
    settings.COVERAGE_COUNTS_FUNCTIONAL = settings.COVERAGE_COUNTS_DORMANT = counts_all
    random_registry(Random(6), associations=40)
    on = DAYS[1]
    found = table(Association.objects.all(), on)
    for line in LINES.values():
        for column in COLUMNS:
            context = leading.get(live_url(line, column, on)).context
            listed = context["page_obj"].paginator.object_list
            if line.key in ADDED:
                rows = listed.with_staff()
                answer = sum(getattr(row, ADDED[line.key]) for row in rows)
            else:
                answer = listed.count()
            assert (found.number(line.key, column) or 0) == answer, (line.key, column)


def test_what_nobody_recorded_is_not_called_none(on: datetime.date) -> None:
    AssociationFactory(party_members=4, has_party_group=None, members_not_transferred=None)
    found = table(Association.objects.all(), on)
    assert (found.number("party_group"), found.number("not_transferred")) == (None, None)
    AssociationFactory(party_members=4, has_party_group=False, members_not_transferred=0)
    found = table(Association.objects.all(), on)
    assert (found.number("party_group"), found.number("not_transferred")) == (0, 0)


def test_instructors_are_unknown_before_the_first_assignment(on: datetime.date) -> None:
    AssignmentFactory(assigned_on=on)
    before = table(Association.objects.all(), on - datetime.timedelta(1))
    assert before.number("instructors") is before.number("uncovered_served") is None
    assert table(Association.objects.all(), on).number("instructors") == 1


def test_scoped_people_count_their_own_alone(client: Client) -> None:
    own, other = DepartmentFactory.create_batch(2)
    AssociationFactory(industry_department=own)
    CoverageFactory(association__industry_department=other, party_organization__kind="joint_branch")
    client.force_login(StaffFactory(grant__role=Role.DEPARTMENT_STAFF, grant__department=own))
    found = client.get(reverse("organizations:statistics")).context["table"]
    assert (found.number("units"), found.number("joint")) == (1, 0)
    joint = client.get(reverse("organizations:joint-organizations")).context["page_obj"]
    assert joint.paginator.count == 0


@pytest.mark.parametrize("name", ["statistics", "joint-organizations"])
def test_statements_do_not_grow_with_rows(leading: Client, name: str) -> None:
    path = reverse(f"organizations:{name}")
    leading.get(path)
    counts = []
    for _ in range(3):
        CoverageFactory(party_organization=PartyOrganizationFactory(kind="joint_branch"))
        AssignmentFactory()
        with CaptureQueriesContext(connection) as captured:
            leading.get(path)
        counts.append(len(captured))
    assert len(set(counts)) == 1


def test_the_table_takes_one_statement(on: datetime.date) -> None:
    with CaptureQueriesContext(connection) as captured:
        table(Association.objects.all(), on)
    assert len(captured) == 1


def workbook(response: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(response.getvalue()))


def test_workbook_has_the_printed_layout_and_the_numbers(leading: Client) -> None:
    random_registry(Random(7), associations=20)
    response = leading.get(reverse("organizations:statistics"), {"format": "xlsx"})
    sheet = workbook(response).worksheets[0]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert {"A1:H1", "A4:B5", "F4:H4"} <= {str(merge) for merge in sheet.merged_cells.ranges}
    found = table(Association.objects.all(), datetime.date.today())
    for row, line in enumerate(FORM, 6):
        shown = [sheet.cell(row, index).value for index in range(5, 9)]
        numbers = [found.number(line.key, column) for column in COLUMNS]
        assert shown == ["—" if number is None else number for number in numbers], line.key


def test_workbook_turns_no_name_into_a_formula(client: Client) -> None:
    county = DepartmentFactory(short_name="=HYPERLINK(1)")
    client.force_login(StaffFactory(grant__role=Role.DEPARTMENT_STAFF, grant__department=county))
    response = client.get(reverse("organizations:statistics"), {"format": "xlsx"})
    sheet = workbook(response).worksheets[0]
    assert {cell.data_type for row in sheet for cell in row} <= {"s", "n"}
    assert any("=HYPERLINK" in str(cell.value) for row in sheet for cell in row)


def test_instructors_may_look_but_not_export(client: Client) -> None:
    department = DepartmentFactory()
    client.force_login(StaffFactory(grant__role=Role.INSTRUCTOR, grant__department=department))
    path = reverse("organizations:statistics")
    assert client.get(path).status_code == 200
    assert client.get(path, {"format": "xlsx"}).status_code == 403
