"""Frozen reports: the statistics of a period as they stood, with the rows behind every number."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from organizations.models.associations import Association
from organizations.models.departments import Department
from organizations.models.divisions import Division
from organizations.models.party import PartyOrganization
from organizations.querysets.reports import ReportQuerySet, ReportRowQuerySet
from registers.history import NO_TRUNCATE

UNCHANGED = pgtrigger.Trigger(
    name="unchanged",
    operation=pgtrigger.Update | pgtrigger.Delete,
    when=pgtrigger.Before,
    func="RAISE EXCEPTION 'a frozen report stays as it is: cannot change %', TG_TABLE_NAME;",
)
# Whatever is written into the rows of a report is written in the transaction that freezes it.
NOTHING_LATER = pgtrigger.Trigger(
    name="nothing_later",
    operation=pgtrigger.Insert,
    when=pgtrigger.After,
    level=pgtrigger.Statement,
    referencing=pgtrigger.Referencing(new="added"),
    func="""
        IF EXISTS (
            SELECT FROM organizations_report WHERE frozen_at <> now()
            AND id IN (SELECT report_id FROM added)
        ) THEN
            RAISE EXCEPTION 'a frozen report stays as it is: cannot add to %', TG_TABLE_NAME;
        END IF;
        RETURN NULL;
    """,
)

# A correction stands for what it corrects: it is about the same period and scope.
OF_THE_SAME = pgtrigger.Trigger(
    name="of_the_same",
    operation=pgtrigger.Insert,
    when=pgtrigger.Before,
    condition=pgtrigger.Q(new__corrects__isnull=False),
    func="""
        IF NOT EXISTS (
            SELECT FROM organizations_report AS was
            WHERE was.id = NEW.corrects_id AND was.period = NEW.period
            AND was.starts_on = NEW.starts_on AND was.ends_on = NEW.ends_on
            AND was.department_id IS NOT DISTINCT FROM NEW.department_id
            AND was.division_id IS NOT DISTINCT FROM NEW.division_id
        ) THEN
            RAISE EXCEPTION 'a correction is about the period and scope of what it corrects';
        END IF;
        RETURN NEW;
    """,
)


@pgtrigger.register(UNCHANGED, NO_TRUNCATE, OF_THE_SAME)
class Report(models.Model):
    """The statistics of one period and scope as of a day, as the registry knew them when frozen.

    as_of: the day of the figures, within the period. department, division: the scope, both None
    for the whole city. counts_functional, counts_dormant: the rules in force when it was frozen.
    corrects: the report that this one stands for from now on, and correction_reason why; that one
    stays as it is, and that it has been corrected is known from here alone.
    """

    class Period(models.TextChoices):
        YEAR = "year", _("Year")
        HALF_YEAR = "half_year", _("Half-year")
        QUARTER = "quarter", _("Quarter")
        MONTH = "month", pgettext_lazy("period", "Month")

    title = models.CharField(_("title"), max_length=120)
    period = models.CharField(_("kind of period"), max_length=10, choices=Period)
    starts_on = models.DateField(_("period from"))
    ends_on = models.DateField(_("period to"))
    as_of = models.DateField(_("as of"))
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only department"),
    )
    division = models.ForeignKey(
        Division,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only division"),
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    corrects = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="correction",
        verbose_name=_("corrects"),
    )
    correction_reason = models.CharField(_("reason for the correction"), max_length=500, blank=True)
    counts_functional = models.BooleanField()
    counts_dormant = models.BooleanField()
    frozen_at = models.DateTimeField(_("frozen at"), db_default=TransactionNow())
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("frozen by")
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-ends_on", "-starts_on", "-pk"]
        verbose_name = _("frozen report")
        verbose_name_plural = _("frozen reports")
        constraints = [
            models.UniqueConstraint(
                fields=["period", "starts_on", "department", "division"],
                nulls_distinct=False,
                condition=Q(corrects=None),
                name="report_once_per_period_and_scope",
                violation_error_message=_("The report of this period has been frozen already."),
            ),
            models.CheckConstraint(
                condition=Q(as_of__gte=F("starts_on"), as_of__lte=F("ends_on")),
                name="report_as_of_within_period",
                violation_error_message=_("The day of the figures must lie within the period."),
            ),
            models.CheckConstraint(
                condition=Q(corrects=None, correction_reason="")
                | (Q(corrects__isnull=False) & ~Q(correction_reason="")),
                name="report_corrected_for_a_reason",
                violation_error_message=_("Say why the report is corrected."),
            ),
            models.CheckConstraint(
                condition=Q(department=None) | Q(division=None),
                name="report_one_scope",
                violation_error_message=_("Choose a department or a division, not both."),
            ),
        ]

    def __str__(self) -> str:
        if self.corrects_id:
            return gettext("%(title)s (corrected version)") % {"title": self.title}
        return self.title

    @property
    def scope(self) -> str:
        """Whose figures these are, in words."""
        return str(self.department or self.division or _("Citywide"))


@pgtrigger.register(UNCHANGED, NO_TRUNCATE, NOTHING_LATER)
class ReportNumber(models.Model):
    """One cell of a frozen report. line, column: keys of organizations.statistics; value None:
    not recorded then."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="numbers")
    line = models.CharField(max_length=30)
    column = models.CharField(max_length=12)
    value = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "line", "column"], name="report_number_once_per_cell"
            )
        ]

    def __str__(self) -> str:
        return f"{self.report}: {self.line}, {self.column}"


