"""Coverage against a slow, obvious computation over the same rows."""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from organizations.coverage import CoverageReport, Group, Tally, coverage, percentage
from organizations.coverage.months import month_ends
from organizations.members import UNCOVERED
from organizations.models import Association
from tests.factories.organizations import (
    AssignmentFactory,
    AssociationFactory,
    CoverageFactory,
    DormancyFactory,
)
from tests.factories.registry import random_registry

pytestmark = pytest.mark.django_db

DAYS = [datetime.date(2024, 2, 29), datetime.date(2025, 6, 30), datetime.date(2026, 3, 15)]
SEEDS = [1, 2]


class Slowly:
    """Every association asked by itself, in Python, whether it counts."""

    def __init__(
        self, rows: list[Association], on: datetime.date, functional: bool, dormant: bool
    ) -> None:
        self.rows, self.on, self.functional, self.dormant = rows, on, functional, dormant

    def holds(self, since: datetime.date | None, until: datetime.date | None) -> bool:
        return (since is None or since <= self.on) and (until is None or self.on < until)

    def is_active(self, association: Association) -> bool:
        if not self.holds(association.registered_on, association.ended_on):
            return False
        found = [d for d in association.dormancies.all() if self.holds(d.found_on, d.ended_on)]
        return self.dormant or not found

    def is_covered(self, association: Association) -> bool:
        return any(
            self.holds(coverage.valid_from, coverage.valid_until)
            and self.holds(None, coverage.party_organization.dissolved_on)
            and (self.functional or coverage.party_organization.nature == "entity")
            for coverage in association.coverages.all()
        )

    def is_served(self, association: Association) -> bool:
        return any(self.holds(a.assigned_on, a.ended_on) for a in association.assignments.all())

    def tally(self, associations: list[Association]) -> Tally:
        covered = [a for a in associations if self.is_covered(a)]
        uncovered = [a.party_members for a in associations if not self.is_covered(a)]
        return Tally(
            active=len(associations),
            covered=len(covered),
            served=len([a for a in associations if self.is_served(a)]),
            work_covered=len([a for a in associations if self.is_covered(a) or self.is_served(a)]),
            due=len([n for n in uncovered if n is not None and n >= 3]),
            too_few=len([n for n in uncovered if n in (1, 2)]),
            without_members=len([n for n in uncovered if n == 0]),
            members_unknown=len([n for n in uncovered if n is None]),
        )

    def active(self) -> list[Association]:
        return [association for association in self.rows if self.is_active(association)]

    def tallies_by(self, key: Any) -> dict[str, Tally]:
        groups = defaultdict(list)
        for association in self.active():
            groups[key(association)].append(association)
        return {name: self.tally(associations) for name, associations in groups.items()}


def with_histories() -> list[Association]:
    rows = Association.objects.select_related("division__parent", "industry_department")
    return list(rows.prefetch_related("coverages__party_organization", "assignments", "dormancies"))


def county_of(association: Association) -> str:
    place = association.division
    if association.level == "city" or (place is not None and place.kind == "city"):
        return "city"
    if place is None:
        return "unknown"
    return place.parent.code if place.kind == "town" else place.code


def department_of(association: Association) -> str:
    department = association.industry_department
    return department.code if department else "unknown"


def filled(groups: list[Group]) -> dict[str, Tally]:
    return {group.key: group.tally for group in groups if group.tally.active}


