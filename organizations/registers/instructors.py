"""The register of Party-building instructors."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.permissions import Permission
from organizations.models import Association, Instructor, UnresolvedAssignment
from organizations.problems import not_in_scope
from organizations.records import reading
from organizations.records.checks import check_instructor
from organizations.records.instructors import (
    of_other_offices,
    refresh_instructors,
    shared_beyond,
    shared_instructor,
    write_instructors,
)
from organizations.records.missing import missing_associations
from organizations.registers.columns import INSTRUCTOR_COLUMNS
from organizations.scoping import is_citywide, reach
from registers.columns import Text
from registers.problems import Problem
from registers.register import Change, Note, Place, Record, Register, register

Found = int | Problem | None


@register
class InstructorRegister(Register):
    """Party-building instructors and the associations that they work with."""

    key = "instructors"
    label = _("Instructors")
    model = Instructor
    columns = INSTRUCTOR_COLUMNS
    business_keys = ("name", "unit")
    list_columns = ("name", "unit", "post", "engagement", "in_pool", "assigned_on", "associations")
    write_permission = Permission.IMPORT_REGISTER
    shared_fields = {"unit": "unit", "engagement": "engagement", "in_pool": "in_pool"}
    expected_rule = _("instructors")
    own_fields = reading.INSTRUCTOR_PLAIN
    agreeing = (frozenset({"term_from", "term_until"}),)

    def check(self, record: Record) -> list[tuple[str, Problem]]:
        return check_instructor(record)

    def queryset(self, user: Any, permission: Permission) -> QuerySet[Instructor]:
        return Instructor.objects.for_user(user, permission)

    def reach(self, user: Any, permission: Permission) -> str:
        return reach(user, permission)

    def snapshot(
        self, rows: QuerySet[Any], on: datetime.date, user: Any
    ) -> Iterator[tuple[int, Record]]:
        return reading.instructors(rows, on, user)

    def identities(self, record: Record) -> list[tuple[str, Any]]:
        return [("name", (record.get("name"), record.get("unit")))] if record.get("name") else []

    def follow_ups(self, user: Any) -> list[tuple[Text, str]]:
        count = UnresolvedAssignment.objects.for_user(user, Permission.EDIT_INSTRUCTOR).count()
        text = ngettext(
            "%(count)s association to identify", "%(count)s associations to identify", count
        )
        url = reverse("organizations:unresolved")
        return [(text % {"count": count}, url)] if count else []

    def notes(self, rows: Iterable[tuple[Place, Record]], user: Any) -> list[Note]:
        own = Association.objects.for_user(user, self.write_permission)
        return missing_associations(rows, own.filter(ended_on=None))

    def is_citywide(self, user: Any, permission: Permission) -> bool:
        return is_citywide(user, permission)

    def in_scope(self, user: Any) -> Callable[[Record], bool]:
        """Who may enter or change an instructor depends on the others: `find` judges it."""
        return lambda record: True

    def find(self, records: Sequence[Record], user: Any) -> list[Found]:
        named = Instructor.objects.filter(
            name__any_of={record["name"] for record in records if record.get("name")}
        )
        known: dict[Any, list[Any]] = defaultdict(list)
        for pk, name, unit in named.values_list("pk", "name", "unit"):
            known[name].append((pk, unit))
        if user is None or is_citywide(user, self.write_permission):
            return [_find_instructor(record, known[record.get("name")]) for record in records]
        own = set(named.for_user(user, self.write_permission).values_list("pk", flat=True))
        found = [_find_own(record, known[record.get("name")], own) for record in records]
        return self._refuse_shared(records, self._refuse_others(records, found, user), user)

    def _refuse_others(
        self, records: Sequence[Record], found: Sequence[Found], user: Any
    ) -> list[Found]:
        """The answers `found`, or what is wrong where a row enters an instructor of another office
        who is to work with nothing in scope."""
        foreign = of_other_offices(records, user)
        named = {name for record in records for name in _served(record)}
        own = Association.objects.for_user(user, self.write_permission).filter(ended_on=None)
        known = set(own.filter(name__any_of=named).values_list("name", flat=True))
        return [
            Problem("instructor_of_others", {"column": "unit", "value": record["unit"]})
            if pk is None and record.get("unit") in foreign and known.isdisjoint(_served(record))
            else pk
            for record, pk in zip(records, found, strict=True)
        ]

    def _refuse_shared(
        self, records: Sequence[Record], found: Sequence[Found], user: Any
    ) -> list[Found]:
        """The answers `found`, or what is wrong where a row changes a shared instructor."""
        shared = shared_beyond([pk for pk in found if isinstance(pk, int)], user)
        before = dict(
            self.snapshot(Instructor.objects.filter(pk__in=shared), timezone.localdate(), user)
        )
        return [
            shared_instructor(str(record["name"]))
            if isinstance(pk, int) and pk in shared and self._alters(record, before[pk])
            else pk
            for record, pk in zip(records, found, strict=True)
        ]

    def _alters(self, record: Record, before: Record) -> bool:
        particulars = record.keys() & reading.INSTRUCTOR_PLAIN.keys()
        return not all(self.column(key).same(before[key], record[key]) for key in particulars)

    def apply(self, changes: Sequence[Change], on: datetime.date, by: Any) -> list[int]:
        return write_instructors(changes, on.isoformat(), by)

    def restored(self, pks: Sequence[int]) -> None:
        refresh_instructors(pks)


def _served(record: Record) -> list[str]:
    return list(record.get("associations") or [])  # type: ignore[arg-type]


def _find_own(record: Record, namesakes: list[tuple[int, str]], own: set[int]) -> Found:
    """The namesake in the person's scope; of others it matters only who works in the same unit."""
    found = _find_instructor(record, [known for known in namesakes if known[0] in own])
    units = {unit for pk, unit in namesakes if pk not in own and unit}
    return not_in_scope(record) if found is None and record.get("unit") in units else found


def _find_instructor(record: Record, namesakes: list[tuple[int, str]]) -> Found:
    """The namesake of the same unit, else one whose unit nobody has written yet."""
    unit = record.get("unit") or ""
    for wanted in (unit, ""):
        alike = [pk for pk, known in namesakes if known == wanted]
        if len(alike) == 1:
            return alike[0]
    if not unit and len(namesakes) == 1:
        return namesakes[0][0]
    if not unit and namesakes:
        units = [known or "—" for _pk, known in namesakes]
        params = {"column": "name", "value": record.get("name"), "units": units}
        return Problem("ambiguous_instructor", params)
    return None
