"""No page breaks the axe rules (WCAG 2.2 AA), overflows a phone or asks another host."""

from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, Request, expect

from accounts.models import User
from accounts.roles import Role
from assessments.models import Cycle, Result, ScoringTask
from assessments.operations.ballots import make_codes, open_ballot
from organizations.figures import Scope
from organizations.models import Association, Department
from organizations.tasks import open_tasks
from tests.assessments.test_cycles import brought_to
from tests.assessments.test_pages import ready_cycle
from tests.browser.conftest import log_in
from tests.factories.accounts import GrantFactory
from tests.factories.assessments import BrandFactory
from tests.factories.organizations import LeadershipTermFactory

ROSTER = Path("fixtures/rosters/县区行业协会商会党建情况摸底表.xlsx")
PUBLIC = (
    "/",
    "/associations/",
    "/associations/?q=caoxian",
    "/accounts/login/",
    "/showcase/",
    "/ballot/",
)
ASSESSMENTS = (
    "/desk/assessments/",
    "/desk/assessments/new/",
    "/desk/assessments/objections/",
    "/desk/assessments/brands/",
    "/desk/assessments/brands/declare/",
    "/desk/assessments/scoring/",
)
STAFF = (
    "/desk/",
    "/desk/coverage/",
    "/desk/statistics/",
    "/desk/statistics/joint/",
    "/desk/statistics/reports/",
    "/desk/statistics/reports/new/",
    "/desk/associations/",
    "/desk/associations/duplicates/",
    "/desk/associations/duplicates/settled/",
    "/desk/associations/duplicates/merged/",
    "/desk/instructors/",
    "/desk/establishment/",
    "/desk/establishment/list/",
    "/desk/establishment/not-begun/",
    "/desk/instructors/proposals/",
    "/desk/instructors/proposals/rules/",
    "/desk/exports/",
    "/desk/imports/",
    "/desk/imports/new/associations/",
)


@pytest.fixture
def registry(reviewer: User) -> None:
    call_command("import_register", "associations", ROSTER, stdout=StringIO())


@pytest.mark.parametrize(("width", "language"), [(360, "zh-hans"), (1440, "en")])
def test_pages_are_accessible_and_fit(
    page: Page, reviewer: User, registry: None, live_server: object, width: int, language: str
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    cookie = {"name": "django_language", "value": language, "url": live_server.url}
    page.context.add_cookies([cookie])
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(_host(request)))
    found = [look(page, path) for path in PUBLIC]
    log_in(page, reviewer)
    record = Association.objects.values_list("pk", flat=True).first()
    found += [look(page, path) for path in (*STAFF, f"/desk/associations/{record}/")]
    assert [line for lines in found for line in lines] == []
    assert hosts <= {urlsplit(live_server.url).netloc, ""}


@pytest.mark.parametrize(("width", "language"), [(360, "en"), (1440, "zh-hans")])
def test_pages_of_the_assessment_are_accessible_and_fit(
    page: Page, reviewer: User, reference: None, live_server: object, width: int, language: str
) -> None:
    cycle = ready_cycle(2)
    ScoringTask.objects.update(evaluator=reviewer)
    brand = BrandFactory(department=Department.objects.get(code="gxj"))
    brought_to("calculated", cycle, reviewer)
    make_codes_and_open(reviewer)
    page.set_viewport_size({"width": width, "height": 800})
    cookie = {"name": "django_language", "value": language, "url": live_server.url}
    page.context.add_cookies([cookie])
    log_in(page, reviewer)
    result = Result.objects.first()
    own = f"/desk/assessments/{cycle.pk}/"
    paths = [
        *ASSESSMENTS,
        "/ballot/",
        own,
        f"{own}ballot/",
        f"{own}results/",
        f"{own}what-if/",
        f"/desk/assessments/results/{result.pk}/",
        f"/desk/assessments/brands/{brand.pk}/",
    ]
    found = [look(page, path) for path in paths]
    assert [line for lines in found for line in lines] == []


def make_codes_and_open(office: User) -> None:
    """A ballot of another cycle, open in the room."""
    cycle = ready_cycle(1, 2026)
    Cycle.objects.filter(pk=cycle.pk).update(stage="open")
    make_codes(cycle=cycle, number=1, by=office)
    open_ballot(cycle=cycle, by=office)


def test_the_longest_menu_fits_a_phone(page: Page, reviewer: User) -> None:
    GrantFactory(user=reviewer, role=Role.ADMINISTRATOR)
    page.set_viewport_size({"width": 360, "height": 740})
    log_in(page, reviewer)
    assert look(page, "/desk/") == []


def test_a_task_leads_to_a_list_whose_rows_are_in_sight_on_a_phone(
    page: Page, reviewer: User
) -> None:
    term = LeadershipTermFactory(valid_until=timezone.localdate())
    page.set_viewport_size({"width": 360, "height": 740})
    log_in(page, reviewer)
    scope = Scope(timezone.localdate(), reviewer)
    page.goto(next(task.url for task in open_tasks(scope) if "leadership" in task.url))
    row = page.get_by_role("link", name=term.association.name)
    expect(row).to_be_in_viewport()
    assert Axe().run(page).response["violations"] == []


def look(page: Page, path: str) -> list[str]:
    page.goto(path)
    violations = Axe().run(page).response["violations"]
    lines = [f"{path}: {v['id']} {v['nodes'][0]['html'][:120]}" for v in violations]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        lines.append(f"{path}: wider than the screen")
    return lines


def _host(request: Request) -> str:
    return urlsplit(request.url).netloc
