"""What rows were before a write, from their history."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models


@dataclass(frozen=True)
class Earlier:
    """A row that a write changed. before: its values by attribute name, None where the write made
    it; gone: the write deleted it; changed_since: somebody wrote it again"""

    model: type[models.Model]
    pk: int
    before: dict[str, Any] | None
    gone: bool
    changed_since: bool


def states_before(model: Any, context: UUID) -> list[Earlier]:
    """Every row of a tracked `model` that was written under the origin `context`."""
    states = model.pgh_event_model._default_manager
    first: dict[int, Any] = {}
    last: dict[int, Any] = {}
    for event in states.filter(pgh_context_id=context).order_by("pgh_id"):
        first.setdefault(event.pgh_obj_id, event)
        last[event.pgh_obj_id] = event
    return [
        Earlier(
            model,
            pk,
            _before(states, event),
            last[pk].pgh_label == "delete",
            states.filter(pgh_obj_id=pk, pgh_id__gt=last[pk].pgh_id).exists(),
        )
        for pk, event in first.items()
    ]


def _before(states: Any, first: Any) -> dict[str, Any] | None:
    if first.pgh_label == "insert":
        return None
    known = states.filter(pgh_obj_id=first.pgh_obj_id, pgh_id__lt=first.pgh_id)
    state = known.order_by("-pgh_id").first() or first
    fields = [f for f in state._meta.concrete_fields if not f.name.startswith("pgh_")]
    return {f.attname: getattr(state, f.attname) for f in fields if f.name != "id"}
