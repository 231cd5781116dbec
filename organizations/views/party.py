"""The list of Party organisations, the page of each, and the forms that change it."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.decorators import requires
from accounts.permissions import Permission
from organizations.figures import Scope, measure
from organizations.figures.party import STANDING
from organizations.filters.choices import offer_own
from organizations.filters.party import PartyOrganizationFilter, rule_of
from organizations.forms.party import (
    PARTICULARS,
    DissolutionForm,
    ElectionForm,
    ExtensionForm,
    ParticularsForm,
    PartyOrganizationForm,
)
from organizations.models import Association, PartyOrganization
from organizations.models.party import TERM_STATES
from organizations.operations.party import (
    dissolve,
    extend_term,
    keep_particulars,
    record_election,
    restore,
)
from organizations.registers.party import PartyOrganizationRegister
from organizations.scoping import is_citywide
from organizations.timelines.party import party_timeline, secretaries, told_of
from registers.editing import fields_of
from registers.lists import RegisterList
from registers.timeline import ENTRIES_PER_PAGE
from registers.views.records import RecordEdit

VIEW, EDIT = Permission.VIEW_REGISTRY, Permission.EDIT_ASSOCIATION
Said = Mapping[str, Any]
TERM_PILLS = {"running": "done", "ending": "soon", "overdue": "overdue", "unknown": "neutral"}


class PartyOrganizationList(RegisterList):
    register_key = PartyOrganizationRegister.key
    filterset_class = PartyOrganizationFilter
    template_name = "organizations/partyorganization_list.html"
    main_filters = ("term", "form", "county", "department")
    sort_fields = {
        "name": "pinyin",
        "kind": "kind",
        "secretary": "secretary",
        "established_on": "established_on",
        "last_election_on": "last_election_on",
        "term_ends_on": "term_ends_on",
        "approved_on": "approved_on",
        "host_department": "host_department__code",
    }

    def filter_options(self) -> dict[str, Any]:
        own = Association.objects.for_user(self.request.user, self.permission)
        return {"associations": own}

    def rule(self) -> str:
        return rule_of(self.filterset)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        scope = Scope(self.on, self.request.user)
        figures = [measured.card() for measured in measure(scope, STANDING)]
        offer_own(self.filterset.form, self.request.user, self.permission)
        return super().get_context_data(standing=figures, **kwargs)


@require_safe
@requires(VIEW)
def partyorganization_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A Party organisation: particulars, term, whom it covers in scope, and how it came so."""
    visible = PartyOrganization.objects.for_user(request.user, VIEW)
    party = get_object_or_404(visible.select_related("host_department"), pk=pk)
    today = timezone.localdate()
    own = Association.objects.for_user(request.user, VIEW)
    coverages = party.coverages.with_associations(own).select_related("association")
    told = told_of(party, request.user)
    listings = party.weak_listings.all()
    entries = party_timeline(party, told, viewer=request.user)
    current = party.coverages.as_of(today)
    context = {
        "party": party,
        "crumbs": crumbs_to(party),
        "today": today,
        "term": TERM_STATES[party.term_state(today)],
        "term_pill": TERM_PILLS[party.term_state(today)],
        "coverages": coverages,
        "citywide": is_citywide(request.user, VIEW),
        "managed": _managed(own, party, today) if party.committee_form else 0,
        "elsewhere": current.exclude(pk__in=coverages.order_by().values("pk")).count(),
        "cross_appointed": current.with_associations(own).cross_appointed(today).exists(),
        "secretaries": secretaries(told),
        "listings": listings,
        "weak": listings.open(today).exists(),
        "may_edit": _may(request.user, EDIT, pk),
        "may_list": _may(request.user, Permission.LIST_WEAK_ORGANIZATION, pk),
        "history": Paginator(entries, ENTRIES_PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "organizations/partyorganization_detail.html", context)


def _managed(own: Any, party: PartyOrganization, on: datetime.date) -> int:
    """How many active associations in scope the department of this committee manages."""
    return own.active(on).filter(industry_department=party.host_department_id).count()


def crumbs_to(party: PartyOrganization, last: str = "") -> list[tuple[str, str]]:
    """The way to the page of a Party organisation, or to one below it named `last`."""
    page = reverse("organizations:partyorganization-detail", args=[party.pk])
    above = (_("Party organisations"), reverse("organizations:partyorganization-list"))
    return [above, (str(party), page), (last, "")] if last else [above, (str(party), "")]


def _may(user: Any, ability: Permission, pk: int) -> bool:
    return PartyOrganization.objects.for_user(user, ability).filter(pk=pk).exists()


def _describe(organization: PartyOrganization, said: Said, by: Any) -> Any:
    values = {name: said[name] for name in fields_of(PARTICULARS)}
    return keep_particulars(organization=organization, values=values, by=by)


def _elect(organization: PartyOrganization, said: Said, by: Any) -> Any:
    return record_election(
        organization=organization,
        elected_on=said["last_election_on"],
        secretary=said["secretary"],
        secretary_source=said["secretary_source"],
        approval=said["election_approval"],
        by=by,
    )


def _extend(organization: PartyOrganization, said: Said, by: Any) -> Any:
    until, approval = said["extended_until"], said["extension_approval"]
    return extend_term(organization=organization, until=until, approval=approval, by=by)


def _dissolve(organization: PartyOrganization, said: Said, by: Any) -> Any:
    """Without a day, a dissolution recorded by mistake is taken back."""
    day = said["dissolved_on"]
    if day is None:
        return restore(organization=organization, by=by)
    return dissolve(organization=organization, on=day, by=by)


@dataclass(frozen=True)
class Section:
    """One way to change a Party organisation. write: what does it, given what the form says"""

    key: str
    title: str | Promise
    form_class: type[PartyOrganizationForm]
    write: Callable[[PartyOrganization, Said, Any], Any]


SECTIONS: Sequence[Section] = (
    Section("particulars", gettext_lazy("Particulars"), ParticularsForm, _describe),
    Section("election", gettext_lazy("Record an election"), ElectionForm, _elect),
    Section("extension", gettext_lazy("Extend the term"), ExtensionForm, _extend),
    Section("dissolution", gettext_lazy("Dissolve"), DissolutionForm, _dissolve),
)


class PartyOrganizationEdit(RecordEdit):
    """Each section is an operation of its own; to all holds that the organisation covers no
    association outside what the person may change."""

    permission = EDIT
    template_name = "organizations/association_form.html"

    @property
    def section(self) -> Section:
        """The section of the address; Http404 where there is none."""
        for each in SECTIONS:
            if each.key == self.kwargs["section"]:
                return each
        raise Http404

    @property
    def form_class(self) -> Any:  # type: ignore[override]
        return self.section.form_class

    def rows(self) -> QuerySet[Any]:
        return PartyOrganization.objects.for_user(self.request.user, EDIT)

    def title(self) -> str:
        return str(self.object)

    def crumbs(self) -> list[tuple[str, str]]:
        return crumbs_to(self.object, str(self.section.title))

    def back_url(self) -> str:
        return reverse("organizations:partyorganization-detail", args=[self.object.pk])

    def context(self) -> dict[str, Any]:
        """The sections as tabs; of a dissolved organisation only the dissolution can change."""
        name = "organizations:partyorganization-edit"
        tabs = [
            {
                "label": each.title,
                "url": reverse(name, args=[self.object.pk, each.key]),
                "current": each == self.section,
            }
            for each in SECTIONS
            if not self.object.dissolved_on or each.key == "dissolution"
        ]
        return {"tabs": tabs}

    def save(self, form: Any) -> Any:
        return self.section.write(self.object, form.cleaned_data, self.request.user)
