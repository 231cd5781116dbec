"""Who should go where: the office's rules, proposals that follow them, and their rows."""

import datetime
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from organizations.models.associations import Association
from organizations.models.instructors import Assignment, Instructor
from organizations.querysets.proposals import (
    AssignmentRulesQuerySet,
    ProposalQuerySet,
    ProposalRowQuerySet,
)
from registers.history import tracked

MOST_POINTS = 1000
MOST_ASSOCIATIONS = 50
MOST_DAYS = 3650


def points(label: Any, default: int, help_text: Any) -> models.PositiveSmallIntegerField:
    """A weight of the proposal, in points."""
    return models.PositiveSmallIntegerField(
        label, default=default, help_text=help_text, validators=[MaxValueValidator(MOST_POINTS)]
    )


def _named(row: models.Model, at: datetime.datetime) -> str:
    """How a row is called that has no name: by its kind and its moment."""
    return f"{capfirst(str(row._meta.verbose_name))} {timezone.localtime(at):%Y-%m-%d %H:%M}"


@tracked()
class AssignmentRules(models.Model):
    """Limits and weights of proposed assignments. The latest row is in force; earlier ones stay
    as they were. Source of the limit: domain.md, four to five associations at most."""

    most = models.PositiveSmallIntegerField(
        _("most associations per instructor"),
        default=5,
        help_text=_("Nobody is given more, those outside the proposal included."),
        validators=[MinValueValidator(1), MaxValueValidator(MOST_ASSOCIATIONS)],
    )
    evenness = points(
        _("evenness"),
        6,
        _(
            "Each further association of the same instructor costs so many points more than the "
            "one before; the first costs none. The more, the more evenly the work is spread."
        ),
    )
    unit = points(
        _("other unit"),
        4,
        _("Points for an instructor who is not of the association's supervising unit."),
    )
    industry = points(
        _("other industry department"),
        4,
        _("Points for an instructor who is not of the association's industry department."),
    )
    county = points(
        _("other county"),
        20,
        _("Points for an instructor whose unit is not in the association's county."),
    )
    within_county = models.BooleanField(
        _("never into another county"),
        default=False,
        help_text=_(
            "Instructors go only to associations of their own county, those of the city's "
            "departments only to associations of city level."
        ),
    )
    days_left = models.PositiveSmallIntegerField(
        _("days that a term must still last"),
        default=30,
        help_text=_("Who leaves earlier is given nothing new. 0: the term must not have ended."),
        validators=[MaxValueValidator(MOST_DAYS)],
    )
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, verbose_name=_("set by")
    )
    set_at = models.DateTimeField(_("set at"), auto_now_add=True)

    objects = AssignmentRulesQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("rules of assignment")
        verbose_name_plural = _("rules of assignment")
        constraints = [
            models.CheckConstraint(
                condition=Q(most__gte=1, most__lte=MOST_ASSOCIATIONS),
                name="assignment_rules_limit_in_bounds",
                violation_error_message=_("The limit must lie between 1 and 50 associations."),
            ),
            models.CheckConstraint(
                condition=Q(
                    evenness__lte=MOST_POINTS,
                    unit__lte=MOST_POINTS,
                    industry__lte=MOST_POINTS,
                    county__lte=MOST_POINTS,
                ),
                name="assignment_rules_points_in_bounds",
                violation_error_message=_("A weight must lie between 0 and 1,000 points."),
            ),
        ]

    def __str__(self) -> str:
        return (
            f"{capfirst(self._meta.verbose_name)} {timezone.localtime(self.set_at):%Y-%m-%d %H:%M}"
        )


@tracked(exclude=["problem", "prices"])
class Proposal(models.Model):
    """A proposal who should go to the associations that have no instructor.

    asked: the filters that chose the associations; problem: what it was worked out from
    (Problem.dump), so that its numbers stay true to it; prices: the proof of the best cost;
    best_left_over, best_points: what the best possible answer costs; key: of the request, so
    that a doubled click makes one. The row itself keeps it: to ask again, however late, answers
    with the same proposal and is not worked out again.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("To decide")
        ACCEPTED = "accepted", _("Accepted")
        DISCARDED = "discarded", _("Discarded")
        TAKEN_BACK = "taken_back", _("Taken back")

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("made by")
    )
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)
    key = models.UUIDField(editable=False)
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.DRAFT)
    asked = models.JSONField(_("associations chosen"), default=dict)
    days_left = models.PositiveSmallIntegerField(_("days that a term must still last"))
    problem = models.JSONField(_("worked out from"))
    prices = models.JSONField(_("prices"))
    best_left_over = models.PositiveIntegerField(_("left over at best"))
    best_points = models.PositiveIntegerField(_("points at best"))
    milliseconds = models.PositiveIntegerField(_("worked out in milliseconds"))
    worked_out_at = models.DateTimeField(_("worked out at"))

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("proposed assignments")
        verbose_name_plural = _("proposed assignments")
        constraints = [
            models.UniqueConstraint(
                fields=["created_by", "key"],
                name="proposal_once_per_request",
                violation_error_message=_("This proposal has been made already."),
            )
        ]

    def __str__(self) -> str:
        return _named(self, self.created_at)

    @property
    def is_draft(self) -> bool:
        """Whether rows can still be changed and accepted."""
        return self.status == self.Status.DRAFT


@tracked()
class ProposalRow(models.Model):
    """One association of a proposal.

    instructor: whom it is to get now; proposed: whom it got when the proposal was worked out;
    kept: not to be moved when it is worked out again; dropped: left out
    """

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="rows")
    association = models.ForeignKey(
        Association, models.CASCADE, related_name="+", verbose_name=_("association")
    )
    instructor = models.ForeignKey(
        Instructor,
        models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("instructor"),
    )
    proposed = models.ForeignKey(
        Instructor,
        models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("proposed instructor"),
    )
    kept = models.BooleanField(_("kept"), default=False)
    dropped = models.BooleanField(_("left out"), default=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("changed by")
    )
    assignment = models.OneToOneField(
        Assignment,
        models.SET_NULL,
        null=True,
        related_name="proposal_row",
        verbose_name=_("assignment"),
    )
    accepted_at = models.DateTimeField(_("accepted at"), null=True)

    told_when_merging = ("instructor",)

    objects = ProposalRowQuerySet.as_manager()

    class Meta:
        ordering = ["association__pinyin", "association"]
        verbose_name = _("proposed assignment")
        verbose_name_plural = _("rows of proposals")
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "association"],
                name="proposal_row_once",
                violation_error_message=_("This association stands in the proposal already."),
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(dropped=False, instructor__isnull=False),
                name="proposal_row_accepted_has_instructor",
                violation_error_message=_("Only a row with an instructor can be accepted."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.association} – {self.instructor or '—'}"

    @property
    def is_open(self) -> bool:
        """Whether the row still waits for a decision."""
        return not self.dropped and self.accepted_at is None
