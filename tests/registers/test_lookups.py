import pytest

from organizations.models import Association, Coverage
from tests.factories.organizations import AssociationFactory, CoverageFactory

pytestmark = pytest.mark.django_db


def test_any_of_finds_the_values_of_a_list() -> None:
    first, second, _other = AssociationFactory.create_batch(3)
    found = Association.objects.filter(name__any_of=[first.name, second.name, "nothing"])
    assert set(found) == {first, second}


def test_any_of_an_empty_list_finds_nothing() -> None:
    AssociationFactory()
    assert not Association.objects.filter(pk__any_of=[]).exists()


def test_any_of_reaches_through_a_foreign_key() -> None:
    coverage, other = CoverageFactory.create_batch(2)
    asked = [coverage.association.pk]
    assert list(Coverage.objects.filter(association__pk__any_of=asked)) == [coverage]
    assert list(Coverage.objects.exclude(association__pk__any_of=asked)) == [other]


def test_any_of_takes_one_parameter_however_long_the_list() -> None:
    _sql, params = Association.objects.filter(pk__any_of=range(500)).query.sql_with_params()
    assert len(params) == 1
