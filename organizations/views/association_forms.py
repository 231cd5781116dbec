"""Where staff keep an association's own fields, section by section."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

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
from organizations.forms.associations import (
    AssociationForm,
    BasicForm,
    CoveredForm,
    MembersForm,
    NewAssociationForm,
    PartyBuildingForm,
)
from organizations.models import Association, Coverage
from organizations.scoping import grants_in_force
from organizations.views.belonging_kinds import BELONGINGS, Belonging
from registers.views.records import RecordAdd, RecordEdit


@dataclass(frozen=True)
class Section:
    """One of the tabs of an association's forms: its own fields, or the rows that belong to it."""

    key: str
    title: str | Promise
    form_class: type[AssociationForm] | None = None
    kinds: Sequence[str] = ()

    def url(self, association: Association) -> str:
        name = "association-edit" if self.form_class else "association-rows"
        return reverse(f"organizations:{name}", args=[association.pk, self.key])


SECTIONS = (
    Section("basic", gettext_lazy("Basic data"), BasicForm),
    Section("leadership", gettext_lazy("Leadership"), kinds=["leadership-terms"]),
    Section("members", gettext_lazy("Staff and members"), MembersForm),
    Section("party", gettext_lazy("Party building"), PartyBuildingForm),
    Section(
        "inspection",
        gettext_lazy("Inspection and rating"),
        kinds=["inspections", "ratings", "abnormal-listings", "dormancies"],
    ),
    Section("documents", gettext_lazy("Documents"), kinds=["documents"]),
)


def editable(user: Any) -> QuerySet[Association]:
    """The associations that the person may change."""
    return Association.objects.for_user(user, Permission.EDIT_ASSOCIATION)


def section_named(key: str, *, has_form: bool) -> Section:
    """The section `key`; Http404 where there is none of that sort."""
    for section in SECTIONS:
        if section.key == key and bool(section.form_class) == has_form:
            return section
    raise Http404


def section_tabs(association: Association, current: str) -> list[dict[str, Any]]:
    """The sections as tabs (_components/tabs.html)."""
    return [
        {"label": each.title, "url": each.url(association), "current": each.key == current}
        for each in SECTIONS
    ]


def association_crumbs(association: Association, last: str) -> list[tuple[str, str]]:
    """The way to a page below an association's."""
    page = reverse("organizations:association-detail", args=[association.pk])
    return [
        (_("Associations"), reverse("organizations:association-list")),
        (association.name, page),
        (last, ""),
    ]


class AssociationEdit(RecordEdit):
    """The fields of one section."""

    permission = Permission.EDIT_ASSOCIATION
    template_name = "organizations/association_form.html"

    @property
    def section(self) -> Section:
        return section_named(self.kwargs["section"], has_form=True)

    @property
    def form_class(self) -> Any:  # type: ignore[override]
        is_party = self.section.form_class is PartyBuildingForm
        return CoveredForm if is_party and self._is_covered() else self.section.form_class

    def _is_covered(self) -> bool:
        covered = Association.objects.covered(timezone.localdate())
        return covered.filter(pk=self.object.pk).exists()

    def rows(self) -> QuerySet[Association]:
        return editable(self.request.user)

    def form_options(self) -> dict[str, Any]:
        return {"viewer": self.request.user}

    def title(self) -> str:
        return str(self.object.name)

    def crumbs(self) -> list[tuple[str, str]]:
        return association_crumbs(self.object, str(self.section.title))

    def back_url(self) -> str:
        return reverse("organizations:association-detail", args=[self.object.pk])

    def context(self) -> dict[str, Any]:
        return {
            "tabs": section_tabs(self.object, self.section.key),
            "coverage": self._coverage() if self.section.key == "party" else None,
        }

    def _coverage(self) -> Coverage | None:
        """By which Party organisation the association is covered today: it has its own form."""
        existing = Coverage.objects.existing(timezone.localdate())
        covering = existing.filter(association=self.object)
        return covering.select_related("party_organization").first()


class AssociationAdd(RecordAdd):
    permission = Permission.EDIT_ASSOCIATION
    form_class = NewAssociationForm

    def rows(self) -> QuerySet[Association]:
        return editable(self.request.user)

    def form_options(self) -> dict[str, Any]:
        return {"viewer": self.request.user}

    def make(self) -> Association:
        """Department staff add associations of their own department."""
        departments = [g.department for g in grants_in_force(self.request.user) if g.department_id]
        return Association(industry_department=departments[0] if departments else None)

    def title(self) -> str:
        return _("Add an association")

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Associations"), self.back_url()), (self.title(), "")]

    def back_url(self) -> str:
        return reverse("organizations:association-list")

    def success_url(self, row: Association) -> str:
        return reverse("organizations:association-detail", args=[row.pk])


@require_safe
@requires(Permission.EDIT_ASSOCIATION)
def association_rows(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """The rows of one section, each with its form."""
    association = get_object_or_404(editable(request.user), pk=pk)
    found = section_named(section, has_form=False)
    context = {
        "association": association,
        "title": association.name,
        "crumbs": association_crumbs(association, str(found.title)),
        "tabs": section_tabs(association, found.key),
        "kinds": [_rows_of(association, BELONGINGS[key]) for key in found.kinds],
        "back_url": reverse("organizations:association-detail", args=[pk]),
    }
    return render(request, "organizations/association_rows.html", context)


def _rows_of(association: Association, belonging: Belonging) -> dict[str, Any]:
    return {"belonging": belonging, "rows": list(belonging.rows_of(association))}
