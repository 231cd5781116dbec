"""Freezing a report in the browser, and what becomes of it while the registry moves on."""

import datetime
import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from accounts.models import User
from organizations.models import Association
from tests.browser.conftest import log_in
from tests.factories.organizations import AssociationFactory, CoverageFactory


def test_a_frozen_report_keeps_its_numbers_and_explains_what_differs(
    page: Page, reviewer: User
) -> None:
    AssociationFactory(name="菏泽市甲协会", party_members=2)
    CoverageFactory(association=AssociationFactory(name="菏泽市乙协会", party_members=5))
    log_in(page, reviewer)
    page.goto("/desk/statistics/")
    page.get_by_role("link", name="定稿报表").last.click()
    page.goto("/desk/statistics/reports/new/")
    page.locator("main form .btn-primary").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("定稿前核对")
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("button", name="确认无误，定稿").click()
    page.wait_for_url(re.compile(r"/reports/\d+/$"))
    assert Axe().run(page).response["violations"] == []
    report = page.url

    Association.objects.filter(name="菏泽市甲协会").update(party_members=3)
    Association.objects.get(name="菏泽市乙协会").delete()
    AssociationFactory(name="菏泽市丙协会", registered_on=datetime.date(2015, 1, 1))

    page.goto(report)
    units = page.get_by_role("row").filter(has_text="单位数").first
    expect(units.get_by_role("cell").nth(1)).to_have_text("2")
    units.get_by_role("link").first.click()
    expect(page.get_by_role("table")).to_contain_text("菏泽市乙协会")

    page.goto(report)
    page.get_by_role("link", name="与同一统计时间的现有登记对照").click()
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("row").filter(has_text="单位数").first.get_by_role("link").first.click()
    table = page.get_by_role("table")
    expect(table).to_contain_text("菏泽市丙协会")
    expect(table.get_by_role("row").filter(has_text="菏泽市乙协会")).to_contain_text("减少")
    assert Axe().run(page).response["violations"] == []

    page.set_viewport_size({"width": 360, "height": 740})
    differences = page.go_back()
    rights = "cells => cells.map(cell => cell.getBoundingClientRect().right)"
    assert max(page.locator(".statistics a:visible").evaluate_all(rights)) < 360
    page.goto("/desk/statistics/")
    assert max(page.locator(".statistics td:visible").evaluate_all(rights)) < 360
    page.goto(differences.url)
    assert Axe().run(page).response["violations"] == []
    page.set_viewport_size({"width": 1440, "height": 900})
    due = page.get_by_role("row").filter(has_text="应建尚未建立党组织的").first
    due.get_by_role("link").first.click()
    member = page.get_by_role("table").get_by_role("row").filter(has_text="菏泽市甲协会")
    expect(member).to_contain_text("正式党员")
    expect(member.locator("del")).to_contain_text("2")
    expect(member.locator("ins")).to_contain_text("3")

    page.goto(report)
    page.get_by_role("link", name="制作更正版").click()
    page.get_by_label("更正原因").fill("漏报一家")
    page.locator("main form .btn-primary").click()
    page.get_by_role("button", name="更正版定稿").click()
    page.wait_for_url(re.compile(r"/reports/\d+/$"))
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("link", name="查看原报表").click()
    expect(page.locator(".message-warning")).to_contain_text("漏报一家")
    assert page.url == report
    assert Axe().run(page).response["violations"] == []
