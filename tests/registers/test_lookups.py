import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from organizations.models import Association, Coverage
from registers.lookups import literal
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


TEXTS = st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=TEXTS | st.lists(st.integers(-(2**63), 2**63 - 1)))
def test_the_database_reads_the_values_that_were_written(values):
    kind = "bigint" if values and isinstance(values[0], int) else "text"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT %s::{kind}[]", [literal(values)])
        assert cursor.fetchone()[0] == values


@pytest.mark.parametrize("name", ['“两新”"协会"', "a\\b{c},d", "NULL", "单县 协会"])
def test_rows_are_found_by_any_of_the_names(name):
    wanted = AssociationFactory(name=name)
    AssociationFactory()
    found = Association.objects.filter(name__any_of=[name, "没有这家"])
    assert list(found) == [wanted]
