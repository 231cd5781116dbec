"""Party organisations and which associations they cover, by validity dates."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.db.models import Case, Func, Q, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull
from django.utils.translation import gettext_lazy as _

from organizations.models.associations import Association
from organizations.models.departments import Department
from organizations.models.periods import no_overlap, possible_days
from organizations.querysets.party import BLANKS, CoverageQuerySet, PartyOrganizationQuerySet
from organizations.search.pinyin import spell
from organizations.terms import MOST_YEARS_OFF, TERM_YEARS, regular_end, warned_until
from registers.history import tracked

COMPUTED = ["regular_term_end", "term_ends_on"]
TERM_STATES = {
    "running": _("Term running"),
    "ending": _("Term ends within six months"),
    "overdue": _("Term overdue"),
    "unknown": _("Term not known"),
}


def _years_after(day: Any, years: int) -> Func:
    """The same day `years` later, as terms.years_after reckons it."""
    template = f"(%(expressions)s + INTERVAL '{years} years')::date"
    return Func(day, template=template, output_field=models.DateField())


def _regular_end() -> Case:
    """The end of the term that began with the last election, else with the establishment."""
    since = Coalesce("last_election_on", "established_on")
    ends = (When(kind=kind, then=_years_after(since, years)) for kind, years in TERM_YEARS.items())
    return Case(*ends, default=Value(None), output_field=models.DateField())


@tracked(exclude=[*COMPUTED, "pinyin"])
class PartyOrganization(models.Model):
    """A Party organisation 党组织: its kind, formation, dates and secretary."""

    class Kind(models.TextChoices):
        COMMITTEE = "committee", _("Committee")
        GENERAL_BRANCH = "general_branch", _("General branch")
        BRANCH = "branch", _("Branch")
        JOINT_BRANCH = "joint_branch", _("Joint branch")
        PROVISIONAL_BRANCH = "provisional_branch", _("Provisional branch")

    class Nature(models.TextChoices):
        ENTITY = "entity", _("Entity")
        FUNCTIONAL = "functional", _("Functional")

    class Formation(models.TextChoices):
        STANDALONE = "standalone", _("Standalone")
        JOINT = "joint", _("Joint")
        JOINT_INDUSTRY = "joint_industry", _("Joint, by industry")
        JOINT_UNIT = "joint_unit", _("Joint, by unit")
        JOINT_AREA = "joint_area", _("Joint, by area")
        AMONG_MEMBERS = "among_members", _("Among the members")
        IN_COUNCIL = "in_council", _("In the council")
        OTHER = "other", _("Otherwise")

    JOINT_FORMATIONS = (
        Formation.JOINT,
        Formation.JOINT_INDUSTRY,
        Formation.JOINT_UNIT,
        Formation.JOINT_AREA,
    )

    class Subordination(models.TextChoices):
        INDUSTRY = "industry", _("Industry Party organisation")
        TERRITORY = "territory", _("Territorial Party organisation")
        SUPERVISOR = "supervisor", _("Supervising unit")
        GENERAL = "general", _("General committee")

    class CommitteeForm(models.TextChoices):
        ENTITY = "entity", _("Entity social-organisation Party committee")
        INTEGRATED = "integrated", _("Integrated industry committee")

    class SecretarySource(models.TextChoices):
        LEADER = "leader", _("Association's leader")
        SENT = "sent", _("Sent from above")
        OTHER = "other", _("Other")

    name = models.CharField(_("name"), max_length=120, blank=True)
    pinyin = models.TextField(editable=False, default="")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, blank=True)
    nature = models.CharField(_("nature"), max_length=12, choices=Nature, default=Nature.ENTITY)
    formation = models.CharField(_("formation"), max_length=20, choices=Formation, blank=True)
    subordination = models.CharField(
        _("subordination"), max_length=12, choices=Subordination, blank=True
    )
    superior = models.CharField(_("superior Party organisation"), max_length=120, blank=True)
    host_department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="party_organizations",
        verbose_name=_("hosted by department"),
    )
    committee_form = models.CharField(
        _("form of the department's committee"),
        max_length=10,
        choices=CommitteeForm,
        blank=True,
        default="",
        db_default="",
    )
    approval_no = models.CharField(
        _("approval document no."), max_length=60, blank=True, default="", db_default=""
    )
    approved_on = models.DateField(_("approved on"), null=True, blank=True)
    established_on = models.DateField(_("established on"), null=True, blank=True)
    last_election_on = models.DateField(_("last election on"), null=True, blank=True)
    election_approval = models.CharField(
        _("approval of an early election"), max_length=60, blank=True, default="", db_default=""
    )
    extended_until = models.DateField(_("term extended until"), null=True, blank=True)
    extension_approval = models.CharField(
        _("approval of the extension"), max_length=60, blank=True, default="", db_default=""
    )
    dissolved_on = models.DateField(_("dissolved on"), null=True, blank=True)
    secretary = models.CharField(_("secretary"), max_length=40, blank=True)
    secretary_source = models.CharField(
        _("secretary's source"), max_length=10, choices=SecretarySource, blank=True
    )
    associations = models.ManyToManyField(
        Association, through="Coverage", related_name="party_organizations"
    )
    regular_term_end = models.GeneratedField(
        expression=_regular_end(), output_field=models.DateField(), db_persist=True
    )
    term_ends_on = models.GeneratedField(
        expression=Coalesce("extended_until", _regular_end()),
        output_field=models.DateField(),
        db_persist=True,
    )

    objects = PartyOrganizationQuerySet.as_manager()

    class Meta:
        ordering = ["pinyin", "name", "pk"]
        verbose_name = _("Party organisation")
        verbose_name_plural = _("Party organisations")
        indexes = [
            models.Index(
                fields=["dissolved_on"],
                condition=models.Q(dissolved_on__isnull=False),
                name="party_organization_dissolved",
            ),
            models.Index(
                fields=["id"],
                condition=models.Q(nature="functional"),
                name="party_organization_functional",
            ),
        ]
        constraints = [
            # The database adds years to them.
            possible_days(
                "established_on", "last_election_on", name="party_organization_on_possible_days"
            ),
            models.CheckConstraint(
                condition=models.Q(dissolved_on=None)
                | models.Q(dissolved_on__gte=models.F("established_on")),
                name="party_organization_ends_after_it_begins",
                violation_error_message=_("A Party organisation cannot end before it begins."),
            ),
            models.CheckConstraint(
                condition=models.Q(approved_on=None)
                | models.Q(established_on=None)
                | models.Q(approved_on__lte=models.F("established_on")),
                name="party_organization_approved_before_it_begins",
                violation_error_message=_(
                    "A Party organisation is approved before it is established; check both days."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(last_election_on=None)
                | models.Q(last_election_on__gte=models.F("established_on")),
                name="party_organization_elects_after_it_begins",
                violation_error_message=_("The last election cannot be before the establishment."),
            ),
            models.CheckConstraint(
                condition=Q(extended_until=None)
                | Q(
                    IsNull(_regular_end(), False),
                    extended_until__gt=_regular_end(),
                    extended_until__lte=_years_after(_regular_end(), MOST_YEARS_OFF),
                ),
                name="party_organization_extended_a_year_at_most",
                violation_error_message=_(
                    "A term may be extended by one year at most beyond its regular end."
                ),
            ),
            models.CheckConstraint(
                condition=Q(extended_until=None, extension_approval="")
                | Q(extended_until__isnull=False) & ~Q(extension_approval=""),
                name="party_organization_extended_with_approval",
                violation_error_message=_("An extension needs the document that approves it."),
            ),
            models.CheckConstraint(
                condition=Q(committee_form="") | Q(kind="committee", host_department__isnull=False),
                name="party_organization_form_of_a_department_s_committee",
                violation_error_message=_(
                    "Only a committee that a department hosts has the form of one."
                ),
            ),
            models.UniqueConstraint(
                fields=["host_department", "committee_form"],
                condition=~Q(committee_form="") & Q(dissolved_on=None),
                name="party_organization_one_committee_of_a_form",
                violation_error_message=_("This department has such a committee already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(_("Party organisation without a name"))

    def save(self, *, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.pinyin, _initials = spell(self.name)
        if update_fields is not None:
            saved = set(update_fields)
            update_fields = saved | {"pinyin"} if "name" in saved else saved
        super().save(update_fields=update_fields, **kwargs)

    @property
    def is_incomplete(self) -> bool:
        """Whether a roster only said that it exists: its name or establishment is missing."""
        return any(getattr(self, name) == blank for name, blank in BLANKS.items())

    def term_state(self, on: datetime.date) -> str:
        """How the term stands on the day `on`: a key of TERM_STATES."""
        if self.term_ends_on is None:
            return "unknown"
        if self.term_ends_on < on:
            return "overdue"
        return "ending" if self.term_ends_on <= warned_until(on) else "running"

    def describe(self, values: Mapping[str, Any]) -> None:
        """Set fields, days also as ISO texts. With another regular end of the term its extension is
        over, which belongs to one term and its end alone."""
        before = self._regular_end()
        for name, value in values.items():
            field: Any = self._meta.get_field(name)
            setattr(self, name, field.to_python(value))
        self.pinyin, _initials = spell(self.name)
        if self._regular_end() != before:
            self.extended_until, self.extension_approval = None, ""

    def _regular_end(self) -> datetime.date | None:
        """What the database computes as regular_term_end, of the values as they are here."""
        return regular_end(self.kind, self.established_on, self.last_election_on)


@tracked()
class Coverage(models.Model):
    """That a Party organisation covers an association, from a day until another (exclusive)."""

    party_organization = models.ForeignKey(
        PartyOrganization,
        models.CASCADE,
        related_name="coverages",
        verbose_name=_("Party organisation"),
    )
    association = models.ForeignKey(
        Association, models.CASCADE, related_name="coverages", verbose_name=_("association")
    )
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)

    told_when_merging = ("party_organization", "valid_from", "valid_until")

    objects = CoverageQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from", "pk"]
        verbose_name = _("coverage")
        verbose_name_plural = _("coverages")
        constraints = [
            no_overlap(
                "association",
                since="valid_from",
                until="valid_until",
                name="coverage_once_at_a_time",
                message=_("A Party organisation already covers this association at that time."),
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until=None)
                | models.Q(valid_until__gt=models.F("valid_from")),
                name="coverage_ends_after_it_begins",
                violation_error_message=_("The coverage must end after the day it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party_organization} – {self.association}"
