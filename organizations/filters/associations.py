"""Filters of the list of associations; every number of the coverage dashboard links to them."""

import datetime
from collections.abc import Callable
from typing import Any

import django_filters
from django.forms import CheckboxSelectMultiple
from django.utils.translation import gettext_lazy as _

from organizations.filters.choices import (
    KNOWN,
    NOT_RECORDED,
    UNKNOWN,
    WORK,
    YES_NO,
    choices_or_unknown,
    county_choices,
    department_choices_or_none,
    zone_choices,
)
from organizations.members import ENOUGH, UNCOVERED
from organizations.models import Assignment, Association
from organizations.querysets.associations import AssociationQuerySet
from organizations.terms import warned_until
from registers.filters import ListFilter

Rows = AssociationQuerySet

COVERAGE = {
    "covered": _("Covered by a Party organisation"),
    "uncovered": _("Not covered by a Party organisation"),
    "work_covered": _("Covered by a Party organisation or served by an instructor"),
    "not_work_covered": _("Neither Party organisation nor instructor"),
}
MEMBERS = {
    **{part.key: part.description for part in UNCOVERED.values()},
    "enough": ENOUGH,
}
ORGANISED = {
    "standalone": _("A Party organisation of its own"),
    "joint": _("A joint Party organisation"),
}
ORGANISED_QUERYSETS = {"standalone": "standing_alone", "joint": "joined_together"}
PARTY_KIND = {
    "committee": _("Committee"),
    "general_branch": _("General branch"),
    "branch": _("Branch or provisional branch"),
    "joint_branch": _("Joint branch"),
    UNKNOWN: _("Not recorded"),
}
PARTY_KINDS = {"branch": ("branch", "provisional_branch"), UNKNOWN: ("",)}
"""Which kinds of Party organisation a choice of PARTY_KIND means, where not the one of its name."""
GROUP = {"yes": True, "no": False, UNKNOWN: None}
RECORDED = {
    "staff": _("Number of staff recorded"),
    "party_members": _("Number of full Party members recorded"),
    "members_not_transferred": _("Number of Party members registered elsewhere recorded"),
}
INSTRUCTOR = {"with": _("With a current instructor"), "without": _("Without a current instructor")}
MISSING = {
    "credit_code": _("No unified social credit code"),
    "party": _("Party organisation without name or founding date"),
    "inspection": _("No result of last year's inspection or report"),
    "rating": _("Rating ends within six months"),
    "leadership": _("A leader's term has ended or ends within six months"),
    "staff": _("Number of staff not recorded"),
    "party_members": _("Number of full Party members not recorded"),
    "members_not_transferred": _("Number of Party members registered elsewhere not recorded"),
}
MISSING_QUERYSETS: dict[str, Callable[[Rows, datetime.date], Rows]] = {
    "credit_code": lambda rows, on: rows.without_credit_code(),
    "party": lambda rows, on: rows.with_incomplete_organisation(on),
    "inspection": lambda rows, on: rows.without_inspection(on.year - 1),
    "rating": lambda rows, on: rows.rating_ending(on, warned_until(on)),
    "leadership": lambda rows, on: rows.leadership_ending(warned_until(on)),
    "staff": lambda rows, on: rows.with_staff().filter(staff=None),
    "party_members": lambda rows, on: rows.filter(party_members=None),
    "members_not_transferred": lambda rows, on: rows.filter(members_not_transferred=None),
}
WAY = {"not_begun": _("Ought to organise, not on its way yet")}
APPOINTMENT = {
    "president": _("The president is the Party secretary"),
    "other": _("The Party secretary is another person"),
}
STATUS = {
    "active": _("Active (counted in coverage)"),
    "dormant": _("Dormant"),
    "ended": _("Ended"),
    **{value: label for value, label in Association.Status.choices if value != "normal"},
    "all": _("All, ended ones included"),
}


