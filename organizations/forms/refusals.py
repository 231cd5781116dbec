"""What an operation refuses, said in the form that asked for it."""

from django.core.exceptions import ValidationError
from django.forms import BaseForm


def tell(form: BaseForm, refusal: ValidationError) -> None:
    """Put the messages of `refusal` beside the fields that they name, else above the form."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, errors in refusal.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
