"""Which associations are probably one, as far as nobody has said that they are two."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from accounts.permissions import Permission
from organizations.likeness.names import Names
from organizations.likeness.pairs import Pair, entries, entry_of, likely_matches, likely_pairs
from organizations.likeness.scoring import Likeness
from organizations.models import Association, DistinctName, NotDuplicate
from registers.cleaning import normalise
from registers.register import Record

MERGE = Permission.MERGE_ASSOCIATIONS
LOOK = Permission.VIEW_DUPLICATE
OFFERED = 3  # matches of one row


def mergeable(user: Any) -> Any:
    """The registered associations that the person may merge. One that has ended stays as it is: it
    was an association of its own, also where a new one bears its name."""
    return Association.objects.for_user(user, MERGE).filter(ended_on=None)


def comparable(user: Any) -> Any:
    """The registered associations whose duplicates the person may look at."""
    return Association.objects.for_user(user, LOOK).filter(ended_on=None)


def open_pairs(user: Any) -> list[Pair]:
    """The likely duplicates among what `user` may look at, the likeliest first; four queries."""
    compared = entries(comparable(user), Names())
    settled = set(NotDuplicate.objects.for_user(user, LOOK).values_list("low", "high"))
    writings = {entry.pk: entry.name.writing for entry in compared}
    named = _distinct(user, LOOK)
    return [
        pair
        for pair in likely_pairs(compared)
        if pair.keys not in settled
        and writings[pair.high] not in named[pair.low]
        and writings[pair.low] not in named[pair.high]
    ]


def matches(
    records: Sequence[Record], user: Any, permission: Permission
) -> list[list[tuple[int, Likeness]]]:
    """For each record of a roster the registered associations that it may mean, among those on
    which `user` may exercise `permission`; three queries."""
    names = Names()
    known = Association.objects.for_user(user, permission).filter(ended_on=None)
    rows = [entry_of(record, names) for record in records]
    named = _distinct(user, permission)
    found = likely_matches(rows, entries(known, names), OFFERED)
    return [
        [(pk, each) for pk, each in likely if row.name.writing not in named[pk]]
        for row, likely in zip(rows, found, strict=True)
    ]


def _distinct(user: Any, permission: Permission) -> dict[int, set[str]]:
    """The writings that were found not to mean an association, by its key."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = DistinctName.objects.for_user(user, permission)
    for pk, name in rows.values_list("association", "name"):
        found[pk].add(normalise(name))
    return found
