"""The public front page and the first screen of the staff site."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from accounts.roles import Role
from heze_assoc.contributions import FIGURES, open_tasks
from organizations.coverage import Group
from organizations.coverage.report import coverage_by_county
from organizations.figures import Measured, Scope, citywide, measure
from organizations.scoping import grants_in_force
from organizations.tasks import Task
from organizations.views.tiles import legend, tiles
from organizations.views.work import own_associations

SYSTEMS = {  # of the article
    "management": _("Management"),
    "organization": _("Organisation"),
    "support": _("Support"),
}


@require_safe
@login_not_required
def front_page(request: HttpRequest) -> HttpResponse:
    """The figures of the whole city and how far each county is covered, without personal data."""
    today = timezone.localdate()
    scope = citywide(today)
    context = {
        "systems": _systems(measure(scope, FIGURES)),
        "tiles": tiles(coverage_by_county(scope.associations, today), _directory_of),
        "legend": legend(),
        "today": today,
    }
    return render(request, "home/front_page.html", context)


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """How one's own scope stands, and what needs doing in it."""
    scope = Scope(timezone.localdate(), request.user)
    may_view = request.user.has_perm(Permission.VIEW_REGISTRY)
    tasks = open_tasks(scope)
    figures = [figure for figure in FIGURES if figure.concerns(scope)] if may_view else []
    context = {
        "figures": [measured.card() for measured in measure(scope, figures)],
        "grants": grants_in_force(request.user),
        "own": [task for task in tasks if request.user.has_perm(task.settled_by)],
        "others": _of_others(request.user, tasks),
        "work": own_associations(request.user)
        if request.user.has_perm(Permission.LOG_WORK)
        else [],
        "today": scope.on,
    }
    return render(request, "home/desk.html", context)


def _of_others(user: Any, tasks: list[Task]) -> list[Task]:
    """What others see to in the scope; an instructor is told of the own associations alone."""
    if all(grant.role == Role.INSTRUCTOR for grant in grants_in_force(user)):
        return []
    return [task for task in tasks if not user.has_perm(task.settled_by)]


def _systems(figures: list[Measured]) -> list[dict[str, Any]]:
    """The figures under their systems; KeyError for a system that SYSTEMS doesn't have."""
    cards: dict[str, list[dict[str, Any]]] = {system: [] for system in SYSTEMS}
    for measured in figures:
        cards[measured.figure.system].append(measured.card() | {"url": ""})
    return [{"title": title, "figures": cards[system]} for system, title in SYSTEMS.items()]


def _directory_of(county: Group) -> str:
    return f"{reverse('organizations:directory')}?{urlencode({'county': county.key})}"
