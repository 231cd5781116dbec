"""The list of associations and the page of each."""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.decorators import requires
from accounts.permissions import Permission
from organizations.filters.associations import AssociationFilter
from organizations.filters.choices import offer_own
from organizations.forms.associations import CELL_FORMS, WITHOUT_PARTY_ORGANIZATION
from organizations.models import Association
from organizations.operations.assignments import assignable, endable
from organizations.querysets.associations import leadership_ending
from organizations.rules import rhythm_rule, rule_of
from organizations.stages import age
from organizations.terms import warned_until
from organizations.timelines.association import association_timeline
from organizations.views.duplicates import merged_into
from organizations.views.work import LATEST
from registers import register as registry
from registers.columns import Column, DateColumn
from registers.editing import fields_of
from registers.lists import RegisterList, Row
from registers.personal import masked, personal_fields, seen_in_full
from registers.register import Record
from registers.timeline import ENTRIES_PER_PAGE

OF_RELATIONS = (
    "registration_authority", "industry_department", "supervising_unit", "division",
    "managing_area",
)  # fmt: skip
OF_REGISTRATION = (
    "credit_code", "kind", "registration_type", "level", "status", "registered_on", "ended_on",
    "certificate_no", "registered_capital", "legal_representative", "phone", "address", "industry",
    "business_scope",
)  # fmt: skip
OF_PEOPLE = (
    "staff_total", "staff_full_time", "staff_part_time", "party_members",
    "members_not_transferred", "has_party_group", "unit_members", "individual_members",
)  # fmt: skip
OF_CHARTER = (
    "charter_has_party_building", "charter_approved_on", "no_party_reason", "remark",
)  # fmt: skip
OF_UNCOVERED = fields_of(WITHOUT_PARTY_ORGANIZATION)
Fact = tuple[str, Any]
RELATIONS = (
    "division__parent__parent",
    "managing_area",
    "registration_authority",
    "industry_department",
    "supervising_unit",
)


@dataclass(frozen=True)
class Group:
    """Fields that belong together, as (label, value) pairs."""

    title: str
    all_facts: Sequence[Fact]

    @property
    def facts(self) -> list[Fact]:
        return [(label, value) for label, value in self.all_facts if value not in (None, "")]

    @property
    def missing(self) -> str:
        """Labels of the fields that nothing is recorded for."""
        return _(", ").join(label for label, value in self.all_facts if value in (None, ""))


LEADERS = Column(key="leaders_ending", label=gettext_lazy("Leaders whose term ends"), width=28)
LEADERS_END = DateColumn(key="leadership_end", label=gettext_lazy("Leader's term until"))
RATING_END = DateColumn(key="rating_end", label=gettext_lazy("Rating valid until"))


class AssociationList(RegisterList):
    register_key = "associations"
    filterset_class = AssociationFilter
    template_name = "organizations/association_list.html"
    main_filters = ("county", "level", "department", "coverage")
    told_columns = (RATING_END, LEADERS, LEADERS_END)
    sort_fields = {
        "name": "pinyin",
        "credit_code": "credit_code",
        "level": "level",
        "division": "division__code",
        "industry_department": "industry_department__code",
        "registered_on": "registered_on",
        "party_members": "party_members",
        "staff_total": "staff_total",
        "unit_members": "unit_members",
        "rating_end": "rating_end",
        "leadership_end": "leadership_end",
    }

    def rule(self) -> str:
        return rule_of(self.filterset)

    def rows(self, page: Any) -> Iterator[Row]:
        """Which rows the page shows is found in the index alone; these are then read."""
        pks = list(page.values_list("pk", flat=True))
        shown = self.with_order(Association.objects.filter(pk__in=pks))
        shown = shown.order_by(*page.query.order_by)
        return super().rows(shown if page.query.order_by else shown.order_by("pinyin", "pk"))

    def with_order(self, rows: Any) -> Any:
        if self.sort.endswith("leadership_end"):
            return rows.with_leadership_end(warned_until(self.on))
        return rows.with_rating_end(self.on) if self.sort.endswith("rating_end") else rows

    def told(self, pks: Sequence[int]) -> dict[int, Record]:
        chosen = {column.key for column in self.chosen_columns}
        found: dict[int, Record] = defaultdict(dict)
        if "rating_end" in chosen:
            ends: Any = Association.objects.filter(pk__in=pks).with_rating_end(self.on).order_by()
            for pk, day in ends.exclude(rating_end=None).values_list("pk", "rating_end"):
                found[pk]["rating_end"] = day.isoformat()
        if chosen & {"leaders_ending", "leadership_end"}:
            self._tell_leaders(pks, found)
        return found

    def _tell_leaders(self, pks: Sequence[int], found: dict[int, Record]) -> None:
        """Who leads and for how long, the earliest end first."""
        terms = leadership_ending(warned_until(self.on)).filter(association__in=pks)
        people: dict[int, list[str]] = defaultdict(list)
        for term in terms.order_by("ends_on", "pk"):
            people[term.association_id].append(str(term))
            found[term.association_id].setdefault("leadership_end", term.ends_on.isoformat())
        for pk, names in people.items():
            found[pk]["leaders_ending"] = _(", ").join(names)

    def changeable(self, pks: Sequence[int]) -> set[int]:
        """What is on record today, on the rows that the person may change."""
        shown = {column.key for column in self.chosen_columns}
        if self.on != timezone.localdate() or shown.isdisjoint(CELL_FORMS):
            return set()
        rows = Association.objects.for_user(self.request.user, Permission.EDIT_ASSOCIATION)
        return set(rows.filter(pk__in=pks).order_by().values_list("pk", flat=True))

    def edit_url(self, pk: int, column: Column) -> str:
        if column.key not in CELL_FORMS:
            return ""
        return reverse("organizations:association-cell", args=[pk, column.key])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_add = self.request.user.has_perm(Permission.EDIT_ASSOCIATION)
        sees_doubles = self.request.user.has_perm(Permission.VIEW_DUPLICATE)
        offer_own(self.filterset.form, self.request.user, self.permission)
        return super().get_context_data(may_add=may_add, sees_doubles=sees_doubles, **kwargs)


