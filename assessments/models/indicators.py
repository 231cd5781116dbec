"""The table of indicators of a cycle, and who is rated by it."""

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessments.models.cycles import Cycle
from assessments.models.published import only_while
from assessments.querysets.participants import ParticipantQuerySet
from organizations.models import Department, PartyOrganization
from registers.history import tracked


class Measure(models.TextChoices):
    """What the system counts by itself, over a participant's associations (assessments/measures).

    [P] of domain.md, Assessments.
    """

    COVERAGE = "coverage", _("Associations covered by a Party organisation")
    GROWTH = "growth", _("Newly covered among those uncovered at the beginning")
    TERMS = "terms", _("Party organisations re-elected in time")
    VISITS = "visits", _("Months with an instructor's visit")
    INSPECTION = "inspection", _("Annual inspection passed or report filed")
    COMPLETENESS = "completeness", _("Records complete")


@pgtrigger.register(only_while("preparing", cycle="touched.cycle_id"))
@tracked()
class Indicator(models.Model):
    """One line of a cycle's table.

    kind: computed by the system (`measure`), judged by evaluators, or points in addition to those
        or taken off them, with evidence
    full: its weight in points; of a bonus or a deduction the cap
    """

    class Kind(models.TextChoices):
        COMPUTED = "computed", pgettext_lazy("indicator", "Computed")
        JUDGED = "judged", pgettext_lazy("indicator", "Judged")
        BONUS = "bonus", pgettext_lazy("indicator", "Bonus")
        DEDUCTION = "deduction", pgettext_lazy("indicator", "Deduction")

    WEIGHTED = (Kind.COMPUTED, Kind.JUDGED)

    cycle = models.ForeignKey(
        Cycle, models.PROTECT, related_name="indicators", verbose_name=_("assessment cycle")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    section = models.CharField(_("section"), max_length=30)
    name = models.CharField(_("indicator"), max_length=60)
    standard = models.CharField(_("how points are given"), max_length=300, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    measure = models.CharField(_("what is counted"), max_length=14, choices=Measure, blank=True)
    full = models.DecimalField(
        _("full points"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )

    class Meta:
        ordering = ["cycle", "position"]
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "position"],
                deferrable=models.Deferrable.DEFERRED,
                name="indicator_position_once",
                violation_error_message=_("Another indicator stands at this position."),
            ),
            models.UniqueConstraint(
                fields=["cycle", "name"],
                name="indicator_name_once",
                violation_error_message=_("Another indicator has this name."),
            ),
            models.UniqueConstraint(
                fields=["cycle", "measure"],
                condition=~Q(measure=""),
                name="indicator_measure_once",
                violation_error_message=_("Another indicator counts this already."),
            ),
            models.CheckConstraint(
                condition=Q(kind="computed", measure__in=Measure.values)
                | Q(kind__in=["judged", "bonus", "deduction"], measure=""),
                name="indicator_computed_by_a_measure",
                violation_error_message=_(
                    "A computed indicator says what is counted, and no other does."
                ),
            ),
            models.CheckConstraint(
                condition=Q(full__gt=0, full__lte=100),
                name="indicator_full_points_possible",
                violation_error_message=_("Full points lie above 0 and not above 100."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


STAYS_WHO_IT_IS = pgtrigger.Trigger(
    name="stays_who_it_is",
    operation=pgtrigger.Update,
    when=pgtrigger.Before,
    condition=pgtrigger.AnyChange("cycle", "department", "committee"),
    func="RAISE EXCEPTION 'who takes part stays';",
)


@pgtrigger.register(
    only_while("preparing", cycle="touched.cycle_id", writes=("insert", "delete")),
    only_while(
        "preparing", "open", cycle="touched.cycle_id", writes=["update"], name="withdrawn_in_time"
    ),
    STAYS_WHO_IT_IS,
)
@tracked()
class Participant(models.Model):
    """Who is rated in a cycle: an industry department, or a social-organisation Party committee.

    withdrawn_on: no longer rated since that day, for `withdrawn_reason`; what was scored stays
    """

    cycle = models.ForeignKey(
        Cycle, models.PROTECT, related_name="participants", verbose_name=_("assessment cycle")
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("department"),
    )
    committee = models.ForeignKey(
        PartyOrganization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Party committee"),
    )
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("why withdrawn"), max_length=200, blank=True)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        ordering = ["cycle", "department__pk", "committee__pk"]
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [
            models.CheckConstraint(
                condition=Q(department__isnull=False, committee=None)
                | Q(department=None, committee__isnull=False),
                name="participant_department_or_committee",
                violation_error_message=_("Choose a department or a Party committee."),
            ),
            models.UniqueConstraint(
                fields=["cycle", "department"],
                name="participant_department_once",
                violation_error_message=_("This department takes part already."),
            ),
            models.UniqueConstraint(
                fields=["cycle", "committee"],
                name="participant_committee_once",
                violation_error_message=_("This Party committee takes part already."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None, withdrawn_reason="")
                | Q(withdrawn_on__isnull=False) & ~Q(withdrawn_reason=""),
                name="participant_withdrawn_for_a_reason",
                violation_error_message=_("A withdrawal has its day and its reason."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.department or self.committee)

    @property
    def managing_department_id(self) -> int | None:
        """The department whose associations it answers for: itself, or the committee's host."""
        return self.committee.host_department_id if self.committee else self.department_id
