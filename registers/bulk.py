"""Many rows at once: in chunks, by COPY, by one UPDATE out of a temporary table.

Statements are handed over as text: pghistory, which wraps every cursor, reads them.
"""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, TypeVar

from django.db import connection, models
from psycopg import sql

Item = TypeVar("Item")


def chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """`items` in lists of at most `size`."""
    remaining = iter(items)
    while chunk := list(islice(remaining, size)):
        yield chunk


@contextmanager
def without_collecting() -> Iterator[None]:
    """Leave the search for cycles of dead objects until the end: rows by the thousand make none,
    and looking for them again and again takes a tenth of an import's time."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def next_ids(model: type[models.Model], count: int) -> list[int]:
    """`count` fresh primary keys from the table's own sequence."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]


def copy_rows(
    model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """COPY `rows` into the model's table; `fields` names the columns as Django does."""
    columns = [_column(model, name) for name in fields]
    _copy(sql.Identifier(model._meta.db_table), columns, rows)


def update_rows(
    model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Set `fields` of many rows in one statement; each row begins with its primary key."""
    columns = ["id", *(_column(model, name) for name in fields)]
    table = sql.Identifier(model._meta.db_table)
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("CREATE TEMPORARY TABLE incoming ON COMMIT DROP AS SELECT {} FROM {} LIMIT 0")
            .format(names, table)
            .as_string()
        )
    _copy(sql.Identifier("incoming"), columns, rows)
    assignments = sql.SQL(", ").join(
        sql.SQL("{0} = incoming.{0}").format(sql.Identifier(column)) for column in columns[1:]
    )
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("UPDATE {0} SET {1} FROM incoming WHERE {0}.id = incoming.id")
            .format(table, assignments)
            .as_string()
        )
        cursor.execute("DROP TABLE incoming")


def array_literal(words: Sequence[str]) -> str:
    """A text array as COPY reads it; of words alone, because nothing in them is quoted."""
    return "{" + ",".join(words) + "}"


def _column(model: type[models.Model], field: str) -> str:
    return str(model._meta.get_field(field).column)  # type: ignore[union-attr]


def _copy(table: sql.Identifier, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        table, sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor:
        # pghistory never sees COPY: on this statement it tells the triggers who writes and why.
        lock = sql.SQL("LOCK TABLE {} IN ROW EXCLUSIVE MODE").format(table)
        cursor.execute(lock.as_string())
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
