"""Objections of participants to announced results, and what the office replied."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from assessments.models.indicators import Participant
from assessments.models.published import only_while
from assessments.querysets.objections import ObjectionQuerySet
from registers.history import tracked

OF_PARTICIPANT = "SELECT cycle_id FROM assessments_participant WHERE id = touched.participant_id"


@pgtrigger.register(
    only_while("announced", cycle=OF_PARTICIPANT, writes=["insert"], name="while_announced"),
    only_while(
        "announced", "calculated", "open", cycle=OF_PARTICIPANT, writes=["update", "delete"]
    ),
)
@tracked()
class Objection(models.Model):
    """What a participant objects to in its result. upheld: whether the office found it right; None
    before the reply."""

    participant = models.ForeignKey(
        Participant, models.PROTECT, related_name="objections", verbose_name=_("participant")
    )
    text = models.CharField(_("objection"), max_length=1000)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("raised by")
    )
    raised_at = models.DateTimeField(_("raised at"), db_default=Now(), editable=False)
    upheld = models.BooleanField(_("upheld"), null=True, blank=True)
    reply = models.CharField(_("reply"), max_length=1000, blank=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("replied by"),
    )
    replied_at = models.DateTimeField(_("replied at"), null=True, editable=False)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="objection_says_something",
                violation_error_message=_("Say what you object to."),
            ),
            models.CheckConstraint(
                condition=Q(upheld=None, reply="", replied_by=None, replied_at=None)
                | Q(upheld__isnull=False, replied_by__isnull=False, replied_at__isnull=False)
                & ~Q(reply=""),
                name="objection_replied_in_full",
                violation_error_message=_("A reply says whether the objection is upheld, and why."),
            ),
            models.CheckConstraint(
                condition=Q(replied_by=None) | ~Q(replied_by=F("raised_by")),
                name="objection_replied_by_another",
                violation_error_message=_("Nobody replies to the own objection."),
            ),
            models.UniqueConstraint(
                fields=["participant"],
                condition=Q(upheld=None),
                name="objection_one_open",
                violation_error_message=_("An objection is waiting for its reply already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant}: {self.text}"
