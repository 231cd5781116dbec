"""What is wrong in a batch, said to people and programs."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from registers import problems
from registers.columns import ChoiceColumn
from registers.models import ImportBatch, ImportRow
from registers.refusals import rule_named
from registers.register import Register
from registers.workbooks import unreadable


def problem_message(code: str, params: dict[str, Any]) -> str:
    """The sentence for a problem of a cell, a row or a file."""
    if code in unreadable.MESSAGES:
        return str(unreadable.Unreadable(code, **params))
    if code in problems.WITHOUT_RULE:
        params = {"rule": rule_named(params["constraint"])}
    return problems.message(code, params)


def problems_of(batch: ImportBatch) -> Iterator[dict[str, Any]]:
    """Every problem of the batch's rows: sheet, row, column key, code, message."""
    headings = column_headings(batch)
    wrong = batch.rows.filter(action=ImportRow.Action.WRONG).order_by("pk")
    for row in wrong.iterator(chunk_size=2000):
        for problem in row.problems:
            yield {
                "sheet": row.sheet,
                "row": row.row,
                "column": problem["column"],
                "code": problem["code"],
                "message": sentence(row, problem, headings, batch.register),
            }


def told(problem: dict[str, Any], register: Register) -> str:
    """The sentence for a problem of a row in the active language, whichever it was checked in."""
    params = problem["params"]
    if problem["code"] == "unknown_choice":
        column = register.column(problem["column"])
        choices = column.choices if isinstance(column, ChoiceColumn) else ()
        params = params | {"choices": [str(label) for _code, label in choices]}
    return problem_message(problem["code"], params)


def sentence(
    row: ImportRow, problem: dict[str, Any], headings: dict[Any, str], register: Register
) -> str:
    """The problem with its place: sheet, row and the column's heading in the file."""
    place = _("Row %(row)s") % {"row": row.row}
    if row.sheet:
        place = _("Sheet “%(sheet)s”, row %(row)s") % {"sheet": row.sheet, "row": row.row}
    heading = headings.get((row.sheet, problem["column"])) or headings.get(problem["column"])
    if heading:
        place = _("%(place)s, column “%(column)s”") % {"place": place, "column": heading}
    return _("%(place)s: %(message)s") % {"place": place, "message": told(problem, register)}


def column_headings(batch: ImportBatch) -> dict[Any, str]:
    """The headings of the file, by (sheet, column key), and of the register by column key."""
    own = {
        (plan["name"], column["column"]): " / ".join(column["path"])
        for plan in batch.plan
        for column in plan["columns"]
        if column["column"] and not column["choice"]
    }
    return {column.key: str(column.label) for column in batch.register.columns} | own
