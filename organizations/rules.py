"""Rules of counting, in sentences: shown above the rows that they chose and beside figures."""

import datetime
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from organizations.filters.associations import MEMBERS, AssociationFilter
from organizations.models import Association
from organizations.search.matching import MOST_NAMES, number_of_names
from registers.filters import joined


def rule_of(filters: AssociationFilter) -> str:
    """How the rows of the list were chosen."""
    chosen = filters.in_force()
    sentences = [_of_status(chosen.get("status", ""), filters.on)]
    for name, value in chosen.items():
        if name in RULES:
            sentences.append(RULES[name](value))
        elif name != "status" or value in Association.Status:
            sentences.append(filters.sentence(name))
    if chosen.keys() & {"coverage", "organised"}:
        sentences.append(functional_rule())
    if limit := names_rule(chosen.get("q", "")):
        sentences.append(limit)
    return joined(*sentences)


def active_rule(on: datetime.date) -> str:
    """What makes an association active on the day `on`."""
    rule = _("Associations registered by %(day)s and not ended by then.") % {"day": _day(on)}
    return joined(rule, dormant_rule())


def dormant_rule(counted: bool | None = None) -> str:
    """Whether dormant ones count: as the setting says, or as they were `counted` once."""
    if settings.COVERAGE_COUNTS_DORMANT if counted is None else counted:
        return _("Dormant ones count.")
    return _("Dormant ones do not count.")


def functional_rule(counted: bool | None = None) -> str:
    """Whether functional ones count: as the setting says, or as they were `counted` once."""
    if settings.COVERAGE_COUNTS_FUNCTIONAL if counted is None else counted:
        return _("Functional Party organisations count.")
    return _("Functional Party organisations do not count.")


def coverage_rule() -> str:
    """When an association is covered by a Party organisation. functional_rule goes with it."""
    return _("Covered: a standalone or joint Party organisation covers it on that day.")


def assignments_rule(since: datetime.date) -> str:
    """From when on instructors are known."""
    return _("Assignments are recorded since %(day)s.") % {"day": _day(since)}


def rhythm_rule() -> str:
    """How often an instructor is to reach an association; "" where nothing is expected."""
    contact, visit = settings.WORK_CONTACT_DAYS, settings.WORK_VISIT_DAYS
    days = {"contact": contact, "visit": visit}
    if contact and visit:
        text = _(
            "A contact at least every %(contact)s days, a visit at least every %(visit)s days; a "
            "visit is a contact, too."
        )
    elif contact:
        text = _("A contact at least every %(contact)s days.")
    elif visit:
        text = _("A visit at least every %(visit)s days.")
    else:
        return ""
    return text % days


def names_rule(text: str) -> str:
    """How many of the names in `text` were looked for, where these are not all of them."""
    count = number_of_names(text)
    if count <= MOST_NAMES:
        return ""
    said = _("Of the %(count)s names asked for only the first %(most)s were looked for.")
    return said % {"count": count, "most": MOST_NAMES}


def _of_status(status: str, on: datetime.date) -> str:
    if status == "active":
        return active_rule(on)
    sentences = {
        "": _("Associations registered by %(day)s and not ended by then, dormant ones included."),
        "all": _("All associations of the registry, ended ones included; as of %(day)s."),
        "dormant": _("Associations found dormant by %(day)s and not yet dealt with by then."),
    }
    ended = _("Associations whose registration had ended by %(day)s.")
    return sentences.get(status, ended) % {"day": _day(on)}


def _of_coverage(value: str) -> str:
    sentences = {
        "covered": _("Shown: the covered ones."),
        "uncovered": _("Shown: those not covered."),
        "work_covered": _("Shown: those covered, and those uncovered that have an instructor."),
        "not_work_covered": _("Shown: those neither covered nor with an instructor."),
    }
    return joined(coverage_rule(), sentences[value])


def members_rule(value: str) -> str:
    """Which associations fall under `value`, and the limit of what is known."""
    chosen = _("%(rule)s.") % {"rule": MEMBERS[value]}
    today = _("The number of members is today's, whatever the day asked for.")
    return joined(chosen, today)


def _of_organised(value: str) -> str:
    sentences = {
        "standalone": _("Shown: those covered by a Party organisation of their own."),
        "joint": _("Shown: those covered by a joint Party organisation."),
    }
    return joined(formation_rule(), sentences[value])


def formation_rule() -> str:
    """When a Party organisation counts as joint. functional_rule goes with it."""
    return _(
        "Joint: its kind is joint branch or its formation is joint; every other one stands alone."
    )


def _of_instructor(value: str) -> str:
    sentences = {
        "with": _("Shown: those with an instructor assigned on that day."),
        "without": _("Shown: those without an instructor assigned on that day."),
    }
    return sentences[value]


def _day(on: datetime.date) -> str:
    return date_format(on, "DATE_FORMAT")


RULES: dict[str, Callable[[Any], str]] = {
    "coverage": _of_coverage,
    "members": members_rule,
    "organised": _of_organised,
    "instructor": _of_instructor,
}
