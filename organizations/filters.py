"""Filters of the list of associations; every number of the coverage dashboard links to them."""

import datetime
from collections.abc import Callable
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.forms import CheckboxSelectMultiple
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from organizations.members import ENOUGH, UNCOVERED
from organizations.models import (
    Assignment,
    Association,
    Department,
    Division,
    Instructor,
    Suggestion,
    TrainingAttendance,
    TrainingSession,
)
from organizations.querysets.associations import CITY as CITY_KEY
from organizations.querysets.associations import AssociationQuerySet
from organizations.querysets.instructors import InstructorQuerySet
from organizations.scoping import is_citywide
from organizations.terms import warned_until
from registers.filters import ListFilter

Rows = AssociationQuerySet
People = InstructorQuerySet

KNOWN = "known"
UNKNOWN = "unknown"
CITY = "city"
NOT_RECORDED = (UNKNOWN, _("Not recorded"))

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
WORK = {"visit": _("Visit overdue"), "contact": _("Contact overdue")}
LOAD = {
    "none": _("No association"),
    "some": _("Fewer than usual at most"),
    "full": _("As many as usual at most"),
    "over": _("More than usual at most"),
}
TERM = {
    "due": _("Over, or ends within six months"),
    "over": _("Over, still at work"),
    "ending": _("Ends within six months"),
}
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
ATTENDEES = {"instructors": _("Instructors"), "others": _("Other Party workers")}
YES_NO = [("yes", _("Yes")), ("no", _("No"))]


def place_choices() -> list[tuple[str, Any]]:
    """The city level and the counties; a zone that only manages is found by zone_choices."""
    places = Division.objects.counties().values_list("code", "name")
    return [(CITY, _("City level")), *places]


def county_choices() -> list[tuple[str, Any]]:
    """What the coverage table counts by."""
    return [*place_choices(), NOT_RECORDED]


def zone_choices() -> list[tuple[str, Any]]:
    return list(Division.objects.zones().values_list("code", "name"))


def department_choices() -> list[tuple[str, Any]]:
    return list(Department.objects.values_list("code", "short_name"))


def department_choices_or_none() -> list[tuple[str, Any]]:
    """The departments, any of them, and none."""
    return [*department_choices(), (KNOWN, _("Recorded")), NOT_RECORDED]


def offer_own(form: Any, user: Any, permission: Permission) -> None:
    """Offer, of counties and departments, those of which the person has associations; what is
    chosen stays on offer. Whatever else an address names is understood as before."""
    if is_citywide(user, permission):
        return
    own: Any = Association.objects.for_user(user, permission).order_by()
    keys = set(own.with_county().values_list("county", flat=True).distinct())
    codes = set(Division.objects.filter(pk__in=keys - {None}).values_list("code", flat=True))
    departments = set(own.values_list("industry_department__code", flat=True).distinct())
    own_keys = {
        "county": codes | ({CITY} if CITY_KEY in keys else set()) | _unknown(keys),
        "department": departments | _unknown(departments) | {KNOWN},
    }
    for name in own_keys.keys() & form.fields.keys():
        kept = own_keys[name] | {"", form[name].value()}
        field = form.fields[name]
        field.widget.choices = [choice for choice in field.choices if choice[0] in kept]


def _unknown(keys: set[Any]) -> set[str]:
    return {UNKNOWN} if None in keys else set()


def choices_or_unknown(choices: Any) -> list[tuple[str, Any]]:
    return [*choices.choices, NOT_RECORDED]


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
        choices=list(MISSING.items()), method="by_missing", label=_("To complete")
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


