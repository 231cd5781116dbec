"""Associations and instructors as records, as of a day."""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import F, Max, Q, QuerySet

from accounts.permissions import Permission
from organizations.models import (
    Assignment,
    Association,
    Coverage,
    Inspection,
    Rating,
    UnresolvedAssignment,
)
from organizations.querysets.validity import begun, not_ended
from registers.bulk import chunks
from registers.register import Record

CHUNK = 2000

PLAIN = {
    "name": "name",
    "credit_code": "credit_code",
    "registration_type": "registration_type",
    "kind": "kind",
    "level": "level",
    "division": "division_id",
    "managing_area": "managing_area_id",
    "status": "status",
    "ended_on": "ended_on",
    "registration_authority": "registration_authority_id",
    "industry_department": "industry_department_id",
    "supervising_unit": "supervising_unit_id",
    "registered_on": "registered_on",
    "legal_representative": "legal_representative",
    "phone": "phone",
    "address": "address",
    "staff_full_time": "staff_full_time",
    "staff_part_time": "staff_part_time",
    "staff_total": "staff_total",
    "party_members": "party_members",
    "members_not_transferred": "members_not_transferred",
    "has_party_group": "has_party_group",
    "unit_members": "unit_members",
    "individual_members": "individual_members",
    "no_party_reason": "no_party_reason",
    "certificate_no": "certificate_no",
    "business_scope": "business_scope",
    "industry": "industry",
    "remark": "remark",
}
"""Columns of the associations register that are fields of Association."""

PARTY = {
    "party_organization": "name",
    "party_kind": "kind",
    "formation": "formation",
    "established_on": "established_on",
    "last_election_on": "last_election_on",
    "parent_party_organization": "superior",
    "secretary": "secretary",
    "secretary_source": "secretary_source",
}
"""Columns of the associations register that are fields of its Party organisation."""

COVERED = PARTY | {"covered_since": "valid_from"}
"""What a record says of its Party organisation, with a date that is no column; `dissolved_on`, no
column either, is the day on which the last one was dissolved where none is left."""

INSTRUCTOR_PLAIN = {
    "name": "name",
    "gender": "gender",
    "unit": "unit",
    "post": "post",
    "engagement": "engagement",
    "phone": "phone",
    "in_pool": "in_pool",
    "remark": "remark",
    "term_from": "term_from",
    "term_until": "term_until",
}
"""Columns of the instructors register that are fields of Instructor."""


def associations(rows: QuerySet[Association], on: datetime.date) -> Iterator[tuple[int, Record]]:
    """(pk, record) of each association in `rows`, as of the day `on`; six queries a chunk."""
    plain = rows.values_list("pk", *PLAIN.values()).iterator(chunk_size=CHUNK)
    for chunk in chunks(plain, CHUNK):
        pks = [row[0] for row in chunk]
        party = _party(pks, on)
        dissolved = _dissolved([pk for pk in pks if pk not in party], on)
        instructors = _instructors(pks, on)
        ratings = _ratings(pks, on)
        inspections = _inspections(pks)
        for row in chunk:
            pk = row[0]
            record = _native(PLAIN, row[1:])
            record["rating"] = ratings.get(pk)
            record["inspection"] = inspections.get(pk)
            record["has_party_organization"] = pk in party
            record |= party.get(pk) or dict.fromkeys(COVERED)
            record["dissolved_on"] = dissolved.get(pk)
            record["instructor"] = instructors.get(pk)
            yield pk, record


def instructors(rows: QuerySet[Any], on: datetime.date, user: Any) -> Iterator[tuple[int, Record]]:
    """(pk, record) of each instructor in `rows`, as of the day `on`; three queries a chunk.

    The work of each is what `user` may see of it; None: the system itself, all of it.
    """
    plain = rows.values_list("pk", *INSTRUCTOR_PLAIN.values()).iterator(chunk_size=CHUNK)
    for chunk in chunks(plain, CHUNK):
        pks = [row[0] for row in chunk]
        served, since = _served(pks, on, user)
        for row in chunk:
            record = _native(INSTRUCTOR_PLAIN, row[1:])
            record["assigned_on"] = since.get(row[0])
            record["associations"] = served.get(row[0])
            yield row[0], record


