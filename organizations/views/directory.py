"""The public directory of associations; it shows no personal data."""

import datetime
from typing import Any

import django_filters
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from organizations.filters import place_choices
from organizations.models import Association, Coverage, Rating
from organizations.querysets.validity import begun, not_ended
from organizations.rules import names_rule
from organizations.search import relevance
from registers.lists import wants_partial

PAGE_SIZE = 30
PUBLIC_FIELDS = (
    "name",
    "credit_code",
    "kind",
    "level",
    "registration_type",
    "status",
    "registered_on",
    "ended_on",
    "division__name",
    "division__kind",
    "division__parent__name",
    "division__parent__kind",
    "industry_department__name",
    "industry_department__short_name",
)


class DirectoryFilter(django_filters.FilterSet):
    """What the public may choose by."""

    q = django_filters.CharFilter(method="by_text", label=_("Name, pinyin, initials or code"))
    county = django_filters.ChoiceFilter(
        choices=place_choices, method="by_county", label=_("County or district")
    )
    level = django_filters.ChoiceFilter(choices=Association.Level.choices, label=_("Level"))
    registration_type = django_filters.ChoiceFilter(
        choices=Association.RegistrationType.choices, label=_("Registration type")
    )
    covered = django_filters.ChoiceFilter(
        choices=[("yes", _("Has a Party organisation")), ("no", _("Has none yet"))],
        method="by_covered",
        label=_("Party organisation"),
    )

    class Meta:
        model = Association
        fields: list[str] = []

    def by_text(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        found = queryset.search(value)  # type: ignore[attr-defined]
        return found.order_by(relevance(value), "pinyin", "pk")

    def by_county(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.in_county(value)  # type: ignore[attr-defined]

    def by_covered(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(organised=value == "yes")


@require_safe
@login_not_required
@vary_on_headers("HX-Request")
def directory(request: HttpRequest) -> HttpResponse:
    """Registered associations of today, found by name, pinyin, initials or code."""
    today = timezone.localdate()
    rows = _public(Association.objects.as_of(today), today)
    filterset = DirectoryFilter(request.GET, rows)
    page = Paginator(filterset.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "filterset": filterset,
        "page_obj": page,
        "limit": names_rule(request.GET.get("q", "")),
        "today": today,
    }
    template = "organizations/directory.html"
    return render(request, f"{template}#results" if wants_partial(request) else template, context)


@require_safe
@login_not_required
def association_public(request: HttpRequest, pk: int) -> HttpResponse:
    """What the public may know of an association, also of one that has ended."""
    today = timezone.localdate()
    association = get_object_or_404(_public(Association.objects.all(), today), pk=pk)
    context = {
        "association": association,
        "crumbs": [(_("Directory"), reverse("organizations:directory")), (association.name, "")],
        "party_kind": _party_kind(pk, today),
        "rating": _rating(pk, today),
        "today": today,
    }
    return render(request, "organizations/association_public.html", context)


def _public(rows: Any, on: datetime.date) -> Any:
    """`rows` with nothing loaded but what the public may see."""
    related = ("division__parent", "industry_department")
    return rows.with_party_organization(on).select_related(*related).only(*PUBLIC_FIELDS)


def _party_kind(association: int, on: datetime.date) -> str:
    coverage = Coverage.objects.existing(on).filter(association=association)
    found = coverage.select_related("party_organization").first()
    return found.party_organization.get_kind_display() if found else ""


def _rating(association: int, on: datetime.date) -> Rating | None:
    rows = Rating.objects.filter(begun(on, "valid_from"), not_ended(on, "valid_until"))
    return rows.filter(association=association).first()
