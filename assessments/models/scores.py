"""What people give: points under judged indicators, and points in addition or taken off."""

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from assessments.models.indicators import Indicator, Participant
from assessments.models.published import only_while
from assessments.querysets.scores import ScoreQuerySet, ScoringTaskQuerySet
from registers.history import append_only, tracked

OF_INDICATOR = "SELECT cycle_id FROM assessments_indicator WHERE id = touched.indicator_id"

SUBMITTED_STAYS = pgtrigger.Trigger(
    name="submitted_stays",
    operation=pgtrigger.Update,
    when=pgtrigger.Before,
    condition=pgtrigger.Q(old__submitted_at__isnull=False),
    func="RAISE check_violation USING MESSAGE = 'submitted scores stay';",
)
OF_JUDGED = pgtrigger.Trigger(
    name="of_judged",
    operation=pgtrigger.Insert,
    when=pgtrigger.Before,
    func="""
        IF NOT EXISTS (
            SELECT FROM assessments_indicator WHERE id = NEW.indicator_id AND kind = 'judged'
        ) THEN
            RAISE check_violation USING MESSAGE = 'only judged indicators are scored by people';
        END IF;
        RETURN NEW;
    """,
)


@pgtrigger.register(only_while("preparing", "open", cycle=OF_INDICATOR), SUBMITTED_STAYS, OF_JUDGED)
@tracked()
class ScoringTask(models.Model):
    """That an evaluator scores all participants under one judged indicator.

    submitted_at: from then on nothing of it changes; until all evaluators of the indicator have
        submitted, each knows the own scores alone
    """

    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="tasks", verbose_name=_("indicator")
    )
    evaluator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="scoring_tasks",
        verbose_name=_("evaluator"),
    )
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)

    objects = ScoringTaskQuerySet.as_manager()

    class Meta:
        ordering = ["indicator", "evaluator"]
        verbose_name = _("scoring task")
        verbose_name_plural = _("scoring tasks")
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "evaluator"],
                name="scoring_task_once",
                violation_error_message=_("This person scores this indicator already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} · {self.evaluator}"


# Rules between a score, its task and its participant.
SCORE_FITS = pgtrigger.Trigger(
    name="score_fits",
    operation=pgtrigger.Insert,
    when=pgtrigger.Before,
    func="""
        PERFORM FROM assessments_scoringtask t
            JOIN assessments_indicator i ON i.id = t.indicator_id
            JOIN assessments_participant p ON p.cycle_id = i.cycle_id
            WHERE t.id = NEW.task_id AND p.id = NEW.participant_id
                AND t.submitted_at IS NULL AND p.withdrawn_on IS NULL AND NEW.points <= i."full"
            FOR SHARE OF t;
        IF NOT FOUND THEN
            RAISE check_violation USING
                MESSAGE = 'a score fits its task, its participant and the full points',
                CONSTRAINT = 'score_fits';
        END IF;
        RETURN NEW;
    """,
)
OF_TASK = """
    SELECT i.cycle_id FROM assessments_scoringtask t
    JOIN assessments_indicator i ON i.id = t.indicator_id WHERE t.id = touched.task_id
"""


@pgtrigger.register(only_while("open", cycle=OF_TASK, writes=["insert"]), SCORE_FITS)
@append_only
@tracked()
class Score(models.Model):
    """Points that an evaluator gives a participant, and why. A later one of the same evaluator and
    participant stands for it from then on; both stay."""

    task = models.ForeignKey(
        ScoringTask, models.PROTECT, related_name="scores", verbose_name=_("scoring task")
    )
    participant = models.ForeignKey(
        Participant, models.PROTECT, related_name="scores", verbose_name=_("participant")
    )
    points = models.DecimalField(
        _("points"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    justification = models.CharField(_("justification"), max_length=500)
    given_at = models.DateTimeField(_("given at"), db_default=Now(), editable=False)

    objects = ScoreQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = [
            models.CheckConstraint(
                condition=Q(points__gte=0),
                name="score_not_negative",
                violation_error_message=_("Points are not below 0."),
            ),
            models.CheckConstraint(
                condition=~Q(justification=""),
                name="score_justified",
                violation_error_message=_("Say why these points are given."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant}: {self.points}"


ADJUSTMENT_FITS = pgtrigger.Trigger(
    name="adjustment_fits",
    operation=pgtrigger.Insert,
    when=pgtrigger.Before,
    func="""
        IF NOT EXISTS (
            SELECT FROM assessments_indicator i
            JOIN assessments_participant p ON p.cycle_id = i.cycle_id
            WHERE i.id = NEW.indicator_id AND p.id = NEW.participant_id
                AND i.kind IN ('bonus', 'deduction') AND p.withdrawn_on IS NULL
        ) THEN
            RAISE check_violation USING
                MESSAGE = 'points are added or taken off under a bonus or a deduction',
                CONSTRAINT = 'adjustment_fits';
        END IF;
        RETURN NEW;
    """,
)


@pgtrigger.register(only_while("open", cycle=OF_INDICATOR, writes=["insert"]), ADJUSTMENT_FITS)
@append_only
@tracked()
class Adjustment(models.Model):
    """Points given under a bonus or taken off under a deduction, with the evidence.

    What was given by mistake is taken back by another row with negative points.
    """

    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="adjustments", verbose_name=_("indicator")
    )
    participant = models.ForeignKey(
        Participant, models.PROTECT, related_name="adjustments", verbose_name=_("participant")
    )
    points = models.DecimalField(_("points"), max_digits=5, decimal_places=2)
    reason = models.CharField(_("reason"), max_length=300)
    evidence = models.CharField(_("evidence"), max_length=200)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("given by")
    )
    given_at = models.DateTimeField(_("given at"), db_default=Now(), editable=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("bonus or deduction")
        verbose_name_plural = _("bonuses and deductions")
        constraints = [
            models.CheckConstraint(
                condition=~Q(points=0),
                name="adjustment_of_something",
                violation_error_message=_("Points to add or take off are not 0."),
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(evidence=""),
                name="adjustment_with_evidence",
                violation_error_message=_("Name the reason and the evidence."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant}: {self.points:+}"
