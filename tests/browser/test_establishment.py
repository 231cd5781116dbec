"""An association goes the whole way to its Party organisation, and coverage follows."""

from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser.conftest import log_in
from tests.factories.organizations import AssignmentFactory, AssociationFactory

STEPS = {
    "cultivating": {},
    "requested": {},
    "approved": {"approval_no": "菏社工发〔2025〕12号"},
    "elected": {},
    "established": {"name": "中共菏泽市花卉协会支部委员会", "secretary": "王芳"},
}


def test_an_association_goes_the_whole_way_and_is_covered(page: Page, reviewer: User) -> None:
    association = AssociationFactory(name="菏泽市花卉协会", party_members=5)
    AssignmentFactory(association=association)
    log_in(page, reviewer)
    page.goto("/desk/coverage/")
    expect(page.locator(".figure-value").first).to_contain_text("0")
    page.goto("/desk/establishment/not-begun/")
    page.get_by_role("checkbox", name="菏泽市花卉协会").check()
    page.locator("main .form-actions summary").click()
    page.locator("main .form-actions button").click()
    page.goto("/desk/establishment/")
    page.get_by_role("link", name="菏泽市花卉协会", exact=True).click()
    for stage, facts in STEPS.items():
        page.locator(f"a.btn-primary[href*='/move/{stage}/']").click()
        for name, value in facts.items():
            page.fill(f"[name={name}]", value)
        page.locator("main form button.btn-primary").click()
        page.wait_for_url("**/establishment/*/")
    expect(page.locator("[aria-current=step]")).to_contain_text("成立")
    page.goto("/desk/coverage/")
    expect(page.locator(".figure-value").first).to_contain_text("100")
