"""What the coverage dashboard does in the browser."""

from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser.conftest import log_in
from tests.factories.organizations import AssociationFactory, CountyFactory


def test_a_click_on_a_heading_sorts_the_table_and_another_turns_it_round(
    page: Page, reviewer: User
) -> None:
    for name, associations in (("甲", 2), ("乙", 10), ("丙", 1)):
        division = CountyFactory(name=name)
        AssociationFactory.create_batch(associations, level="county", division=division)
    log_in(page, reviewer)
    page.goto("/desk/coverage/")
    table = page.get_by_role("table").filter(has_text="丙").first
    heading = table.get_by_role("columnheader").nth(1)
    first = table.locator("tbody th").first
    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "descending")
    expect(first).to_have_text("乙")
    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "ascending")
    expect(table.locator("tfoot th")).to_be_visible()
