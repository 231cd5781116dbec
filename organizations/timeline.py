"""What changed in an association and in the rows that belong to it: who, when, from where."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from organizations.models import (
    AbnormalListing,
    Assignment,
    Association,
    Coverage,
    Dormancy,
    Grant,
    Inspection,
    Instructor,
    LeadershipTerm,
    PartyOrganization,
    Rating,
    UnresolvedAssignment,
)
from organizations.querysets.instructors import names_elsewhere
from organizations.scoping import is_citywide
from registers.models import ImportBatch
from registers.personal import masked

OF_ASSOCIATION = (
    Coverage, Assignment, Inspection, Rating, LeadershipTerm, AbnormalListing, Dormancy,
)  # fmt: skip
VIEW = Permission.VIEW_REGISTRY
HIDDEN = {"id", "pinyin", "initials"}
PERSONAL = {"phone"}


@dataclass(frozen=True)
class FieldChange:
    """A field's value before and after, in words; "" for none."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class RowChange:
    """What one event did to one row. action: "insert", "update" or "delete"."""

    subject: str
    action: str
    fields: Sequence[FieldChange]


@dataclass(frozen=True)
class Entry:
    """One write: all that changed together, by whom and from where.

    url: the page it was made on; imported: by an import, of the workbook `file` where the reader
    may know its name; undone: an import was taken back. All are empty for a command or SQL.
    """

    at: datetime.datetime
    who: str
    url: str
    imported: bool
    file: str
    undone: bool
    rows: Sequence[RowChange]


def association_timeline(
    association: Association, *, viewer: Any, hide_personal: bool
) -> list[Entry]:
    """Every recorded change of `association` and of its rows, newest first.

    Of a Party organisation that covers associations outside the scope of `viewer`, too: what
    changed while it covered this one.
    """
    events = _events(Association, pgh_obj=association.pk)
    for model in OF_ASSOCIATION:
        events += _events(model, association=association.pk)
    coverages = [event for event in events if event.pgh_tracked_model is Coverage]
    of_party = _events(
        PartyOrganization, pgh_obj__in={event.party_organization_id for event in coverages}
    )
    return _entries(
        events + of_party,
        leave_out="association",
        hide_personal=hide_personal,
        viewer=viewer,
        untold=_of_other_times(of_party, coverages, _shared_beyond_scope(coverages, viewer)),
    )


def instructor_timeline(instructor: Instructor, *, viewer: Any, hide_personal: bool) -> list[Entry]:
    """Every recorded change of `instructor`, and of the work in the scope of `viewer`, newest
    first."""
    events = _events(Instructor, pgh_obj=instructor.pk)
    outside = Association.objects.outside(viewer, VIEW).order_by().values("pk")
    events += _events(Assignment, ~Q(association__in=outside), instructor=instructor.pk)
    named = _states(UnresolvedAssignment).filter(instructor=instructor.pk)
    foreign = names_elsewhere(named.values("association_name"), viewer, VIEW)
    events += _events(
        UnresolvedAssignment, ~Q(association_name__in=foreign), instructor=instructor.pk
    )
    return _entries(events, leave_out="instructor", hide_personal=hide_personal, viewer=viewer)


def row_timeline(row: models.Model, *, viewer: Any) -> list[Entry]:
    """Every recorded change of one row of any tracked model, newest first."""
    events = _events(type(row), pgh_obj=row.pk)
    return _entries(events, leave_out="", hide_personal=False, viewer=viewer)


def grants_timeline(user: Any, *, viewer: Any) -> list[Entry]:
    """Every recorded change of a person's grants, newest first."""
    events = _events(Grant, user=user.pk)
    return _entries(events, leave_out="user", hide_personal=False, viewer=viewer)


def _events(model: Any, *conditions: Q, **filters: Any) -> list[Any]:
    """The recorded states of the rows of `model`, oldest first."""
    rows = _states(model).filter(*conditions, **filters)
    return list(rows.select_related("pgh_context").order_by("pgh_id"))


def _states(model: Any) -> QuerySet[Any]:
    return model.pgh_event_model.objects.all()


def _shared_beyond_scope(coverages: Iterable[Any], viewer: Any) -> set[int]:
    """The Party organisations that cover or covered associations outside the scope, too."""
    outside = Association.objects.outside(viewer, VIEW).order_by().values("pk")
    shared = _states(Coverage).filter(
        party_organization__in={event.party_organization_id for event in coverages},
        association__in=outside,
    )
    return set(shared.values_list("party_organization", flat=True))


def _of_other_times(
    of_party: Iterable[Any], coverages: Iterable[Any], shared: set[int]
) -> set[Any]:
    """The changes of `shared` Party organisations before and after the recorded coverages."""
    since: dict[int, datetime.datetime] = {}
    until: dict[int, datetime.datetime | None] = {}
    for event in coverages:
        since.setdefault(event.party_organization_id, event.pgh_created_at)
        ended = event.pgh_label == "delete" or event.valid_until
        until[event.party_organization_id] = event.pgh_created_at if ended else None
    return {
        event
        for event in of_party
        if event.pgh_obj_id in shared
        and not since[event.pgh_obj_id]
        <= event.pgh_created_at
        <= (until[event.pgh_obj_id] or event.pgh_created_at)
    }


