"""The register of attendance at training sessions."""

import datetime
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from organizations.models import Department, TrainingAttendance, TrainingSession
from organizations.records.dates import is_before
from organizations.records.training import (
    attendances,
    find_attendances,
    known_associations,
    person,
    session_key,
    write_attendances,
)
from organizations.registers.columns import ATTENDANCE_COLUMNS
from organizations.scoping import department_filter, is_citywide, reach
from registers.problems import Problem
from registers.register import Change, Part, Record, Register, register

Found = int | Problem | None


@register
class AttendanceRegister(Register):
    """Who attended which training session; a row whose session nobody entered yet makes it."""

    key = "attendances"
    label = _("Training attendance")
    model = TrainingAttendance
    columns = ATTENDANCE_COLUMNS
    business_keys = ("name", "unit", "session", "held_on", "organiser")
    constant_columns = ("organiser",)
    list_columns = (
        "name",
        "unit",
        "post",
        "association",
        "session",
        "held_on",
        "until",
        "organiser",
    )
    write_permission = Permission.KEEP_TRAINING
    linked = (Part(TrainingSession, link=(TrainingAttendance, "session_id", "id")),)

    def queryset(self, user: Any, permission: Permission) -> QuerySet[TrainingAttendance]:
        return TrainingAttendance.objects.for_user(user, permission)

    def reach(self, user: Any, permission: Permission) -> str:
        return reach(user, permission)

    def snapshot(
        self, rows: QuerySet[Any], on: datetime.date, user: Any
    ) -> Iterator[tuple[int, Record]]:
        return attendances(rows, user)

    def identities(self, record: Record) -> list[tuple[str, Any]]:
        return [("name", (*person(record), *session_key(record)))] if record.get("name") else []

    def is_citywide(self, user: Any, permission: Permission) -> bool:
        return is_citywide(user, permission)

    def check(self, record: Record) -> list[tuple[str, Problem]]:
        last, first = record.get("until"), record.get("held_on")
        if not is_before(last, first):
            return []
        params = {"value": last, "earlier_value": first}
        return [("until", Problem("session_ends_before_it_begins", params))]

    def in_scope(self, user: Any) -> Callable[[Record], bool]:
        """Attendance lies where the session's organiser does."""
        organisers = Department.objects.filter(department_filter(user, self.write_permission))
        if is_citywide(user, self.write_permission):
            return lambda record: True
        own = set(organisers.values_list("pk", flat=True))
        return lambda record: record.get("organiser") in own

    def find(self, records: Sequence[Record], user: Any) -> list[Found]:
        """A row whose association nobody may name is wrong: the roster's writing is corrected, or
        the cell cleared."""
        known = known_associations(records, user)
        return [
            _unknown_association(record)
            if record.get("association") and record["association"] not in known
            else pk
            for record, pk in zip(records, find_attendances(records), strict=True)
        ]

    def apply(self, changes: Sequence[Change], on: datetime.date, by: Any) -> list[int]:
        return write_attendances(changes, by)


def _unknown_association(record: Record) -> Problem:
    return Problem("unknown_association", {"column": "association", "value": record["association"]})
