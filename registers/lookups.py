"""A lookup for long lists of values."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Field, Lookup


def literal(values: Iterable[int | str]) -> str:
    """A PostgreSQL array of `values` as text: {1,2} or {"a","b"}."""
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: int | str) -> str:
    if isinstance(value, int):
        return str(value)
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


@Field.register_lookup
class AnyOf(Lookup):
    """`field__any_of=[…]`: like `in`, with the whole list as one array, written as its literal.

    `in` sends a placeholder for each value, and parsing thousands of them takes longer than the
    query; so does quoting them one by one. The array is of the field's own type.
    """

    lookup_name = "any_of"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: Any) -> Any:
        return "%s", [literal(value)]

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right})", [*left_params, *right_params]