def _entries(
    events: Sequence[Any],
    *,
    leave_out: str,
    hide_personal: bool,
    viewer: Any,
    untold: Collection[Any] = (),
) -> list[Entry]:
    """untold: events that only tell how later ones differ."""
    changes = _changes(events, _Words(events, hide_personal), {*HIDDEN, leave_out})
    people, files = _people(events), _files(events, viewer)
    told = [event for event in events if event not in untold and changes[event].fields]
    return [
        _entry(together[0], people, files, [changes[event] for event in together])
        for together in _grouped(told)
    ]


def _grouped(events: Iterable[Any]) -> Iterator[list[Any]]:
    for _key, together in groupby(sorted(events, key=_moment, reverse=True), key=_moment):
        yield list(together)


def _moment(event: Any) -> tuple[datetime.datetime, str]:
    """Changes of one transaction share its time and its context."""
    return event.pgh_created_at, str(event.pgh_context_id or "")


def _entry(
    event: Any, people: dict[Any, str], files: dict[Any, str], rows: list[RowChange]
) -> Entry:
    origin = event.pgh_context.metadata if event.pgh_context else {}
    return Entry(
        at=event.pgh_created_at,
        who=people.get(origin.get("user"), ""),
        url=origin.get("url") or "",
        imported="batch" in origin,
        file=files.get(origin.get("batch"), ""),
        undone=bool(origin.get("undone_batch")),
        rows=rows,
    )


def _changes(events: Iterable[Any], words: "_Words", hidden: set[str]) -> dict[Any, RowChange]:
    """Each event and how its row differs from the state before, per tracked row."""
    states: dict[tuple[Any, int], Any] = {}
    found = {}
    for event in events:
        key = (event.pgh_tracked_model, event.id)
        before = states.get(key)
        states[key] = event
        found[event] = RowChange(
            subject=capfirst(str(event.pgh_tracked_model._meta.verbose_name)),
            action=event.pgh_label,
            fields=_fields(before, event, words, hidden),
        )
    return found


def _fields(before: Any, event: Any, words: "_Words", hidden: set[str]) -> list[FieldChange]:
    """The fields that an event changed; of an insert what it set, of a delete what it removed."""
    found = []
    for name in words.fields_of(event):
        old = words.say(before, name) if before is not None else ""
        new = words.say(event, name) if event.pgh_label != "delete" else ""
        if old != new and name not in hidden:
            label = capfirst(str(event._meta.get_field(name).verbose_name))
            found.append(FieldChange(label, old, new))
    return found


def _people(events: Iterable[Any]) -> dict[Any, str]:
    keys = {e.pgh_context.metadata.get("user") for e in events if e.pgh_context} - {None}
    users = get_user_model()._default_manager.filter(pk__in=keys)
    return {user.pk: str(user) for user in users}


def _files(events: Iterable[Any], viewer: Any) -> dict[Any, str]:
    """The names of imported workbooks, which may tell of other offices: for those who may open
    the import, and those from whom no office is hidden."""
    origins = [event.pgh_context.metadata for event in events if event.pgh_context]
    named = {origin["batch"]: origin.get("file") or "" for origin in origins if "batch" in origin}
    if is_citywide(viewer, VIEW):
        return named
    own = ImportBatch.objects.for_user(viewer).filter(pk__in=named)
    return {pk: named[pk] for pk in own.values_list("pk", flat=True)}


class _Words:
    """Values of recorded states in words; rows that they name are loaded once per table."""

    def __init__(self, events: Sequence[Any], hide_personal: bool) -> None:
        self.hide_personal = hide_personal
        wanted: dict[Any, set[int]] = defaultdict(set)
        for event in events:
            for name in self.fields_of(event):
                related = event._meta.get_field(name)
                if related.is_relation:
                    wanted[related.related_model].add(getattr(event, related.attname))
        self.names = {
            model: {row.pk: str(row) for row in model._default_manager.filter(pk__in=keys - {None})}
            for model, keys in wanted.items()
        }

    def fields_of(self, event: Any) -> list[str]:
        return [f.name for f in event._meta.concrete_fields if not f.name.startswith("pgh_")]

    def say(self, event: Any, name: str) -> str:
        """The value of a field as people read it, "" for none."""
        described = event._meta.get_field(name)
        value = getattr(event, described.attname)
        if value is None or value == "":
            return ""
        if described.is_relation:
            return self.names[described.related_model].get(value, _("(deleted)"))
        if name in PERSONAL and self.hide_personal:
            return str(masked(value))
        return _plain(described, value)


def _plain(described: models.Field, value: Any) -> str:
    if described.flatchoices:
        return str(dict(described.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return _(", ").join(value)
    return date_format(value) if isinstance(value, datetime.date) else str(value)
