"""New rows of a checked roster that the registry may already have under another name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from registers.models import ImportBatch, ImportRow
from registers.register import Match

MOST_ROWS = 5000  # are looked at; a roster with more new rows is a first import
COUNTED_AT_ONCE = 2000
DIFFERENT = "different"


@dataclass(frozen=True)
class MatchedRow:
    """A new row, the name that it writes, and what that may mean."""

    row: ImportRow
    name: str
    matches: Sequence[Match]


def matched_rows(batch: ImportBatch, user: Any) -> list[MatchedRow]:
    """The new rows of a checked batch that may mean a row of the registry."""
    register = batch.register
    if batch.status != ImportBatch.Status.STAGED or not register.knows_matches:
        return []
    new = batch.rows.filter(action=ImportRow.Action.NEW).order_by("pk")
    rows = list(new.defer("before", "inferred", "problems")[:MOST_ROWS])
    naming = register.naming_column.key
    found = register.matches([row.values for row in rows], user) if rows else []
    return [
        MatchedRow(row, str(row.values.get(naming) or ""), matches)
        for row, matches in zip(rows, found, strict=True)
        if matches
    ]


def may_have_matches(batch: ImportBatch) -> bool:
    """Whether it is worth looking."""
    new = batch.counts.get(ImportRow.Action.NEW)
    staged = batch.status == ImportBatch.Status.STAGED
    return bool(new) and staged and batch.register.knows_matches


def number_of_matches(batch: ImportBatch, user: Any) -> int | None:
    """How many new rows may mean rows of the registry; None where counting takes too long."""
    if not may_have_matches(batch):
        return 0
    if batch.counts[ImportRow.Action.NEW] > COUNTED_AT_ONCE:
        return None
    return len(matched_rows(batch, user))


def answer(batch: ImportBatch, answers: Mapping[int, str], user: Any) -> tuple[int, int]:
    """Remember what rows mean, by the keys of the rows: the key of a row of the registry, or
    DIFFERENT for none of those offered. How many mean one, and how many none.

    Raises ValidationError where an answer names something that was not offered.
    """
    same = different = 0
    for matched in matched_rows(batch, user):
        said = answers.get(matched.row.pk, "")
        offered = {str(match.record.pk): match.record.pk for match in matched.matches}
        if said == DIFFERENT:
            for pk in offered.values():
                batch.register.learn_different(matched.name, pk, user)
            different += 1
        elif said in offered:
            batch.register.learn_same(matched.name, offered[said], user)
            same += 1
        elif said:
            raise ValidationError(_("“%(name)s”: choose one of those offered.")
                                  % {"name": matched.name})  # fmt: skip
    return same, different
