"""History of every change to a domain row, kept by database triggers (pghistory)."""

from typing import Any

import pghistory


def tracked(**options: Any) -> Any:
    """Class decorator: record inserts, updates and deletes of the model in an append-only table."""
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        **options,
    )
