"""Associations that are listed as abnormal or found dormant."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from organizations.models.associations import Association
from registers.history import tracked


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
