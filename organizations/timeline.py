"""What the history of an association, an instructor or a person's grants tells, and to whom."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from accounts.permissions import Permission
from organizations.models import (
    AbnormalListing,
    Assignment,
    Association,
    Coverage,
    Document,
    Dormancy,
    Establishment,
    FormerName,
    Grant,
    Inspection,
    Instructor,
    LeadershipTerm,
    Merger,
    PartyOrganization,
    Rating,
    UnresolvedAssignment,
    WorkEntry,
)
from organizations.querysets.instructors import names_elsewhere
from organizations.scoping import is_citywide
from registers.models import ImportBatch
from registers.timeline import Entry, events_of, states, timeline

OF_ASSOCIATION = (
    Coverage, Assignment, Inspection, Rating, LeadershipTerm, AbnormalListing, Dormancy, Document,
    FormerName,
    Establishment,
    WorkEntry,
)  # fmt: skip
VIEW = Permission.VIEW_REGISTRY


def association_timeline(
    association: Association, *, viewer: Any, hide_personal: bool
) -> list[Entry]:
    """Every recorded change of `association`, of entries merged into it, and of their rows, newest
    first.

    Of a Party organisation that covers associations outside the scope of `viewer`, too: what
    changed while it covered this one.
    """
    keys = [association.pk, *association.mergers.values_list("absorbed", flat=True)]
    events = events_of(Association, pgh_obj__in=keys)
    for model in OF_ASSOCIATION:
        events += events_of(model, association__in=keys)
    events += events_of(Merger, survivor=association.pk)
    coverages = [event for event in events if event.pgh_tracked_model is Coverage]
    of_party = events_of(
        PartyOrganization, pgh_obj__in={event.party_organization_id for event in coverages}
    )
    return timeline(
        events + of_party,
        imports=known_imports(viewer),
        leave_out={
            *("association", "lead", "survivor", "absorbed", "context", "by", "at"),
            "file",  # where it lies; people know it by its title
        },
        hide_personal=hide_personal,
        untold=_of_other_times(of_party, coverages, _shared_beyond_scope(coverages, viewer))
        | _logged(events),
    )


def instructor_timeline(instructor: Instructor, *, viewer: Any, hide_personal: bool) -> list[Entry]:
    """Every recorded change of `instructor`, and of the work in the scope of `viewer`, newest
    first."""
    events = events_of(Instructor, pgh_obj=instructor.pk)
    outside = Association.objects.outside(viewer, VIEW).order_by().values("pk")
    for model in (Assignment, WorkEntry):
        events += events_of(model, ~Q(association__in=outside), instructor=instructor.pk)
    logged = _logged(events)
    named = states(UnresolvedAssignment).filter(instructor=instructor.pk)
    foreign = names_elsewhere(named.values("association_name"), viewer, VIEW)
    events += events_of(
        UnresolvedAssignment, ~Q(association_name__in=foreign), instructor=instructor.pk
    )
    return timeline(
        events,
        imports=known_imports(viewer),
        leave_out={"instructor"},
        hide_personal=hide_personal,
        untold=logged,
    )


def grants_timeline(user: Any, *, viewer: Any) -> list[Entry]:
    """Every recorded change of a person's grants, newest first."""
    events = events_of(Grant, user=user.pk)
    return timeline(events, imports=known_imports(viewer), leave_out={"user"})


def _logged(events: Iterable[Any]) -> set[Any]:
    """The entries of the work log as they were made: the log itself shows them, and history what
    became of them later."""
    of_work = [event for event in events if event.pgh_tracked_model is WorkEntry]
    return {event for event in of_work if event.pgh_label == "insert"}


def _shared_beyond_scope(coverages: Iterable[Any], viewer: Any) -> set[int]:
    """The Party organisations that cover or covered associations outside the scope, too."""
    outside = Association.objects.outside(viewer, VIEW).order_by().values("pk")
    shared = states(Coverage).filter(
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


def known_imports(viewer: Any) -> QuerySet[ImportBatch]:
    """The imports whose workbooks, which may tell of other offices, the person may know: those
    that he or she may open, and all where no office is hidden."""
    every = ImportBatch.objects.all()
    return every if is_citywide(viewer, VIEW) else every.for_user(viewer)