@require_safe
@requires(Permission.VIEW_REGISTRY)
def association_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything known about an association, and how it came to be so."""
    visible = Association.objects.for_user(request.user, Permission.VIEW_REGISTRY)
    today = timezone.localdate()
    rows = visible.select_related(*RELATIONS).with_coverage(today)
    association = rows.filter(pk=pk).first()
    if association is None:
        return _gone(request, pk)
    register = registry.get("associations")
    show_personal = bool(seen_in_full(register, [pk], request.user, register.columns))
    entries = association_timeline(
        association, viewer=request.user, hide_personal=not show_personal
    )
    context = _belongings(association, today) | {
        "association": association,
        "crumbs": [
            (_("Associations"), reverse("organizations:association-list")),
            (association.name, ""),
        ],
        **_standing(association, today),
        "reasons": Association.NoPartyReason.choices,
        "may_move": request.user.has_perm(Permission.MOVE_ESTABLISHMENT),
        "groups": _groups(association, show_personal),
        "show_personal": show_personal,
        "today": today,
        "cross_appointed": _cross_appointed(association, today),
        "may_edit": _may_edit(request.user, pk),
        "rule": rhythm_rule(),
        "may_assign": assignable(request.user).filter(pk=pk).exists(),
        "endable": endable(request.user, association.assignments),
        "history": Paginator(entries, ENTRIES_PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "organizations/association_detail.html", context)


def _standing(association: Association, on: datetime.date) -> dict[str, Any]:
    """How far it is on its way to a Party organisation, and for how long."""
    row = association.establishments.order_by("-pk").first()
    waits = age(row.stage, row.since, on) if row and row.is_open else None
    return {"establishment": row, "age": waits}


def _cross_appointed(association: Association, on: datetime.date) -> set[int]:
    """The coverages whose secretary is the association's president on the day `on`."""
    held = association.coverages.existing(on).cross_appointed(on)
    return set(held.order_by().values_list("pk", flat=True))


def _may_edit(user: Any, pk: int) -> bool:
    return Association.objects.for_user(user, Permission.EDIT_ASSOCIATION).filter(pk=pk).exists()


def _gone(request: HttpRequest, pk: int) -> HttpResponse:
    """To the entry that took this one in; Http404 where it just does not exist for the person."""
    merger = merged_into(request.user, pk)
    if merger is None:
        raise Http404
    return redirect("organizations:association-detail", merger.survivor_id)


def _coverages(association: Association, on: datetime.date) -> list[tuple[Any, str]]:
    """Each coverage, with the state of the term of one that goes on."""
    rows = association.coverages.select_related("party_organization__host_department")
    return [
        (row, "" if row.valid_until or party.dissolved_on else party.term_state(on))
        for row in rows
        for party in [row.party_organization]
    ]


def _belongings(association: Association, today: datetime.date) -> dict[str, Any]:
    """The rows that belong to the association, current and past."""
    work = association.work.select_related("instructor", "association")
    assignments = association.assignments.with_rhythm(today).select_related("instructor")
    return {
        "work": work[:LATEST],
        "work_count": work.count(),
        "coverages": _coverages(association, today),
        "assignments": assignments.order_by(F("ended_on").desc(nulls_first=True), "-assigned_on"),
        "inspections": association.inspections.all(),
        "ratings": association.ratings.all(),
        "leaders": association.leadership_terms.all(),
        "listings": association.abnormal_listings.all(),
        "dormancies": association.dormancies.all(),
        "documents": association.documents.all(),
        "former_names": association.former_names.all(),
    }


def _groups(association: Any, show_personal: bool) -> list[Group]:
    """The association's own fields in groups."""
    facts = dict(_facts(association, show_personal))
    # Kept, for when the Party organisation is dissolved; until then they say nothing that holds.
    left_out = OF_UNCOVERED if association.covered else ()
    titled = {
        _("Relations"): OF_RELATIONS,
        _("Registration"): OF_REGISTRATION,
        _("Staff and members"): OF_PEOPLE,
        _("Charter and remarks"): OF_CHARTER,
    }
    return [
        Group(title, [facts[name] for name in names if name not in left_out])
        for title, names in titled.items()
    ]


def _facts(association: Association, show_personal: bool) -> Iterator[tuple[str, Fact]]:
    for described in association._meta.concrete_fields:
        label = capfirst(str(described.verbose_name))
        yield described.name, (label, _said(association, described, show_personal))


def _said(association: Association, described: Any, show_personal: bool) -> Any:
    """A field's value as people read it."""
    value = getattr(association, described.name)
    if described.name in personal_fields(Association) and not show_personal:
        return masked(value)
    if described.name == "registered_capital" and value is not None:
        return f"¥{value:,.2f}"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if described.flatchoices:
        return getattr(association, f"get_{described.name}_display")()
    return value
