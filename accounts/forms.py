"""Log-in forms."""

from typing import Any

from django.contrib.auth.forms import AdminPasswordChangeForm, PasswordChangeForm
from django.contrib.auth.password_validation import password_validators_help_texts


class OwnPasswordForm(PasswordChangeForm):
    """Django's form with its rules in sentences; a list doesn't fit into a field's help."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].help_text = " ".join(password_validators_help_texts())


class GivenPasswordForm(AdminPasswordChangeForm):
    """A password given by an administrator. Nobody is without one: there is no other log-in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("usable_password", None)
