"""How many associations each instructor works with. Sorted by names and by load; not by what is
overdue, because people are not ranked by their activity."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.decorators import requires
from accounts.permissions import Permission
from organizations.figures import list_url
from organizations.filters import LOAD
from organizations.models import Assignment, Association, Instructor
from registers.days import requested_day

VIEW = Permission.VIEW_REGISTRY
ROWS_PER_PAGE = 50
SORTS = {
    "name": "pinyin",
    "unit": "unit",
    "load": "load",
    "newly_organised": "newly_organised",
    "not_yet_able": "not_yet_able",
}


@require_safe
@requires(VIEW)
def instructor_load(request: HttpRequest) -> HttpResponse:
    """Each instructor in scope with the associations in scope that he or she works with."""
    on, problem = requested_day(request.GET.get("as_of"))
    load = request.GET.get("load", "")
    load = load if load in LOAD else ""
    associations = Association.objects.for_user(request.user, VIEW).active(on)
    overdue = Assignment.objects.with_associations(associations).overdue(on)
    rows = Instructor.objects.for_user(request.user, VIEW)
    rows = rows.of_load(on, associations, load) if load else rows
    sort = _sort(request)
    order = SORTS[sort.removeprefix("-")] if sort else "pinyin"
    rows = rows.with_load(on, associations).with_overdue(overdue).with_term_state(on)
    rows = rows.order_by(f"-{order}" if sort.startswith("-") else order, "pinyin", "pk")
    parameters = {"load": load} if load else {}
    context = {
        "page": Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page")),
        "sort": sort,
        "tabs": _tabs(load),
        "on": on,
        "day_problem": problem,
        "most": settings.INSTRUCTOR_MOST_ASSOCIATIONS,
        "list_url": list_url(on, "organizations:instructor-list", **parameters),
        "crumbs": [
            (_("Instructors"), reverse("organizations:instructor-list")),
            (_("Load"), ""),
        ],
    }
    return render(request, "organizations/instructor_load.html", context)


def _sort(request: HttpRequest) -> str:
    asked = request.GET.get("sort", "")
    return asked if asked.removeprefix("-") in SORTS else ""


def _tabs(load: str) -> list[dict[str, Any]]:
    url = reverse("organizations:instructor-load")
    return [
        {"label": label, "url": f"{url}?load={key}" if key else url, "current": key == load}
        for key, label in {"": _("All"), **LOAD}.items()
    ]
