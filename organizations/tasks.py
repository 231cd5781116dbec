"""What is left to do in the registry. Each task names the list of the rows where it is done."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.permissions import Permission
from organizations.figures import Scope, list_url
from organizations.models import Assignment, Establishment, UnresolvedAssignment
from organizations.terms import warned_until
from registers.views.uploads import open_batches


@dataclass(frozen=True)
class Task:
    """Rows that wait for somebody.

    number: how many rows; text: what about them, in a sentence; url: their list;
    state: the sentence in a word or two; kind: "overdue" or "soon"; settled_by: the ability that
    it takes.
    """

    number: int
    text: str
    url: str
    state: str
    kind: str
    settled_by: Permission


def open_tasks(scope: Scope) -> list[Task]:
    """What is open in `scope`; tasks without rows are left out."""
    tasks = [
        _to_organise(scope),
        _overdue_stages(scope),
        _overtaken(scope),
        _incomplete_organisations(scope),
        _without_credit_code(scope),
        _without_instructor(scope),
        _unresolved_names(scope),
        _inspections_missing(scope),
        _ratings_ending(scope),
        _leaders_terms_ending(scope),
        _overdue_work(scope),
        _terms(scope),
        _rows_returned(scope),
    ]
    return [task for task in tasks if task.number]


def _to_organise(scope: Scope) -> Task:
    """Those that ought to have a Party organisation and are not on their way to one."""
    number = scope.active.ought_to_organise(scope.on).without_plan().count()
    text = ngettext(
        "%(n)s association with three or more full Party members has not begun to organise",
        "%(n)s associations with three or more full Party members have not begun to organise",
        number,
    )
    return Task(
        number,
        text % {"n": localize(number)},
        list_url(scope.on, "organizations:establishment-not-begun"),
        _("To organise"),
        "overdue",
        Permission.MOVE_ESTABLISHMENT,
    )


def _overdue_stages(scope: Scope) -> Task:
    rows = scope.of(Establishment.objects.all()).as_of(scope.on)
    number = rows.aged("overdue", scope.on).count()
    text = ngettext(
        "%(n)s association has stayed longer in its stage towards a Party organisation than "
        "planned",
        "%(n)s associations have stayed longer in their stage towards a Party organisation than "
        "planned",
        number,
    )
    return Task(
        number,
        text % {"n": localize(number)},
        list_url(scope.on, "organizations:establishment-list", ageing="overdue"),
        _("Overdue"),
        "overdue",
        Permission.MOVE_ESTABLISHMENT,
    )


def _overtaken(scope: Scope) -> Task:
    number = scope.of(Establishment.objects.all()).overtaken(scope.on).count()
    text = ngettext(
        "%(n)s association has got its Party organisation by a roster; confirm it",
        "%(n)s associations have got their Party organisation by a roster; confirm them",
        number,
    )
    return Task(
        number,
        text % {"n": localize(number)},
        list_url(scope.on, "organizations:establishment-list", overtaken="yes"),
        _("To confirm"),
        "soon",
        Permission.MOVE_ESTABLISHMENT,
    )


def _incomplete_organisations(scope: Scope) -> Task:
    number = scope.active.with_incomplete_organisation(scope.on).count()
    text = ngettext(
        "%(n)s association's Party organisation lacks its name or founding date",
        "%(n)s associations' Party organisations lack their name or founding date",
        number,
    )
    return Task(
        number,
        text % {"n": localize(number)},
        list_url(scope.on, status="active", missing="party"),
        _("Incomplete"),
        "soon",
        Permission.EDIT_ASSOCIATION,
    )


def _without_credit_code(scope: Scope) -> Task:
    number = scope.active.without_credit_code().count()
    text = ngettext(
        "%(n)s association has no unified social credit code",
        "%(n)s associations have no unified social credit code",
        number,
    )
    return Task(
        number,
        text % {"n": localize(number)},
        list_url(scope.on, status="active", missing="credit_code"),
        _("Incomplete"),
        "soon",
        Permission.EDIT_ASSOCIATION,
    )


def _without_instructor(scope: Scope) -> Task:
    """Work coverage lacks those that have neither Party organisation nor instructor."""
    number = scope.active.not_work_covered(scope.on).count()
    text = ngettext(
        "%(n)s association has neither a Party organisation nor an instructor",
        "%(n)s associations have neither a Party organisation nor an instructor",
        number,
    )
    return Task(
        number,
        text % {"n": localize(number)},
        list_url(scope.on, status="active", coverage="not_work_covered"),
        _("To assign"),
        "soon",
        Permission.EDIT_INSTRUCTOR,
    )


def _unresolved_names(scope: Scope) -> Task:
    """Shown to nobody who could only look at them."""
    number = scope.of(UnresolvedAssignment.objects.all(), Permission.EDIT_INSTRUCTOR).count()
    text = ngettext(
        "%(n)s association named on an instructor's roster is not in the registry",
        "%(n)s associations named on instructors' rosters are not in the registry",
        number,
    )
    return Task(
        number,
        text % {"n": localize(number)},
        reverse("organizations:unresolved"),
        _("Unresolved"),
        "soon",
        Permission.EDIT_INSTRUCTOR,
    )


def _inspections_missing(scope: Scope) -> Task:
    year = scope.on.year - 1
    number = scope.active.without_inspection(year).count()
    text = ngettext(
        "%(n)s association has no result of the inspection or report for %(year)s",
        "%(n)s associations have no result of the inspection or report for %(year)s",
        number,
    )
    return Task(
        number,
        text % {"n": localize(number), "year": year},
        list_url(scope.on, status="active", missing="inspection"),
        _("No result"),
        "soon",
        Permission.EDIT_ASSOCIATION,
    )


def _ratings_ending(scope: Scope) -> Task:
    number = scope.active.rating_ending(scope.on, warned_until(scope.on)).count()
    text = ngettext(
        "%(n)s association's rating ends within six months",
        "%(n)s associations' ratings end within six months",
        number,
    )
    return Task(
        number,
        text % {"n": localize(number)},
        list_url(scope.on, status="active", missing="rating"),
        _("Ending"),
        "soon",
        Permission.EDIT_ASSOCIATION,
    )


def _leaders_terms_ending(scope: Scope) -> Task:
    number = scope.active.leadership_ending(warned_until(scope.on)).count()
    text = ngettext(
        "A leader's term has ended or ends within six months in %(n)s association",
        "A leader's term has ended or ends within six months in %(n)s associations",
        number,
    )
    return Task(
        number,
        text % {"n": localize(number)},
        list_url(scope.on, status="active", missing="leadership"),
        _("Ending"),
        "soon",
        Permission.EDIT_ASSOCIATION,
    )


def _overdue_work(scope: Scope) -> Task:
    """An instructor's own associations; of other people, those in scope."""
    is_own = scope.user is not None and scope.user.has_perm(Permission.LOG_WORK)
    permission = Permission.LOG_WORK if is_own else Permission.VIEW_REGISTRY
    number = scope.of(Assignment.objects.all(), permission).overdue(scope.on, "visit").count()
    text = ngettext(
        "%(n)s association is waiting for a visit of its instructor",
        "%(n)s associations are waiting for a visit of their instructors",
        number,
    )
    list_of_all = list_url(scope.on, "organizations:work-overdue", what="visit")
    return Task(
        number,
        text % {"n": localize(number)},
        reverse("organizations:work") if is_own else list_of_all,
        _("Visit overdue"),
        "soon",
        Permission.LOG_WORK if is_own else Permission.EDIT_INSTRUCTOR,
    )


def _terms(scope: Scope) -> Task:
    number = scope.instructors.with_term_state(scope.on).exclude(term_state="").count()
    text = ngettext(
        "%(n)s instructor's term is over or ends within six months",
        "%(n)s instructors' terms are over or end within six months",
        number,
    )
    return Task(
        number,
        text % {"n": localize(number)},
        list_url(scope.on, "organizations:instructor-list", term="due"),
        _("Term ending"),
        "soon",
        Permission.EDIT_INSTRUCTOR,
    )


def _rows_returned(scope: Scope) -> Task:
    """Of the person's own imports alone."""
    number = open_batches(scope.user).count()
    text = ngettext(
        "%(n)s of your imports waits for a decision or has rows to correct",
        "%(n)s of your imports wait for a decision or have rows to correct",
        number,
    )
    return Task(
        number,
        text % {"n": localize(number)},
        f"{reverse('registers:batch-list')}?open",
        _("Returned"),
        "overdue",
        Permission.IMPORT_REGISTER,
    )
