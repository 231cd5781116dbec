"""What is refused, and why: as an import keeps it, and as forms say it to people."""

from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import Error, OperationalError
from django.forms import BaseForm
from django.utils.translation import gettext as _

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


def leaves_scope() -> ValidationError:
    """What is wrong where a change would put a row beyond what the person may change."""
    return ValidationError(
        _(
            "With this change the record would leave what you are responsible for. Ask the city to "
            "make it."
        )
    )


def tell(form: BaseForm, refusal: ValidationError) -> None:
    """Put what an operation refuses beside the fields that it names, else above the form."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, errors in refusal.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
