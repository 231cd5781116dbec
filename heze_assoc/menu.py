"""The entries of the staff site's menu."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.permissions import Permission
from organizations.scoping import is_citywide


@dataclass(frozen=True)
class Entry:
    """A page in the menu: the name of its URL and whether it is open to a person logged in."""

    label: str | Promise
    url_name: str
    open_to: Callable[[Any], bool]


@dataclass(frozen=True)
class Link:
    """An entry as a page shows it. current: what `aria-current` says of it there, if anything."""

    label: str | Promise
    url: str
    current: str


def _holding(ability: Permission) -> Callable[[Any], bool]:
    return lambda user: user.has_perm(ability)


def _citywide(ability: Permission) -> Callable[[Any], bool]:
    return lambda user: is_citywide(user, ability)


ENTRIES = (
    Entry(_("Workbench"), "desk", lambda user: True),
    Entry(_("My associations"), "organizations:work", _holding(Permission.LOG_WORK)),
    Entry(_("Coverage"), "organizations:coverage", _holding(Permission.VIEW_REGISTRY)),
    Entry(_("Statistics"), "organizations:statistics", _holding(Permission.VIEW_REGISTRY)),
    Entry(_("Associations"), "organizations:association-list", _holding(Permission.VIEW_REGISTRY)),
    Entry(
        _("Party organisations"),
        "organizations:partyorganization-list",
        _holding(Permission.VIEW_REGISTRY),
    ),
    Entry(_("Instructors"), "organizations:instructor-list", _holding(Permission.VIEW_REGISTRY)),
    Entry(
        pgettext_lazy("menu", "Establishment"),
        "organizations:establishment-board",
        _holding(Permission.VIEW_REGISTRY),
    ),
    Entry(_("Training"), "organizations:trainingsession-list", _holding(Permission.VIEW_REGISTRY)),
    Entry(_("Assessments"), "assessments:cycle-list", _holding(Permission.VIEW_ASSESSMENT)),
    Entry(_("Scoring"), "assessments:scoring-list", _holding(Permission.SCORE_ASSESSMENT)),
    Entry(_("Suggestions"), "organizations:suggestion-list", _citywide(Permission.VIEW_SUGGESTION)),
    Entry(_("Imports"), "registers:batch-list", _holding(Permission.VIEW_IMPORT)),
    Entry(_("Administration"), "admin:index", _holding(Permission.ADMINISTER)),
)


def menu(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `menu`, computed only where a page shows it."""
    return {"menu": partial(_open_to_the_person, request)}


def _open_to_the_person(request: HttpRequest) -> list[Link]:
    return [_link(entry, request.path) for entry in ENTRIES if entry.open_to(request.user)]


def _link(entry: Entry, path: str) -> Link:
    """Every page lies below the workbench, which is current on its own page only."""
    url = _address(entry.url_name)
    below = entry is not ENTRIES[0] and path.startswith(url)
    return Link(entry.label, url, "page" if path == url else "true" if below else "")


@cache
def _address(url_name: str) -> str:
    """Every page shows the menu, and its addresses never change."""
    return reverse(url_name)
