import re
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from heze_assoc import home
from heze_assoc.contributions import FIGURES
from organizations.models import Association
from tests.factories.accounts import GrantFactory, StaffFactory, UserFactory
from tests.factories.organizations import (
    AssociationFactory,
    CountyFactory,
    DepartmentFactory,
    InspectionFactory,
    UnresolvedAssignmentFactory,
)

pytestmark = pytest.mark.django_db
CHAMBERS = "township_chamber_coverage"


@pytest.mark.parametrize(
    ("role", "own", "others"),
    [
        (Role.REVIEWER, ["not-begun", "not_work_covered", "unresolved"], []),
        (Role.FINANCE, [], ["not-begun", "not_work_covered"]),
        (Role.INSPECTOR, [], ["not-begun", "not_work_covered"]),
    ],
)
def test_desk_tells_apart_what_one_can_settle_oneself(
    client: Client, role: Role, own: list[str], others: list[str]
) -> None:
    due = AssociationFactory(party_members=3, staff_total=9)
    InspectionFactory(association=due, year=timezone.localdate().year - 1)
    UnresolvedAssignmentFactory()
    client.force_login(StaffFactory(grant__role=role))
    context = client.get(reverse("desk")).context
    for tasks, expected in ((context["own"], own), (context["others"], others)):
        assert len(tasks) == len(expected)
        assert all(part in task.url for part, task in zip(expected, tasks, strict=True))


def test_an_instructor_is_not_told_what_is_left_to_do_in_the_county(client: Client) -> None:
    county = CountyFactory()
    AssociationFactory(level="county", division=county, party_members=3, staff_total=9)
    person = StaffFactory(grant__role=Role.INSTRUCTOR, grant__division=county)
    client.force_login(person)
    assert client.get(reverse("desk")).context["others"] == []
    GrantFactory(user=person, role=Role.FINANCE, division=county)
    assert client.get(reverse("desk")).context["others"]


def test_desk_says_for_which_role_and_scope_it_speaks(client: Client) -> None:
    department = DepartmentFactory()
    role = Role.DEPARTMENT_STAFF
    client.force_login(StaffFactory(grant__role=role, grant__department=department))
    page = client.get(reverse("desk")).content.decode()
    assert f"{role.label} · {department}" in page


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        (Role.REVIEWER, True),
        (Role.COUNTY_STAFF, True),
        (Role.INSPECTOR, True),
        (Role.LEADER, False),
        (Role.FINANCE, False),
    ],
)
def test_the_menu_offers_imports_to_whom_their_page_is_open(
    client: Client, role: Role, offered: bool
) -> None:
    division = CountyFactory() if role == Role.COUNTY_STAFF else None
    client.force_login(StaffFactory(grant__role=role, grant__division=division))
    imports = reverse("registers:batch-list")
    assert (imports in menu(client)) == offered
    assert client.get(imports).status_code == (200 if offered else 403)


@pytest.mark.parametrize(
    ("held", "shown"),
    [
        ({"level": Association.Level.CITY}, {"city_level_associations"}),
        ({"registration_type": Association.RegistrationType.CHAMBER}, {CHAMBERS}),
        ({"level": Association.Level.COUNTY}, set()),
    ],
)
def test_desk_leaves_out_figures_that_its_scope_has_nothing_of(
    client: Client, held: dict[str, str], shown: set[str]
) -> None:
    county = CountyFactory()
    AssociationFactory(division=county, **{"level": Association.Level.COUNTY} | held)
    AssociationFactory(level=Association.Level.CITY)
    client.force_login(StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county))
    labels = [card["label"] for card in client.get(reverse("desk")).context["figures"]]
    figures = {figure.key for figure in FIGURES if figure.label in labels}
    assert figures & {"city_level_associations", CHAMBERS} == shown
    assert "organisation_coverage" in figures


def menu(client: Client) -> list[str]:
    """The addresses in the staff site's menu."""
    page = client.get(reverse("desk")).content.decode()
    return re.findall(r'href="([^"]+)"', page.split("site-nav-desk")[1].split("</nav>")[0])


@pytest.mark.parametrize(
    ("role", "entries"), [(Role.ADMINISTRATOR, 13), (Role.REVIEWER, 12), (Role.INSPECTOR, 11)]
)
def test_whatever_the_menu_offers_opens(client: Client, role: Role, entries: int) -> None:
    client.force_login(StaffFactory(grant__role=role))
    offered = menu(client)
    assert len(offered) == entries
    assert {path: client.get(path).status_code for path in offered} == dict.fromkeys(offered, 200)


def test_the_menu_offers_nothing_of_the_registry_to_who_may_not_see_it(client: Client) -> None:
    client.force_login(UserFactory())
    assert menu(client) == [reverse("desk")]


def test_a_figure_of_an_unknown_system_cannot_vanish_from_the_front_page(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "FIGURES", [replace(FIGURES[0], system="nowhere")])
    with pytest.raises(KeyError, match="nowhere"):
        client.get(reverse("home"))
