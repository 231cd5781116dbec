"""What the history of a person's grants tells."""

from typing import Any

from organizations.models import Grant
from organizations.timelines.knowledge import known_imports
from registers.timeline import Entry, events_of, timeline


def grants_timeline(user: Any, *, viewer: Any) -> list[Entry]:
    """Every recorded change of a person's grants, newest first."""
    events = events_of(Grant, user=user.pk)
    return timeline(events, imports=known_imports(viewer), leave_out={"user"})
