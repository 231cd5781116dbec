"""An instructor logs a visit on a phone."""

import datetime

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.roles import Role
from organizations.models import Division, WorkEntry
from tests.browser.conftest import PASSWORD, log_in
from tests.factories.accounts import StaffFactory
from tests.factories.organizations import AssignmentFactory, InstructorFactory

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def instructor(reference: None) -> User:
    """Works with two associations of a county."""
    county = Division.objects.get(code="371721")
    user = StaffFactory(grant__role=Role.INSTRUCTOR, grant__division=county)
    user.set_password(PASSWORD)
    user.save()
    person = InstructorFactory(user=user)
    for name in ("曹县甲协会", "曹县乙商会"):
        AssignmentFactory(instructor=person, association__name=name, association__division=county)
    return user


def test_what_was_typed_survives_a_page_left_by_mistake(page: Page, instructor: User) -> None:
    page.set_viewport_size(PHONE)
    log_in(page, instructor)
    page.locator(".work-card", has_text="曹县甲协会").get_by_role("link", name="记录工作").click()
    page.get_by_label("工作内容").fill("走访协会")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.get_by_role("button", name="恢复填写内容").click()
    expect(page.get_by_label("工作内容")).to_have_value("走访协会")


def test_logging_a_visit_at_phone_width(page: Page, instructor: User) -> None:
    page.set_viewport_size(PHONE)
    log_in(page, instructor)
    card = page.locator(".work-card", has_text="曹县甲协会")
    expect(card).to_contain_text("逾期未走访")
    card.get_by_role("link", name="记录工作").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.locator("input[type=file]").count() == 0
    page.get_by_label("工作内容").fill("走访协会，了解党组织活动情况。")
    page.locator(".work-form .btn-primary").dblclick()
    page.wait_for_url("**/desk/work/")
    expect(page.locator(".messages")).to_contain_text("曹县甲协会")
    expect(page.locator(".work-card", has_text="曹县甲协会")).to_contain_text("按期")
    entry = WorkEntry.objects.get()
    assert (entry.method, entry.association.name) == ("visit", "曹县甲协会")
    assert datetime.date.today() - entry.on <= datetime.timedelta(1)