def _native(fields: dict[str, str], values: Sequence[Any]) -> Record:
    """JSON-native values: dates as ISO text, empty text as None."""
    return {
        key: value.isoformat()
        if isinstance(value, datetime.date)
        else None
        if value == ""
        else value
        for key, value in zip(fields, values, strict=True)
    }


def _party(pks: Sequence[int], on: datetime.date) -> dict[int, Record]:
    covered = (
        Coverage.objects.existing(on)
        .filter(association__pk__any_of=pks)
        .order_by("valid_from", "pk")
        .values_list(
            "association_id",
            *(f"party_organization__{name}" for name in PARTY.values()),
            "valid_from",
        )
    )
    return {row[0]: _native(COVERED, row[1:]) for row in covered}


def _dissolved(pks: Sequence[int], on: datetime.date) -> dict[int, str]:
    """The day on which the last Party organisation that covered each association was dissolved."""
    if not pks:
        return {}
    to_the_end = Q(valid_until=None) | Q(valid_until__gte=F("party_organization__dissolved_on"))
    covered = Coverage.objects.filter(
        to_the_end, association__pk__any_of=pks, party_organization__dissolved_on__lte=on
    )
    last = (
        covered.order_by()
        .values("association")
        .annotate(day=Max("party_organization__dissolved_on"))
    )
    return {pk: day.isoformat() for pk, day in last.values_list("association", "day")}


def _instructors(pks: Sequence[int], on: datetime.date) -> dict[int, list[str]]:
    assigned = Assignment.objects.as_of(on).filter(association__pk__any_of=pks).order_by("pk")
    names: dict[int, list[str]] = defaultdict(list)
    for association, name in assigned.values_list("association_id", "instructor__name"):
        names[association].append(name)
    return names


def _ratings(pks: Sequence[int], on: datetime.date) -> dict[int, str]:
    """The latest rating of each association that has begun by the day `on`."""
    rows = Rating.objects.filter(begun(on, "valid_from"), not_ended(on, "valid_until"))
    rows = rows.filter(association__pk__any_of=pks)
    rows = rows.order_by(F("valid_from").asc(nulls_first=True), "pk")
    return dict(rows.values_list("association_id", "grade"))


def _inspections(pks: Sequence[int]) -> dict[int, Any]:
    results: dict[int, dict[str, str]] = defaultdict(dict)
    rows = Inspection.objects.filter(association__pk__any_of=pks).order_by("year")
    for association, year, result in rows.values_list("association_id", "year", "result"):
        results[association][str(year)] = result
    return results


def _served(
    pks: Sequence[int], on: datetime.date, user: Any
) -> tuple[dict[int, list[str]], dict[int, str]]:
    """Names of the associations that each instructor works with, and the earliest day since."""
    assigned, unresolved = Assignment.objects.as_of(on), UnresolvedAssignment.objects.all()
    if user is not None:
        assigned = assigned.for_user(user, Permission.VIEW_REGISTRY)
        unresolved = unresolved.for_user(user, Permission.VIEW_REGISTRY)
    names: dict[int, list[str]] = defaultdict(list)
    since: dict[int, str] = {}
    assigned = assigned.filter(instructor__pk__any_of=pks).order_by("assigned_on", "pk")
    for pk, name, day in assigned.values_list("instructor_id", "association__name", "assigned_on"):
        names[pk].append(name)
        since.setdefault(pk, day.isoformat())
    unresolved = unresolved.filter(instructor__pk__any_of=pks).order_by("pk")
    listed = unresolved.values_list("instructor_id", "association_name", "assigned_on")
    for pk, name, known_since in listed:
        names[pk].append(name)
        if known_since:
            since.setdefault(pk, known_since.isoformat())
    return names, since
