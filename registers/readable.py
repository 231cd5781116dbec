"""Values of records as people read them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from registers.columns import Column, LookupColumn, Value, Vocabulary
from registers.models import LearnedAlias
from registers.vocabularies import Space


def vocabularies_of(columns: Iterable[Column]) -> dict[str, Vocabulary]:
    """The vocabulary of each looked-up column by its key; one query per table."""
    lookups = [column for column in columns if isinstance(column, LookupColumn)]
    loaded = {load: load() for load in {column.vocabulary for column in lookups}}
    return {column.key: loaded[column.vocabulary] for column in lookups}


def readable(column: Column, value: Value, vocabularies: Mapping[str, Vocabulary]) -> Any:
    """`value` of `column` in the active language; looked-up rows by their name."""
    if column.key in vocabularies and isinstance(value, int):
        return vocabularies[column.key].names.get(value)
    return column.show(value)


def meaning_of(word: LearnedAlias, space: Space | None) -> str:
    """What an explained word means, by name."""
    if word.value is None:
        return _("nothing: the cell counts as blank")
    names = space.names if space else {}
    return names.get(word.value) or _("something that no longer exists")
