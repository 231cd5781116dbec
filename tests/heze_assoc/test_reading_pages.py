"""Pages that only show something refuse to be written to."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from tests.factories.accounts import StaffFactory

pytestmark = pytest.mark.django_db
READING = [
    ("home", ()),
    ("desk", ()),
    ("organizations:coverage", ()),
    ("organizations:association-list", ()),
    ("organizations:association-detail", (1,)),
    ("organizations:instructor-list", ()),
    ("organizations:instructor-detail", (1,)),
    ("registers:batch-list", ()),
    ("registers:template", ("associations",)),
    ("registers:word-list", ()),
    ("registers:batch-detail", (1,)),
    ("registers:marked", (1,)),
    ("registers:dictionary", ("associations",)),
    ("registers:export-list", ()),
    ("registers:export-detail", (1,)),
    ("registers:export-download", (1,)),
]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize(("name", "args"), READING, ids=[name for name, _args in READING])
def test_a_page_that_only_shows_something_cannot_be_written_to(
    client: Client, name: str, args: tuple, method: str
) -> None:
    client.force_login(StaffFactory(grant__role=Role.ADMINISTRATOR))
    assert getattr(client, method)(reverse(name, args=args)).status_code == 405
