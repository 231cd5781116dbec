"""Several questions about the same rows, answered by one statement, which sees one state."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

# It begins with SELECT, which tells pghistory that it only reads.
STATEMENT = "SELECT * FROM (WITH {tables} SELECT {answers}) AS answers"
ANSWER = "(SELECT json_agg(answer) FROM ({question}) AS answer)"

Row = dict[str, Any]


def statement(tables: str, questions: Iterable[str]) -> str:
    """SQL that asks `questions`, SELECTs, of the common table expressions `tables`."""
    answers = ", ".join(ANSWER.format(question=question) for question in questions)
    return STATEMENT.format(tables=tables, answers=answers)


def ask(sql: str, params: Sequence[Any]) -> list[list[Row]]:
    """The rows that answer each question of a `statement`, as JSON writes them."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [rows or [] for rows in cursor.fetchone()]
