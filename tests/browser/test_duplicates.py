"""Two entries of one association are merged, and two that only look alike are told apart."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from accounts.models import User
from organizations.models import Association, NotDuplicate
from registers.reconciling import Part
from tests.browser.conftest import log_in
from tests.browser.test_accessibility import look
from tests.factories.organizations import (
    AssociationFactory,
    CoverageFactory,
    DistinctNameFactory,
    FormerNameFactory,
    MergerFactory,
    NotDuplicateFactory,
)
from tests.registers.workbook_builder import NAME, roster, staged


def likely_pair(trade: str) -> tuple[Association, Association]:
    return (
        AssociationFactory(name=f"菏泽市{trade}协会"),
        AssociationFactory(name=f"菏泽市{trade}商会", credit_code=""),
    )


def test_a_pair_is_compared_and_merged_and_that_is_undone(page: Page, reviewer: User) -> None:
    kept, absorbed = likely_pair("木业")
    CoverageFactory(association=kept, party_organization__name="中共木业协会支部")
    CoverageFactory(association=absorbed, party_organization__name="中共木业商会支部")
    log_in(page, reviewer)
    page.goto("/desk/associations/")
    page.locator("main a", has_text="疑似重复").click()
    page.locator("main a", has_text="比对合并").click()
    expect(page.locator(".merge-conflict")).to_contain_text("中共木业商会支部")
    page.locator(".merge-conflict input[value=absorbed]").check()
    page.locator("input[name=field-name][value=absorbed]").check()
    page.locator("details.confirm summary").click()
    page.locator("details.confirm[open] button").click()
    expect(page.locator("h1")).to_have_text("菏泽市木业商会")
    expect(page.locator("main")).to_contain_text("中共木业商会支部")
    page.goto("/desk/associations/duplicates/merged/")
    page.locator("details.confirm summary").click()
    page.locator("details.confirm[open] button").click()
    expect(page.locator("main")).to_contain_text("已恢复为单独的记录")
    assert set(Association.objects.values_list("name", flat=True)) == {
        "菏泽市木业协会",
        "菏泽市木业商会",
    }


@pytest.mark.parametrize("width", [360, 1440])
def test_the_pages_are_accessible_and_fit(
    page: Page, reviewer: User, settings: Settings, tmp_path: Path, width: int
) -> None:
    settings.MEDIA_ROOT = tmp_path
    kept, absorbed = likely_pair("木业")
    CoverageFactory(association=kept)
    CoverageFactory(association=absorbed)
    NotDuplicateFactory(), FormerNameFactory(), DistinctNameFactory(), MergerFactory()
    batch = staged(roster({NAME: "菏泽市木业联合会"}), by=reviewer)
    page.set_viewport_size({"width": width, "height": 800})
    log_in(page, reviewer)
    paths = [
        "/desk/associations/duplicates/",
        "/desk/associations/duplicates/settled/",
        "/desk/associations/duplicates/merged/",
        f"/desk/associations/duplicates/{kept.pk}/{absorbed.pk}/",
        f"/desk/imports/{batch.pk}/",
        f"/desk/imports/{batch.pk}/matches/",
        *(f"/desk/imports/{batch.pk}/reconcile/?part={part.value}" for part in Part),
    ]
    assert [line for path in paths for line in look(page, path)] == []


def test_a_pair_that_is_two_is_not_shown_again(page: Page, reviewer: User) -> None:
    likely_pair("家具")
    log_in(page, reviewer)
    page.goto("/desk/associations/duplicates/")
    page.locator("input[name=reason]").fill("两个法人")
    page.locator(".double-actions button").click()
    expect(page.locator(".empty-state")).to_contain_text("没有疑似重复")
    assert NotDuplicate.objects.get().reason == "两个法人"
    page.locator(".tabs a", has_text="已认定事项").click()
    expect(page.locator("#pairs")).to_contain_text("两个法人")
    page.locator("#pairs button").click()
    page.locator(".tabs a", has_text="疑似重复").click()
    expect(page.locator(".doubles")).to_contain_text("菏泽市家具商会")
