"""Statements that the ORM cannot write, over rows that the ORM has chosen and scoped."""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


def rows_over(queryset: QuerySet[Any], statement: str) -> list[tuple[Any, ...]]:
    """The rows of `statement`, in which `{rows}` stands for the rows of `queryset`."""
    try:
        sql, params = queryset.query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement.format(rows=sql), params)
        return list(cursor.fetchall())
