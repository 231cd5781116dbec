"""The public directory of associations; it shows no personal data."""

import datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from organizations.directory import DirectoryFilter
from organizations.models import Association, Coverage
from organizations.rules import names_rule
from registers.lists import wants_partial

PAGE_SIZE = 30
MAIN_FILTERS = ("county", "department", "registration_type", "covered")
SHOWN = (
    "name",
    "credit_code",
    "level",
    "registered_on",
    "division__name",
    "division__kind",
    "division__parent__name",
    "division__parent__kind",
    "industry_department__short_name",
)


@require_safe
@login_not_required
@vary_on_headers("HX-Request")
def directory(request: HttpRequest) -> HttpResponse:
    """Registered associations of today, found by name, pinyin, initials or code, and by what they
    are. Query string: the filters, `sort` and `page`."""
    today = timezone.localdate()
    filters = DirectoryFilter(request.GET, Association.objects.as_of(today), on=today)
    page = filters.pages(PAGE_SIZE).get_page(request.GET.get("page"))
    form = filters.form
    more = [name for name in form.fields if name not in ("q", "sort", *MAIN_FILTERS)]
    context = {
        "form": form,
        "main_filters": [form[name] for name in MAIN_FILTERS],
        "more_filters": [form[name] for name in more],
        "more_in_force": any(form.data.get(name) for name in more),
        "chosen": filters.chosen(),
        "page_obj": page,
        "rows": _rows(page.object_list, today),
        "limit": names_rule(request.GET.get("q", "")),
        "today": today,
    }
    template = "organizations/directory.html"
    return render(request, f"{template}#results" if wants_partial(request) else template, context)


def _rows(page: Any, on: datetime.date) -> list[Association]:
    """The page's associations with what the public sees of them; `organised`: whether they have
    a Party organisation."""
    pks = list(page.values_list("pk", flat=True))  # found in the index alone
    found = Association.objects.select_related("division__parent", "industry_department")
    by_pk = found.only(*SHOWN).in_bulk(pks)
    rows = [by_pk[pk] for pk in pks if pk in by_pk]
    coverages = Coverage.objects.existing(on).filter(association__in=pks)
    organised = set(coverages.values_list("association", flat=True))
    for row in rows:
        row.organised = row.pk in organised  # type: ignore[attr-defined]
    return rows
