"""What a viewer may know of what the timelines tell."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from accounts.permissions import Permission
from organizations.models import Association, Coverage, Department, PartyOrganization, WorkEntry
from organizations.scoping import is_citywide
from registers.models import ImportBatch
from registers.timeline import states

VIEW = Permission.VIEW_REGISTRY
Span = tuple[datetime.datetime, datetime.datetime | None]


def known_imports(viewer: Any) -> QuerySet[ImportBatch]:
    """The imports whose workbooks, which may tell of other offices, the person may know: those
    that he or she may open, and all where no office is hidden."""
    every = ImportBatch.objects.all()
    return every if is_citywide(viewer, VIEW) else every.for_user(viewer)


def outside(viewer: Any) -> Any:
    """The keys of the associations beyond the viewer's scope."""
    return Association.objects.outside(viewer, VIEW).order_by().values("pk")


def logged(events: Iterable[Any]) -> set[Any]:
    """The entries of the work log as they were made: the log itself shows them, and history what
    became of them later."""
    of_work = [event for event in events if event.pgh_tracked_model is WorkEntry]
    return {event for event in of_work if event.pgh_label == "insert"}


def untold(
    states_of: Mapping[int, Iterable[Any]], coverages: Iterable[Any], viewer: Any
) -> set[Any]:
    """Of the recorded states of each Party organisation, by its key, those that `viewer` may not
    read: where it covers or covered associations outside the scope, too, what changed while none
    of `coverages` (recorded states, oldest first) was on record. Its host reads all.
    """
    spans = _spans(coverages)
    return {
        event
        for organization in _shared(states_of, viewer)
        for event in states_of[organization]
        if not _within(event.pgh_created_at, spans.get(organization, ()))
    }


def _shared(organizations: Iterable[int], viewer: Any) -> set[int]:
    """Those that cover or covered associations outside the scope and have no host in it."""
    coverages = states(Coverage).filter(
        party_organization__in=list(organizations), association__in=outside(viewer)
    )
    shared = set(coverages.values_list("party_organization", flat=True))
    own = Department.objects.for_user(viewer, VIEW).order_by().values("pk")
    hosted = PartyOrganization.objects.filter(pk__in=shared, host_department__in=own)
    return shared - set(hosted.values_list("pk", flat=True))


def _spans(coverages: Iterable[Any]) -> dict[int, list[Span]]:
    """Per Party organisation when each coverage was on record: from its first state until the one
    that ended it."""
    spans: dict[tuple[int, int], Span] = {}
    for event in coverages:
        key = event.party_organization_id, event.pgh_obj_id
        since, _until = spans.get(key, (event.pgh_created_at, None))
        ended = event.pgh_label == "delete" or event.valid_until
        spans[key] = since, event.pgh_created_at if ended else None
    found: dict[int, list[Span]] = {}
    for (organization, _coverage), span in spans.items():
        found.setdefault(organization, []).append(span)
    return found


def _within(at: datetime.datetime, spans: Iterable[Span]) -> bool:
    return any(since <= at <= (until or at) for since, until in spans)
