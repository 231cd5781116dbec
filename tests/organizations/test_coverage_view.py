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
from django.utils import timezone, translation

from accounts.models import User
from accounts.roles import Role
from organizations.filters.choices import county_choices
from organizations.members import UNCOVERED
from organizations.rules import assignments_rule, dormant_rule, functional_rule
from registers.filters import joined
from tests.factories.accounts import StaffFactory, UserFactory
from tests.factories.organizations import (
    AssignmentFactory,
    AssociationFactory,
    CountyFactory,
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


def test_the_list_behind_a_part_of_the_uncovered_says_who_they_are(leading: Client) -> None:
    AssociationFactory(party_members=3, staff_total=9)
    for part, card in zip(UNCOVERED.values(), dashboard(leading).context["splits"], strict=True):
        listed = leading.get(card["url"]).context
        assert card["rule"] == part.rule
        assert str(part.description) in listed["rule"]


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


def test_county_staff_see_their_own_county_alone(client: Client) -> None:
    own, other = (CountyFactory(tile_column=column, tile_row=1) for column in (1, 2))
    for county in (own, other):
        AssociationFactory(level="county", division=county)
    client.force_login(StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=own))
    response = dashboard(client)
    assert [county.label for county in response.context["report"].counties] == [own.name]
    assert other.name not in response.content.decode()


def test_two_departments_get_each_its_own_figures(client: Client) -> None:
    own, other = DepartmentFactory.create_batch(2)
    AssociationFactory(industry_department=own)
    AssociationFactory.create_batch(2, industry_department=other)
    for department, associations in ((own, 1), (other, 2)):
        client.force_login(
            StaffFactory(grant__role=Role.DEPARTMENT_STAFF, grant__department=department)
        )
        assert dashboard(client).context["report"].total.active == associations


def test_people_without_rights_are_refused(client: Client) -> None:
    client.force_login(UserFactory())
    assert dashboard(client).status_code == 403


def test_visitors_are_sent_to_the_log_in(client: Client) -> None:
    assert dashboard(client).url.startswith(reverse("accounts:login"))


@pytest.mark.parametrize("text", ["2026-02-30", "soon", "9999-01-01", "1949-12-31"])
def test_wrong_day_is_answered_with_today_and_a_message(leading: Client, text: str) -> None:
    context = dashboard(leading, as_of=text).context
    assert context["report"].on == timezone.localdate()
    assert context["day_problem"]


def test_past_day_is_answered_with_the_figures_of_that_day(leading: Client) -> None:
    CoverageFactory(valid_from=datetime.date(2024, 1, 1), valid_until=datetime.date(2024, 6, 1))
    assert dashboard(leading, as_of="2024-05-31").context["report"].total.covered == 1
    assert dashboard(leading, as_of="2024-06-01").context["report"].total.covered == 0


def test_instructors_are_unknown_before_the_first_assignment_recorded(leading: Client) -> None:
    AssociationFactory()
    AssignmentFactory(assigned_on=datetime.date(2025, 3, 1))
    AssignmentFactory(assigned_on=datetime.date(2025, 5, 1))
    before = dashboard(leading, as_of="2025-02-28").context["figures"]
    with translation.override("zh-hans"):
        rule = assignments_rule(datetime.date(2025, 3, 1))
    assert [(figure["value"], figure["rule"]) for figure in before[3:]] == [(None, rule)] * 2
    assert rule in before[1]["rule"]
    since = dashboard(leading, as_of="2025-03-01").context["figures"]
    assert [figure["value"] for figure in since[3:]] == [1, 1]
    assert rule not in since[1]["rule"]


def test_nobody_at_work_is_none_where_assignments_are_recorded(leading: Client) -> None:
    AssignmentFactory(assigned_on=datetime.date(2025, 3, 1), ended_on=datetime.date(2025, 4, 1))
    after = dashboard(leading, as_of="2025-04-01").context["figures"]
    assert [figure["value"] for figure in after[3:]] == [0, 0]


