"""History of every change to a domain row, kept by database triggers (pghistory).

History is append-only. Event tables refuse UPDATE, DELETE and TRUNCATE. The table of contexts (who
and from where) refuses DELETE and TRUNCATE, and of UPDATE all but what pghistory itself does: the
context in force learns more, and forgets and changes nothing that it knew. The tracked tables
themselves refuse what their events could not tell: TRUNCATE and another key for a row.
"""

from typing import Any

import pghistory
import pgtrigger

NO_TRUNCATE = pgtrigger.Trigger(
    name="no_truncate",
    operation=pgtrigger.Truncate,
    when=pgtrigger.Before,
    level=pgtrigger.Statement,
    func="RAISE EXCEPTION 'history is append-only: cannot truncate %', TG_TABLE_NAME;",
)
LEARN_ONLY = pgtrigger.Trigger(
    name="learn_only",
    operation=pgtrigger.Update,
    when=pgtrigger.Before,
    func="""
        IF NEW.id <> OLD.id OR NEW.created_at <> OLD.created_at
            OR NOT NEW.metadata @> OLD.metadata
            OR current_setting('pghistory.context_id', true) IS DISTINCT FROM OLD.id::text
        THEN
            RAISE EXCEPTION 'history is append-only: cannot rewrite %', TG_TABLE_NAME;
        END IF;
        RETURN NEW;
    """,
)


KEY_STAYS = pgtrigger.Trigger(
    name="key_stays",
    operation=pgtrigger.Update,
    when=pgtrigger.Before,
    condition=pgtrigger.Q(old__id__df=pgtrigger.F("new__id")),
    func="RAISE EXCEPTION 'the key of a row of % stays', TG_TABLE_NAME;",
)

WRITTEN_ONCE = pgtrigger.Trigger(
    name="written_once",
    operation=pgtrigger.Update | pgtrigger.Delete,
    when=pgtrigger.Before,
    func="RAISE EXCEPTION 'a record of what happened stays: cannot change %', TG_TABLE_NAME;",
)


def append_only(model: Any) -> Any:
    """Class decorator, above `tracked`: rows of the model are never changed or deleted."""
    return pgtrigger.register(WRITTEN_ONCE)(model)


def tracked(**options: Any) -> Any:
    """Class decorator: record inserts, updates and deletes of the model in an append-only table."""
    track = pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        meta={"triggers": [NO_TRUNCATE]},
        **options,
    )
    return lambda model: pgtrigger.register(NO_TRUNCATE, KEY_STAYS)(track(model))
