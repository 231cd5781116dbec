"""Why a step of an import did not succeed, as the batch keeps it."""

from typing import Any

from django.db import Error, OperationalError

from registers import register as registry
from registers.problems import Problem
from registers.workbooks.unreadable import Unreadable


def reason_of(failure: Problem | Unreadable | Error, *, refused: str) -> dict[str, Any]:
    """The code and the parameters of what is said to people.

    refused: the code where the database refuses what was to be written
    """
    if isinstance(failure, Problem | Unreadable):
        return {"code": failure.code, "params": failure.params}
    if isinstance(failure, OperationalError):
        return {"code": "try_again", "params": {}}
    constraint = getattr(getattr(failure.__cause__, "diag", None), "constraint_name", None)
    return {"code": refused, "params": {"constraint": constraint or ""}}


def rule_named(name: str) -> str:
    """What the constraint of that name says to people, "" where no register's table has it."""
    constraints = (
        constraint
        for register in registry.all_registers()
        for part in register.parts
        for constraint in part.model._meta.constraints
    )
    said = {each.name: each.violation_error_message for each in constraints}
    return str(said.get(name) or "")
