from typing import Any

import pytest
from django.core.checks import run_checks

from organizations.models import Association, Department
from registers import checks
from registers.register import Register


def errors(monkeypatch: pytest.MonkeyPatch, model: Any) -> list[str | None]:
    """What the site's checks find in a register over `model`."""

    class Other(Register):
        key = "other"

    Other.model = model
    monkeypatch.setattr(checks, "all_registers", lambda: [Other()])
    return [error.id for error in run_checks() if str(error.id).startswith("registers.")]


def test_every_register_of_the_site_has_its_pages() -> None:
    assert checks.every_register_has_its_pages() == []


def test_a_register_without_pages_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert errors(monkeypatch, Department) == ["registers.E001", "registers.E002"]


def test_the_list_of_another_register_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert errors(monkeypatch, Association) == ["registers.E001"]
