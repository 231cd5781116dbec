"""Keeping a record in a form, in a real browser."""

from playwright.sync_api import Page, expect

from accounts.models import User
from organizations.models import Association
from tests.browser.conftest import log_in
from tests.factories.organizations import AssociationFactory


def test_a_record_that_two_people_edit_shows_both_sides_and_loses_nothing(
    page: Page, reviewer: User
) -> None:
    association = AssociationFactory(phone="0530-1111111", party_members=2)
    log_in(page, reviewer)
    page.goto(f"/desk/associations/{association.pk}/")
    page.get_by_role("link", name="修改", exact=True).click()
    page.get_by_label("联系电话").fill("0530-3333333")
    page.get_by_label("所属行业").fill("新材料")
    Association.objects.filter(pk=association.pk).update(phone="0530-2222222", address="新址")

    page.get_by_role("button", name="保存").click()
    conflict = page.get_by_role("alert")
    expect(conflict).to_contain_text("0530-2222222")
    expect(conflict).to_contain_text("0530-3333333")
    expect(page.get_by_label("所属行业")).to_have_value("新材料")
    expect(page.get_by_label("住所")).to_have_value("新址")

    conflict.get_by_role("radio").last.check()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status")).to_contain_text("已保存")
    association.refresh_from_db()
    assert (association.phone, association.address, association.industry) == (
        "0530-3333333", "新址", "新材料",
    )  # fmt: skip


def test_what_was_typed_survives_the_end_of_the_session(page: Page, reviewer: User) -> None:
    association = AssociationFactory()
    log_in(page, reviewer)
    page.goto(f"/desk/associations/{association.pk}/edit/members/")
    page.get_by_label("单位会员数").fill("41")
    page.context.clear_cookies()
    page.on("dialog", lambda dialog: dialog.accept())
    log_in(page, reviewer)
    page.goto(f"/desk/associations/{association.pk}/edit/members/")
    page.get_by_role("button", name="恢复填写内容").click()
    expect(page.get_by_label("单位会员数")).to_have_value("41")


def test_a_threshold_is_pointed_out_while_typing(page: Page, reviewer: User) -> None:
    association = AssociationFactory()
    log_in(page, reviewer)
    page.goto(f"/desk/associations/{association.pk}/edit/members/")
    page.get_by_label("正式党员数").fill("3")
    page.get_by_label("正式党员数").press("Tab")
    expect(page.get_by_text("应单独建立党支部")).to_be_visible()


def test_a_number_is_changed_in_the_list(page: Page, reviewer: User) -> None:
    association = AssociationFactory(unit_members=40)
    log_in(page, reviewer)
    page.goto("/desk/associations/?columns=unit_members")
    page.locator(".cell-edit").click()
    page.locator(".cell-open input[type=number]").fill("41")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("td .cell")).to_contain_text("41")
    association.refresh_from_db()
    assert association.unit_members == 41
