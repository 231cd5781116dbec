"""What the history of a Party organisation tells, and to whom."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from organizations.models import (
    Association,
    Coverage,
    Department,
    PartyOrganization,
    RectificationNote,
    WeakListing,
)
from organizations.timeline import VIEW, known_imports
from registers.timeline import Entry, events_of, people_behind, states, timeline


@dataclass(frozen=True)
class Secretary:
    """Who was secretary, recorded on the day `since` by `who`."""

    name: str
    source: str
    since: datetime.datetime
    who: str


def told_of(organization: PartyOrganization, viewer: Any) -> tuple[list[Any], set[Any]]:
    """The recorded states of `organization`, its listings and notes, oldest first, and those that
    `viewer` may not read: where it covers or covered associations outside the scope, too, what
    changed while it covered none within it. Its host reads all."""
    events = events_of(PartyOrganization, pgh_obj=organization.pk)
    listings = events_of(WeakListing, party_organization=organization.pk)
    keys = {event.pgh_obj_id for event in listings}
    events += listings + events_of(RectificationNote, listing__in=keys)
    outside = _outside(viewer)
    covering = states(Coverage).filter(party_organization=organization.pk)
    if not covering.filter(association__in=outside).exists() or _hosts(organization, viewer):
        return events, set()
    spans = _spans(covering.exclude(association__in=outside).order_by("pgh_id"))
    return events, {event for event in events if not _within(event.pgh_created_at, spans)}


def party_timeline(
    organization: PartyOrganization, told: tuple[Sequence[Any], set[Any]], *, viewer: Any
) -> list[Entry]:
    """Every recorded change of `organization` that `told` (told_of) lets the viewer read, and of
    its coverage of associations in scope, newest first."""
    events, untold = told
    within = ~Q(association__in=_outside(viewer))
    coverages = events_of(Coverage, within, party_organization=organization.pk)
    return timeline(
        [*events, *coverages],
        imports=known_imports(viewer),
        leave_out={"party_organization", "listing"},
        untold=untold,
    )


def secretaries(told: tuple[Sequence[Any], set[Any]]) -> list[Secretary]:
    """The secretaries on record, the latest first."""
    events, untold = told
    of_party = [event for event in events if event.pgh_tracked_model is PartyOrganization]
    people = people_behind(of_party)
    found: list[Secretary] = []
    last = ("", "")
    for event in of_party:
        current = (event.secretary, event.get_secretary_source_display())
        if current != last and event not in untold and event.secretary:
            found.append(Secretary(*current, event.pgh_created_at, people.get(event, "")))
        last = current
    return found[::-1]


def _outside(viewer: Any) -> Any:
    return Association.objects.outside(viewer, VIEW).order_by().values("pk")


def _hosts(organization: PartyOrganization, viewer: Any) -> bool:
    own = Department.objects.for_user(viewer, VIEW)
    host = organization.host_department_id
    return host is not None and own.filter(pk=host).exists()


Span = list[datetime.datetime | None]


def _spans(coverages: Iterable[Any]) -> list[Span]:
    """When each coverage was on record: from its first state until the one that ended it."""
    spans: dict[int, Span] = {}
    for event in coverages:
        span = spans.setdefault(event.pgh_obj_id, [event.pgh_created_at, None])
        ended = event.pgh_label == "delete" or event.valid_until
        span[1] = event.pgh_created_at if ended else None
    return list(spans.values())


def _within(at: datetime.datetime, spans: Iterable[Span]) -> bool:
    return any(since <= at <= (until or at) for since, until in spans)  # type: ignore[operator]
