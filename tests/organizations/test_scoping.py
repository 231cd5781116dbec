import datetime
from random import Random

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import Role
from organizations.models import Association, Department, Division, Grant
from organizations.querysets.associations import CITY
from organizations.scoping import admits, is_citywide
from tests.factories.accounts import GrantFactory, StaffFactory, UserFactory
from tests.factories.organizations import (
    AssociationFactory,
    CityFactory,
    CountyFactory,
    DepartmentFactory,
    TownFactory,
)
from tests.factories.registry import random_registry

pytestmark = pytest.mark.django_db
VIEW = Permission.VIEW_REGISTRY
SCOPE_FIELDS = ("industry_department", "supervising_unit", "division", "managing_area")


def seen(user: User, permission: Permission = VIEW) -> set[Association]:
    return set(Association.objects.for_user(user, permission))


def test_a_grant_without_scope_holds_in_the_whole_city(leader):
    everywhere = {AssociationFactory(), AssociationFactory(division=CountyFactory())}
    assert seen(leader) == everywhere
    assert is_citywide(leader, VIEW)


def test_a_department_sees_those_it_manages_and_those_it_supervises():
    department = DepartmentFactory()
    managed = AssociationFactory(industry_department=department)
    supervised = AssociationFactory(supervising_unit=department)
    AssociationFactory(registration_authority=department)
    user = StaffFactory(grant__role=Role.DEPARTMENT_STAFF, grant__department=department)
    assert seen(user) == {managed, supervised}
    assert not is_citywide(user, VIEW)


def test_a_county_sees_its_townships_and_no_other_county():
    county = CountyFactory()
    own = AssociationFactory(division=county)
    chamber = AssociationFactory(chamber=True, division=TownFactory(parent=county))
    AssociationFactory(division=CountyFactory())
    AssociationFactory(chamber=True)
    AssociationFactory(division=CityFactory())
    user = StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county)
    assert seen(user) == {own, chamber}


def test_a_township_does_not_see_its_county():
    town = TownFactory()
    AssociationFactory(division=town.parent)
    chamber = AssociationFactory(chamber=True, division=town)
    user = StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=town)
    assert seen(user) == {chamber}


def test_a_grant_for_the_city_reaches_down_to_the_townships():
    chamber = AssociationFactory(chamber=True)
    user = StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=CityFactory())
    assert seen(user) == {chamber}


def test_a_zone_sees_what_it_manages_in_another_county():
    zone = CountyFactory(kind=Division.Kind.ZONE)
    managed = AssociationFactory(division=CountyFactory(), managing_area=zone)
    user = StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=zone)
    assert seen(user) == {managed}


def test_two_grants_add_up():
    department, county = DepartmentFactory(), CountyFactory()
    of_department = AssociationFactory(industry_department=department)
    of_county = AssociationFactory(division=county)
    AssociationFactory()
    user = StaffFactory(grant__role=Role.DEPARTMENT_STAFF, grant__department=department)
    GrantFactory(user=user, role=Role.COUNTY_STAFF, division=county)
    assert seen(user) == {of_department, of_county}


def test_each_ability_reaches_only_as_far_as_the_grant_that_bundles_it():
    county = CountyFactory()
    own, other = AssociationFactory(division=county), AssociationFactory()
    user = StaffFactory(grant__role=Role.INSPECTOR)
    GrantFactory(user=user, role=Role.COUNTY_STAFF, division=county)
    assert seen(user) == {own, other}
    assert seen(user, Permission.EDIT_ASSOCIATION) == {own}


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "holds"),
    [(-1, None, True), (0, 1, True), (1, None, False), (-5, 0, False)],
    ids=["begun", "last day", "not begun", "ended today"],
)
def test_a_grant_holds_from_its_first_day_until_the_day_it_ends(valid_from, valid_until, holds):
    today = timezone.localdate()
    days = [
        today + datetime.timedelta(d) if d is not None else None for d in (valid_from, valid_until)
    ]
    user = StaffFactory(
        grant__role=Role.LEADER, grant__valid_from=days[0], grant__valid_until=days[1]
    )
    AssociationFactory()
    assert bool(seen(user)) is holds
    assert user.has_perm(VIEW) is holds


def nobody() -> User:
    return UserFactory()


