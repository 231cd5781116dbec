"""History of every change to a domain row, kept by database triggers (pghistory).

Event tables are append-only: they refuse UPDATE, DELETE and TRUNCATE.
"""

from typing import Any

import pghistory
import pgtrigger


def tracked(**options: Any) -> Any:
    """Class decorator: record inserts, updates and deletes of the model in an append-only table."""
    no_truncate = pgtrigger.Trigger(
        name="no_truncate",
        operation=pgtrigger.Truncate,
        when=pgtrigger.Before,
        level=pgtrigger.Statement,
        func="RAISE EXCEPTION 'history is append-only: cannot truncate %', TG_TABLE_NAME;",
    )
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        meta={"triggers": [no_truncate]},
        **options,
    )
