"""The yearly cycle: its days, its rules and how far it has come."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessments.arithmetic import Scale
from assessments.models.published import PUBLISHED
from assessments.querysets.cycles import CycleQuerySet
from organizations.models.periods import possible_days
from registers.history import append_only, tracked


class Stage(models.TextChoices):
    """The stages of a cycle in their order."""

    PREPARING = "preparing", pgettext_lazy("cycle", "In preparation")
    OPEN = "open", pgettext_lazy("cycle", "Under way")
    CALCULATED = "calculated", pgettext_lazy("cycle", "Calculated")
    ANNOUNCED = "announced", pgettext_lazy("cycle", "Open to objections")
    PUBLISHED = PUBLISHED, pgettext_lazy("cycle", "Published")


FORWARD = {
    Stage.PREPARING: (Stage.OPEN,),
    Stage.OPEN: (Stage.PREPARING, Stage.CALCULATED),
    Stage.CALCULATED: (Stage.OPEN, Stage.ANNOUNCED),
    Stage.ANNOUNCED: (Stage.CALCULATED, Stage.PUBLISHED),
    Stage.PUBLISHED: (),
}
"""Where each stage can lead: on, or back by one while nothing is published."""

POSSIBLE = ", ".join(f"('{at}', '{to}')" for at, after in FORWARD.items() for to in after)
# What must hold between a cycle and its table, and what is over once it is published.
KEEPS_ITS_STAGES = pgtrigger.Trigger(
    name="keeps_its_stages",
    operation=pgtrigger.Update | pgtrigger.Delete,
    when=pgtrigger.Before,
    func="""
        IF OLD.stage = 'published' THEN
            RAISE check_violation USING
                MESSAGE = 'a published cycle stays as it is', CONSTRAINT = 'cycle_published_stays';
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        IF NEW.stage <> OLD.stage AND (OLD.stage, NEW.stage) NOT IN (POSSIBLE) THEN
            RAISE check_violation USING
                MESSAGE = 'no cycle moves like that', CONSTRAINT = 'cycle_move_possible';
        END IF;
        IF NEW.stage <> OLD.stage AND NEW.stage <> 'preparing' AND (
            SELECT COALESCE(SUM("full"), 0) FROM assessments_indicator
            WHERE cycle_id = NEW.id AND kind IN ('computed', 'judged')
        ) <> 100 THEN
            RAISE check_violation USING
                MESSAGE = 'the weights do not add up to 100', CONSTRAINT = 'cycle_weights_add_up';
        END IF;
        IF NEW.stage = 'preparing' AND OLD.stage <> 'preparing' AND EXISTS (
            SELECT FROM assessments_score s
            JOIN assessments_participant p ON p.id = s.participant_id WHERE p.cycle_id = NEW.id
            UNION ALL
            SELECT FROM assessments_adjustment a
            JOIN assessments_participant p ON p.id = a.participant_id WHERE p.cycle_id = NEW.id
            UNION ALL
            SELECT FROM assessments_ballot WHERE cycle_id = NEW.id AND state <> 'prepared'
        ) THEN
            RAISE check_violation USING
                MESSAGE = 'points have been given by the table', CONSTRAINT = 'cycle_points_given';
        END IF;
        RETURN NEW;
    """.replace("POSSIBLE", POSSIBLE),
)


def _percent(label: Any, **options: Any) -> models.DecimalField:
    limits = [MinValueValidator(0), MaxValueValidator(100)]
    return models.DecimalField(label, max_digits=5, decimal_places=2, validators=limits, **options)


def _ordered(since: str, until: str, message: Any) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q((f"{until}__gte", F(since))),
        name=f"cycle_{since.rpartition('_')[0]}_in_order",
        violation_error_message=message,
    )


class Rules(models.Model):
    """What turns scores into totals and grades. Of a cycle, and of each of its calculations.

    ballot_weight: per cent of the total that the ballots make, the indicators make the rest
    good_from, fair_from, average_from: the total from which on the grade is given
    good_quota: per cent of those rated that may be good at most; None: any number
    """

    ballot_weight = _percent(_("weight of the ballots (%)"), default=30)
    good_from = _percent(_("good from"), default=90)
    fair_from = _percent(_("fairly good from"), default=80)
    average_from = _percent(_("average from"), default=60)
    good_quota = _percent(_("at most good (%)"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(average_from__gte=0)
                & Q(fair_from__gt=F("average_from"))
                & Q(good_from__gt=F("fair_from"))
                & Q(good_from__lte=100),
                name="%(class)s_thresholds_descend",
                violation_error_message=_(
                    "Good begins above fairly good, fairly good above average, and none above 100."
                ),
            ),
            models.CheckConstraint(
                condition=Q(ballot_weight__gte=0, ballot_weight__lte=100)
                & (Q(good_quota=None) | Q(good_quota__gte=0, good_quota__lte=100)),
                name="%(class)s_percentages",
                violation_error_message=_("Percentages lie between 0 and 100."),
            ),
        ]

    @property
    def scale(self) -> Scale:
        """The thresholds and the quota."""
        return Scale(self.good_from, self.fair_from, self.average_from, self.good_quota)


RULES = tuple(field.name for field in Rules._meta.fields)


@pgtrigger.register(KEEPS_ITS_STAGES)
@tracked()
class Cycle(Rules):
    """One year's assessment of the industry departments' Party building.

    Its three parts follow each other, and may overlap: brands are declared 创, results shown 晒,
    departments rated 评. starts_on: the day from which growth is measured; cutoff_on: the day whose
    state the system's own indicators measure.
    version: how often its table has been settled; a cycle taken back to preparation is settled
        anew
    objection_days: for how long participants may object to an announced result
    """

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    title = models.CharField(_("title"), max_length=80)
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, default=Stage.PREPARING)
    version = models.PositiveSmallIntegerField(_("version of the table"), default=0)
    starts_on = models.DateField(_("begins on"))
    cutoff_on = models.DateField(_("cut-off day"))
    declaring_from = models.DateField(_("brands declared from"))
    declaring_until = models.DateField(_("brands declared until"))
    showing_from = models.DateField(_("results shown from"))
    showing_until = models.DateField(_("results shown until"))
    rating_from = models.DateField(_("rated from"))
    rating_until = models.DateField(_("rated until"))
    objection_days = models.PositiveSmallIntegerField(_("days to object"), default=5)
    announced_on = models.DateField(_("announced on"), null=True, blank=True, editable=False)
    objections_until = models.GeneratedField(
        expression=models.ExpressionWrapper(
            F("announced_on") + F("objection_days"), models.DateField()
        ),
        output_field=models.DateField(null=True),
        db_persist=True,
        verbose_name=_("objections until"),
    )
    published_on = models.DateField(_("published on"), null=True, blank=True, editable=False)

    objects = CycleQuerySet.as_manager()

    class Meta:
        ordering = ["-year"]
        verbose_name = _("assessment cycle")
        verbose_name_plural = _("assessment cycles")
        constraints = [
            *Rules.Meta.constraints,
            models.CheckConstraint(
                condition=Q(stage__in=Stage.values),
                name="cycle_stage_known",
                violation_error_message=_("There is no such stage."),
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2020, year__lte=2100),
                name="cycle_year_possible",
                violation_error_message=_("The year lies before 2020 or after 2100."),
            ),
            models.CheckConstraint(
                condition=Q(cutoff_on__gt=F("starts_on")),
                name="cycle_cut_off_after_its_beginning",
                violation_error_message=_("The cut-off day lies after the day it begins on."),
            ),
            _ordered("declaring_from", "declaring_until", _("Brands are declared until later.")),
            _ordered("showing_from", "showing_until", _("Results are shown until later.")),
            _ordered("rating_from", "rating_until", _("Departments are rated until later.")),
            possible_days("starts_on", "cutoff_on", name="cycle_on_possible_days"),
            models.CheckConstraint(
                condition=Q(stage__in=["announced", "published"], announced_on__isnull=False)
                | ~Q(stage__in=["announced", "published"]) & Q(announced_on=None),
                name="cycle_announced_with_day",
                violation_error_message=_("What is announced has its day."),
            ),
            models.CheckConstraint(
                condition=Q(stage="published", published_on__gte=F("announced_on"))
                | ~Q(stage="published") & Q(published_on=None),
                name="cycle_published_with_day",
                violation_error_message=_("What is published has its day."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


# Recorded before the cycle takes the step.
FROM_WHERE_IT_IS = pgtrigger.Trigger(
    name="from_where_it_is",
    operation=pgtrigger.Insert,
    when=pgtrigger.Before,
    func="""
        PERFORM FROM assessments_cycle WHERE id = NEW.cycle_id AND stage = NEW.from_stage;
        IF NOT FOUND THEN
            RAISE check_violation USING MESSAGE = 'a cycle moves from the stage where it is';
        END IF;
        RETURN NEW;
    """,
)


@pgtrigger.register(FROM_WHERE_IT_IS)
@append_only
@tracked()
class CycleMove(models.Model):
    """A move of a cycle between stages; never changed. note: why, where it leads back."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="moves")
    from_stage = models.CharField(_("from"), max_length=12, choices=Stage)
    to_stage = models.CharField(_("to"), max_length=12, choices=Stage)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("move of a cycle")
        verbose_name_plural = _("moves of a cycle")
        constraints = [
            models.CheckConstraint(
                condition=Q.create(
                    [Q(from_stage=at, to_stage__in=to) for at, to in FORWARD.items() if to],
                    connector=Q.OR,
                ),
                name="cycle_move_possible",
                violation_error_message=_("No cycle moves like that."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_from_stage_display()} → {self.get_to_stage_display()}"
