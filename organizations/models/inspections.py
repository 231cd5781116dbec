"""The yearly inspections and reports of associations."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organizations.models.associations import Association
from registers.history import tracked


@tracked()
class Inspection(models.Model):
    """The result of one year's inspection or report. Shandong changed regimes in 2019 and 2026."""

    class Regime(models.TextChoices):
        INSPECTION = "inspection", _("Annual inspection")
        REPORT = "report", _("Annual report")

    class Result(models.TextChoices):
        PASSED = "passed", _("Passed")
        BARELY = "barely", _("Basically passed")
        FAILED = "failed", _("Failed")
        ABSENT = "absent", _("Not inspected")
        REPORTED = "reported", _("Reported")
        NOT_REPORTED = "not_reported", _("Not reported")

    association = models.ForeignKey(Association, models.CASCADE, related_name="inspections")
    year = models.PositiveSmallIntegerField(_("year"))
    regime = models.CharField(_("regime"), max_length=10, choices=Regime)
    result = models.CharField(_("result"), max_length=12, choices=Result)

    told_when_merging = ("year", "regime", "result")

    class Meta:
        ordering = ["-year"]
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")
        constraints = [
            models.UniqueConstraint(
                fields=["association", "year"],
                name="inspection_once_a_year",
                violation_error_message=_("This year already has a result."),
            ),
            models.CheckConstraint(
                condition=Q(regime="report", result__in=["reported", "not_reported"])
                | Q(regime="inspection") & ~Q(result__in=["reported", "not_reported"]),
                name="inspection_result_of_its_regime",
                violation_error_message=_("This result does not belong to this regime."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.get_result_display()}"

    @classmethod
    def regime_of(cls, result: Any) -> Regime:
        """The regime to which a result belongs."""
        reports = (cls.Result.REPORTED, cls.Result.NOT_REPORTED)
        return cls.Regime.REPORT if result in reports else cls.Regime.INSPECTION
