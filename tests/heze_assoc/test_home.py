import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from tests.factories.accounts import StaffFactory
from tests.factories.organizations import (
    AssociationFactory,
    CountyFactory,
    DepartmentFactory,
    UnresolvedAssignmentFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "own", "others"),
    [
        (Role.REVIEWER, ["members=due", "unresolved"], []),
        (Role.FINANCE, [], ["members=due"]),
        (Role.INSPECTOR, [], ["members=due"]),
    ],
)
def test_desk_tells_apart_what_one_can_settle_oneself(
    client: Client, role: Role, own: list[str], others: list[str]
) -> None:
    AssociationFactory(party_members=3, staff_total=9)
    UnresolvedAssignmentFactory()
    client.force_login(StaffFactory(grant__role=role))
    context = client.get(reverse("desk")).context
    for tasks, expected in ((context["own"], own), (context["others"], others)):
        assert len(tasks) == len(expected)
        assert all(part in task.url for part, task in zip(expected, tasks, strict=True))


def test_desk_says_for_which_role_and_scope_it_speaks(client: Client) -> None:
    department = DepartmentFactory()
    role = Role.DEPARTMENT_STAFF
    client.force_login(StaffFactory(grant__role=role, grant__department=department))
    page = client.get(reverse("desk")).content.decode()
    assert f"{role.label} · {department}" in page


@pytest.mark.parametrize(
    ("role", "offered"), [(Role.REVIEWER, True), (Role.COUNTY_STAFF, True), (Role.FINANCE, False)]
)
def test_the_menu_offers_imports_to_who_can_import(
    client: Client, role: Role, offered: bool
) -> None:
    division = CountyFactory() if role == Role.COUNTY_STAFF else None
    client.force_login(StaffFactory(grant__role=role, grant__division=division))
    page = client.get(reverse("desk")).content.decode()
    assert (reverse("registers:batch-list") in page) == offered
