"""The form that freezes a report."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from organizations.models import Report
from organizations.scoping import areas
from organizations.statistics.periods import Period, begun_periods, latest_ended
from registers.day_field import DayField


def _offered(period: Period, frozen: list[str], areas: int) -> str:
    """A period as it is offered, with the scopes in which it is frozen already."""
    if not frozen:
        return str(period)
    if len(frozen) == areas:
        return gettext("%(period)s (frozen already)") % {"period": period}
    said = {"period": period, "scopes": gettext(", ").join(frozen)}
    return gettext("%(period)s (frozen already: %(scopes)s)") % said


class _Freezing(forms.Form):
    """What is said of a report whether it is the first of its period or a corrected version."""

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
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=Report._meta.get_field("note").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def refuse(self, error: ValidationError) -> None:
        """Say why it was not frozen."""
        self.add_error(None, error)


class CorrectionForm(_Freezing):
    """What a corrected version says, and why it is made."""

    reason = forms.CharField(
        label=_("Reason for the correction"),
        max_length=Report._meta.get_field("correction_reason").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stands on both versions, for everyone who reads them."),
    )
    field_order = ("reason", "as_of", "title", "note")

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"as_of": report.as_of, "title": report.title, "note": report.note}
        self.report = report
        self.fields["as_of"].help_text = _("The day of the figures. Left out: that of the report.")
        self.fields["title"].help_text = _("Left out: that of the report.")

    def asked(self) -> dict[str, Any]:
        """What to freeze, as `correct` takes it."""
        cleaned = self.cleaned_data
        return {
            "report": self.report,
            "as_of": cleaned["as_of"] or self.report.as_of,
            "title": cleaned["title"] or self.report.title,
            "note": cleaned["note"],
            "reason": cleaned["reason"],
        }


class FreezeForm(_Freezing):
    """Which period to freeze, and as of which day; without a day its last, today at the latest."""

    period = forms.ChoiceField(label=_("Period"))
    scope = forms.ChoiceField(label=_("Scope"))
    field_order = ("period", "as_of", "title", "scope", "note")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.periods = {period.key: period for period in begun_periods(today)}
        self.areas = {str(g.pk): g for g in areas(user, Permission.FREEZE_REPORT)}
        period, scope = self.fields["period"], self.fields["scope"]
        known = self._frozen()
        period.choices = [(key, _offered(each, known[key], len(self.areas)))  # type: ignore[attr-defined]
                          for key, each in self.periods.items()]  # fmt: skip
        period.initial = self._next_to_freeze(today, known)
        scope.choices = [(key, grant.scope) for key, grant in self.areas.items()]  # type: ignore[attr-defined]
        if len(self.areas) == 1:
            scope.initial, scope.widget = next(iter(self.areas)), forms.HiddenInput()

    def _frozen(self) -> dict[str, list[str]]:
        """The scopes in which each period offered is frozen already, by the period's key."""
        scopes = {(g.department_id, g.division_id): str(g.scope) for g in self.areas.values()}
        found: dict[str, list[str]] = {key: [] for key in self.periods}
        first = min(period.starts_on for period in self.periods.values())
        reports = (
            Report.objects.in_force()
            .filter(starts_on__gte=first)
            .values_list("period", "starts_on", "department", "division")
        )
        for kind, starts_on, department, division in reports:
            key = Period(Report.Period(kind), starts_on).key
            if key in found and (department, division) in scopes:
                found[key].append(scopes[department, division])
        return found

    def _next_to_freeze(self, today: datetime.date, known: dict[str, list[str]]) -> str:
        """The quarter that ended last; frozen everywhere already, the latest period that is not,
        ended ones first."""
        by_end = sorted(self.periods.values(), key=lambda period: period.ends_on >= today)
        wanted = (latest_ended(today).key, *(period.key for period in by_end))
        return next((key for key in wanted if len(known[key]) < len(self.areas)), wanted[0])

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