@pytest.fixture(scope="class", params=SEEDS)
def registry(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """One random registry for many questions; gone when the last is answered."""
    with django_db_blocker.unblock(), transaction.atomic():
        random_registry(Random(request.param))
        yield
        transaction.set_rollback(True)


@pytest.mark.usefixtures("registry")
class TestAgainstSlowComputation:
    @pytest.fixture(params=DAYS, ids=str)
    def slowly(
        self, request: pytest.FixtureRequest, functional_counts: bool, dormant_counts: bool
    ) -> Slowly:
        return Slowly(with_histories(), request.param, functional_counts, dormant_counts)

    @pytest.fixture
    def report(self, slowly: Slowly) -> CoverageReport:
        return coverage(Association.objects.all(), slowly.on)

    def test_totals_and_groups_agree(self, slowly: Slowly, report: CoverageReport) -> None:
        assert report.total == slowly.tally(slowly.active())
        assert filled(report.counties) == slowly.tallies_by(county_of)
        assert filled(report.departments) == slowly.tallies_by(department_of)
        assert filled(report.levels) == slowly.tallies_by(lambda a: a.level or "unknown")
        assert filled(report.kinds) == slowly.tallies_by(lambda a: a.kind)
        assert filled(report.registration_types) == slowly.tallies_by(
            lambda a: a.registration_type or "unknown"
        )
        assert filled(report.reasons) == slowly.tallies_by(lambda a: a.no_party_reason or "unknown")

    def test_trend_agrees_month_by_month(self, slowly: Slowly, report: CoverageReport) -> None:
        expected = []
        for on in month_ends(slowly.on):
            then = Slowly(slowly.rows, on, slowly.functional, slowly.dormant)
            tally = then.tally(then.active())
            expected.append((on, tally.active, tally.covered))
        assert [(month.on, month.active, month.covered) for month in report.trend] == expected

    def test_instructors_agree(self, slowly: Slowly, report: CoverageReport) -> None:
        loads: dict[int, int] = defaultdict(int)
        for association in slowly.active():
            for assignment in association.assignments.all():
                if slowly.holds(assignment.assigned_on, assignment.ended_on):
                    loads[assignment.instructor_id] += 1
        assert report.instructors.people == len(loads)
        assert report.instructors.max_load == max(loads.values())
        assert float(report.instructors.mean_load or 0) == pytest.approx(
            sum(loads.values()) / len(loads), abs=0.005
        )

    def test_splits_of_the_uncovered_leave_no_remainder(self, report: CoverageReport) -> None:
        total = report.total
        assert total.uncovered == (
            total.due + total.too_few + total.without_members + total.members_unknown
        )


def test_querysets_choose_the_rows_that_the_report_counts(
    functional_counts: bool, dormant_counts: bool
) -> None:
    random_registry(Random(4))
    on = DAYS[1]
    active = Association.objects.active(on)
    assert coverage(Association.objects.all(), on).total == Tally(
        active=active.count(),
        covered=active.covered(on).count(),
        served=active.with_instructor(on).count(),
        work_covered=active.work_covered(on).count(),
        **{part.count: active.uncovered_with(part, on).count() for part in UNCOVERED.values()},
    )


def test_trend_ends_on_the_day_asked_for_and_has_24_months(on: datetime.date) -> None:
    days = [month.on for month in coverage(Association.objects.all(), on).trend]
    assert (len(days), days[0], days[-2:]) == (
        24,
        datetime.date(2024, 4, 30),
        [datetime.date(2026, 2, 28), datetime.date(2026, 3, 31)],
    )


def test_association_that_moves_to_another_organisation_counts_once(on: datetime.date) -> None:
    association = AssociationFactory()
    CoverageFactory(association=association, valid_until=on)
    CoverageFactory(association=association, valid_from=on)
    assert coverage(Association.objects.all(), on).total.covered == 1


def test_coverage_ends_on_its_last_day_exclusive(on: datetime.date) -> None:
    CoverageFactory(valid_until=on)
    assert coverage(Association.objects.all(), on).total.covered == 0


def test_percentage_rounds_half_up() -> None:
    assert percentage(1, 800) == Decimal("0.1")
    assert percentage(707, 1000) == Decimal("70.7")
    assert percentage(5, 1600) == Decimal("0.3")


def test_percentage_of_nothing_is_unknown(on: datetime.date) -> None:
    report = coverage(Association.objects.none(), on)
    assert report.total.organisation_coverage is None
    assert report.instructors.mean_load is None


def test_statements_do_not_grow_with_rows(on: datetime.date) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            coverage(Association.objects.all(), on)
        return len(captured)

    counts = []
    for _ in range(3):
        association = AssociationFactory(chamber=True)
        CoverageFactory(association=association)
        AssignmentFactory(association=association)
        DormancyFactory(association=association)
        counts.append(statements())
    assert counts == [1, 1, 1]
