"""The public page of an association; it shows no personal data."""

import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from organizations.directory import county_of, current_rating, directory_url
from organizations.models import AbnormalListing, Association, Coverage, Suggestion
from organizations.personal import blotted

YEARS_SHOWN = 5
OTHERS_SHOWN = 6
# Nothing else of an association is loaded: what is not loaded cannot leak.
SHOWN = (
    "name",
    "credit_code",
    "kind",
    "level",
    "registration_type",
    "status",
    "registered_on",
    "ended_on",
    "address",
    "industry",
    "business_scope",
    "unit_members",
    "individual_members",
    "division__code",
    "division__name",
    "division__kind",
    "division__parent__code",
    "division__parent__name",
    "division__parent__kind",
    "industry_department__code",
    "industry_department__name",
    "registration_authority__name",
)
RELATED = ("division__parent", "industry_department", "registration_authority")


@require_safe
@login_not_required
def association_public(request: HttpRequest, pk: int) -> HttpResponse:
    """What the public may know of an association, also of one that has ended."""
    today = timezone.localdate()
    rows = Association.objects.select_related(*RELATED).only(*SHOWN)
    association = get_object_or_404(rows, pk=pk)
    county = county_of(association)
    people = association.people()
    context = {
        "association": association,
        "address": blotted(association.address, people),
        "business_scope": blotted(association.business_scope, people),
        "county": county,
        "places": _places(association, county),
        "crumbs": [(_("Directory"), reverse("organizations:directory")), (association.name, "")],
        "coverage": _coverage(pk, today),
        "rating": current_rating(association, today),
        "inspections": association.inspections.all()[:YEARS_SHOWN],
        "listings": _listings(pk, today),
        "others": _others(association, today),
        "correction_url": _correction_url(pk),
        "today": today,
    }
    return render(request, "organizations/association_public.html", context)


def _places(association: Association, county: tuple[str, str] | None) -> list[tuple[str, str]]:
    """Links back into the directory, as (label, address)."""
    found = []
    if county:
        found.append((county[1], directory_url(county=county[0])))
    if department := association.industry_department:
        found.append((department.name, directory_url(department=department.code)))
    return found


def _coverage(association: int, on: datetime.date) -> Coverage | None:
    """The coverage by the Party organisation that exists for it, whose people are not loaded."""
    rows = Coverage.objects.existing(on).filter(association=association)
    party = [f"party_organization__{name}" for name in ("name", "kind", "established_on")]
    return rows.select_related("party_organization").only("valid_from", *party).first()


def _listings(association: int, on: datetime.date) -> Any:
    """The lists that it is on; reasons may name people and are not loaded."""
    rows = AbnormalListing.objects.filter(association=association, entered_on__lte=on)
    return rows.exclude(removed_on__lte=on).only("list", "entered_on", "association")


def _others(association: Association, on: datetime.date) -> Any:
    """Other registered associations of the same department, else of the same place."""
    rows = Association.objects.as_of(on).exclude(pk=association.pk).only("name")
    if association.industry_department_id:
        return rows.filter(industry_department=association.industry_department_id)[:OTHERS_SHOWN]
    if association.division_id:
        return rows.filter(division=association.division_id)[:OTHERS_SHOWN]
    return rows.none()


def _correction_url(association: int) -> str:
    asked = {"kind": Suggestion.Kind.CORRECTION.value, "association": association}
    return f"{reverse('organizations:suggestion-new')}?{urlencode(asked)}"
