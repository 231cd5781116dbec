"""Load reference data, the demo workbooks and one log-in per role; safe to repeat."""

import datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.files import File
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

import assessments.demo.steps
from accounts.models import User
from accounts.roles import Role
from organizations.demo import steps
from organizations.models import Department, Division, Grant
from registers import register as registry
from registers.batches import discard, keep
from registers.committing import commit
from registers.models import ImportBatch
from registers.reports import problem_message, problems_of
from registers.staging import stage

PASSWORD = "heze-demo-2025"  # noqa: S105  # printed, and refused where the site is public
SINCE = datetime.date(2025, 1, 1)
PROBLEMS_PRINTED = 20
# What each app shows: its WORKBOOKS, then what no workbook holds.
APPS = (steps, assessments.demo.steps)


class Person(NamedTuple):
    """A demo log-in. department, division: codes of the scope; both empty for the whole city."""

    username: str
    full_name: str
    unit: str
    role: Role
    department: str = ""
    division: str = ""


OFFICE, COUNTY_OFFICE = "市委社会工作部", "曹县县委社会工作部"
PEOPLE = (
    Person("admin", "演示管理员", OFFICE, Role.ADMINISTRATOR),
    Person("leader", "演示分管领导", OFFICE, Role.LEADER),
    Person("reviewer", "演示审核员", OFFICE, Role.REVIEWER),
    Person("finance", "演示财务", OFFICE, Role.FINANCE),
    Person(
        "department", "演示部门人员", "市工业和信息化局", Role.DEPARTMENT_STAFF, department="gxj"
    ),
    Person("county", "演示县区人员", COUNTY_OFFICE, Role.COUNTY_STAFF, division="371721"),
    Person("instructor", "演示指导员", COUNTY_OFFICE, Role.INSTRUCTOR, division="371721"),
    Person("evaluator", "演示评议人员", "市委组织部", Role.EVALUATOR),
    Person("inspector", "演示巡察人员", "市委巡察办", Role.INSPECTOR),
)
USERNAMES = [person.username for person in PEOPLE]


class Command(BaseCommand):
    help = "Load reference data, the demo workbooks and one log-in per role; safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="even though HTTPS is on")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.HTTPS and not options["force"]:
            raise CommandError(
                "These log-ins have a published password and HTTPS is on, so this may be a public "
                "site. Set HTTPS=false for a demo, or add --force."
            )
        call_command("load_reference", stdout=self.stdout)
        _make_people()
        people = {user.username: user for user in User.objects.filter(username__in=USERNAMES)}
        for app in APPS:
            for key, name in app.WORKBOOKS:
                self._import(key, Path(settings.DEMO_DIR) / name, people["admin"])
            _count_rows()
            for done in app.complete(people):
                self.stdout.write(done)
        self._print_people()

    def _import(self, key: str, path: Path, by: User) -> None:
        written = ImportBatch.objects.filter(register_key=key, file_name=path.name)
        if written.filter(status=ImportBatch.Status.COMMITTED).exists():
            return
        with path.open("rb") as file:
            batch = keep(registry.get(key), File(file), name=path.name, by=by)
        stage(batch)
        faults = _faults(batch) or _refusal(batch, by)
        if faults:
            discard(batch)
            raise CommandError("\n".join([f"{path.name} was not imported:", *faults]))
        counts = ", ".join(f"{count} {action}" for action, count in batch.counts.items())
        self.stdout.write(f"{path.name}: {counts}")

    def _print_people(self) -> None:
        self.stdout.write(f"\nLog-ins, all with the password {PASSWORD} unless it was changed:")
        for person in PEOPLE:
            scope = person.unit if person.department or person.division else "citywide"
            self.stdout.write(f"  {person.username:<12}{person.role.value:<18}{scope}")


def _count_rows() -> None:
    """Tell PostgreSQL how many rows there are now, before it plans queries for tables that it
    takes for empty; by itself it would count them in a minute."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@transaction.atomic
def _make_people() -> None:
    """Make the log-ins that are missing; those that exist keep their passwords and grants."""
    known = User.objects.filter(username__in=USERNAMES).values_list("username", flat=True)
    missing = set(USERNAMES) - set(known)
    hashed = make_password(PASSWORD) if missing else ""
    for person in PEOPLE:
        if person.username in missing:
            _make(person, hashed)


def _make(person: Person, hashed: str) -> None:
    user = User.objects.create(
        username=person.username, full_name=person.full_name, unit=person.unit, password=hashed
    )
    Grant.objects.create(
        user=user,
        role=person.role,
        department=Department.objects.filter(code=person.department).first(),
        division=Division.objects.filter(code=person.division).first(),
        valid_from=SINCE,
    )


def _faults(batch: ImportBatch) -> list[str]:
    """Why the checked batch cannot be written."""
    if batch.error:
        return [_reason(batch)]
    return [problem["message"] for problem in problems_of(batch)][:PROBLEMS_PRINTED]


def _refusal(batch: ImportBatch, by: User) -> list[str]:
    """Write the batch; why it was refused, if it was."""
    if commit(batch, mode=ImportBatch.Mode.ALL, by=by):
        return []
    return [_reason(batch)]


def _reason(batch: ImportBatch) -> str:
    error: Any = batch.error
    return problem_message(error["code"], error["params"])
