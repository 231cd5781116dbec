"""Other weights and thresholds, to see what would come of them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from assessments.models import Calculation, Indicator
from assessments.models.cycles import RULES


class WhatIfForm(forms.ModelForm):
    """The rules of a calculation, a weight for each indicator, and what is tried."""

    class Meta:
        model = Calculation
        fields = (*RULES, "note")

    def __init__(self, *args: Any, indicators: Sequence[Indicator], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.label = capfirst(str(field.label))
        self.fields["note"].label = _("What is tried")
        self.fields["note"].required = True
        self.indicators = indicators
        for indicator in indicators:
            self.fields[f"weight-{indicator.pk}"] = forms.DecimalField(
                label=indicator.name,
                min_value=Decimal("0.01"),
                max_value=100,
                max_digits=5,
                decimal_places=2,
                initial=indicator.full,
            )

    @property
    def rules(self) -> list[forms.BoundField]:
        return [self[name] for name in self._meta.fields or ()]

    @property
    def weights(self) -> list[forms.BoundField]:
        return [self[f"weight-{each.pk}"] for each in self.indicators]

    def chosen_weights(self) -> dict[int, Decimal]:
        """The weights by the keys of the indicators."""
        return {each.pk: self.cleaned_data[f"weight-{each.pk}"] for each in self.indicators}

    def chosen_rules(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in RULES}
