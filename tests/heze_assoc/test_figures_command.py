import datetime
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from heze_assoc.contributions import FIGURES
from tests.factories.organizations import (
    AssignmentFactory,
    AssociationFactory,
    CommitteeFactory,
    CoverageFactory,
    InstructorFactory,
    TrainingAttendanceFactory,
)

pytestmark = pytest.mark.django_db


def printed(*arguments: str) -> str:
    out = StringIO()
    call_command("figures", *arguments, stdout=out)
    return out.getvalue()


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
    TrainingAttendanceFactory.create_batch(2)
    CommitteeFactory.create_batch(4)
    CommitteeFactory.create_batch(6, committee_form="integrated")
    assert json.loads(printed("--json")) == {
        "city_level_associations": 1,
        "department_party_committees": 4,
        "integrated_departments": 6,
        "organisation_coverage": 20.0,
        "township_chamber_coverage": 50.0,
        "instructors_dispatched": 3,
        "associations_served": 2,
        "instructor_pool": 5,
        "training_attendances": 2,
        "assessed_departments": 0,
        "assessment_coverage": 0.0,
        "industry_brands": 0,
        "demonstration_sites": 0,
    }


def test_figures_of_a_day_before_every_record_are_nothing() -> None:
    AssociationFactory()
    figures = json.loads(printed("--json", "--as-of", "1950-10-01"))
    assert (figures["city_level_associations"], figures["organisation_coverage"]) == (0, None)


def test_command_prints_figures_of_the_day_asked_for() -> None:
    AssociationFactory(registered_on=datetime.date(2024, 1, 1))
    figures = json.loads(printed("--json", "--as-of", "2023-12-31"))
    assert figures["city_level_associations"] == 0


def test_command_prints_a_line_for_every_figure() -> None:
    assert [line.split()[0] for line in printed().splitlines()] == [f.key for f in FIGURES]


@pytest.mark.parametrize("text", ["2026-13-01", "yesterday", "1949-12-31"])
def test_command_refuses_what_is_no_date(text: str) -> None:
    with pytest.raises(CommandError, match=text):
        printed("--as-of", text)
