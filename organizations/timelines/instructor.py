"""What the history of an instructor tells, and to whom."""

from typing import Any

from django.db.models import Q

from organizations.models import Assignment, Instructor, UnresolvedAssignment, WorkEntry
from organizations.querysets.instructors import names_elsewhere
from organizations.timelines.knowledge import VIEW, known_imports, logged, outside
from registers.timeline import Entry, events_of, states, timeline


def instructor_timeline(instructor: Instructor, *, viewer: Any, hide_personal: bool) -> list[Entry]:
    """Every recorded change of `instructor`, and of the work in the scope of `viewer`, newest
    first."""
    events = events_of(Instructor, pgh_obj=instructor.pk)
    within = ~Q(association__in=outside(viewer))
    for model in (Assignment, WorkEntry):
        events += events_of(model, within, instructor=instructor.pk)
    work = logged(events)
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
        untold=work,
    )