@pgtrigger.register(UNCHANGED, NO_TRUNCATE, NOTHING_LATER)
class ReportRow(models.Model):
    """An association as it was counted in a frozen report.

    It names the association by its key and not as a relation: what was counted stays, also when
    the association has been merged or deleted since. cells: the lines in which it counts.
    """

    report = models.ForeignKey(Report, models.PROTECT, related_name="rows")
    association = models.BigIntegerField(_("association"))
    name = models.CharField(_("name"), max_length=120)
    pinyin = models.TextField()
    credit_code = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Association.Kind)
    registration_type = models.CharField(
        _("registration type"),
        max_length=14,
        choices=Association.RegistrationType,
        blank=True,
    )
    registered_on = models.DateField(_("registered on"), null=True)
    staff = models.PositiveIntegerField(_("staff"), null=True)
    party_members = models.PositiveIntegerField(_("full Party members"), null=True)
    members_not_transferred = models.PositiveIntegerField(
        _("Party members whose membership is registered elsewhere"), null=True
    )
    has_party_group = models.BooleanField(_("Party group set up"), null=True)
    party_organization = models.BigIntegerField(_("Party organisation"), null=True)
    party_organization_name = models.CharField(max_length=120, blank=True)
    party_kind = models.CharField(
        _("kind of Party organisation"),
        max_length=20,
        choices=PartyOrganization.Kind,
        blank=True,
    )
    is_joint = models.BooleanField(_("joint"), null=True)
    covered_since = models.DateField(_("covered since"), null=True)
    served = models.BooleanField(_("with an instructor"))
    cells = ArrayField(models.TextField())

    objects = ReportRowQuerySet.as_manager()

    class Meta:
        ordering = ["pinyin", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "association"], name="report_row_once_per_association"
            )
        ]

    def __str__(self) -> str:
        return self.name


@pgtrigger.register(UNCHANGED, NO_TRUNCATE, NOTHING_LATER)
class ReportAssignment(models.Model):
    """An instructor's work with an association as it was counted in a frozen report."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="assignments")
    association = models.BigIntegerField()
    instructor = models.BigIntegerField()
    instructor_name = models.CharField(max_length=40)
    instructor_unit = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["instructor_name", "instructor", "association"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "association", "instructor"], name="report_assignment_once"
            )
        ]

    def __str__(self) -> str:
        return self.instructor_name
