"""Weak Party organisations 软弱涣散党组织: listed → rectifying → accepted → delisted."""

import datetime
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from organizations.models.party import PartyOrganization
from organizations.models.periods import possible_days
from organizations.querysets.weak import WeakListingQuerySet
from registers.history import tracked


def _after(step: str, before: str, name: str, message: Any) -> models.CheckConstraint:
    """`step` has no date before `before` has one, and none before that."""
    return models.CheckConstraint(
        condition=Q((step, None)) | Q((f"{before}__isnull", False), (f"{step}__gte", F(before))),
        name=name,
        violation_error_message=message,
    )


@tracked()
class WeakListing(models.Model):
    """That a Party organisation stands on the list of weak ones, and how far it has come since.

    Each step has its day. Listed and found not weak after all is no step: what was listed is put
    right, accepted and delisted.

    accepted_by, acceptance_opinion: which unit has accepted, and what it found; blank of what was
        accepted before they were asked for
    withdrawal: why a step recorded by mistake was taken back, until the next step
    """

    class Reason(models.TextChoices):
        NO_LEADERSHIP = "no_leadership", _("No secretary or an incomplete committee")
        SHELL = "shell", _("Exists in name only")
        INACTIVE = "inactive", _("Organisational life not regular")
        OVERDUE = "overdue", _("Term long overdue")
        OTHER = "other", _("Other")

    class State(models.TextChoices):
        LISTED = "listed", _("Listed as weak")
        RECTIFYING = "rectifying", _("Rectifying")
        ACCEPTED = "accepted", _("Rectification accepted")
        DELISTED = "delisted", _("Delisted")

    party_organization = models.ForeignKey(
        PartyOrganization,
        models.CASCADE,
        related_name="weak_listings",
        verbose_name=_("Party organisation"),
    )
    listed_on = models.DateField(_("listed on"))
    reason = models.CharField(_("reason"), max_length=14, choices=Reason)
    reason_text = models.CharField(_("what was found"), max_length=300)
    rectifying_since = models.DateField(_("rectifying since"), null=True, blank=True)
    accepted_on = models.DateField(_("accepted on"), null=True, blank=True)
    accepted_by = models.CharField(
        _("accepting unit"), max_length=60, blank=True, default="", db_default=""
    )
    acceptance_opinion = models.CharField(
        _("opinion of acceptance"), max_length=300, blank=True, default="", db_default=""
    )
    delisted_on = models.DateField(_("delisted on"), null=True, blank=True)
    delisting_basis = models.CharField(
        _("basis of delisting"), max_length=200, blank=True, default="", db_default=""
    )
    withdrawal = models.CharField(
        _("reason for taking a step back"), max_length=200, blank=True, default="", db_default=""
    )

    objects = WeakListingQuerySet.as_manager()

    class Meta:
        ordering = ["-listed_on", "-pk"]
        verbose_name = _("weak listing")
        verbose_name_plural = _("weak listings")
        constraints = [
            _after(
                "rectifying_since",
                "listed_on",
                "weak_listing_rectifies_once_listed",
                _("Rectification cannot begin before the listing."),
            ),
            _after(
                "accepted_on",
                "rectifying_since",
                "weak_listing_accepted_once_rectifying",
                _("Nothing can be accepted before its rectification has begun."),
            ),
            _after(
                "delisted_on",
                "accepted_on",
                "weak_listing_delisted_once_accepted",
                _("Nothing can be delisted before it has been accepted."),
            ),
            models.CheckConstraint(
                condition=Q(accepted_by="", acceptance_opinion="")
                | Q(accepted_on__isnull=False) & ~Q(accepted_by="") & ~Q(acceptance_opinion=""),
                name="weak_listing_accepted_with_opinion",
                violation_error_message=_(
                    "An acceptance has its day, the accepting unit and its opinion."
                ),
            ),
            models.CheckConstraint(
                condition=Q(delisting_basis="") | Q(delisted_on__isnull=False),
                name="weak_listing_basis_once_delisted",
                violation_error_message=_("Only what is delisted has a basis of delisting."),
            ),
            possible_days("listed_on", name="weak_listing_on_a_possible_day"),
            models.UniqueConstraint(
                fields=["party_organization"],
                condition=Q(delisted_on=None),
                name="weak_listing_open_once",
                violation_error_message=_("This Party organisation is on the list already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party_organization} · {self.get_reason_display()}"

    @property
    def state(self) -> State:
        """How far it has come, by its last step."""
        if self.delisted_on:
            return self.State.DELISTED
        if self.accepted_on:
            return self.State.ACCEPTED
        return self.State.RECTIFYING if self.rectifying_since else self.State.LISTED

    def months_due(self, on: datetime.date) -> list[datetime.date]:
        """The first days of the months that have or ought to have a note by the day `on`."""
        if self.rectifying_since is None:
            return []
        last = min(self.accepted_on or on, self.party_organization.dissolved_on or on, on)
        first, months = self.rectifying_since.replace(day=1), []
        while first <= last:
            months.append(first)
            first = (first + datetime.timedelta(days=31)).replace(day=1)
        return months


# A rule between two tables, which no CHECK can hold.
NOTE_WITHIN_LISTING = pgtrigger.Trigger(
    name="within_listing",
    operation=pgtrigger.Insert | pgtrigger.Update,
    when=pgtrigger.Before,
    func="""
        IF EXISTS (
            SELECT FROM organizations_weaklisting
            WHERE id = NEW.listing_id AND date_trunc('month', listed_on) > NEW.month
        ) THEN
            RAISE check_violation USING
                MESSAGE = 'the month of a note lies before the listing',
                CONSTRAINT = 'rectification_note_within_listing';
        END IF;
        RETURN NEW;
    """,
)


@pgtrigger.register(NOTE_WITHIN_LISTING)
@tracked()
class RectificationNote(models.Model):
    """What was done in one month to put a weak Party organisation right."""

    listing = models.ForeignKey(
        WeakListing, models.CASCADE, related_name="notes", verbose_name=_("weak listing")
    )
    month = models.DateField(_("month"))
    text = models.TextField(_("what was done"), max_length=1000)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("written by"),
    )

    class Meta:
        ordering = ["-month"]
        verbose_name = _("rectification note")
        verbose_name_plural = _("rectification notes")
        constraints = [
            models.UniqueConstraint(
                fields=["listing", "month"],
                name="rectification_note_once_a_month",
                violation_error_message=_("This month has its note already."),
            ),
            models.CheckConstraint(
                condition=Q(month__day=1),
                name="rectification_note_of_a_month",
                violation_error_message=_("A month is written as its first day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
