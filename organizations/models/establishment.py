"""How an association comes to a Party organisation: its stages, and every move between them.

The stages are those of 成熟一个、组建一个、巩固一个 (domain.md, Party organisations).
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.models.associations import Association
from organizations.models.party import PartyOrganization
from organizations.models.periods import possible_days
from organizations.querysets.establishment import EstablishmentQuerySet, StageMoveQuerySet
from registers.history import append_only, tracked


class Stage(models.TextChoices):
    """The stages in their order."""

    SURVEYED = "surveyed", pgettext_lazy("stage", "Surveyed")
    CULTIVATING = "cultivating", pgettext_lazy("stage", "Cultivating")
    REQUESTED = "requested", pgettext_lazy("stage", "Requested")
    APPROVED = "approved", pgettext_lazy("stage", "Approved")
    ELECTED = "elected", pgettext_lazy("stage", "Elected")
    ESTABLISHED = "established", pgettext_lazy("stage", "Established")
    GRANTED = "granted", pgettext_lazy("stage", "Granted start-up funds")
    CONSOLIDATED = "consolidated", pgettext_lazy("stage", "Consolidated")


class Outcome(models.TextChoices):
    """Where a move can lead beside a stage."""

    GIVEN_UP = "given_up", _("Given up")


STAGES = list(Stage)


def stages_from(first: Stage) -> list[Stage]:
    """`first` and the stages after it."""
    return STAGES[STAGES.index(first) :]


def stages_before(last: Stage) -> list[Stage]:
    """The stages before `last`."""
    return STAGES[: STAGES.index(last)]


def _held(field: str, first: Stage) -> Q:
    """`field` is recorded from the stage `first` on, and not before."""
    recorded = Q((f"{field}__isnull", False))
    return (
        Q(stage__in=stages_from(first)) & recorded | Q(stage__in=stages_before(first)) & ~recorded
    )


def _in_order(earlier: str, later: str) -> Q:
    return Q((earlier, None)) | Q((later, None)) | Q((f"{later}__gte", F(earlier)))


@tracked()
class Establishment(models.Model):
    """An association's way to a Party organisation.

    stage, since: where it stands, and the day on which it came there
    formation: whether it gets a Party organisation of its own, joins a joint branch that exists
        (`joins`), or founds one together with others (`lead` is the one they move along with)
    from_roster: a roster said that the Party organisation exists; what led to it is not known
    closed_on: given up on this day, for `closed_reason`
    """

    class Formation(models.TextChoices):
        STANDALONE = "standalone", _("Standalone")
        JOIN = "join", _("Join a joint branch")
        FOUND = "found", _("Found a joint branch together")

    AHEAD = stages_before(Stage.ESTABLISHED)  # no Party organisation yet

    association = models.ForeignKey(
        Association,
        models.PROTECT,
        related_name="establishments",
        verbose_name=_("association"),
    )
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, default=Stage.SURVEYED)
    since = models.DateField(_("in this stage since"), default=timezone.localdate)
    formation = models.CharField(_("planned formation"), max_length=10, choices=Formation)
    kind = models.CharField(
        _("planned kind"), max_length=20, choices=PartyOrganization.Kind, blank=True
    )
    joins = models.ForeignKey(
        PartyOrganization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="joining",
        verbose_name=_("joint branch to join"),
    )
    lead = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="companions",
        verbose_name=_("moves along with"),
    )
    requested_on = models.DateField(_("requested on"), null=True, blank=True)
    approval_no = models.CharField(_("approval document no."), max_length=60, blank=True)
    approved_on = models.DateField(_("approved on"), null=True, blank=True)
    elected_on = models.DateField(_("elected on"), null=True, blank=True)
    established_on = models.DateField(_("established on"), null=True, blank=True)
    party_organization = models.ForeignKey(
        PartyOrganization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="establishments",
        verbose_name=_("Party organisation"),
    )
    from_roster = models.BooleanField(_("established by roster"), default=False)
    granted_on = models.DateField(_("start-up funds granted on"), null=True, blank=True)
    consolidated_on = models.DateField(_("consolidated on"), null=True, blank=True)
    closed_on = models.DateField(_("given up on"), null=True, blank=True)
    closed_reason = models.CharField(_("reason for giving up"), max_length=200, blank=True)

    told_when_merging = ("stage", "since", "formation", "party_organization", "closed_on")

    objects = EstablishmentQuerySet.as_manager()

    class Meta:
        ordering = ["since", "pk"]
        verbose_name = _("establishment")
        verbose_name_plural = _("establishments")
        constraints = [
            models.UniqueConstraint(
                fields=["association"],
                condition=Q(closed_on=None) & ~Q(stage="consolidated"),
                name="establishment_one_open",
                violation_error_message=_(
                    "This association is on the way to a Party organisation already."
                ),
            ),
            models.CheckConstraint(
                condition=Q(stage__in=Stage.values),
                name="establishment_stage_known",
                violation_error_message=_("There is no such stage."),
            ),
            models.CheckConstraint(
                condition=Q(formation__in=["standalone", "join", "found"]),
                name="establishment_formation_known",
                violation_error_message=_("There is no such formation."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["", *PartyOrganization.Kind.values]),
                name="establishment_kind_known",
                violation_error_message=_("There is no such kind of Party organisation."),
            ),
            possible_days("since", name="establishment_since_a_possible_day"),
            models.CheckConstraint(
                condition=Q(from_roster=True) | _held("requested_on", Stage.REQUESTED),
                name="establishment_requested_with_day",
                violation_error_message=_("A request needs its day."),
            ),
            models.CheckConstraint(
                condition=Q(from_roster=True)
                | _held("approved_on", Stage.APPROVED)
                & (
                    Q(stage__in=stages_before(Stage.APPROVED), approval_no="")
                    | Q(stage__in=stages_from(Stage.APPROVED)) & ~Q(approval_no="")
                ),
                name="establishment_approved_with_document",
                violation_error_message=_("An approval needs its document number and its day."),
            ),
            models.CheckConstraint(
                condition=Q(from_roster=True)
                | Q(formation="join", elected_on=None)
                | ~Q(formation="join") & _held("elected_on", Stage.ELECTED),
                name="establishment_elected_with_day",
                violation_error_message=_("An election needs its day."),
            ),
            models.CheckConstraint(
                condition=~Q(formation="join", stage="elected"),
                name="establishment_joining_elects_nobody",
                violation_error_message=_("Who joins a joint branch holds no election."),
            ),
            models.CheckConstraint(
                condition=_held("established_on", Stage.ESTABLISHED)
                & _held("party_organization", Stage.ESTABLISHED),
                name="establishment_established_with_organization",
                violation_error_message=_(
                    "What is established has its day and its Party organisation."
                ),
            ),
            models.CheckConstraint(
                condition=Q(stage="granted", granted_on__isnull=False)
                | Q(stage="consolidated")
                | ~Q(stage__in=["granted", "consolidated"]) & Q(granted_on=None),
                name="establishment_granted_with_day",
                violation_error_message=_("Start-up funds need the day they were granted."),
            ),
            models.CheckConstraint(
                condition=_held("consolidated_on", Stage.CONSOLIDATED),
                name="establishment_consolidated_with_day",
                violation_error_message=_("The consolidation needs its day."),
            ),
            models.CheckConstraint(
                condition=Q(from_roster=True)
                | _in_order("requested_on", "approved_on")
                & _in_order("approved_on", "elected_on")
                & _in_order("elected_on", "established_on")
                & _in_order("approved_on", "established_on"),
                name="establishment_days_in_order",
                violation_error_message=_(
                    "Request, approval, election and establishment follow one another; check the "
                    "days."
                ),
            ),
            models.CheckConstraint(
                condition=_in_order("established_on", "granted_on")
                & _in_order("granted_on", "consolidated_on")
                & _in_order("established_on", "consolidated_on"),
                name="establishment_days_after_in_order",
                violation_error_message=_(
                    "Start-up funds and consolidation follow the establishment; check the days."
                ),
            ),
            models.CheckConstraint(
                condition=Q(from_roster=False) | Q(stage__in=stages_from(Stage.ESTABLISHED)),
                name="establishment_from_roster_is_established",
                violation_error_message=_("What a roster tells of is established."),
            ),
            models.CheckConstraint(
                condition=Q(from_roster=True)
                | Q(formation="standalone") & ~Q(kind="joint_branch")
                | ~Q(formation="standalone") & Q(kind="joint_branch"),
                name="establishment_kind_of_its_formation",
                violation_error_message=_(
                    "Who joins or founds together plans a joint branch, and nobody else does."
                ),
            ),
            models.CheckConstraint(
                condition=Q(joins=None) | Q(formation="join"),
                name="establishment_joins_by_joining",
                violation_error_message=_("Only who joins a joint branch names one."),
            ),
            models.CheckConstraint(
                condition=Q(from_roster=True)
                | ~Q(formation="join")
                | Q(joins__isnull=False)
                | Q(stage__in=stages_before(Stage.REQUESTED)),
                name="establishment_request_names_joint_branch",
                violation_error_message=_("The request names the joint branch to be joined."),
            ),
            models.CheckConstraint(
                condition=Q(lead=None) | Q(formation="found") & ~Q(lead=F("pk")),
                name="establishment_led_to_found",
                violation_error_message=_("Only who founds a joint branch moves with others."),
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None, closed_reason="")
                | Q(closed_on__isnull=False, lead=None) & ~Q(closed_reason=""),
                name="establishment_given_up_with_reason",
                violation_error_message=_("Giving up needs its day and a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.association} · {self.get_stage_display()}"

    @property
    def is_open(self) -> bool:
        """Whether it is still on its way."""
        return self.closed_on is None and self.stage != Stage.CONSOLIDATED

    @property
    def is_early(self) -> bool:
        """Whether the request is still to come, so that the plan may change."""
        return self.stage in stages_before(Stage.REQUESTED)

    @property
    def is_ahead(self) -> bool:
        """Whether the Party organisation is still to come."""
        return self.stage in self.AHEAD


@append_only
@tracked()
class StageMove(models.Model):
    """A move between stages; never changed. on: the day on which it happened."""

    ENDS = [*Stage.choices, *Outcome.choices]

    establishment = models.ForeignKey(
        Establishment, models.PROTECT, related_name="moves", verbose_name=_("establishment")
    )
    from_stage = models.CharField(_("from"), max_length=12, choices=ENDS, blank=True)
    to_stage = models.CharField(_("to"), max_length=12, choices=ENDS)
    on = models.DateField(_("on"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = StageMoveQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("move between stages")
        verbose_name_plural = _("moves between stages")
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_stage=F("to_stage")),
                name="stage_move_leads_elsewhere",
                violation_error_message=_("A move leads to another stage."),
            ),
            models.CheckConstraint(
                condition=Q(from_stage__in=["", *Stage.values, *Outcome.values])
                & Q(to_stage__in=[*Stage.values, *Outcome.values]),
                name="stage_move_between_known_stages",
                violation_error_message=_("There is no such stage."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_from_stage_display()} → {self.get_to_stage_display()}"

    @property
    def is_backward(self) -> bool:
        """Whether it took a step back."""
        order = [*Stage.values]
        both = self.from_stage in order and self.to_stage in order
        return both and order.index(self.to_stage) < order.index(self.from_stage)
