"""A real Chromium on a real server.

Without a Chromium these tests are skipped on a developer's machine; in CI that is an error.
"""

import os
import re
import shutil
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from pytest_django import Settings

from accounts.models import User
from accounts.roles import Role
from tests.factories.accounts import StaffFactory

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
REFUSED = re.compile(r"status of (409|422)")
PASSWORD = "brave-peony-2026"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("CI needs Chromium for the browser tests")
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def unhashed_static_files(settings: Settings) -> None:
    """The test server serves static files from their sources, under their plain names."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


@pytest.fixture
def reference(transactional_db: None) -> None:
    """Divisions and departments."""
    call_command("load_reference", verbosity=0)


@pytest.fixture
def reviewer(reference: None) -> User:
    """Imports and reviews citywide."""
    user = StaffFactory(grant__role=Role.REVIEWER)
    user.set_password(PASSWORD)
    user.save()
    return user


def is_complaint(said: ConsoleMessage) -> bool:
    """Whether something is wrong. A form that comes back, refused or with a conflict, is not."""
    return said.type == "error" and not REFUSED.search(said.text)


@pytest.fixture
def page(chromium: Browser, live_server: object) -> Iterator[Page]:
    """A fresh page; any script error or blocked resource on it fails the test."""
    context = chromium.new_context(
        base_url=live_server.url, viewport={"width": 1440, "height": 900}, accept_downloads=True
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if is_complaint(said) else None)
    yield page
    context.close()
    assert complaints == []


def log_in(page: Page, user: User) -> None:
    """Log in through the form."""
    page.goto("/accounts/login/")
    page.fill("[name=username]", user.username)
    page.fill("[name=password]", PASSWORD)
    page.locator("form:has([name=password]) button").click()
    page.wait_for_url("**/desk/")
