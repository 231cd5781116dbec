import pytest

from registers import register as registry
from registers.problems import Problem
from registers.register import Register
from registers.vocabularies import KnownWords, spaces, teach
from tests.factories.accounts import StaffFactory
from tests.factories.organizations import DepartmentFactory

pytestmark = pytest.mark.django_db
ASSOCIATIONS = registry.get("associations")


class Others(type(ASSOCIATIONS)):
    """A register with the very same columns."""

    key = "others"


def explain(column: str, text: str, value: object) -> bool:
    return teach(ASSOCIATIONS, ASSOCIATIONS.column(column), text, value, by=StaffFactory())


def meaning(register: Register, column: str, text: str) -> object:
    return KnownWords(register, register.columns).resolve(register.column(column), text)


@pytest.mark.parametrize("register", [ASSOCIATIONS, Others()], ids=lambda register: register.key)
@pytest.mark.parametrize("column", ["registration_authority", "supervising_unit"])
def test_an_explained_department_is_known_in_every_column_of_departments(
    register: Register, column: str
) -> None:
    department = DepartmentFactory()
    explain("industry_department", "老局", department.pk)
    assert meaning(register, column, "老局") == department.pk


def test_an_explained_department_is_no_division() -> None:
    explain("industry_department", "老局", DepartmentFactory().pk)
    with pytest.raises(Problem):
        meaning(ASSOCIATIONS, "division", "老局")


def test_words_hold_in_registers_that_are_imported_alone() -> None:
    uses = [register for space in spaces().values() for register, _column in space.uses]
    assert all(register.is_imported for register in uses)
    assert {type(register).is_citywide for register in uses}.isdisjoint({Register.is_citywide})


def test_an_explained_choice_is_known_in_its_column() -> None:
    explain("level", "地方级", "city")
    assert meaning(ASSOCIATIONS, "level", "地方级") == "city"


@pytest.mark.parametrize(("register", "column"), [(ASSOCIATIONS, "status"), (Others(), "level")])
def test_an_explained_choice_is_known_nowhere_else(register: Register, column: str) -> None:
    explain("level", "地方级", "city")
    with pytest.raises(Problem):
        meaning(register, column, "地方级")


def test_options_stand_in_the_order_of_their_vocabulary() -> None:
    column = ASSOCIATIONS.column("industry_department")
    first, second = (DepartmentFactory(short_name=name) for name in ("甲局", "乙局"))
    options = KnownWords(ASSOCIATIONS, [column]).options(column)
    assert options == [(first.pk, "甲局"), (second.pk, "乙局")]
    assert list(spaces()["departments"].names) == [first.pk, second.pk]


def test_words_of_symbols_alone_are_told_apart() -> None:
    explain("level", "？？", "city")
    explain("level", "※", "county")
    assert meaning(ASSOCIATIONS, "level", "？？") == "city"
    assert meaning(ASSOCIATIONS, "level", "※") == "county"


def test_who_explains_a_word_second_is_told_and_changes_nothing() -> None:
    first, second = DepartmentFactory(), DepartmentFactory()
    assert explain("industry_department", "老局", first.pk)
    assert not explain("industry_department", "老局", second.pk)
    assert meaning(ASSOCIATIONS, "industry_department", "老局") == first.pk


def test_a_word_for_something_that_is_gone_is_explained_anew() -> None:
    gone, department = DepartmentFactory(), DepartmentFactory()
    explain("industry_department", "老局", gone.pk)
    gone.delete()
    assert explain("industry_department", "老局", department.pk)
    assert meaning(ASSOCIATIONS, "industry_department", "老局") == department.pk
