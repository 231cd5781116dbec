"""What the stage of a cycle forbids, held by the database.

A write takes a share of the cycle's row, so that a change of stage waits for it, and it for a
change of stage.
"""

from collections.abc import Iterable
from functools import reduce
from operator import or_

import pgtrigger

PUBLISHED = "published"
OPERATIONS = {
    "insert": pgtrigger.Insert,
    "update": pgtrigger.Update,
    "delete": pgtrigger.Delete,
}


def only_while(
    *stages: str,
    cycle: str,
    writes: Iterable[str] = ("insert", "update", "delete"),
    name: str = "only_in_its_stage",
) -> pgtrigger.Trigger:
    """Refuses writes to rows of a cycle that is in none of `stages`, and rows that would move out
    of one or into one.

    cycle: SQL of the key of the row's cycle, in which `touched` is the row
    """
    operations = [OPERATIONS[each] for each in writes]
    listed = ", ".join(f"'{stage}'" for stage in stages)
    refuse = f"""
        PERFORM FROM assessments_cycle WHERE id = ({cycle}) AND stage IN ({listed}) FOR SHARE;
        IF NOT FOUND THEN
            RAISE check_violation USING
                MESSAGE = 'the stage of the cycle forbids writes to ' || TG_TABLE_NAME,
                CONSTRAINT = 'only_in_its_stage';
        END IF;
    """
    return pgtrigger.Trigger(
        name=name,
        operation=reduce(or_, operations),
        when=pgtrigger.Before,
        declare=[("touched", "RECORD")],
        func=f"""
            IF TG_OP <> 'INSERT' THEN touched := OLD; {refuse} END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            touched := NEW; {refuse}
            RETURN NEW;
        """,
    )
