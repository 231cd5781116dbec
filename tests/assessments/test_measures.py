"""What the system counts by itself."""

import datetime

import pytest

from assessments.measures import FACTS, found
from assessments.models import Measure
from organizations.models import Inspection
from tests.factories.assessments import CycleFactory
from tests.factories.organizations import (
    AssignmentFactory,
    AssociationFactory,
    CoverageFactory,
    DepartmentFactory,
    InspectionFactory,
    PartyOrganizationFactory,
    WorkEntryFactory,
)

pytestmark = pytest.mark.django_db
DAY = datetime.date


@pytest.fixture
def cycle():
    return CycleFactory(year=2025)


@pytest.fixture
def department():
    return DepartmentFactory()


def counted(measure: str, cycle, department) -> dict[str, tuple[int, int]]:
    rows = found(Measure(measure), cycle)
    return {row.name: (row.counted, row.whole) for row in rows if row.department == department.pk}


def test_coverage_is_that_of_the_cut_off_day(cycle, department) -> None:
    of = {"industry_department": department}
    for name, since in (("甲", DAY(2025, 12, 31)), ("乙", DAY(2026, 1, 1))):
        CoverageFactory(association__name=name, association__industry_department=department,
                        valid_from=since)  # fmt: skip
    AssociationFactory(name="丙", **of)
    AssociationFactory(name="丁", registered_on=DAY(2026, 1, 5), **of)
    AssociationFactory(name="戊", industry_department=DepartmentFactory())
    expected = {"甲": (1, 1), "乙": (0, 1), "丙": (0, 1)}
    assert counted("coverage", cycle, department) == expected


def test_growth_is_of_those_uncovered_on_the_first_day(cycle, department) -> None:
    of = {"association__industry_department": department}
    for name, since in (("早", DAY(2020, 1, 1)), ("新", DAY(2025, 6, 1))):
        CoverageFactory(association__name=name, valid_from=since, **of)
    AssociationFactory(name="仍", industry_department=department)
    AssociationFactory(name="后", registered_on=DAY(2025, 3, 1), industry_department=department)
    assert counted("growth", cycle, department) == {"新": (1, 1), "仍": (0, 1)}


def test_terms_are_of_party_organisations_each_once(cycle, department) -> None:
    of = {"association__industry_department": department}
    joint = PartyOrganizationFactory(name="联", last_election_on=DAY(2024, 1, 1))
    CoverageFactory.create_batch(2, party_organization=joint, **of)
    late = PartyOrganizationFactory(name="迟", last_election_on=DAY(2022, 1, 1))
    CoverageFactory(party_organization=late, **of)
    CoverageFactory(party_organization__name="无", party_organization__kind="provisional", **of)
    assert counted("terms", cycle, department) == {"联": (1, 1), "迟": (0, 1)}


def test_visits_are_counted_by_month_of_the_assignment(cycle, department) -> None:
    row = AssignmentFactory(
        association__name="甲",
        association__industry_department=department,
        assigned_on=DAY(2025, 9, 30),
        ended_on=DAY(2025, 12, 31),
    )
    for day, method in (((2025, 9, 1), "visit"), ((2025, 10, 2), "visit"), ((2025, 11, 3), "call")):
        WorkEntryFactory(association=row.association, on=DAY(*day), method=method)
    AssociationFactory(name="无指导员", industry_department=department)
    assert counted("visits", cycle, department) == {"甲": (2, 3)}


@pytest.mark.parametrize("result", Inspection.Result.values)
def test_an_inspection_is_in_order_when_passed_or_reported(cycle, department, result) -> None:
    association = AssociationFactory(name="甲", industry_department=department)
    regime = Inspection.regime_of(result)
    InspectionFactory(association=association, year=2024, regime=regime, result=result)
    InspectionFactory(association=association, year=2023)
    AssociationFactory(name="新", registered_on=DAY(2024, 7, 1), industry_department=department)
    expected = int(result in ("passed", "reported"))
    assert counted("inspection", cycle, department) == {"甲": (expected, 1)}


def test_completeness_counts_what_is_recorded(cycle, department) -> None:
    AssociationFactory(
        name="甲",
        industry_department=department,
        credit_code="",
        registered_on=DAY(2020, 1, 1),
        legal_representative="王芳",
        phone="",
        address="人民路1号",
        registration_authority=department,
        party_members=0,
        staff_total=4,
    )
    assert counted("completeness", cycle, department) == {"甲": (6, len(FACTS))}