class InstructorFilter(ListFilter):
    """Filters of the list of instructors: q, in_pool, assigned, load, term, work, unresolved."""

    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label=_("Name"))
    in_pool = django_filters.ChoiceFilter(
        choices=YES_NO, method="by_pool", label=_("In the talent pool")
    )
    assigned = django_filters.ChoiceFilter(
        choices=YES_NO, method="by_assignment", label=_("With a current assignment")
    )

    serves = django_filters.ChoiceFilter(
        choices=Association.Kind.choices,
        method="by_kind_served",
        label=_("Works with associations of the kind"),
    )
    load = django_filters.ChoiceFilter(
        choices=list(LOAD.items()), method="by_load", label=_("Number of associations")
    )
    term = django_filters.ChoiceFilter(
        choices=list(TERM.items()), method="by_term", label=_("Term")
    )
    work = django_filters.ChoiceFilter(
        choices=list(WORK.items()), method="by_work", label=_("Rhythm")
    )
    unresolved = django_filters.ChoiceFilter(
        choices=YES_NO, method="by_unresolved", label=_("Names associations not in the registry")
    )

    class Meta:
        model = Instructor
        fields: list[str] = []

    def __init__(
        self, *args: Any, associations: Rows, unresolved: QuerySet[Any], **kwargs: Any
    ) -> None:
        """associations: those in scope; only work with them counts as an assignment
        unresolved: the names in scope that no association bears
        """
        super().__init__(*args, **kwargs)
        self.associations = associations
        self.unresolved = unresolved

    def by_pool(self, queryset: People, name: str, value: str) -> People:
        return queryset.filter(in_pool=value == "yes")

    def by_assignment(self, queryset: People, name: str, value: str) -> People:
        dispatched = queryset.dispatched(self.on, self.associations.active(self.on))
        return dispatched if value == "yes" else queryset.exclude(pk__in=dispatched.values("pk"))

    def by_kind_served(self, queryset: People, name: str, value: str) -> People:
        return queryset.serving_kind(self.on, self.associations.active(self.on), value)

    def by_load(self, queryset: People, name: str, value: str) -> People:
        return queryset.of_load(self.on, self.associations.active(self.on), value)

    def by_term(self, queryset: People, name: str, value: str) -> People:
        rows = queryset.with_term_state(self.on)
        return rows.exclude(term_state="") if value == "due" else rows.filter(term_state=value)

    def by_work(self, queryset: People, name: str, value: str) -> People:
        overdue = Assignment.objects.with_associations(self.associations).overdue(self.on, value)
        return queryset.lacking_work(overdue)

    def by_unresolved(self, queryset: People, name: str, value: str) -> People:
        named = queryset.with_unresolved_names(self.unresolved)
        return named if value == "yes" else queryset.exclude(pk__in=named.values("pk"))


class AttendanceFilter(ListFilter):
    """Filters of the list of attendances at training sessions held by the day asked for."""

    q = django_filters.CharFilter(method="by_text", label=_("Name, unit or session"))
    kind = django_filters.ChoiceFilter(
        field_name="session__kind", choices=TrainingSession.Kind.choices, label=_("Kind")
    )
    of = django_filters.ChoiceFilter(
        choices=list(ATTENDEES.items()), method="by_attendee", label=_("Attended by")
    )

    class Meta:
        model = TrainingAttendance
        fields: list[str] = []

    def filter_queryset(self, queryset: Any) -> Any:
        return super().filter_queryset(queryset.as_of(self.on))

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        said = Q(name__icontains=value) | Q(unit__icontains=value)
        return queryset.filter(said | Q(session__title__icontains=value))

    def by_attendee(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(instructor__isnull=value != "instructors")


class SuggestionFilter(ListFilter):
    """Filters of the list of suggestions: q, kind, mine and state ("": those still open)."""

    q = django_filters.CharFilter(method="by_text", label=_("Number, text or association"))
    kind = django_filters.ChoiceFilter(choices=Suggestion.Kind.choices, label=_("Kind"))
    mine = django_filters.ChoiceFilter(
        choices=[("yes", _("In my hands"))], method="by_handler", label=_("Handler")
    )

    class Meta:
        model = Suggestion
        fields: list[str] = []

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    @property
    def state(self) -> str:
        """The state asked for: one of Suggestion's, "overdue" or "all"; "" for those open."""
        asked = self.data.get("state", "")
        return asked if asked in (*Suggestion.State.values, "overdue", "all") else ""

    def filter_queryset(self, queryset: Any) -> Any:
        return super().filter_queryset(self._of_state(queryset))

    def _of_state(self, queryset: Any) -> Any:
        if self.state == "all":
            return queryset
        if self.state in ("", "overdue"):
            return queryset.overdue(self.on) if self.state else queryset.open()
        return queryset.filter(state=self.state)

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        words = Q(text__icontains=value) | Q(about__icontains=value) | Q(answer__icontains=value)
        number = value.strip().upper().removeprefix("YJ").lstrip("0")
        numbered = number.isascii() and number.isdigit() and len(number) < 10
        return queryset.filter(words | Q(pk=number) if numbered else words)

    def by_handler(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(handler=self.user)
