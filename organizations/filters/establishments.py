"""Filters of associations on their way to a Party organisation, for board, table and file,
and the rule that they make."""

from typing import Any

import django_filters
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from organizations.filters.associations import AssociationFilter
from organizations.filters.choices import (
    choices_or_unknown,
    county_choices,
    department_choices_or_none,
)
from organizations.models import Association, Establishment, Stage
from organizations.querysets.establishment import EstablishmentQuerySet
from registers.filters import ListFilter, joined

Rows = EstablishmentQuerySet
AGEING = {
    "overdue": _("Longer than planned"),
    "soon": _("Due soon"),
    "fresh": _("In time"),
}
OF_ASSOCIATION = ("q", "county", "department", "reason")


class EstablishmentFilter(ListFilter):
    """Filters in the URL; those longest in their stage come first."""

    q = django_filters.CharFilter(method="passed", label=_("Name, pinyin, initials or code"))
    county = django_filters.ChoiceFilter(
        choices=county_choices, method="passed", label=_("County or district")
    )
    department = django_filters.ChoiceFilter(
        choices=department_choices_or_none, method="passed", label=_("Industry department")
    )
    stage = django_filters.ChoiceFilter(
        choices=Stage.choices, field_name="at_stage", label=_("Stage")
    )
    ageing = django_filters.ChoiceFilter(
        choices=list(AGEING.items()), method="by_age", label=_("Time in stage")
    )
    formation = django_filters.ChoiceFilter(
        choices=Establishment.Formation.choices, label=_("Planned formation")
    )
    overtaken = django_filters.ChoiceFilter(
        choices=[("yes", _("Established by roster, to confirm"))],
        method="by_overtaken",
        label=_("To confirm"),
    )
    reason = django_filters.ChoiceFilter(
        choices=choices_or_unknown(Association.NoPartyReason),
        method="passed",
        label=_("Reason for having no Party organisation"),
    )

    class Meta:
        model = Establishment
        fields: list[str] = []

    def filter_queryset(self, queryset: Rows) -> Rows:
        rows = queryset.as_of(self.on).order_by("at_since", "pk")
        return super().filter_queryset(rows)

    def passed(self, queryset: Rows, name: str, value: str) -> Rows:
        """Those of associations that the list of associations would show."""
        every = Association.objects.all()
        own = AssociationFilter({name: value, "status": "all"}, every, on=self.on)
        return queryset.of(own.qs)

    def by_age(self, queryset: Rows, name: str, value: str) -> Rows:
        return queryset.aged(value, self.on)

    def by_overtaken(self, queryset: Rows, name: str, value: str) -> Rows:
        return queryset.overtaken(self.on)

    def of_associations(self, rows: Any) -> Any:
        """Those of the associations `rows` that the filters leave; none where filters ask for
        what only an establishment has."""
        chosen = self.in_force()
        if chosen.keys() - set(OF_ASSOCIATION):
            return rows.none()
        return AssociationFilter(chosen, rows, on=self.on).qs


def rule_of(filters: EstablishmentFilter) -> str:
    """How the rows that `filters` leave were chosen, in sentences."""
    chosen = [filters.sentence(name) for name in filters.in_force()]
    return joined(gettext("Associations on their way to a Party organisation."), *chosen)
