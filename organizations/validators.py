"""What forms refuse in single fields of the registry."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from registers import cleaning
from registers.problems import Problem


def credit_code(code: str) -> None:
    """Raises ValidationError unless `code` is right (GB 32100-2015) and in its one writing."""
    try:
        cleaned = cleaning.credit_code(code)
    except Problem as problem:
        raise ValidationError(str(problem), code=problem.code) from problem
    if cleaned != code:
        raise ValidationError(
            _("Write the code in capitals, without spaces or dashes."), code="code_writing"
        )
