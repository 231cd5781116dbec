"""What was measured at the cut-off, and what was calculated from it: written once, never changed.

What is measured or calculated anew stands beside what was before, and the latest counts.
"""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from assessments.grades import Grade
from assessments.models.cycles import Cycle, Rules
from assessments.models.indicators import Indicator, Participant
from assessments.models.published import only_while
from assessments.querysets.results import (
    CalculationQuerySet,
    MeasurementQuerySet,
    ResultQuerySet,
)
from registers.history import NO_TRUNCATE, append_only

OPEN = ("open", "calculated")


def _of(cycle: str) -> pgtrigger.Trigger:
    """Rows come while their cycle is calculated; cycle: SQL of its key."""
    return only_while(*OPEN, cycle=cycle, writes=["insert"])


OF_MEASUREMENT = "SELECT cycle_id FROM assessments_measurement WHERE id = touched.measurement_id"
OF_CALCULATION = "SELECT cycle_id FROM assessments_calculation WHERE id = touched.calculation_id"
OF_VALUE = """
    SELECT m.cycle_id FROM assessments_measuredvalue v
    JOIN assessments_measurement m ON m.id = v.measurement_id WHERE v.id = touched.value_id
"""
OF_RESULT = """
    SELECT c.cycle_id FROM assessments_result r
    JOIN assessments_calculation c ON c.id = r.calculation_id WHERE r.id = touched.result_id
"""


@pgtrigger.register(_of("touched.cycle_id"), NO_TRUNCATE)
@append_only
class Measurement(models.Model):
    """The state of the registry on the cut-off day, as it was known when it was measured.

    version: of the table that it was measured by; a table that is settled anew is measured anew
    reason: why it was measured anew; blank the first time
    counts_functional, counts_dormant: the rules of coverage then in force
    """

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="measurements")
    version = models.PositiveSmallIntegerField(_("version of the table"))
    as_of = models.DateField(_("as of"))
    counts_functional = models.BooleanField()
    counts_dormant = models.BooleanField()
    reason = models.CharField(_("why measured anew"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("measured at"), db_default=Now())
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("measured by")
    )

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")

    def __str__(self) -> str:
        return f"{self.cycle} · {self.as_of}"


@pgtrigger.register(_of(OF_MEASUREMENT), NO_TRUNCATE)
@append_only
class MeasuredValue(models.Model):
    """How much of `whole` was found for one participant under one computed indicator.

    Both are associations, Party organisations, months or facts, as its measure says; a whole of 0:
    there was nothing to measure.
    """

    measurement = models.ForeignKey(Measurement, models.PROTECT, related_name="values")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="measured")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="measured")
    counted = models.PositiveIntegerField(_("counted"))
    whole = models.PositiveIntegerField(_("of"))

    class Meta:
        ordering = ["participant", "indicator"]
        constraints = [
            models.UniqueConstraint(
                fields=["measurement", "participant", "indicator"], name="measured_value_once"
            ),
            models.CheckConstraint(
                condition=Q(counted__lte=F("whole")), name="measured_value_part_of_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.counted}/{self.whole}"


@pgtrigger.register(_of(OF_VALUE), NO_TRUNCATE)
@append_only
class MeasuredRow(models.Model):
    """A row behind a measured value, as it was counted.

    It names its association by key and not as a relation: what was counted stays, also when the
    association has been merged since. name: of the association, or of its Party organisation
    """

    value = models.ForeignKey(MeasuredValue, models.PROTECT, related_name="rows")
    association = models.BigIntegerField(null=True)
    name = models.CharField(_("name"), max_length=120)
    counted = models.PositiveIntegerField(_("counted"))
    whole = models.PositiveIntegerField(_("of"))

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(counted__lte=F("whole")), name="measured_row_part_of_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.counted}/{self.whole}"


@pgtrigger.register(_of("touched.cycle_id"), NO_TRUNCATE)
@append_only
class Calculation(Rules):
    """All results of a cycle at once, with the rules that they were calculated by.

    what_if: tried with other weights or thresholds, and never the cycle's result; note: what was
        tried, or why it was calculated anew
    """

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="calculations")
    measurement = models.ForeignKey(Measurement, models.PROTECT, related_name="calculations")
    what_if = models.BooleanField(_("what-if"), default=False)
    note = models.CharField(_("note"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("calculated at"), db_default=Now())
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("calculated by")
    )

    objects = CalculationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("calculation")
        verbose_name_plural = _("calculations")
        constraints = [
            *Rules.Meta.constraints,
            models.CheckConstraint(
                condition=Q(what_if=False) | ~Q(note=""),
                name="calculation_tried_for_a_reason",
                violation_error_message=_("Say what is tried."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle} · {self.made_at:%Y-%m-%d %H:%M}"


@pgtrigger.register(_of(OF_CALCULATION), NO_TRUNCATE)
@append_only
class Result(models.Model):
    """What one participant came to; None: missing, or not to be had."""

    calculation = models.ForeignKey(Calculation, models.PROTECT, related_name="results")
    participant = models.ForeignKey(
        Participant, models.PROTECT, related_name="results", verbose_name=_("participant")
    )
    bonus = models.DecimalField(_("bonus"), max_digits=5, decimal_places=2)
    deduction = models.DecimalField(_("deduction"), max_digits=5, decimal_places=2)
    indicator_score = models.DecimalField(
        _("indicator score"), max_digits=5, decimal_places=2, null=True
    )
    ballot_score = models.DecimalField(_("ballot score"), max_digits=5, decimal_places=2, null=True)
    total = models.DecimalField(_("total"), max_digits=5, decimal_places=2, null=True)
    rank = models.PositiveSmallIntegerField(_("rank"), null=True)
    grade = models.CharField(_("grade"), max_length=8, choices=Grade, blank=True)

    objects = ResultQuerySet.as_manager()

    class Meta:
        ordering = [F("rank").asc(nulls_last=True), "participant"]
        verbose_name = _("result")
        verbose_name_plural = _("results")
        constraints = [
            models.UniqueConstraint(fields=["calculation", "participant"], name="result_once"),
            models.CheckConstraint(
                condition=Q(total=None, rank=None, grade="")
                | Q(total__isnull=False, rank__isnull=False, grade__in=Grade.values),
                name="result_graded_by_its_total",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant}: {self.total}"


@pgtrigger.register(_of(OF_RESULT), NO_TRUNCATE)
@append_only
class ResultLine(models.Model):
    """One indicator of a result.

    full: its weight, or its cap; part, whole: what was counted of how much, or the points given of
        those that could be given; None: not scored yet, and a whole of 0: nothing to score
    points: what was earned, added or taken off
    """

    result = models.ForeignKey(Result, models.PROTECT, related_name="lines")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+")
    full = models.DecimalField(_("full points"), max_digits=5, decimal_places=2)
    part = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    whole = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    points = models.DecimalField(_("points"), max_digits=5, decimal_places=2, null=True)

    class Meta:
        ordering = ["indicator__position"]
        constraints = [
            models.UniqueConstraint(fields=["result", "indicator"], name="result_line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.points}"

    @property
    def applies(self) -> bool:
        """Whether there was anything to score."""
        return self.whole != 0
