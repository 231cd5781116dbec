"""The main path: a roster comes in, the dashboard changes, a list goes out as a workbook."""

from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser.conftest import log_in

ROSTER = Path("fixtures/rosters/市级行业协会商会基本情况统计表.xlsx")


def test_a_roster_is_imported_seen_in_the_coverage_and_exported_again(
    page: Page, reviewer: User, tmp_path: Path
) -> None:
    log_in(page, reviewer)
    _upload(page)
    _commit(page)
    _see_coverage(page)
    _export(page, tmp_path)


def _upload(page: Page) -> None:
    page.goto("/desk/imports/new/associations/")
    page.set_input_files("input[type=file]", str(ROSTER))
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/columns/")
    expect(page.locator("main")).to_contain_text("统一社会信用代码")
    page.locator("main form .form-actions button.btn-primary").click()


def _commit(page: Page) -> None:
    expect(page.locator(".tabs")).to_contain_text("144")
    page.locator("details.confirm summary").first.click()
    page.locator("details.confirm[open] button").click()
    expect(page.locator("main")).to_contain_text("已导入")


def _see_coverage(page: Page) -> None:
    page.goto("/desk/coverage/")
    expect(page.locator("main")).to_contain_text("97")
    expect(page.locator("main")).to_contain_text("67.4")
    page.locator("main a", has_text="97").first.click()
    expect(page.locator("main .table-tools")).to_contain_text("97")


def _export(page: Page, folder: Path) -> None:
    with page.expect_download() as download:
        page.locator("a[href*='format=xlsx']").first.click()
    path = folder / "list.xlsx"
    download.value.save_as(path)
    rows = list(load_workbook(path).active.iter_rows(values_only=True))
    assert sum(str(cell).startswith("51371700MJ") for row in rows for cell in row) == 97
