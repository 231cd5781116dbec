"""What is left to do in the assessment."""

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from accounts.permissions import Permission
from assessments.models import Brand, BrandStage, Cycle, Objection, ScoringTask
from organizations.figures import Scope, list_url
from organizations.tasks import Rule, Task
from organizations.terms import warned_until


def _brands(**filters: str) -> Callable[[Scope], str]:
    """The list of brands, filtered."""
    return lambda scope: list_url(scope.on, "assessments:brand-list", **filters)


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
        lambda scope: scope.of(Brand.objects.underway(), Permission.REVIEW_BRAND),
        ngettext_lazy("%(n)s brand is under review", "%(n)s brands are under review", "n"),
        _brands(state="underway", sort="since"),
        _("To review"),
        "soon",
        Permission.REVIEW_BRAND,
        concerns=lambda scope: scope.user is not None,
    ),
    Rule(
        lambda scope: scope.of(
            Brand.objects.to_reexamine(scope.on, warned_until(scope.on)), Permission.REVIEW_BRAND
        ),
        ngettext_lazy(
            "%(n)s brand is to be re-examined within six months",
            "%(n)s brands are to be re-examined within six months",
            "n",
        ),
        _brands(state="reexamine", sort="valid_until"),
        _("To re-examine"),
        "soon",
        Permission.REVIEW_BRAND,
        concerns=lambda scope: scope.user is not None,
    ),
    Rule(
        lambda scope: scope.of(
            Brand.objects.filter(stage=BrandStage.RETURNED), Permission.DECLARE_BRAND
        ),
        ngettext_lazy(
            "%(n)s brand was returned to be rewritten",
            "%(n)s brands were returned to be rewritten",
            "n",
        ),
        _brands(stage=BrandStage.RETURNED.value),
        pgettext_lazy("brand", "Returned"),
        "overdue",
        Permission.DECLARE_BRAND,
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
