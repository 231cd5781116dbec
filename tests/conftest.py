"""What all tests share."""

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pgtrigger
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import TransactionTestCase, override_settings
from django.utils import translation
from pytest_django import DjangoDbBlocker, Settings

# Playwright's synchronous interface runs an event loop beside Django's database calls.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(autouse=True, scope="session")
def history_may_be_emptied_between_tests() -> Iterator[None]:
    """Tests that commit are followed by TRUNCATE, which history refuses everybody else."""
    flush = TransactionTestCase._fixture_teardown

    def permitted(self: TransactionTestCase) -> None:
        with pgtrigger.ignore():
            flush(self)

    TransactionTestCase._fixture_teardown = permitted
    yield
    TransactionTestCase._fixture_teardown = flush


@pytest.fixture(autouse=True, scope="session")
def plain_http_and_fast_passwords() -> Iterator[None]:
    """Tests speak HTTP, and hashing a password well would be most of their time."""
    with override_settings(
        HTTPS=False,
        SECURE_SSL_REDIRECT=False,
        SECURE_HSTS_SECONDS=0,
        SESSION_COOKIE_SECURE=False,
        CSRF_COOKIE_SECURE=False,
        LANGUAGE_COOKIE_SECURE=False,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture(autouse=True)
def everybody_begins_in_the_site_s_language() -> None:
    """Whatever language the page of an earlier test was read in."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(scope="module")
def reference(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Divisions and departments for a module's tests; each test still rolls back itself."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_reference", stdout=io.StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def private_files(settings: Settings, tmp_path: Path) -> None:
    """Uploads, exports and logs of a test lie in a directory of its own."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.VAR_DIR = tmp_path
