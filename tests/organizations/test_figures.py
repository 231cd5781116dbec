import datetime
import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

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


def printed(*arguments: str) -> str:
    out = StringIO()
    call_command("figures", *arguments, stdout=out)
    return out.getvalue()


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


def test_command_prints_numbers_as_json_numbers() -> None:
    CoverageFactory()
    AssociationFactory.create_batch(2)
    figures = json.loads(printed("--json"))
    assert (figures["city_level_associations"], figures["organisation_coverage"]) == (3, 33.3)


def test_command_prints_every_figure_under_its_own_key() -> None:
    InstructorFactory.create_batch(5, in_pool=True)
    first, second = AssociationFactory.create_batch(2, level="county")
    for instructor in InstructorFactory.create_batch(3, in_pool=False):
        AssignmentFactory(instructor=instructor, association=first)
    AssignmentFactory(instructor=instructor, association=second)
    CoverageFactory(association__chamber=True)
    AssociationFactory(chamber=True)
    AssociationFactory()
    assert json.loads(printed("--json")) == {
        "city_level_associations": 1,
        "organisation_coverage": 20.0,
        "township_chamber_coverage": 50.0,
        "instructors_dispatched": 3,
        "associations_served": 2,
        "instructor_pool": 5,
    }


def test_figures_of_a_day_before_every_record_are_nothing() -> None:
    AssociationFactory()
    figures = json.loads(printed("--json", "--as-of", "1949-10-01"))
    assert (figures["city_level_associations"], figures["organisation_coverage"]) == (0, None)


def test_command_prints_figures_of_the_day_asked_for() -> None:
    AssociationFactory(registered_on=datetime.date(2024, 1, 1))
    figures = json.loads(printed("--json", "--as-of", "2023-12-31"))
    assert figures["city_level_associations"] == 0


def test_command_prints_a_line_for_every_figure() -> None:
    assert [line.split()[0] for line in printed().splitlines()] == [f.key for f in FIGURES]


@pytest.mark.parametrize("text", ["2026-13-01", "yesterday"])
def test_command_refuses_what_is_no_date(text: str) -> None:
    with pytest.raises(CommandError, match=text):
        printed("--as-of", text)


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
