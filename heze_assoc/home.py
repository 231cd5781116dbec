"""The public front page and the first screen of the staff site."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from organizations.coverage import Group
from organizations.coverage.report import coverage_by_county
from organizations.figures import Measured, Scope, citywide, list_url, measure
from organizations.models import Association, Instructor
from organizations.tiles import legend, tiles


@require_safe
@login_not_required
def front_page(request: HttpRequest) -> HttpResponse:
    """The figures of the whole city and how far each county is covered, without personal data."""
    today = timezone.localdate()
    scope = citywide(today)
    context = {
        "systems": _systems(measure(scope)),
        "tiles": tiles(coverage_by_county(scope.associations, today), _directory_of),
        "legend": legend(),
        "today": today,
    }
    return render(request, "home/front_page.html", context)


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """How one's own scope stands, and what needs doing in it."""
    scope = Scope(
        timezone.localdate(),
        Association.objects.for_user(request.user, Permission.VIEW_REGISTRY),
        Instructor.objects.for_user(request.user, Permission.VIEW_REGISTRY),
    )
    may_view = request.user.has_perm(Permission.VIEW_REGISTRY)
    context = {
        "figures": [_card(measured) for measured in measure(scope)] if may_view else [],
        "tasks": list(_tasks(scope)) if may_view else [],
        "today": scope.on,
    }
    return render(request, "home/desk.html", context)


def _systems(figures: list[Measured]) -> list[dict[str, Any]]:
    """The figures under the systems of the article that they belong to."""
    titles = {"management": _("Management"), "organization": _("Organisation")}
    return [
        {
            "title": title,
            "figures": [_card(m) | {"url": ""} for m in figures if m.figure.system == system],
        }
        for system, title in titles.items()
    ]


def _card(measured: Measured) -> dict[str, Any]:
    figure = measured.figure
    is_share = figure.whole is not None
    return {
        "label": figure.label,
        "value": measured.value,
        "unit": "" if measured.value is None else figure.unit,
        "rule": figure.definition,
        "url": measured.url,
        "bar": measured.value if is_share else None,
    }


def _directory_of(county: Group) -> str:
    return f"{reverse('organizations:directory')}?{urlencode({'county': county.key})}"


def _tasks(scope: Scope) -> list[dict[str, Any]]:
    """What is left to do, with the list of the rows where it is done."""
    on, active = scope.on, scope.active
    due = active.ought_to_organise(on).count()
    incomplete = active.with_incomplete_organisation(on).count()
    without_code = active.without_credit_code().count()
    unresolved = scope.instructors.with_unresolved_names().count()
    tasks = [
        _task(
            due,
            "overdue",
            _("To organise"),
            ngettext(
                "%(n)d association has three or more full Party members, no Party organisation",
                "%(n)d associations have three or more full Party members, no Party organisation",
                due,
            ),
            list_url(on, status="active", members="due"),
        ),
        _task(
            incomplete,
            "soon",
            _("Incomplete"),
            ngettext(
                "%(n)d association's Party organisation lacks its name or founding date",
                "%(n)d associations' Party organisations lack their name or founding date",
                incomplete,
            ),
            list_url(on, status="active", missing="party"),
        ),
        _task(
            without_code,
            "soon",
            _("Incomplete"),
            ngettext(
                "%(n)d association has no unified social credit code",
                "%(n)d associations have no unified social credit code",
                without_code,
            ),
            list_url(on, status="active", missing="credit_code"),
        ),
        _task(
            unresolved,
            "soon",
            _("Unresolved"),
            ngettext(
                "%(n)d instructor is on record with associations that the registry lacks",
                "%(n)d instructors are on record with associations that the registry lacks",
                unresolved,
            ),
            list_url(on, "instructor-list", unresolved="yes"),
        ),
    ]
    return [task for task in tasks if task["number"]]


def _task(number: int, kind: str, state: str, text: str, url: str) -> dict[str, Any]:
    return {
        "number": number,
        "kind": kind,
        "state": state,
        "text": text % {"n": number},
        "url": url,
        "action": _("Show the list"),
    }
