"""Take the README's pictures from the running demo (`make demo` in another terminal)."""

import shutil
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

SITE = "http://127.0.0.1:8000"
FOLDER = Path(__file__).parent / "images"
ROSTER = Path(__file__).parent.parent / "fixtures/rosters/市级行业协会商会基本情况统计表.xlsx"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PASSWORD = "heze-demo-2025"


def take(page: Page, path: str, name: str, height: int) -> None:
    page.goto(path)
    page.wait_for_timeout(800)
    width = page.viewport_size["width"]
    clip = {"x": 0, "y": 0, "width": width, "height": height}
    page.screenshot(path=FOLDER / f"{name}.png", clip=clip, full_page=True)


def log_in(page: Page, username: str) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.locator("form:has([name=password]) button").click()
    page.wait_for_url("**/desk/")


def preview(page: Page) -> None:
    """Upload a roster and stop before anything is written."""
    page.goto("/desk/imports/new/associations/")
    page.set_input_files("input[type=file]", str(ROSTER))
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/columns/")
    page.locator("main form .form-actions button.btn-primary").click()
    page.wait_for_url(lambda url: url.rstrip("/").split("/")[-1].isdigit())
    take(page, page.url, "preview", 900)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        wide = browser.new_page(base_url=SITE, viewport={"width": 1280, "height": 900})
        take(wide, "/", "front", 1150)
        take(wide, "/showcase/", "showcase", 900)
        log_in(wide, "reviewer")
        take(wide, "/desk/coverage/", "coverage", 1100)
        take(wide, "/desk/establishment/", "establishment", 900)
        take(wide, "/desk/assessments/results/1/", "result", 1100)
        preview(wide)
        phone = browser.new_page(base_url=SITE, viewport={"width": 360, "height": 800})
        log_in(phone, "leader")
        take(phone, "/desk/coverage/", "coverage-phone", 1100)
        field = browser.new_page(base_url=SITE, viewport={"width": 360, "height": 800})
        log_in(field, "instructor")
        take(field, "/desk/work/", "work-phone", 1100)
        browser.close()


if __name__ == "__main__":
    main()
