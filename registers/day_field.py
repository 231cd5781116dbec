"""Days in forms."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from registers.cleaning.dates import FIRST_DAY, LAST_DAY


class DayInput(forms.DateInput):
    """A day out of the browser's calendar, which reads and writes it as YYYY-MM-DD."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day out of the browser's calendar, between 1900 and 2100.

    until_today: none to come, and today to begin with
    """

    def __init__(self, *, until_today: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("widget", DayInput())
        if until_today:
            kwargs.setdefault("initial", timezone.localdate)
        super().__init__(**kwargs)
        self.until_today = until_today

    def validate(self, value: datetime.date | None) -> None:
        super().validate(value)
        if value is None:
            return
        if not FIRST_DAY <= value <= LAST_DAY:
            text = _("The day lies before 1900 or after 2100; check the year.")
            raise ValidationError(text, code="impossible_day")
        if value > self._last():
            raise ValidationError(_("This day is still to come."), code="to_come")

    def get_bound_field(self, form: Any, field_name: str) -> Any:
        self.widget.attrs["min"] = FIRST_DAY.isoformat()
        self.widget.attrs["max"] = self._last().isoformat()
        return super().get_bound_field(form, field_name)

    def _last(self) -> datetime.date:
        return timezone.localdate() if self.until_today else LAST_DAY
