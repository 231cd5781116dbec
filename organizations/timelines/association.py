"""What the history of an association tells, and to whom."""

from collections import defaultdict
from itertools import chain
from typing import Any

from organizations.models import (
    AbnormalListing,
    Assignment,
    Association,
    Coverage,
    Document,
    Dormancy,
    Establishment,
    FormerName,
    Inspection,
    LeadershipTerm,
    Merger,
    PartyOrganization,
    Rating,
    WorkEntry,
)
from organizations.timelines.knowledge import known_imports, logged, untold
from registers.timeline import Entry, events_of, timeline

OF_ASSOCIATION = (
    Coverage, Assignment, Inspection, Rating, LeadershipTerm, AbnormalListing, Dormancy, Document,
    FormerName,
    Establishment,
    WorkEntry,
)  # fmt: skip


def association_timeline(
    association: Association, *, viewer: Any, hide_personal: bool
) -> list[Entry]:
    """Every recorded change of `association`, of entries merged into it, and of their rows, newest
    first.

    Of a Party organisation that covers associations outside the scope of `viewer`, too: what
    changed while it covered this one (knowledge.untold).
    """
    keys = [association.pk, *association.mergers.values_list("absorbed", flat=True)]
    events = events_of(Association, pgh_obj__in=keys)
    for model in OF_ASSOCIATION:
        events += events_of(model, association__in=keys)
    events += events_of(Merger, survivor=association.pk)
    coverages = [event for event in events if event.pgh_tracked_model is Coverage]
    parties: dict[int, list[Any]] = defaultdict(list)
    for event in events_of(
        PartyOrganization, pgh_obj__in={event.party_organization_id for event in coverages}
    ):
        parties[event.pgh_obj_id].append(event)
    return timeline(
        [*events, *chain.from_iterable(parties.values())],
        imports=known_imports(viewer),
        leave_out={
            *("association", "lead", "survivor", "absorbed", "context", "by", "at"),
            "file",  # where it lies; people know it by its title
        },
        hide_personal=hide_personal,
        untold=untold(parties, coverages, viewer) | logged(events),
    )
