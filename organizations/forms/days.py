"""Days in forms."""

from typing import Any

from django import forms
from django.utils import timezone

from registers.editing import DayInput


class DayField(forms.DateField):
    """A day out of the browser's calendar; until_today: none to come, and today to begin with."""

    def __init__(self, *, until_today: bool = False, **kwargs: Any) -> None:
        if until_today:
            kwargs.setdefault("initial", timezone.localdate)
        super().__init__(widget=DayInput(), **kwargs)
        self.until_today = until_today

    def get_bound_field(self, form: Any, field_name: str) -> Any:
        if self.until_today:
            self.widget.attrs["max"] = timezone.localdate().isoformat()
        return super().get_bound_field(form, field_name)
