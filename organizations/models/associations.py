"""Industry associations and chambers of commerce."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Concat, Lower
from django.utils.translation import gettext_lazy as _

from organizations.models.departments import Department
from organizations.models.divisions import Division
from organizations.querysets.associations import AssociationQuerySet
from organizations.search.keys import DERIVED, derived
from organizations.validators import credit_code
from registers.cleaning.counts import LARGEST
from registers.cleaning.credit_codes import ALPHABET, LENGTH
from registers.history import tracked

COUNTS = (
    "staff_full_time",
    "staff_part_time",
    "staff_total",
    "party_members",
    "members_not_transferred",
    "unit_members",
    "individual_members",
)


def _count(label: Any) -> models.PositiveIntegerField:
    return models.PositiveIntegerField(
        label, null=True, blank=True, validators=[MaxValueValidator(LARGEST)]
    )


@tracked(exclude=[*DERIVED, "search_text"])
class Association(models.Model):
    """An association or chamber of commerce. Fields: domain.md, Registry."""

    class Kind(models.TextChoices):
        ASSOCIATION = "association", _("Social association")
        SERVICE = "service", _("Private non-enterprise unit")
        FOUNDATION = "foundation", _("Foundation")

    class RegistrationType(models.TextChoices):
        DECOUPLED = "decoupled", _("Decoupled")
        DIRECT = "direct", _("Directly registered")
        NOT_DECOUPLED = "not_decoupled", _("Not yet decoupled")
        CHAMBER = "chamber", _("Township or street chamber")

    class Level(models.TextChoices):
        CITY = "city", _("City level")
        COUNTY = "county", _("County level")
        TOWNSHIP = "township", _("Township or street level")

    class Status(models.TextChoices):
        NORMAL = "normal", _("Registered")
        DEREGISTERED = "deregistered", _("Deregistered")
        WITHDRAWN = "withdrawn", _("Registration withdrawn")
        REVOKED = "revoked", _("Certificate revoked")

    class NoPartyReason(models.TextChoices):
        NO_MEMBERS = "no_members", _("No Party members")
        TOO_FEW = "too_few", _("Party members, but fewer than three")
        DUE = "due", _("Due, not yet organised")
        LEADER_UNWILLING = "leader_unwilling", _("Leader does not support it")
        NO_GUIDANCE = "no_guidance", _("No timely guidance from above")
        OTHER = "other", _("Other")

    name = models.CharField(_("name"), max_length=120)
    credit_code = models.CharField(
        _("unified social credit code"),
        max_length=LENGTH,
        blank=True,
        validators=[credit_code],
    )
    pinyin = models.TextField(editable=False)
    initials = models.TextField(editable=False)
    search_keys = ArrayField(
        models.TextField(db_collation="C"), default=list, blank=True, editable=False
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.ASSOCIATION)
    registration_type = models.CharField(
        _("registration type"), max_length=14, choices=RegistrationType, blank=True
    )
    level = models.CharField(_("level"), max_length=10, choices=Level, blank=True)
    division = models.ForeignKey(
        Division,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="associations",
        verbose_name=_("division"),
    )
    managing_area = models.ForeignKey(
        Division,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="managed_associations",
        db_index=False,  # lists read the index below, and few ask from the other side
        verbose_name=_("managing area"),
    )
    status = models.CharField(_("status"), max_length=14, choices=Status, default=Status.NORMAL)
    registration_authority = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="registered_associations",
        db_index=False,
        verbose_name=_("registration authority"),
    )
    industry_department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="managed_associations",
        verbose_name=_("industry department"),
    )
    supervising_unit = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="supervised_associations",
        db_index=False,
        verbose_name=_("supervising unit"),
    )
    registered_on = models.DateField(_("registered on"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    certificate_no = models.CharField(_("certificate no."), max_length=60, blank=True)
    registered_capital = models.DecimalField(
        _("registered capital (yuan)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    legal_representative = models.CharField(_("legal representative"), max_length=40, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    business_scope = models.TextField(_("scope of business"), blank=True)
    industry = models.CharField(_("industry"), max_length=60, blank=True)
    staff_full_time = _count(_("full-time staff"))
    staff_part_time = _count(_("part-time staff"))
    staff_total = _count(_("staff"))
    party_members = _count(_("full Party members"))
    members_not_transferred = _count(_("Party members whose membership is registered elsewhere"))
    has_party_group = models.BooleanField(_("Party group set up"), null=True, blank=True)
    unit_members = _count(_("unit members"))
    individual_members = _count(_("individual members"))
    no_party_reason = models.CharField(
        _("reason for having no Party organisation"),
        max_length=16,
        choices=NoPartyReason,
        blank=True,
    )
    charter_has_party_building = models.BooleanField(
        _("Party building in the charter"), null=True, blank=True
    )
    charter_approved_on = models.DateField(_("charter approved on"), null=True, blank=True)
    remark = models.CharField(_("remark"), max_length=500, blank=True)
    search_text = models.GeneratedField(
        expression=Lower(
            Concat(
                F("name"),
                models.Value(" "),
                F("credit_code"),
                models.Value(" "),
                F("pinyin"),
                models.Value(" "),
                F("initials"),
                output_field=models.TextField(),
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = AssociationQuerySet.as_manager()

    class Meta:
        ordering = ["pinyin", "pk"]
        verbose_name = _("association")
        verbose_name_plural = _("associations")
        indexes = [
            # What lists count, filter and sort by travels along: they read no row but those shown.
            models.Index(
                fields=["pinyin", "id"],
                include=[
                    *("registered_on", "ended_on", "status", "kind", "level", "registration_type"),
                    *("division", "managing_area", "industry_department", "supervising_unit"),
                    *("no_party_reason", "party_members", "staff_total", "unit_members"),
                    *("credit_code", "industry"),
                ],
                name="association_by_pinyin",
            ),
            models.Index(
                fields=["registered_on", "id"],
                include=["ended_on"],
                name="association_by_day",
            ),
            models.Index(
                fields=["industry"], condition=~Q(industry=""), name="association_by_industry"
            ),
            GinIndex(
                "search_keys",
                name="association_search",
                gin_pending_list_limit=16 * 1024,  # an import's keys are merged in one go (kB)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["credit_code"],
                condition=~Q(credit_code=""),
                name="association_credit_code_once",
                violation_error_message=_("Another association has this credit code."),
            ),
            models.CheckConstraint(
                condition=Q(credit_code__regex=rf"^([{ALPHABET}]{{{LENGTH}}})?$"),
                name="association_credit_code_well_formed",
                violation_error_message=_(
                    "A credit code has 18 digits and capital letters, without I, O, S, V and Z."
                ),
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(status="normal"),
                name="association_name_once_while_registered",
                violation_error_message=_("A registered association of this name exists already."),
            ),
            models.CheckConstraint(
                condition=Q(status="normal", ended_on=None)
                | ~Q(status="normal") & Q(ended_on__isnull=False),
                name="association_ended_on_with_status",
                violation_error_message=_("An association that has ended needs the date it ended."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None)
                | Q(registered_on=None)
                | Q(ended_on__gte=F("registered_on")),
                name="association_ends_after_it_begins",
                violation_error_message=_("An association cannot end before it is registered."),
            ),
            models.CheckConstraint(
                condition=~Q(registration_type="direct", supervising_unit__isnull=False),
                name="association_direct_has_no_supervisor",
                violation_error_message=_(
                    "A directly registered association has no supervising unit."
                ),
            ),
            # PostgreSQL asks them by name: this one before those that add up.
            models.CheckConstraint(
                condition=Q(**{f"{name}__lte": LARGEST for name in COUNTS}),
                name="association_counts_possible",
                violation_error_message=_("There are not so many people or members; check."),
            ),
            models.CheckConstraint(
                condition=Q(staff_total=None)
                | Q(staff_full_time=None)
                | Q(staff_part_time=None)
                | Q(staff_total=F("staff_full_time") + F("staff_part_time")),
                name="association_staff_adds_up",
                violation_error_message=_("Full- and part-time staff must add up to the total."),
            ),
            models.CheckConstraint(
                condition=Q(party_members=None)
                | Q(staff_total=None)
                | Q(party_members__lte=F("staff_total")),
                name="association_members_among_staff",
                violation_error_message=_("There cannot be more Party members than staff."),
            ),
            models.CheckConstraint(
                condition=Q(party_members=None)
                | Q(staff_full_time=None)
                | Q(staff_part_time=None)
                | Q(party_members__lte=F("staff_full_time") + F("staff_part_time")),
                name="association_members_among_staff_parts",
                violation_error_message=_("There cannot be more Party members than staff."),
            ),
            models.CheckConstraint(
                condition=Q(members_not_transferred=None)
                | Q(party_members__isnull=False, members_not_transferred__lte=F("party_members")),
                name="association_not_transferred_among_members",
                violation_error_message=_(
                    "Party members registered elsewhere are among the full Party members; there "
                    "cannot be more of them."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.pinyin, self.initials, self.search_keys = derived(self.name, self.credit_code)
        if update_fields is not None:
            saved = set(update_fields)
            update_fields = saved.union(DERIVED) if saved & {"name", "credit_code"} else saved
        super().save(update_fields=update_fields, **kwargs)

    def people(self) -> list[str]:
        """The names of those who lead it, past and present, and of its Party organisations'
        secretaries: whom no public page names."""
        return [
            self.legal_representative,
            *self.leadership_terms.values_list("name", flat=True),
            *self.party_organizations.values_list("secretary", flat=True),
        ]

    @property
    def is_incomplete(self) -> bool:
        """Whether the registry still lacks its credit code."""
        return not self.credit_code
