"""A new app joins every list of apps, or no gate sees it and no page shows what it adds."""

import importlib.util
import tomllib
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from django.apps import apps
from django.conf import settings
from django.utils import timezone

from heze_assoc import contributions
from organizations.figures import citywide

LOCAL_APPS = sorted(path.parent.name for path in settings.BASE_DIR.glob("*/apps.py"))
TOP, FOUNDATIONS = "heze_assoc", ["organizations", "registers", "accounts"]


@pytest.fixture(scope="module")
def tools() -> dict:
    """What pyproject.toml tells the tools."""
    return tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["tool"]


@pytest.fixture
def catalogue() -> ModuleType:
    """locale/catalogue.py, which is no module of a package."""
    spec = importlib.util.spec_from_file_location(
        "catalogue", settings.BASE_DIR / "locale" / "catalogue.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def with_module(name: str) -> list[str]:
    return [app for app in LOCAL_APPS if importlib.util.find_spec(f"{app}.{name}")]


def test_every_app_is_installed() -> None:
    assert set(LOCAL_APPS) <= {config.name for config in apps.get_app_configs()}


def test_the_type_checker_reads_every_app(tools: dict) -> None:
    assert tools["mypy"]["files"] == LOCAL_APPS


def test_the_import_contract_knows_every_app(tools: dict) -> None:
    """Apps between the top and the foundations stand in one layer, where none imports another."""
    leaves = [app for app in LOCAL_APPS if app not in (TOP, *FOUNDATIONS)]
    [contract] = tools["importlinter"]["contracts"]
    assert sorted(tools["importlinter"]["root_packages"]) == LOCAL_APPS
    assert contract["layers"] == [TOP, *filter(None, [" | ".join(leaves)]), *FOUNDATIONS]


def test_a_new_app_is_searched_for_sentences_to_translate(
    catalogue: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "grants").mkdir()
    (tmp_path / "grants" / "apps.py").write_text('name = _("Spoken by nobody")')
    monkeypatch.setattr(catalogue, "ROOT", tmp_path)
    assert "not translated: 'Spoken by nobody' (grants/apps.py)" in catalogue.problems()


@pytest.mark.parametrize("app", with_module("figures"))
def test_figures_of_every_app_are_shown(app: str) -> None:
    figures = import_module(f"{app}.figures").FIGURES
    assert [figure.key for figure in figures if figure not in contributions.FIGURES] == []


def test_no_two_figures_share_a_key() -> None:
    keys = [figure.key for figure in contributions.FIGURES]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("app", with_module("tasks"))
def test_tasks_of_every_app_are_shown(app: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for other in with_module("tasks"):
        found = [app] if other == app else []
        monkeypatch.setattr(f"{other}.tasks.open_tasks", lambda scope, found=found: found)
    assert contributions.open_tasks(citywide(timezone.localdate())) == [app]
