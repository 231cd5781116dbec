"""Filters of the list of Party organisations, and the rule that they make."""

from typing import Any, ClassVar

import django_filters
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.filters.choices import (
    NOT_RECORDED,
    UNKNOWN,
    YES_NO,
    choices_or_unknown,
    county_choices,
    department_choices,
)
from organizations.models import PartyOrganization
from organizations.models.party import TERM_STATES
from organizations.querysets.party import PartyOrganizationQuerySet
from registers.filters import ListFilter, joined

Rows = PartyOrganizationQuerySet
STATUS = {
    "dissolved": gettext_lazy("Dissolved"),
    "all": gettext_lazy("All, dissolved ones included"),
}
FORM = {
    "standalone": gettext_lazy("Of one association or body"),
    "joint": gettext_lazy("Joint"),
}
APPOINTMENT = {"yes": gettext_lazy("Secretary is an association's president")}


class PartyOrganizationFilter(ListFilter):
    """Filters in the URL. Without `status` the list shows those existing on the day."""

    q = django_filters.CharFilter(
        method="by_text", label=gettext_lazy("Name, secretary or association")
    )
    term = django_filters.ChoiceFilter(
        choices=list(TERM_STATES.items()), method="by_term", label=gettext_lazy("Term")
    )
    form = django_filters.ChoiceFilter(
        choices=list(FORM.items()), method="by_form", label=gettext_lazy("Formation")
    )
    county = django_filters.ChoiceFilter(
        choices=county_choices, method="by_county", label=gettext_lazy("County or district")
    )
    department = django_filters.ChoiceFilter(
        choices=department_choices, method="by_department", label=gettext_lazy("Department")
    )
    kind = django_filters.ChoiceFilter(
        choices=choices_or_unknown(PartyOrganization.Kind),
        method="by_choice",
        label=gettext_lazy("Kind"),
    )
    nature = django_filters.ChoiceFilter(
        choices=PartyOrganization.Nature.choices, label=gettext_lazy("Nature")
    )
    secretary_source = django_filters.ChoiceFilter(
        choices=[*PartyOrganization.SecretarySource.choices, NOT_RECORDED],
        method="by_choice",
        label=gettext_lazy("Secretary's source"),
    )
    appointment = django_filters.ChoiceFilter(
        choices=list(APPOINTMENT.items()),
        method="by_appointment",
        label=gettext_lazy("Cross appointment"),
    )
    weak = django_filters.ChoiceFilter(
        choices=YES_NO, method="by_weak", label=gettext_lazy("On the list of weak organisations")
    )
    incomplete = django_filters.ChoiceFilter(
        choices=YES_NO, method="by_incomplete", label=gettext_lazy("Name or founding date missing")
    )
    status = django_filters.ChoiceFilter(
        choices=list(STATUS.items()), method="by_status", label=gettext_lazy("Status")
    )

    class Meta:
        model = PartyOrganization
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, associations: Any, **kwargs: Any) -> None:
        """associations: those in scope; whom else an organisation covers is not to be found out"""
        super().__init__(*args, **kwargs)
        self.associations = associations

    def filter_queryset(self, queryset: Any) -> Rows:
        if not self.form.cleaned_data.get("status"):
            queryset = queryset.existing(self.on)
        return super().filter_queryset(queryset)

    def by_text(self, queryset: Rows, name: str, value: str) -> Rows:
        return queryset.search(value, self.associations)

    def by_term(self, queryset: Rows, name: str, value: str) -> Rows:
        if value == UNKNOWN:
            return queryset.term_unknown()
        return getattr(queryset, f"term_{value}")(self.on)

    def by_form(self, queryset: Rows, name: str, value: str) -> Rows:
        return getattr(queryset, value)()

    def by_choice(self, queryset: Rows, name: str, value: str) -> Rows:
        return queryset.filter(**{name: "" if value == UNKNOWN else value})

    def by_county(self, queryset: Rows, name: str, value: str) -> Rows:
        return queryset.covering(self.associations.in_county(value), self.on)

    def by_department(self, queryset: Rows, name: str, value: str) -> Rows:
        managed = self.associations.filter(industry_department__code=value)
        hosted = queryset.filter(host_department__code=value)
        return queryset.filter(pk__in=hosted.order_by().values("pk")) | queryset.covering(
            managed, self.on
        )

    def by_appointment(self, queryset: Rows, name: str, value: str) -> Rows:
        return queryset.cross_appointed(self.associations, self.on)

    def by_weak(self, queryset: Rows, name: str, value: str) -> Rows:
        weak = queryset.weak(self.on)
        return weak if value == "yes" else queryset.exclude(pk__in=weak.order_by().values("pk"))

    def by_incomplete(self, queryset: Rows, name: str, value: str) -> Rows:
        lacking = queryset.incomplete()
        if value == "yes":
            return lacking
        return queryset.exclude(pk__in=lacking.order_by().values("pk"))

    def by_status(self, queryset: Rows, name: str, value: str) -> Rows:
        return queryset.filter(dissolved_on__lte=self.on) if value == "dissolved" else queryset


def rule_of(filters: PartyOrganizationFilter) -> str:
    """How the rows of the list were chosen."""
    chosen = filters.in_force()
    status = chosen.get("status", "")
    sentences = {
        "": _("Party organisations established by %(day)s and not dissolved by then."),
        "dissolved": _("Party organisations dissolved by %(day)s."),
        "all": _("All Party organisations, dissolved ones included; as of %(day)s."),
    }
    said = [sentences[status] % {"day": date_format(filters.on)}]
    if "term" in chosen:
        said.append(_("Committees are elected for five years, branches for three."))
    return joined(*said, *(filters.sentence(name) for name in chosen if name != "status"))
