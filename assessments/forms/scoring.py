"""Forms in which evaluators score, and the office adds points or takes them off."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import Adjustment, Indicator
from registers.once import OnceMixin


class ScoreForm(forms.Form):
    """Points for one participant, with the reason; both or neither."""

    points = forms.DecimalField(
        label=_("Points earned"), min_value=0, max_digits=5, decimal_places=2, required=False
    )
    justification = forms.CharField(label=_("Justification"), max_length=500, required=False)

    def __init__(self, *args: Any, full: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["points"].max_value = full  # type: ignore[attr-defined]
        self.fields["points"].widget.attrs["max"] = full

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        points, why = given.get("points"), given.get("justification")
        if points is not None and not why:
            self.add_error("justification", _("Say why these points are given."))
        if why and points is None and "points" not in self.errors:
            self.add_error("points", _("Give the points as well."))
        return given


class AdjustmentForm(OnceMixin, forms.ModelForm):
    """Points under a bonus or a deduction of the cycle."""

    class Meta:
        model = Adjustment
        fields = ("indicator", "points", "reason", "evidence")

    def __init__(self, *args: Any, cycle: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        extra = cycle.indicators.exclude(kind__in=Indicator.WEIGHTED)
        self.fields["indicator"].queryset = extra  # type: ignore[attr-defined]
