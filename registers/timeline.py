"""What changed in rows of tracked models (registers/history.py): who, when, from where."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from registers.models import ImportBatch
from registers.personal import masked, personal_fields

ENTRIES_PER_PAGE = 20


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


def row_timeline(row: models.Model, *, viewer: Any) -> list[Entry]:
    """Every recorded change of one row of any tracked model, newest first."""
    events = events_of(type(row), pgh_obj=row.pk)
    return timeline(events, imports=ImportBatch.objects.for_user(viewer))


def states(model: Any) -> QuerySet[Any]:
    """The recorded states of the rows of a tracked `model`; each is an event."""
    return model.pgh_event_model.objects.all()


def last_of_removed(model: Any, pk: int) -> Any:
    """The last recorded state of the row that had the key `pk` and was deleted; None where it is
    there or never was. So a doubled click can be told what the first has done."""
    last = states(model).filter(pgh_obj=pk).order_by("pgh_id").last()
    return last if last and last.pgh_label == "delete" else None


def events_of(model: Any, *conditions: Q, **filters: Any) -> list[Any]:
    """The recorded states of some rows of a tracked `model`, with their origins, oldest first."""
    rows = states(model).filter(*conditions, **filters)
    return list(rows.select_related("pgh_context").order_by("pgh_id"))


def timeline(
    events: Sequence[Any],
    *,
    imports: QuerySet[ImportBatch],
    leave_out: Collection[str] = (),
    hide_personal: bool = False,
    untold: Collection[Any] = (),
    said: Mapping[str, Callable[[Any], str]] | None = None,
) -> list[Entry]:
    """What `events` tell, newest first.

    imports: those of which the reader may know the workbook; leave_out: fields; untold: events
    that only tell how later ones differ; said: how a state says a field that its own model cannot
    """
    words = _Words(events, {"id", *leave_out}, hide_personal, said or {})
    changes = _changes(events, words)
    people, files = _people(events), _files(events, imports)
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


def _changes(events: Iterable[Any], words: "_Words") -> dict[Any, RowChange]:
    """Each event and how its row differs from the state before, per tracked row."""
    known: dict[tuple[Any, int], Any] = {}
    found = {}
    for event in events:
        key = (event.pgh_tracked_model, event.id)
        before = known.get(key)
        known[key] = event
        found[event] = RowChange(
            subject=capfirst(str(event.pgh_tracked_model._meta.verbose_name)),
            action=event.pgh_label,
            fields=_fields(before, event, words),
        )
    return found


def _fields(before: Any, event: Any, words: "_Words") -> list[FieldChange]:
    """The fields that an event changed; of an insert what it set, of a delete what it removed."""
    found = []
    for name in words.fields_of(event):
        old = words.say(before, name) if before is not None else ""
        new = words.say(event, name) if event.pgh_label != "delete" else ""
        if old != new:
            label = capfirst(str(event._meta.get_field(name).verbose_name))
            found.append(FieldChange(label, old, new))
    return found


def people_behind(events: Sequence[Any]) -> dict[Any, str]:
    """Each event with the name of the person who caused it, "" for none."""
    people = _people(events)
    origins = {event: event.pgh_context.metadata if event.pgh_context else {} for event in events}
    return {event: people.get(origin.get("user"), "") for event, origin in origins.items()}


def _people(events: Iterable[Any]) -> dict[Any, str]:
    keys = {e.pgh_context.metadata.get("user") for e in events if e.pgh_context} - {None}
    users = get_user_model()._default_manager.filter(pk__in=keys)
    return {user.pk: str(user) for user in users}


def _files(events: Iterable[Any], imports: QuerySet[ImportBatch]) -> dict[Any, str]:
    """The names of the imported workbooks, of `imports` alone: a name may tell of its office."""
    origins = [event.pgh_context.metadata for event in events if event.pgh_context]
    named = {origin["batch"]: origin.get("file") or "" for origin in origins if "batch" in origin}
    return {pk: named[pk] for pk in imports.filter(pk__in=named).values_list("pk", flat=True)}


class _Words:
    """Values of recorded states in words; rows that they name are loaded once per table."""

    def __init__(
        self,
        events: Sequence[Any],
        hidden: set[str],
        hide_personal: bool,
        said: Mapping[str, Callable[[Any], str]],
    ) -> None:
        self.hidden = hidden
        self.said = said
        tracked = {event.pgh_tracked_model for event in events} if hide_personal else set()
        self.masked = {(model, name) for model in tracked for name in personal_fields(model)}
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
        """The fields of the tracked row that may be told."""
        names = [f.name for f in event._meta.concrete_fields if not f.name.startswith("pgh_")]
        return [name for name in names if name not in self.hidden]

    def say(self, event: Any, name: str) -> str:
        """The value of a field as people read it, "" for none."""
        described = event._meta.get_field(name)
        value = getattr(event, described.attname)
        if name in self.said:
            return self.said[name](event)
        if value is None or value == "":
            return ""
        if described.is_relation:
            return self.names[described.related_model].get(value, _("(deleted)"))
        if (event.pgh_tracked_model, name) in self.masked:
            return str(masked(value))
        return in_words(described, value)


def in_words(described: Any, value: Any) -> str:
    """The stored value of a model's field as people read it, "" for none."""
    if value is None or value == "":
        return ""
    if described.is_relation:
        row = described.related_model._default_manager.filter(pk=value).first()
        return str(row) if row else _("(deleted)")
    if described.flatchoices:
        return str(dict(described.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return _(", ").join(value)
    if isinstance(value, datetime.datetime):
        value = timezone.localtime(value)
    return date_format(value) if isinstance(value, datetime.date) else str(value)
