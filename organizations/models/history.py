"""The origins of recorded changes: who made them, and from where."""

import pgtrigger
from pghistory.models import Context

from organizations.history import LEARN_ONLY, NO_TRUNCATE


class Origin(Context):
    """pghistory's table of contexts, guarded by triggers like the tables of events."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            NO_TRUNCATE,
            LEARN_ONLY,
        ]