def inactive() -> User:
    return StaffFactory(grant__role=Role.LEADER, is_active=False)


@pytest.mark.parametrize("person", [nobody, inactive, AnonymousUser])
def test_people_without_grants_see_nothing(person):
    AssociationFactory()
    user = person()
    assert seen(user) == set()
    assert not user.has_perm(VIEW)
    assert not admits(user, VIEW)({"division": 1})


@pytest.mark.parametrize("role", Role.values)
def test_abilities_come_from_the_role_alone(role):
    scope = {
        Role.COUNTY_STAFF: {"grant__division": CountyFactory},
        Role.DEPARTMENT_STAFF: {"grant__department": DepartmentFactory},
        Role.INSTRUCTOR: {"grant__division": CountyFactory},
    }.get(role, {})
    made = {name: factory() for name, factory in scope.items()}
    user = StaffFactory(grant__role=role, is_staff=True, **made)
    administers = role == Role.ADMINISTRATOR
    assert user.has_perm(Permission.ADMINISTER) is administers
    assert user.has_perm("organizations.change_association") is administers


@pytest.mark.parametrize(
    "name", ["pay_grant", "nonsense", "", "funding.pay_grant", "organizations.view", "add_user"]
)
def test_the_administrator_has_no_ability_that_the_role_does_not_name(name):
    assert not StaffFactory(grant__role=Role.ADMINISTRATOR).has_perm(name)


@pytest.mark.parametrize("action", ["add", "change", "delete", "view"])
def test_the_administrator_may_do_in_the_admin_what_it_asks_for(action):
    permission = f"organizations.{action}_grant"
    assert StaffFactory(grant__role=Role.ADMINISTRATOR).has_perm(permission)
    assert not StaffFactory(grant__role=Role.REVIEWER).has_perm(permission)


def test_a_role_that_nobody_knows_gives_no_ability():
    user = UserFactory()
    user._grants_in_force = [Grant(user=user, role="auditor")]
    assert user.get_all_permissions() == set()
    assert not user.has_perm(VIEW)
    assert seen(user) == set()


@pytest.mark.parametrize("seed", range(6))
def test_what_a_record_promises_agrees_with_what_the_stored_row_shows(seed):
    rng = Random(seed)
    random_registry(rng, associations=40)
    for association in Association.objects.all():
        association.supervising_unit = rng.choice([None, *Department.objects.all()])
        association.managing_area = rng.choice([None, *Division.objects.filter(kind="zone")])
        if association.registration_type != Association.RegistrationType.DIRECT:
            association.save()
    user = person_with_random_grants(rng)
    permission = rng.choice([VIEW, Permission.EDIT_ASSOCIATION, Permission.IMPORT_REGISTER])
    admitted = admits(user, permission)
    promised = {
        association
        for association in Association.objects.all()
        if admitted({field: getattr(association, f"{field}_id") for field in SCOPE_FIELDS})
    }
    assert promised == seen(user, permission)


def person_with_random_grants(rng: Random) -> User:
    user = UserFactory()
    for number in range(rng.choice([1, 2, 3])):
        role, scope = rng.choice(
            [
                (Role.LEADER, {"division": rng.choice(Division.objects.all())}),
                (Role.LEADER, {"department": rng.choice(Department.objects.all())}),
                (Role.COUNTY_STAFF, {"division": rng.choice(Division.objects.all())}),
                (Role.DEPARTMENT_STAFF, {"department": rng.choice(Department.objects.all())}),
            ]
        )
        since = datetime.date(2020, 1, 1 + number)
        GrantFactory(user=user, role=role, valid_from=since, **scope)
    return user


def test_a_place_lies_in_the_same_county_for_a_page_a_list_and_a_count() -> None:
    town, city = TownFactory(), CityFactory()
    county = town.parent
    places = [AssociationFactory(level="county", division=each) for each in (town, county)]
    of_city = AssociationFactory(division=city)
    assert [each.county for each in (town, county, city)] == [county, county, None]
    assert set(Division.objects.within(county.code)) == {town, county}
    assert set(Association.objects.in_county(county.code)) == set(places)
    counted = dict(Association.objects.with_county().values_list("pk", "county"))
    assert counted == {each.pk: county.pk for each in places} | {of_city.pk: CITY}
