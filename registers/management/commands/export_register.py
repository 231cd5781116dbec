"""manage.py export_register: a register as a workbook that imports again unchanged."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from registers import register as registry
from registers.days import add_as_of
from registers.personal import exportable_columns
from registers.register import Register
from registers.workbooks.writing import write_register

UNUSABLE = 2


class Command(BaseCommand):
    help = "Write a register to an xlsx workbook."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("register", metavar="REGISTER")
        parser.add_argument("out", metavar="OUT.xlsx", type=Path)
        parser.add_argument("--as", dest="username", help="only what this person may export")
        add_as_of(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        register = _register(options["register"])
        on = options["as_of"] or timezone.localdate()
        rows, columns = register.model._default_manager.all(), list(register.columns)
        user = _user(options["username"], register) if options["username"] else None
        if user:
            rows = register.queryset(user, register.export_permission)
            columns = exportable_columns(register, rows, user, columns)
        try:
            with options["out"].open("wb") as out:
                count = write_register(
                    out,
                    register,
                    (record for _pk, record in register.snapshot(rows, on, user)),
                    note_lines=[_("As of %(date)s") % {"date": date_format(on)}],
                    columns=columns,
                )
        except OSError as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error
        self.stdout.write(f"{count} rows written to {options['out']}")


def _register(key: str) -> Register:
    try:
        return registry.get(key)
    except KeyError:
        known = ", ".join(register.key for register in registry.all_registers())
        raise CommandError(
            f"There is no register “{key}”. Known: {known}.", returncode=UNUSABLE
        ) from None


def _user(username: str, register: Register) -> Any:
    """The active person of that name who may export `register`."""
    users = get_user_model()._default_manager.filter(is_active=True)
    user = users.filter(username=username).first()
    if user is None:
        raise CommandError(f"There is no active user “{username}”.", returncode=UNUSABLE)
    if not user.has_perm(register.export_permission):
        raise CommandError(f"“{username}” may not export this register.", returncode=UNUSABLE)
    return user
