"""Filters of brands, for the list in the office and the wall in public."""

from typing import Any

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessments.models import Brand, BrandStage
from organizations.filters.choices import department_choices
from organizations.terms import warned_until
from registers.filters import ListFilter

STATES = [
    ("in_force", pgettext_lazy("brands", "In force")),
    ("underway", pgettext_lazy("brands", "Under review")),
    ("reexamine", pgettext_lazy("brands", "To be re-examined within six months")),
]


class BrandFilter(ListFilter):
    """Filters in the URL; the latest named come first."""

    q = django_filters.CharFilter(method="found", label=_("Name of the brand or association"))
    level = django_filters.ChoiceFilter(choices=Brand.Level.choices, label=_("Level of the brand"))
    state = django_filters.ChoiceFilter(choices=STATES, method="by_state", label=_("State"))
    stage = django_filters.ChoiceFilter(choices=BrandStage.choices, label=_("Stage"))
    department = django_filters.ChoiceFilter(
        choices=department_choices, field_name="department__code", label=_("Industry department")
    )

    class Meta:
        model = Brand
        fields: list[str] = []

    def found(self, queryset: Any, name: str, value: str) -> Any:
        typed = value.strip()
        return queryset.filter(Q(title__icontains=typed) | Q(association__name__icontains=typed))

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        if value == "underway":
            return queryset.underway()
        if value == "reexamine":
            return queryset.to_reexamine(self.on, warned_until(self.on))
        return queryset.in_force(self.on)
