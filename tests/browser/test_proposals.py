"""Propose, change a row, accept, see the assignment; pages fit a phone and break no axe rule."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from accounts.models import User
from organizations.models import Assignment, Department
from tests.browser.conftest import log_in
from tests.factories.organizations import AssociationFactory, InstructorFactory


@pytest.fixture
def waiting(reviewer: User) -> None:
    """Two associations of two departments, and an instructor of each."""
    for number, office in enumerate(Department.objects.filter(code__in=["gxj", "shj"])):
        InstructorFactory(name=f"测试指导员{number}", unit=office.name, department=office)
        AssociationFactory(name=f"菏泽市测试协会{number}", industry_department=office)


def test_a_proposal_is_made_changed_and_accepted(page: Page, reviewer: User, waiting: None) -> None:
    log_in(page, reviewer)
    page.goto("/desk/instructors/")
    page.locator(".page-actions a[href$='/proposals/']").click()
    page.locator("main form[method=post] .btn-primary").click()
    expect(page.locator("main")).to_contain_text("经核算为最优方案")
    first = page.locator(".proposal-rows tbody tr").first
    before = first.locator("td[data-label='指导员'] a").inner_text()
    first.locator(".proposal-acts a").click()
    page.locator("td form .btn", has_text="选择").click()
    row = page.locator(".proposal-rows tbody tr").first
    expect(row).to_contain_text("人工调整")
    assert row.locator("td[data-label='指导员'] a").inner_text() != before
    expect(page.locator("main")).to_contain_text(re.compile("至多高"))
    _look(page, 1440)
    _look(page, 360)
    page.locator(".proposal-decision #accept summary").first.click()
    _look(page, 360)
    page.locator(".proposal-decision button[name=all]").click()
    expect(page.locator("main")).to_contain_text("已写入2条选派记录")
    assert Assignment.objects.count() == 2
    page.locator(".proposal-rows tbody th a").first.click()
    expect(page.locator("main")).to_contain_text("测试指导员")


def test_the_ticked_rows_are_counted_and_named_before_they_are_accepted(
    page: Page, reviewer: User, waiting: None
) -> None:
    log_in(page, reviewer)
    page.goto("/desk/instructors/proposals/")
    page.locator("main form[method=post] .btn-primary").click()
    page.locator("#id_starts_on").press("Enter")
    expect(page.locator("main")).to_contain_text("请先勾选要采纳的行，再确认")
    assert not Assignment.objects.exists()
    asks = page.locator("#accept details", has_text="采纳勾选的")
    asks.locator("summary").click()
    expect(asks.locator("button")).to_be_disabled()
    page.locator("[data-choose-all]").check()
    expect(asks.locator("summary")).to_have_text("采纳勾选的2行", use_inner_text=True)
    page.locator("input[name=rows]").last.uncheck()
    expect(asks.locator("summary")).to_have_text("采纳勾选的1行", use_inner_text=True)
    expect(asks.locator("li")).to_contain_text(["菏泽市测试协会"])
    _look(page, 360)
    asks.locator("button").click()
    expect(page.locator("main")).to_contain_text("已写入1条选派记录")
    assert Assignment.objects.count() == 1


def _look(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert [v["id"] for v in Axe().run(page).response["violations"]] == []
