import datetime
from decimal import Decimal

import pytest

from organizations.figures import FIGURES, citywide
from organizations.models import Association
from tests.factories.organizations import (
    AssignmentFactory,
    AssociationFactory,
    CoverageFactory,
    InstructorFactory,
)

pytestmark = pytest.mark.django_db


def value(key: str, on: datetime.date) -> int | Decimal | None:
    figure = next(figure for figure in FIGURES if figure.key == key)
    return figure.value(citywide(on))


def test_city_level_associations_are_independent_and_have_a_department(on: datetime.date) -> None:
    AssociationFactory(registration_type="decoupled")
    AssociationFactory(registration_type="direct")
    AssociationFactory(registration_type="not_decoupled")
    AssociationFactory(level="county")
    AssociationFactory(industry_department=None)
    AssociationFactory(ended=True)
    assert value("city_level_associations", on) == 2


def test_organisation_coverage_is_a_share_of_the_active(on: datetime.date) -> None:
    for _ in range(2):
        CoverageFactory()
    AssociationFactory()
    CoverageFactory(association__ended=True)
    assert value("organisation_coverage", on) == Decimal("66.7")


def test_organisation_coverage_of_an_empty_registry_is_unknown(on: datetime.date) -> None:
    assert value("organisation_coverage", on) is None


def test_township_chamber_coverage_asks_chambers_alone(on: datetime.date) -> None:
    CoverageFactory(association__chamber=True)
    AssociationFactory()
    assert value("township_chamber_coverage", on) == Decimal("100.0")


def test_instructor_with_two_associations_is_one_person(on: datetime.date) -> None:
    instructor = InstructorFactory()
    AssignmentFactory.create_batch(2, instructor=instructor)
    AssignmentFactory(ended_on=on)
    assert value("instructors_dispatched", on) == 1


def test_association_with_two_instructors_is_served_once(on: datetime.date) -> None:
    AssignmentFactory.create_batch(2, association=AssociationFactory())
    assert value("associations_served", on) == 1


def test_instructor_pool_counts_its_members(on: datetime.date) -> None:
    InstructorFactory(in_pool=True)
    InstructorFactory(in_pool=False)
    assert value("instructor_pool", on) == 1


def test_figures_follow_the_setting_on_functional_organisations(
    functional_counts: bool, on: datetime.date
) -> None:
    CoverageFactory(party_organization__nature="functional")
    assert value("organisation_coverage", on) == (100 if functional_counts else 0)


def test_rows_of_a_figure_are_what_it_counts(on: datetime.date) -> None:
    covered = CoverageFactory().association
    AssociationFactory()
    figure = next(figure for figure in FIGURES if figure.key == "organisation_coverage")
    assert list(figure.rows(citywide(on))) == [covered]
    assert Association.objects.count() == 2
