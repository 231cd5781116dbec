"""The form of the work log: a day, a method and a few words. No photo, no place."""

from django import forms
from django.utils.translation import gettext_lazy as _

from organizations.models import WorkEntry
from registers.day_field import DayField
from registers.once import OnceMixin


class WorkForm(OnceMixin):
    """An entry of the work log."""

    method = forms.ChoiceField(
        label=_("How"),
        choices=WorkEntry.Method.choices,
        initial=WorkEntry.Method.VISIT,
        widget=forms.RadioSelect(attrs={"class": "big-choice"}),
    )
    on = DayField(label=_("Day"), until_today=True)
    done = forms.CharField(
        label=_("What was done"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    problem = forms.CharField(
        label=_("Problem found"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    next_step = forms.CharField(
        label=_("Next step"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    @property
    def says_more(self) -> bool:
        """Whether something stands in the fields that may stay closed."""
        return any(self[name].value() or self[name].errors for name in ("problem", "next_step"))
