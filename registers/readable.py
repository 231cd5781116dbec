"""Values of records as people read them."""

from collections.abc import Iterable, Mapping
from typing import Any

from registers.columns import Column, LookupColumn, Value, Vocabulary


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
