"""The public front page and the first screen of the staff site."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.permissions import Permission
from organizations.coverage import Group
from organizations.coverage.report import coverage_by_county
from organizations.figures import Measured, Scope, citywide, list_url, measure
from organizations.models import Association, Instructor, UnresolvedAssignment
from organizations.tiles import legend, tiles


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
        {"title": title, "figures": [_card(m) for m in figures if m.figure.system == system]}
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


def _tasks(scope: Scope) -> Iterator[dict[str, Any]]:
    """What is left to do, with the page where it is done."""
    active = scope.active
    yield from _task(
        "overdue",
        _("Organise"),
        active.ought_to_organise(scope.on),
        lambda n: ngettext(
            "%(n)d association has three or more full Party members and no Party organisation.",
            "%(n)d associations have three or more full Party members and no Party organisation.",
            n,
        ),
        list_url(scope.on, status="active", members="due"),
    )
    yield from _task(
        "soon",
        _("Complete"),
        _incomplete_party_organizations(active, scope.on),
        lambda n: ngettext(
            "%(n)d Party organisation is known only to exist: its name or founding date is missing.",
            "%(n)d Party organisations are known only to exist: name or founding date is missing.",
            n,
        ),
        list_url(scope.on, status="active", coverage="covered", party="incomplete"),
    )
    yield from _task(
        "soon",
        _("Complete"),
        active.filter(credit_code=""),
        lambda n: ngettext(
            "%(n)d association has no unified social credit code.",
            "%(n)d associations have no unified social credit code.",
            n,
        ),
        list_url(scope.on, status="active", code="missing"),
    )
    yield from _task(
        "soon",
        _("Assign"),
        UnresolvedAssignment.objects.filter(instructor__in=scope.instructors),
        lambda n: ngettext(
            "%(n)d name on the instructors' roster matches no association.",
            "%(n)d names on the instructors' roster match no association.",
            n,
        ),
        list_url(scope.on, "instructor-list", unresolved="yes"),
    )
