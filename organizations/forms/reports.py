"""The form that freezes a report."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from organizations.models import Report
from organizations.scoping import areas
from organizations.statistics.periods import Period, begun_periods, latest_ended
from registers.day_field import DayField


class FreezeForm(forms.Form):
    """Which period to freeze, and as of which day; without a day its last, today at the latest."""

    period = forms.ChoiceField(label=_("Period"))
    as_of = DayField(
        label=_("As of"),
        required=False,
        help_text=_("The day of the figures. Left out: the period's last day, or today."),
    )
    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=Report._meta.get_field("title").max_length,
        help_text=_("Left out, it is made of the period."),
    )
    scope = forms.ChoiceField(label=_("Scope"))
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=Report._meta.get_field("note").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.periods = {period.key: period for period in begun_periods(today)}
        self.areas = {str(g.pk): g for g in areas(user, Permission.FREEZE_REPORT)}
        period, scope = self.fields["period"], self.fields["scope"]
        period.choices = [(key, str(period)) for key, period in self.periods.items()]  # type: ignore[attr-defined]
        period.initial = latest_ended(today).key
        scope.choices = [(key, grant.scope) for key, grant in self.areas.items()]  # type: ignore[attr-defined]
        if len(self.areas) == 1:
            scope.initial, scope.widget = next(iter(self.areas)), forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "period" not in cleaned or "scope" not in cleaned:
            return cleaned
        period: Period = self.periods[cleaned["period"]]
        cleaned["as_of"] = cleaned.get("as_of") or min(period.ends_on, timezone.localdate())
        cleaned["title"] = cleaned.get("title") or _("Party-building statistics, %(period)s") % {
            "period": period
        }
        return cleaned

    def asked(self) -> dict[str, Any]:
        """What to freeze, as `freeze` takes it."""
        cleaned = self.cleaned_data
        area = self.areas[cleaned["scope"]]
        return {
            "period": self.periods[cleaned["period"]],
            "as_of": cleaned["as_of"],
            "title": str(cleaned["title"]),
            "note": cleaned["note"],
            "department": area.department,
            "division": area.division,
        }

    def refuse(self, error: ValidationError) -> None:
        """Say why it was not frozen."""
        self.add_error(None, error)