class AssociationFilter(ListFilter):
    """Filters in the URL: county, level, department, …; values that don't exist are 'wrong'.

    Without `status` the list shows every association registered on the day.
    """

    q = django_filters.CharFilter(method="by_text", label=_("Name, pinyin, initials or code"))
    county = django_filters.ChoiceFilter(
        choices=county_choices, method="by_county", label=_("County or district")
    )
    level = django_filters.ChoiceFilter(
        choices=choices_or_unknown(Association.Level), method="by_choice", label=_("Level")
    )
    department = django_filters.ChoiceFilter(
        choices=department_choices_or_none, method="by_department", label=_("Industry department")
    )
    registration_type = django_filters.MultipleChoiceFilter(
        choices=choices_or_unknown(Association.RegistrationType),
        method="by_choices",
        label=_("Registration type"),
        widget=CheckboxSelectMultiple,
    )
    kind = django_filters.ChoiceFilter(choices=Association.Kind.choices, label=_("Kind"))
    managing_area = django_filters.ChoiceFilter(
        field_name="managing_area__code", choices=zone_choices, label=_("Managing area")
    )
    coverage = django_filters.ChoiceFilter(
        choices=list(COVERAGE.items()), method="by_coverage", label=_("Coverage")
    )
    members = django_filters.ChoiceFilter(
        choices=list(MEMBERS.items()), method="by_members", label=_("Full Party members")
    )
    organised = django_filters.ChoiceFilter(
        choices=list(ORGANISED.items()), method="by_organised", label=_("Party organisation")
    )
    party_kind = django_filters.ChoiceFilter(
        choices=list(PARTY_KIND.items()),
        method="by_party_kind",
        label=_("Kind of Party organisation"),
    )
    party_group = django_filters.ChoiceFilter(
        choices=[*YES_NO, NOT_RECORDED], method="by_party_group", label=_("Party group set up")
    )
    reason = django_filters.ChoiceFilter(
        field_name="no_party_reason",
        choices=choices_or_unknown(Association.NoPartyReason),
        method="by_choice",
        label=_("Reason for having no Party organisation"),
    )
    way = django_filters.ChoiceFilter(
        choices=list(WAY.items()), method="by_way", label=_("Way to a Party organisation")
    )
    instructor = django_filters.ChoiceFilter(
        choices=list(INSTRUCTOR.items()), method="by_instructor", label=_("Instructor")
    )
    work = django_filters.ChoiceFilter(
        choices=list(WORK.items()), method="by_work", label=_("Instructor's rhythm")
    )
    appointment = django_filters.ChoiceFilter(
        choices=list(APPOINTMENT.items()), method="by_appointment", label=_("Cross appointment")
    )
    missing = django_filters.ChoiceFilter(
        choices=list(MISSING.items()), method="by_missing", label=_("Matters to see to")
    )
    recorded = django_filters.ChoiceFilter(
        choices=list(RECORDED.items()), method="by_recorded", label=_("Recorded")
    )
    status = django_filters.ChoiceFilter(
        choices=list(STATUS.items()), method="by_status", label=_("Status")
    )

    class Meta:
        model = Association
        fields: list[str] = []

    def filter_queryset(self, queryset: Any) -> Rows:
        if not self.form.cleaned_data.get("status"):
            queryset = queryset.as_of(self.on)
        return super().filter_queryset(queryset)

    def by_text(self, queryset: Rows, name: str, value: str) -> Rows:
        return queryset.search(value)

    def by_county(self, queryset: Rows, name: str, value: str) -> Rows:
        return queryset.in_county(value)

    def by_choice(self, queryset: Rows, name: str, value: str) -> Rows:
        return queryset.filter(**{name: "" if value == UNKNOWN else value})

    def by_choices(self, queryset: Rows, name: str, value: list[str]) -> Rows:
        return queryset.filter(**{f"{name}__in": ["" if v == UNKNOWN else v for v in value]})

    def by_department(self, queryset: Rows, name: str, value: str) -> Rows:
        if value in (KNOWN, UNKNOWN):
            return queryset.filter(industry_department__isnull=value == UNKNOWN)
        return queryset.filter(industry_department__code=value)

    def by_coverage(self, queryset: Rows, name: str, value: str) -> Rows:
        return getattr(queryset, value)(self.on)

    def by_members(self, queryset: Rows, name: str, value: str) -> Rows:
        if value == "enough":
            return queryset.with_enough_members()
        return queryset.uncovered_with(UNCOVERED[value], self.on)

    def by_organised(self, queryset: Rows, name: str, value: str) -> Rows:
        return getattr(queryset, ORGANISED_QUERYSETS[value])(self.on)

    def by_party_kind(self, queryset: Rows, name: str, value: str) -> Rows:
        return queryset.by_party_kind(self.on, PARTY_KINDS.get(value, (value,)))

    def by_party_group(self, queryset: Rows, name: str, value: str) -> Rows:
        return queryset.filter(has_party_group=GROUP[value])

    def by_way(self, queryset: Rows, name: str, value: str) -> Rows:
        return queryset.not_begun(self.on)

    def by_recorded(self, queryset: Rows, name: str, value: str) -> Rows:
        return queryset.with_staff().filter(**{f"{value}__isnull": False})

    def by_instructor(self, queryset: Rows, name: str, value: str) -> Rows:
        return getattr(queryset, f"{value}_instructor")(self.on)

    def by_work(self, queryset: Rows, name: str, value: str) -> Rows:
        overdue = Assignment.objects.overdue(self.on, value)
        return queryset.filter(pk__in=overdue.order_by().values("association"))

    def by_appointment(self, queryset: Rows, name: str, value: str) -> Rows:
        president = queryset.cross_appointed(self.on)
        if value == "president":
            return president
        return queryset.with_both_leaders(self.on).exclude(pk__in=president.order_by().values("pk"))

    def by_missing(self, queryset: Rows, name: str, value: str) -> Rows:
        return MISSING_QUERYSETS[value](queryset, self.on)

    def by_status(self, queryset: Rows, name: str, value: str) -> Rows:
        if value == "all":
            return queryset
        if value in ("active", "dormant"):
            return getattr(queryset.as_of(self.on), value)(self.on)
        ended = queryset.ended(self.on)
        return ended if value == "ended" else ended.filter(status=value)
