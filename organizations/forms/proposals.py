"""Forms of proposed assignments and of the rules behind them."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.filters.choices import department_choices, place_choices
from organizations.models import AssignmentRules
from organizations.operations.assignment_rules import FIELDS
from organizations.proposals.reading import Asked
from registers.day_field import DayField


class AskedForm(forms.Form):
    """Which associations a proposal is about."""

    county = forms.ChoiceField(label=_("County or district"), required=False)
    department = forms.ChoiceField(label=_("Industry department"), required=False)
    uncovered = forms.BooleanField(label=_("Only without a Party organisation"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("county", place_choices()), ("department", department_choices())):
            self.fields[name].choices = [("", _("All")), *choices]  # type: ignore[attr-defined]

    def asked(self) -> Asked:
        """What was chosen; everything where the choice is not valid."""
        return Asked(**self.cleaned_data) if self.is_valid() else Asked()


class StartForm(forms.Form):
    """From which day the accepted rows hold."""

    starts_on = DayField(label=_("Assigned from"), initial=timezone.localdate)


class RulesForm(forms.ModelForm):
    """Limits and weights; opened_at: the key of the rules that the person saw."""

    opened_at = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    class Meta:
        model = AssignmentRules
        fields = FIELDS