def test_both_settings_are_shown(leading: Client, settings: Any) -> None:
    AssociationFactory()
    settings.COVERAGE_COUNTS_FUNCTIONAL = settings.COVERAGE_COUNTS_DORMANT = False
    with translation.override(settings.LANGUAGE_CODE):
        neither = (functional_rule(), dormant_rule())
    assert all(rule in dashboard(leading).context["rule"] for rule in neither)
    settings.COVERAGE_COUNTS_FUNCTIONAL = settings.COVERAGE_COUNTS_DORMANT = True
    assert not any(rule in dashboard(leading).context["rule"] for rule in neither)


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
    assert counts[0] <= 11


class TestZones:
    """鲁西新区 manages associations of two districts and has no streets of its own."""

    def places(self, client: Client) -> set[str]:
        return {county.key for county in dashboard(client).context["report"].counties}

    def test_zone_that_only_manages_is_no_county_of_page_or_filter(self, leading: Client) -> None:
        zone = CountyFactory(kind="zone")
        district = AssociationFactory(
            level="county", division=CountyFactory(), managing_area=zone
        ).division
        assert self.places(leading) == {district.code}
        assert zone.code not in dict(county_choices())

    def test_zone_stands_among_the_counties_while_a_roster_names_nothing_else(
        self, leading: Client
    ) -> None:
        zone = AssociationFactory(level="county", division=CountyFactory(kind="zone")).division
        assert zone.code in self.places(leading)
        assert zone.code in dict(county_choices())

    def test_list_finds_what_a_zone_manages_and_says_so(self, leading: Client) -> None:
        managed = AssociationFactory(managing_area=CountyFactory(kind="zone"))
        AssociationFactory()
        chosen = {"managing_area": managed.managing_area.code}
        response = leading.get(reverse("organizations:association-list"), chosen)
        assert [row.pk for row in response.context["page_obj"]] == [managed.pk]
        assert managed.managing_area.name in response.context["rule"]


def test_chinese_sentences_follow_each_other_without_a_space() -> None:
    with translation.override("zh-hans"):
        assert joined("甲。", "乙。", "丙。") == "甲。乙。丙。"
    with translation.override("en"):
        assert joined("One.", "Two.", "Three.") == "One. Two. Three."


class TestDesk:
    def test_tasks_lead_to_the_rows_that_they_count(self, leading: Client) -> None:
        AssociationFactory(party_members=3, staff_total=9)
        AssociationFactory(credit_code="")
        CoverageFactory(party_organization__name="")
        tasks = leading.get(reverse("desk")).context["others"]
        counts = [row_count(leading, task.url) for task in tasks]
        assert [task.number for task in tasks] == counts == [1, 1, 1, 1, 2, 3]

    def test_figures_are_those_of_ones_scope(self, client: Client) -> None:
        own = CoverageFactory().association.industry_department
        AssociationFactory.create_batch(2)
        client.force_login(StaffFactory(grant__role=Role.DEPARTMENT_STAFF, grant__department=own))
        figures = client.get(reverse("desk")).context["figures"]
        assert [figures[0]["value"], figures[3]["value"]] == [1, 100]


class TestFrontPage:
    def test_shows_citywide_figures_to_everybody(self, client: Client) -> None:
        CoverageFactory()
        systems = client.get(reverse("home")).context["systems"]
        values = [figure["value"] for system in systems for figure in system["figures"]]
        assert values == [1, 0, 0, 0, 0, 100, None, 0, 0, 0, 0, 0, 0]

    def test_links_nowhere_behind_the_log_in(self, client: Client) -> None:
        CoverageFactory()
        assert "/desk/" not in client.get(reverse("home")).content.decode()


def test_a_rule_is_said_once(client: Client, leader: User) -> None:
    client.force_login(leader)
    for name, query in [
        ("statistics", {}),
        ("association-list", {"coverage": "covered", "organised": "joint"}),
    ]:
        assert (
            client.get(reverse(f"organizations:{name}"), query).text.count(functional_rule()) == 1
        )
