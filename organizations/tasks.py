"""What is left to do in the registry: the rules, in one place. Each names the list of the rows
where it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from accounts.permissions import Permission
from organizations.figures import Scope, list_url
from organizations.figures.party import existing
from organizations.models import (
    Assignment,
    Establishment,
    Suggestion,
    UnresolvedAssignment,
    WeakListing,
)
from organizations.terms import warned_until
from registers.models import ImportBatch

Rows = QuerySet[Any]
ANSWER, LOG = Permission.ANSWER_SUGGESTION, Permission.LOG_WORK
EDIT, MOVE = Permission.EDIT_ASSOCIATION, Permission.MOVE_ESTABLISHMENT
INSTRUCT = Permission.EDIT_INSTRUCTOR
# What a list says of an association beside what the task is about.
BRIEF = ("name", "division", "industry_department")


@dataclass(frozen=True)
class Task:
    """Rows that wait for somebody.

    number: how many rows; text: what about them, in a sentence; url: their list;
    state: the sentence in a word or two; kind: "overdue", "soon" or "neutral", where nothing
    presses; settled_by: the ability that it takes.
    """

    number: int
    text: str
    url: str
    state: str | Promise
    kind: str
    settled_by: Permission


@dataclass(frozen=True)
class Rule:
    """When something is to be done.

    rows: what waits in a scope; text: the sentence, by the number "n" of rows and by "year", the
    last whole one; url: their list; concerns: whose task it is, where that is not everybody's
    """

    rows: Callable[[Scope], Rows]
    text: Any
    url: Callable[[Scope], str]
    state: str | Promise
    kind: str
    settled_by: Permission
    concerns: Callable[[Scope], bool] = lambda scope: True

    def task(self, scope: Scope) -> Task:
        """The rule applied to `scope`."""
        number = self.rows(scope).count()
        text = self.text % {"n": Grouped(number), "year": scope.on.year - 1}
        return Task(number, text, self.url(scope), self.state, self.kind, self.settled_by)


class Grouped(int):
    """A number written with its thousands grouped."""

    def __str__(self) -> str:
        return str(localize(int(self)))


def open_tasks(scope: Scope) -> list[Task]:
    """What is open in `scope`; tasks without rows are left out."""
    tasks = [rule.task(scope) for rule in RULES if rule.concerns(scope)]
    return [task for task in tasks if task.number]


def _associations(**filters: Any) -> Callable[[Scope], str]:
    """The list of active associations, filtered."""
    return lambda scope: list_url(scope.on, status="active", **filters)


def _list(name: str, **filters: str) -> Callable[[Scope], str]:
    """The list `name` of this app, filtered."""
    return lambda scope: list_url(scope.on, f"organizations:{name}", **filters)


def _establishments(scope: Scope) -> Any:
    return scope.of(Establishment.objects.all())


def _assignments(permission: Permission, what: str) -> Callable[[Scope], Any]:
    return lambda scope: scope.of(Assignment.objects.all(), permission).overdue(scope.on, what)


def _suggestions(scope: Scope) -> Any:
    return scope.of(Suggestion.objects.all(), ANSWER)


def _logs_work(scope: Scope) -> bool:
    return scope.user is not None and scope.user.has_perm(LOG)


def _looks_after_others(scope: Scope) -> bool:
    """Whether the work of instructors concerns the person beside, or without, the own."""
    return not _logs_work(scope) or scope.user.has_perm(INSTRUCT)


RULES = (
    Rule(
        lambda scope: scope.associations.not_begun(scope.on),
        ngettext_lazy(
            "%(n)s association with three or more full Party members has not begun to organise",
            "%(n)s associations with three or more full Party members have not begun to organise",
            "n",
        ),
        _list("establishment-not-begun"),
        pgettext_lazy("ought to organise", "Not begun"),
        "overdue",
        MOVE,
    ),
    Rule(
        lambda scope: _establishments(scope).as_of(scope.on).aged("overdue", scope.on),
        ngettext_lazy(
            "%(n)s association has stayed longer in its stage towards a Party organisation than "
            "planned",
            "%(n)s associations have stayed longer in their stage towards a Party organisation "
            "than planned",
            "n",
        ),
        _list("establishment-list", ageing="overdue"),
        _("Overdue"),
        "overdue",
        MOVE,
    ),
    Rule(
        lambda scope: _establishments(scope).overtaken(scope.on),
        ngettext_lazy(
            "%(n)s association has got its Party organisation by a roster; confirm it",
            "%(n)s associations have got their Party organisation by a roster; confirm them",
            "n",
        ),
        _list("establishment-list", overtaken="yes"),
        _("To confirm"),
        "soon",
        MOVE,
    ),
    Rule(
        lambda scope: existing(scope).term_overdue(scope.on),
        ngettext_lazy(
            "%(n)s Party organisation's term is over without an election",
            "%(n)s Party organisations' terms are over without an election",
            "n",
        ),
        _list("partyorganization-list", term="overdue", sort="term_ends_on"),
        _("Term overdue"),
        "overdue",
        EDIT,
    ),
    Rule(
        lambda scope: existing(scope).term_ending(scope.on),
        ngettext_lazy(
            "%(n)s Party organisation's term ends within six months",
            "%(n)s Party organisations' terms end within six months",
            "n",
        ),
        _list("partyorganization-list", term="ending", sort="term_ends_on"),
        _("Term ending"),
        "soon",
        EDIT,
    ),
    Rule(
        lambda scope: scope.of(WeakListing.objects.all()).with_note_due(scope.on),
        ngettext_lazy(
            "%(n)s weak Party organisation has no note on its rectification this month",
            "%(n)s weak Party organisations have no note on their rectification this month",
            "n",
        ),
        lambda scope: f"{reverse('organizations:weak-list')}?state=note_due",
        _("Note due"),
        "soon",
        EDIT,
    ),
    Rule(
        lambda scope: existing(scope).incomplete(),
        ngettext_lazy(
            "%(n)s Party organisation lacks its name or founding date",
            "%(n)s Party organisations lack their name or founding date",
            "n",
        ),
        _list("partyorganization-list", incomplete="yes"),
        _("Incomplete"),
        "soon",
        EDIT,
    ),
    Rule(
        lambda scope: scope.active.without_credit_code(),
        ngettext_lazy(
            "%(n)s association has no unified social credit code",
            "%(n)s associations have no unified social credit code",
            "n",
        ),
        _associations(missing="credit_code"),
        _("Incomplete"),
        "soon",
        EDIT,
    ),
    Rule(
        lambda scope: scope.active.not_work_covered(scope.on),
        ngettext_lazy(
            "%(n)s association has neither a Party organisation nor an instructor",
            "%(n)s associations have neither a Party organisation nor an instructor",
            "n",
        ),
        _associations(coverage="not_work_covered"),
        _("To assign"),
        "soon",
        INSTRUCT,
    ),
    Rule(  # shown to nobody who could only look at them
        lambda scope: scope.of(UnresolvedAssignment.objects.all(), INSTRUCT),
        ngettext_lazy(
            "%(n)s association named on an instructor's roster is not in the registry",
            "%(n)s associations named on instructors' rosters are not in the registry",
            "n",
        ),
        lambda scope: reverse("organizations:unresolved"),
        _("Unresolved"),
        "soon",
        INSTRUCT,
    ),
    Rule(
        lambda scope: scope.active.without_inspection(scope.on.year - 1),
        ngettext_lazy(
            "%(n)s association has no result of the inspection or report for %(year)s",
            "%(n)s associations have no result of the inspection or report for %(year)s",
            "n",
        ),
        _associations(missing="inspection", columns=[*BRIEF, "registered_on", "inspection"]),
        _("No result"),
        "soon",
        EDIT,
    ),
    Rule(
        lambda scope: scope.active.rating_ending(scope.on, warned_until(scope.on)),
        ngettext_lazy(
            "%(n)s association's rating ends within six months",
            "%(n)s associations' ratings end within six months",
            "n",
        ),
        _associations(
            missing="rating", columns=[*BRIEF, "rating", "rating_end"], sort="rating_end"
        ),
        _("Ending"),
        "soon",
        EDIT,
    ),
    Rule(
        lambda scope: scope.active.leadership_ending(warned_until(scope.on)),
        ngettext_lazy(
            "A leader's term has ended or ends within six months in %(n)s association",
            "A leader's term has ended or ends within six months in %(n)s associations",
            "n",
        ),
        _associations(
            missing="leadership",
            columns=[*BRIEF, "leaders_ending", "leadership_end"],
            sort="leadership_end",
        ),
        _("Term over or ending"),
        "soon",
        EDIT,
    ),
    Rule(
        _assignments(LOG, "visit"),
        ngettext_lazy(
            "%(n)s association is waiting for your visit",
            "%(n)s associations are waiting for your visit",
            "n",
        ),
        lambda scope: reverse("organizations:work"),
        _("Visit overdue"),
        "soon",
        LOG,
        concerns=_logs_work,
    ),
    Rule(
        _assignments(LOG, "contact"),
        ngettext_lazy(
            "%(n)s association is waiting for you to get in touch",
            "%(n)s associations are waiting for you to get in touch",
            "n",
        ),
        lambda scope: reverse("organizations:work"),
        _("Contact overdue"),
        "soon",
        LOG,
        concerns=_logs_work,
    ),
    Rule(
        _assignments(Permission.VIEW_REGISTRY, "visit"),
        ngettext_lazy(
            "%(n)s assignment lacks a timely visit of its instructor",
            "%(n)s assignments lack a timely visit of their instructors",
            "n",
        ),
        _list("work-overdue", what="visit"),
        _("Visit overdue"),
        "soon",
        INSTRUCT,
        concerns=_looks_after_others,
    ),
    Rule(
        _assignments(Permission.VIEW_REGISTRY, "contact"),
        ngettext_lazy(
            "%(n)s assignment lacks a timely contact by its instructor",
            "%(n)s assignments lack a timely contact by their instructors",
            "n",
        ),
        _list("work-overdue", what="contact"),
        _("Contact overdue"),
        "soon",
        INSTRUCT,
        concerns=_looks_after_others,
    ),
    Rule(
        lambda scope: scope.instructors.with_term_state(scope.on).exclude(term_state=""),
        ngettext_lazy(
            "%(n)s instructor's term is over or ends within six months",
            "%(n)s instructors' terms are over or end within six months",
            "n",
        ),
        _list("instructor-list", term="due", sort="term_until"),
        _("Term over or ending"),
        "soon",
        INSTRUCT,
    ),
    Rule(  # as the next, shown to those who answer alone
        lambda scope: _suggestions(scope).overdue(scope.on),
        ngettext_lazy(
            "%(n)s suggestion or complaint has not been answered in time",
            "%(n)s suggestions and complaints have not been answered in time",
            "n",
        ),
        lambda scope: f"{reverse('organizations:suggestion-list')}?state=overdue",
        _("Overdue"),
        "overdue",
        ANSWER,
    ),
    Rule(
        lambda scope: _suggestions(scope).filter(state=Suggestion.State.NEW),
        ngettext_lazy(
            "%(n)s suggestion or complaint is in nobody's hands yet",
            "%(n)s suggestions and complaints are in nobody's hands yet",
            "n",
        ),
        lambda scope: f"{reverse('organizations:suggestion-list')}?state={Suggestion.State.NEW}",
        _("To take in hand"),
        "soon",
        ANSWER,
    ),
    Rule(
        lambda scope: ImportBatch.objects.left_open_by(scope.user),
        ngettext_lazy(
            "%(n)s of your imports waits for a decision or has rows to correct",
            "%(n)s of your imports wait for a decision or have rows to correct",
            "n",
        ),
        lambda scope: f"{reverse('registers:batch-list')}?open",
        _("To settle"),
        "neutral",
        Permission.IMPORT_REGISTER,
    ),
)
