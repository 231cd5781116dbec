import pytest

from organizations.models import Department, Division
from organizations.vocabularies import departments, divisions, managing_areas
from registers.cleaning import normalise

pytestmark = pytest.mark.django_db


@pytest.fixture
def counties():
    """Two counties of the city that each have a street of the same name."""
    city = Division.objects.create(code="371700", name="菏泽市", kind="city")
    found = {}
    for code, name, alias in [("371702", "牡丹区", "牡丹"), ("371721", "曹县", "菏泽市曹县")]:
        county = Division.objects.create(
            code=code, name=name, kind="county", parent=city, aliases=[alias]
        )
        street = Division.objects.create(
            code=f"{code}001", name="东城街道", kind="street", parent=county, aliases=["东城办事处"]
        )
        found[name] = (county, street)
    return found


def owner(vocabulary, writing: str) -> int | None:
    return vocabulary.keys.get(normalise(writing))


def test_county_is_known_by_all_its_writings(counties):
    county, _street = counties["曹县"]
    assert {owner(divisions(), w) for w in ("曹县", "菏泽市曹县", " 曹 县 ")} == {county.pk}


def test_street_is_known_with_its_county_before_it(counties):
    _county, street = counties["曹县"]
    writings = ("曹县东城街道", "曹县东城办事处", "菏泽市曹县东城街道")
    assert {owner(divisions(), writing) for writing in writings} == {street.pk}


def test_street_of_two_counties_is_nobodys_by_itself(counties):
    assert owner(divisions(), "东城街道") is None


def test_name_to_show_is_a_writing_of_the_same_division(counties):
    vocabulary = divisions()
    assert {pk: owner(vocabulary, name) for pk, name in vocabulary.names.items()} == {
        pk: pk for pk in vocabulary.names
    }


def test_only_zones_manage(counties):
    city = Division.objects.get(kind="city")
    zone = Division.objects.create(code="371772", name="高新区", kind="zone", parent=city)
    assert managing_areas().names == {zone.pk: "高新区"}


def test_department_is_known_by_its_aliases(counties):
    city = Division.objects.get(kind="city")
    department = Department.objects.create(
        code="fgw",
        name="菏泽市发展和改革委员会",
        short_name="市发改委",
        aliases=["发改委"],
        division=city,
    )
    writings = ("菏泽市发展和改革委员会", "市发改委", "发改委")
    assert {owner(departments(), writing) for writing in writings} == {department.pk}


def test_departments_of_the_city_stand_before_those_of_counties(counties):
    city = Division.objects.get(kind="city")
    county, _street = counties["曹县"]
    for code, division in [("371721-mzj", county), ("xfj", city), ("aqj", city)]:
        Department.objects.create(code=code, name=code, short_name=code, division=division)
    assert list(departments().names.values()) == ["xfj", "aqj", "371721-mzj"]


@pytest.mark.parametrize("vocabulary", [departments, divisions, managing_areas])
def test_vocabulary_takes_one_query(vocabulary, counties, django_assert_num_queries):
    with django_assert_num_queries(1):
        vocabulary()
