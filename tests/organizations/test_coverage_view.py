"""Every number of the dashboard against the list that it leads to."""

import datetime
import re
from html.parser import HTMLParser
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from tests.factories.accounts import StaffFactory, UserFactory
from tests.factories.organizations import (
    AssignmentFactory,
    AssociationFactory,
    CoverageFactory,
    DepartmentFactory,
)
from tests.factories.registry import random_registry

pytestmark = pytest.mark.django_db

LISTS = ("/desk/associations/?", "/desk/instructors/?")
NUMBER = re.compile(r"[\d,]+(?:\.\d+)?")


class Links(HTMLParser):
    """Links to lists and the number that each shows: its own, or its card's.

    A card that shows a share gives the number of rows first in its rule.
    """

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.href, self.place = "", ""
        self.card: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        classes = given.get("class", "").split()
        parts = {"tile-note", "figure-value", "figure-rule"}.intersection(classes)
        if parts:
            self.place = parts.pop()
        if "figure" in classes:
            self.card = {}
        if tag == "a" and given.get("href", "").startswith(LISTS):
            self.href = self.card["href"] = given["href"]
            self.place = "link"

    def handle_data(self, data: str) -> None:
        if self.place.startswith("figure"):
            self.card[self.place] = self.card.get(self.place, "") + data
        elif self.place == "tile-note" or (self.place == "link" and NUMBER.fullmatch(data)):
            self._add(self.href, data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "p" and self.place == "figure-rule":
            value = self.card["figure-value"]
            is_share = "%" in value or "—" in value
            self._add(self.card["href"], self.card["figure-rule"] if is_share else value)
        self.place = ""

    def _add(self, href: str, text: str) -> None:
        number = NUMBER.search(text)
        assert number, text
        self.found.append((href, number[0].replace(",", "")))


def row_count(client: Client, href: str) -> int:
    return client.get(href).context["page_obj"].paginator.count


def dashboard(client: Client, **query: str) -> Any:
    return client.get(reverse("organizations:coverage"), query)


def links(client: Client, **query: str) -> list[tuple[str, str]]:
    parser = Links()
    parser.feed(dashboard(client, **query).content.decode())
    return parser.found


@pytest.fixture
def leading(client: Client, leader: User) -> Client:
    client.force_login(leader)
    return client


@pytest.mark.parametrize("counts_all", [True, False])
def test_every_number_is_the_row_count_of_its_list(
    leading: Client, settings: Any, counts_all: bool
) -> None:
    settings.COVERAGE_COUNTS_FUNCTIONAL = settings.COVERAGE_COUNTS_DORMANT = counts_all
    random_registry(Random(5), associations=30)
    found = links(leading, as_of="2025-06-30")
    counts = {href: row_count(leading, href) for href, _ in found}
    assert len(found) > 100
    assert [(h, n) for h, n in found if n != str(counts[h])] == []


def test_day_asked_for_reaches_every_link(leading: Client) -> None:
    AssociationFactory()
    assert all("as_of=2025-06-30" in href for href, _ in links(leading, as_of="2025-06-30"))


def test_department_staff_see_their_own_associations_alone(client: Client) -> None:
    own, other = DepartmentFactory.create_batch(2)
    CoverageFactory(association__industry_department=own)
    AssociationFactory.create_batch(2, industry_department=other)
    AssignmentFactory(association__industry_department=other)
    client.force_login(StaffFactory(grant__role=Role.DEPARTMENT_STAFF, grant__department=own))
    response = dashboard(client)
    report = response.context["report"]
    assert (report.total.active, report.total.covered, report.instructors.people) == (1, 1, 0)
    assert other.short_name not in response.content.decode()


def test_people_without_rights_are_refused(client: Client) -> None:
    client.force_login(UserFactory())
    assert dashboard(client).status_code == 403


def test_visitors_are_sent_to_the_log_in(client: Client) -> None:
    assert dashboard(client).url.startswith(reverse("accounts:login"))


@pytest.mark.parametrize("text", ["2026-02-30", "soon", "9999-01-01"])
def test_wrong_day_is_answered_with_today_and_a_message(leading: Client, text: str) -> None:
    context = dashboard(leading, as_of=text).context
    assert context["report"].on == timezone.localdate()
    assert context["day_problem"]


def test_past_day_is_answered_with_the_figures_of_that_day(leading: Client) -> None:
    CoverageFactory(valid_from=datetime.date(2024, 1, 1), valid_until=datetime.date(2024, 6, 1))
    assert dashboard(leading, as_of="2024-05-31").context["report"].total.covered == 1
    assert dashboard(leading, as_of="2024-06-01").context["report"].total.covered == 0


def test_both_settings_are_shown(leading: Client, settings: Any) -> None:
    AssociationFactory()
    shown = dashboard(leading).context["settings"]
    settings.COVERAGE_COUNTS_FUNCTIONAL = not settings.COVERAGE_COUNTS_FUNCTIONAL
    settings.COVERAGE_COUNTS_DORMANT = not settings.COVERAGE_COUNTS_DORMANT
    other = dashboard(leading).context["settings"]
    assert not set(shown) & set(other)


def test_empty_registry_says_what_to_do(leading: Client) -> None:
    assert "empty" in dashboard(leading).content.decode()


def test_statements_do_not_grow_with_rows(leading: Client) -> None:
    dashboard(leading)
    counts = []
    for _ in range(3):
        AssociationFactory(chamber=True)
        CoverageFactory()
        AssignmentFactory()
        with CaptureQueriesContext(connection) as captured:
            dashboard(leading)
        counts.append(len(captured))
    assert len(set(counts)) == 1
    assert counts[0] <= 12


class TestDesk:
    def test_tasks_lead_to_the_rows_that_they_count(self, leading: Client) -> None:
        AssociationFactory(party_members=3, staff_total=9)
        AssociationFactory(credit_code="")
        CoverageFactory(party_organization__name="")
        tasks = leading.get(reverse("desk")).context["tasks"]
        counts = [row_count(leading, task["url"]) for task in tasks]
        assert [task["number"] for task in tasks] == counts == [1, 1, 1]

    def test_figures_are_those_of_ones_scope(self, client: Client) -> None:
        own = CoverageFactory().association.industry_department
        AssociationFactory.create_batch(2)
        client.force_login(StaffFactory(grant__role=Role.DEPARTMENT_STAFF, grant__department=own))
        figures = client.get(reverse("desk")).context["figures"]
        assert [figure["value"] for figure in figures[:2]] == [1, 100]


class TestFrontPage:
    def test_shows_citywide_figures_to_everybody(self, client: Client) -> None:
        CoverageFactory()
        systems = client.get(reverse("home")).context["systems"]
        values = [figure["value"] for system in systems for figure in system["figures"]]
        assert values == [1, 100, None, 0, 0, 0]

    def test_links_nowhere_behind_the_log_in(self, client: Client) -> None:
        CoverageFactory()
        assert "/desk/" not in client.get(reverse("home")).content.decode()
