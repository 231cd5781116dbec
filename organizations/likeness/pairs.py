"""Pairs of entries that probably are one association.

Only entries that share a key are compared: the core of their names, the organisation code inside
the credit code, or legal representative and phone. So 100,000 entries cost little more than reading
them, and not 5,000,000,000 comparisons.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.db.models import QuerySet

from organizations.likeness.names import Names
from organizations.likeness.scoring import BODY, LEAST, Entry, Likeness, likeness, may_be_one
from registers.register import Record

LARGEST_BLOCK = 100  # a core that so many share (商会 alone) says nothing
FIELDS = ("pk", "name", "division_id", "credit_code", "legal_representative", "phone")


@dataclass(frozen=True)
class Pair:
    """Two entries of the registry, by their keys in order."""

    low: int
    high: int
    likeness: Likeness

    @property
    def keys(self) -> tuple[int, int]:
        return self.low, self.high


def entries(rows: QuerySet[Any], names: Names) -> list[Entry]:
    """The associations of `rows` as they are compared; one query."""
    return [_entry(names, *row) for row in rows.order_by().values_list(*FIELDS)]


def entry_of(record: Record, names: Names) -> Entry:
    """A row of a roster as it is compared."""
    keys = ("name", "division", "credit_code", "legal_representative", "phone")
    name, division, code, leader, phone = (record.get(key) for key in keys)
    return _entry(names, None, str(name or ""), division, code, leader, phone)


def likely_pairs(compared: Iterable[Entry]) -> list[Pair]:
    """Every likely pair among the entries of the registry, the likeliest first."""
    found: dict[tuple[Any, Any], Likeness] = {}
    for block in _blocks(compared).values():
        for one, other in combinations(block, 2) if len(block) <= LARGEST_BLOCK else ():
            keys = (one.pk, other.pk) if one.pk < other.pk else (other.pk, one.pk)  # type: ignore[operator]
            if keys not in found and may_be_one(one, other):
                found[keys] = likeness(one, other)
    likely = (Pair(*keys, each) for keys, each in found.items() if each.score >= LEAST)
    return sorted(likely, key=lambda pair: (-pair.likeness.score, pair.keys))


def likely_matches(
    rows: Sequence[Entry], known: Iterable[Entry], limit: int
) -> list[list[tuple[int, Likeness]]]:
    """For each of `rows` the entries of the registry that it may be, the likeliest first, at most
    `limit`."""
    wanted = {key for row in rows for key in _keys(row)}
    blocks = _blocks(known, wanted)
    return [sorted(_matches(row, blocks), key=_first)[:limit] for row in rows]


def _matches(row: Entry, blocks: dict[Hashable, list[Entry]]) -> Iterator[tuple[int, Likeness]]:
    shared = {
        entry.pk: entry
        for key in _keys(row)
        for entry in blocks.get(key, ())
        if len(blocks[key]) <= LARGEST_BLOCK
    }
    for pk, entry in shared.items():
        found = likeness(row, entry) if may_be_one(row, entry) else None
        if pk is not None and found and found.score >= LEAST:
            yield pk, found


def _first(match: tuple[int, Likeness]) -> tuple[int, int]:
    pk, found = match
    return -found.score, pk


def _blocks(
    compared: Iterable[Entry], wanted: set[Hashable] | None = None
) -> dict[Hashable, list[Entry]]:
    blocks: dict[Hashable, list[Entry]] = defaultdict(list)
    for entry in compared:
        for key in _keys(entry):
            if wanted is None or key in wanted:
                blocks[key].append(entry)
    return blocks


def _keys(entry: Entry) -> Iterator[Hashable]:
    """What entries must share one of. 庄寨镇商会 has no core: its place is its name."""
    yield "core", entry.name.core, entry.county, None if entry.name.core else entry.name.place
    if entry.credit_code:
        yield "body", entry.credit_code[BODY]
    if entry.people:
        yield "people", entry.people


def _entry(
    names: Names, pk: Any, name: str, division: Any, code: Any, leader: Any, phone: Any
) -> Entry:
    apart = names.apart(name)
    county = names.county(apart.place or division)
    return Entry(pk, apart, county, str(code or ""), str(leader or ""), str(phone or ""))
