"""What the history of a Party organisation tells, and to whom."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from organizations.models import Coverage, PartyOrganization, RectificationNote, WeakListing
from organizations.timelines.knowledge import known_imports, outside, untold
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
    `viewer` may not read: where others share it, what changed while it covered no association in
    scope (knowledge.untold)."""
    events = events_of(PartyOrganization, pgh_obj=organization.pk)
    listings = events_of(WeakListing, party_organization=organization.pk)
    keys = {event.pgh_obj_id for event in listings}
    events += listings + events_of(RectificationNote, listing__in=keys)
    within = ~Q(association__in=outside(viewer))
    coverages = states(Coverage).filter(within, party_organization=organization.pk)
    hidden = untold({organization.pk: events}, coverages.order_by("pgh_id"), viewer)
    return events, hidden


def party_timeline(
    organization: PartyOrganization, told: tuple[Sequence[Any], set[Any]], *, viewer: Any
) -> list[Entry]:
    """Every recorded change of `organization` that `told` (told_of) lets the viewer read, and of
    its coverage of associations in scope, newest first."""
    events, hidden = told
    within = ~Q(association__in=outside(viewer))
    coverages = events_of(Coverage, within, party_organization=organization.pk)
    return timeline(
        [*events, *coverages],
        imports=known_imports(viewer),
        leave_out={"party_organization", "listing"},
        untold=hidden,
    )


def secretaries(told: tuple[Sequence[Any], set[Any]]) -> list[Secretary]:
    """The secretaries on record, the latest first."""
    events, hidden = told
    of_party = [event for event in events if event.pgh_tracked_model is PartyOrganization]
    people = people_behind(of_party)
    found: list[Secretary] = []
    last = ("", "")
    for event in of_party:
        current = (event.secretary, event.get_secretary_source_display())
        if current != last and event not in hidden and event.secretary:
            found.append(Secretary(*current, event.pgh_created_at, people.get(event, "")))
        last = current
    return found[::-1]
