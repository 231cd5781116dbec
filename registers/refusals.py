"""Why a step of an import did not succeed, as the batch keeps it."""

from typing import Any

from django.apps import apps
from django.db import Error, OperationalError

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


def rule_broken(failure: Error) -> str:
    """What the constraint that the database has just enforced says to people, "" if unknown."""
    constraint = getattr(getattr(failure.__cause__, "diag", None), "constraint_name", None)
    return rule_named(constraint or "")


def rule_named(name: str) -> str:
    """What the constraint of that name says to people, "" where no table has it."""
    constraints = (rule for model in apps.get_models() for rule in model._meta.constraints)
    said = {rule.name: rule.violation_error_message for rule in constraints}
    return str(said.get(name) or "")
