"""Attendance at training sessions as records, and writing them."""

import datetime
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from accounts.permissions import Permission
from organizations.models import Association, Instructor, TrainingAttendance, TrainingSession
from organizations.records.dates import first_day
from registers.bulk import chunks, copy_rows, next_ids, update_rows
from registers.register import Change, Record

CHUNK = 2000
FIELDS = ["session", "name", "unit", "post", "instructor", "association"]
Key = tuple[str, str, int | None]  # a session's title, day and organiser


def attendances(rows: QuerySet[Any], user: Any) -> Iterator[tuple[int, Record]]:
    """(pk, record) of each attendance in `rows`; two queries a chunk.

    user: who reads; associations outside this person's scope are left out (None: the system)
    """
    columns = ("pk", "name", "unit", "post", "association", "session__title")
    plain = rows.values_list(*columns, "session__held_on", "session__until", "session__organiser")
    for chunk in chunks(plain.iterator(chunk_size=CHUNK), CHUNK):
        names = _association_names([row[4] for row in chunk], user)
        for pk, name, unit, post, association, title, held_on, until, organiser in chunk:
            yield (
                pk,
                {
                    "name": name,
                    "unit": unit or None,
                    "post": post or None,
                    "association": names.get(association),
                    "session": title,
                    "held_on": held_on.isoformat(),
                    "until": until and until.isoformat(),
                    "organiser": organiser,
                },
            )


def find_attendances(records: Sequence[Record]) -> list[int | None]:
    """For each record the key of the attendance that it names, None where there is none yet."""
    titles = {str(record.get("session")) for record in records}
    known = TrainingAttendance.objects.filter(session__title__in=titles)
    columns = ("session__title", "session__held_on", "session__organiser", "name", "unit", "pk")
    rows = known.values_list(*columns)
    found = {(title, str(day), *rest): pk for title, day, *rest, pk in rows}
    return [found.get((*session_key(record), *person(record))) for record in records]


def session_key(record: Record) -> Key:
    """What tells the record's session from others."""
    organiser: Any = record.get("organiser")
    return str(record.get("session")), first_day(record.get("held_on")) or "", organiser


def last_day(record: Record) -> str | None:
    """The last day of the record's session, where it is another one than the first."""
    day = first_day(record.get("until"))
    return day if day and day > (first_day(record.get("held_on")) or "") else None


def person(record: Record) -> tuple[str, str]:
    """Who attended: name and unit."""
    return str(record.get("name")), str(record.get("unit") or "")


def write_attendances(changes: Sequence[Change], by: Any) -> list[int]:
    """Write each change, making the sessions that nobody has entered yet; the keys in order.

    by: who writes; associations outside this person's scope are left out (None: the system)
    """
    records = [change.before | change.values for change in changes]
    sessions = _sessions({session_key(record) for record in records})
    _set_last_days(
        {
            sessions[session_key(record)]: last_day(record)
            for record, change in zip(records, changes, strict=True)
            if "until" in change.values
        }
    )
    instructors = _instructors([person(record) for record in records])
    associations = _associations(records, by)
    fresh = iter(next_ids(TrainingAttendance, sum(change.pk is None for change in changes)))
    pks = [next(fresh) if change.pk is None else change.pk for change in changes]
    kept = _kept(changes)
    rows = [
        (
            pk,
            sessions[session_key(record)],
            *person(record),
            record.get("post") or "",
            instructors.get(person(record)),
            associations.get(record.get("association")) or kept.get(pk),
        )
        for pk, record in zip(pks, records, strict=True)
    ]
    paired = list(zip(rows, changes, strict=True))
    new = [row for row, change in paired if change.pk is None]
    copy_rows(TrainingAttendance, ["id", *FIELDS], new)
    old = [row for row, change in paired if change.pk is not None]
    if old:
        update_rows(TrainingAttendance, FIELDS, old)
    return pks


def known_associations(records: Sequence[Record], user: Any) -> set[Any]:
    """The names in the column of associations that `user` may name."""
    return set(_associations(records, user))


def _sessions(keys: set[Key]) -> dict[Key, int]:
    TrainingSession.objects.bulk_create(
        (
            TrainingSession(title=title, held_on=day, organiser_id=organiser)
            for title, day, organiser in sorted(keys, key=str)
        ),
        ignore_conflicts=True,
    )
    known = TrainingSession.objects.filter(title__in={title for title, *_ in keys})
    rows = known.values_list("title", "held_on", "organiser", "pk")
    return {(title, str(day), organiser): pk for title, day, organiser, pk in rows}


def _set_last_days(days: dict[int, str | None]) -> None:
    """days: the last day of each session, by its key."""
    sessions = list(TrainingSession.objects.filter(pk__any_of=days))
    for session in sessions:
        session.until = days[session.pk]
    TrainingSession.objects.bulk_update(sessions, ["until"], batch_size=2000)


def _kept(changes: Sequence[Change]) -> dict[int, int | None]:
    """The associations of rows that are to change, which who writes may not all see."""
    rows = TrainingAttendance.objects.filter(pk__any_of=[c.pk for c in changes if c.pk])
    return dict(rows.values_list("pk", "association"))


def _instructors(people: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    named = Instructor.objects.filter(name__any_of={name for name, _ in people}).exclude(unit="")
    return {(name, unit): pk for name, unit, pk in named.values_list("name", "unit", "pk")}


def _associations(records: Sequence[Record], user: Any) -> dict[Any, int]:
    """Names that registered associations bear, or else ended ones, with their keys."""
    named = {record["association"] for record in records if record.get("association")}
    rows = Association.objects.filter(name__any_of=named)
    if user is not None:
        rows = rows.for_user(user, Permission.VIEW_REGISTRY)
    known = sorted(rows.values_list("ended_on", "name", "pk"), key=_ended)
    return {name: pk for _, name, pk in known}


def _ended(row: tuple[datetime.date | None, str, int]) -> tuple[bool, str]:
    """Ended ones before registered ones, which then take their names' places."""
    return row[0] is None, str(row[0])


def _association_names(pks: Sequence[int | None], user: Any) -> dict[int | None, str]:
    rows = Association.objects.filter(pk__any_of=[pk for pk in pks if pk])
    if user is not None:
        rows = rows.for_user(user, Permission.VIEW_REGISTRY)
    return dict(rows.values_list("pk", "name"))
