"""A database for measuring: like any other of the project, made for one run and dropped after."""

from collections.abc import Iterator
from contextlib import contextmanager

import pgtrigger
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from organizations.models import Department, Division, Grant

NAME = "heze_bench"
KEPT = (Department, Division, Grant)


@contextmanager
def scratch_database() -> Iterator[None]:
    """Migrated, with reference data and one citywide reviewer named "bench"."""
    before = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = NAME
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        call_command("load_reference", verbosity=0)
        user = User.objects.create(username="bench")
        Grant.objects.create(user=user, role=Role.REVIEWER, valid_from=timezone.localdate())
        yield
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)


def empty_registry() -> None:
    """Take everything back that imports write, history included."""
    models = [
        *(m for m in apps.get_app_config("organizations").get_models() if m not in KEPT),
        *apps.get_app_config("registers").get_models(),
    ]
    tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in models)
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables}")
        cursor.execute("DROP TABLE IF EXISTS bench_floor")
    settle()


def settle() -> None:
    """Leave no clean-up and no stale statistics to the measurement."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
