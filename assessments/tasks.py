"""What is left to do in the assessment."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.permissions import Permission
from assessments.models import Cycle, Objection, ScoringTask
from organizations.figures import Scope
from organizations.tasks import Rule, Task

RULES = (
    Rule(
        lambda scope: ScoringTask.objects.of(scope.user).unsubmitted(),
        ngettext_lazy(
            "%(n)s indicator waits for your scores", "%(n)s indicators wait for your scores", "n"
        ),
        lambda scope: reverse("assessments:scoring-list"),
        _("To score"),
        "soon",
        Permission.SCORE_ASSESSMENT,
        concerns=lambda scope: scope.user is not None,
    ),
    Rule(
        lambda scope: scope.of(Objection.objects.waiting(), Permission.KEEP_ASSESSMENT),
        ngettext_lazy(
            "%(n)s objection to a result waits for a reply",
            "%(n)s objections to results wait for a reply",
            "n",
        ),
        lambda scope: f"{reverse('assessments:objection-list')}?state=waiting",
        _("To reply"),
        "soon",
        Permission.KEEP_ASSESSMENT,
        concerns=lambda scope: scope.user is not None,
    ),
    Rule(
        lambda scope: Cycle.objects.past_objections(scope.on),
        ngettext_lazy(
            "%(n)s assessment cycle can be published: the days to object are over",
            "%(n)s assessment cycles can be published: the days to object are over",
            "n",
        ),
        lambda scope: reverse("assessments:cycle-list"),
        _("To publish"),
        "soon",
        Permission.KEEP_ASSESSMENT,
        concerns=lambda scope: scope.user is not None,
    ),
)


def open_tasks(scope: Scope) -> list[Task]:
    """What is open for the person of `scope`; tasks without rows and of others are left out."""
    mine = [rule for rule in RULES if rule.concerns(scope) and scope.user.has_perm(rule.settled_by)]
    tasks = [rule.task(scope) for rule in mine]
    return [task for task in tasks if task.number]
