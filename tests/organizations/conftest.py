import datetime

import pytest
from pytest_django import Settings

from accounts.models import User
from accounts.roles import Role
from tests.factories.accounts import StaffFactory

ON = datetime.date(2026, 3, 31)


@pytest.fixture
def on() -> datetime.date:
    """The day that coverage tests ask about."""
    return ON


@pytest.fixture
def leader(db: None) -> User:
    """Sees the whole city."""
    return StaffFactory(grant__role=Role.LEADER)


@pytest.fixture(params=[False, True], ids=["entity only", "functional too"])
def functional_counts(request: pytest.FixtureRequest, settings: Settings) -> bool:
    settings.COVERAGE_COUNTS_FUNCTIONAL = request.param
    return request.param


@pytest.fixture(params=[True, False], ids=["dormant too", "without dormant"])
def dormant_counts(request: pytest.FixtureRequest, settings: Settings) -> bool:
    settings.COVERAGE_COUNTS_DORMANT = request.param
    return request.param
