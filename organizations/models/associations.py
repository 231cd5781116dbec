"""Industry associations and chambers of commerce, and what the registry keeps on each."""

import datetime
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
from organizations.models.periods import no_overlap
from organizations.querysets.associations import AssociationQuerySet
from organizations.querysets.ratings import RatingQuerySet
from organizations.search_keys import DERIVED, derived
from organizations.terms import years_after
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
        verbose_name=_("managing area"),
    )
    status = models.CharField(_("status"), max_length=14, choices=Status, default=Status.NORMAL)
    registration_authority = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="registered_associations",
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

    @property
    def is_incomplete(self) -> bool:
        """Whether the registry still lacks its credit code."""
        return not self.credit_code


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


@tracked()
class Rating(models.Model):
    """An assessment grade 1A–5A and its validity (five years)."""

    class Grade(models.TextChoices):
        A1 = "1A", "1A"
        A2 = "2A", "2A"
        A3 = "3A", "3A"
        A4 = "4A", "4A"
        A5 = "5A", "5A"

    association = models.ForeignKey(Association, models.CASCADE, related_name="ratings")
    grade = models.CharField(_("grade"), max_length=2, choices=Grade)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    YEARS = 5  # domain.md, Registry
    told_when_merging = ("grade", "valid_from", "valid_until")

    objects = RatingQuerySet.as_manager()

    class Meta:
        ordering = [F("valid_from").desc(nulls_last=True), "-pk"]
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None)
                | Q(valid_until=None)
                | Q(valid_until__gt=F("valid_from")),
                name="rating_ends_after_it_begins",
                violation_error_message=_("The rating must end after it begins."),
            ),
            no_overlap(
                "association",
                since="valid_from",
                until="valid_until",
                name="rating_once_at_a_time",
                message=_("This association already has a rating at that time."),
            ),
            models.UniqueConstraint(
                fields=["association"],
                condition=Q(valid_from=None, valid_until=None),
                name="rating_undated_once",
                violation_error_message=_(
                    "This association already has a rating without dates; date one of the two."
                ),
            ),
        ]

    @classmethod
    def end(cls, begins: datetime.date, following: datetime.date | None) -> datetime.date:
        """The end of a grade that begins on a day: five years later, unless another follows, on the
        day `following`, before."""
        regular = years_after(begins, cls.YEARS)
        return min(regular, following or regular)

    def __str__(self) -> str:
        return self.grade


@tracked()
class LeadershipTerm(models.Model):
    """One person's term as president, vice-president or secretary-general."""

    class Post(models.TextChoices):
        PRESIDENT = "president", _("President")
        VICE_PRESIDENT = "vice_president", _("Vice-president")
        SECRETARY_GENERAL = "secretary_general", _("Secretary-general")

    association = models.ForeignKey(Association, models.CASCADE, related_name="leadership_terms")
    post = models.CharField(_("post"), max_length=20, choices=Post)
    name = models.CharField(_("full name"), max_length=40)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)

    told_when_merging = ("post", "name", "valid_from", "valid_until")

    class Meta:
        ordering = ["post", "-valid_from"]
        verbose_name = _("leadership term")
        verbose_name_plural = _("leadership terms")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="leadership_term_ends_after_it_begins",
                violation_error_message=_("The term must end after it begins."),
            ),
            models.UniqueConstraint(
                fields=["association", "post"],
                condition=~Q(post="vice_president") & Q(valid_until=None),
                name="leadership_one_current",
                violation_error_message=_("This post is held already; end the other term first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_post_display()} {self.name}"


@tracked()
class AbnormalListing(models.Model):
    """An entry on the abnormal or the seriously unlawful list."""

    class List(models.TextChoices):
        ABNORMAL = "abnormal", _("Abnormal-activity list")
        UNLAWFUL = "unlawful", _("Seriously unlawful list")

    association = models.ForeignKey(Association, models.CASCADE, related_name="abnormal_listings")
    list = models.CharField(_("list"), max_length=10, choices=List)
    entered_on = models.DateField(_("entered on"))
    entry_reason = models.CharField(_("reason for entry"), max_length=200)
    removed_on = models.DateField(_("removed on"), null=True, blank=True)
    removal_reason = models.CharField(_("reason for removal"), max_length=200, blank=True)

    told_when_merging = ("list", "entered_on", "entry_reason", "removed_on", "removal_reason")

    class Meta:
        ordering = ["-entered_on"]
        verbose_name = _("abnormal listing")
        verbose_name_plural = _("abnormal listings")
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_on=None) | Q(removed_on__gte=F("entered_on")),
                name="abnormal_listing_ends_after_it_begins",
                violation_error_message=_("It cannot be removed before it is entered."),
            ),
            models.UniqueConstraint(
                fields=["association", "list"],
                condition=Q(removed_on=None),
                name="abnormal_listing_current_once",
                violation_error_message=_("The association is on this list already."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_list_display()


@tracked()
class Dormancy(models.Model):
    """That an association was found dormant 僵尸型, and what was done about it."""

    class Reason(models.TextChoices):
        NO_INSPECTION = "no_inspection", _("No inspection or report two years running")
        NEVER_ACTIVE = "never_active", _("No activity one year after its certificate")
        INACTIVE = "inactive", _("No chartered activity for two years")
        UNREACHABLE = "unreachable", _("Unreachable")
        OTHER = "other", _("Other")

    class Disposal(models.TextChoices):
        WITHDRAWAL = "withdrawal", _("Registration withdrawn")
        REVOCATION = "revocation", _("Certificate revoked")
        DEREGISTRATION = "deregistration", _("Deregistered")
        RECTIFICATION = "rectification", _("Ordered to rectify")
        REVIVAL = "revival", _("Revived")
        LISTING = "listing", _("Entered on the abnormal list")

    association = models.ForeignKey(Association, models.CASCADE, related_name="dormancies")
    reason = models.CharField(_("reason"), max_length=14, choices=Reason)
    found_on = models.DateField(_("found on"))
    disposal = models.CharField(_("disposal"), max_length=14, choices=Disposal, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    told_when_merging = ("reason", "found_on", "disposal", "ended_on")

    class Meta:
        ordering = ["-found_on"]
        verbose_name = _("dormancy")
        verbose_name_plural = _("dormancies")
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("found_on")),
                name="dormancy_ends_after_it_begins",
                violation_error_message=_("It cannot end before it is found."),
            ),
            models.UniqueConstraint(
                fields=["association"],
                condition=Q(ended_on=None),
                name="dormancy_current_once",
                violation_error_message=_("The association is dormant already; end that first."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_reason_display()
