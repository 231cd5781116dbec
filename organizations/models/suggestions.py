"""What the public writes to the office, and the brake on how much of it is taken in."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.models.associations import Association
from organizations.querysets.suggestions import OPEN, WITH_ANSWER, SuggestionQuerySet
from registers.history import tracked

LONGEST_TEXT = 2000


# What says who the sender is, or opens the sender's page, must not outlive the row in its history.
@tracked(exclude=["contact", "key", "code_hash"])
class Suggestion(models.Model):
    """A suggestion, complaint, correction or question 意见建议, from its receipt to its answer.

    about: the association as the sender named it; association: the one that this names
    contact: personal data of the sender, for those who answer alone, and not for long
    key: of the form that it was sent with; a second sending of the same form is none. The row
    itself keeps it: who sends has no account, and is given the same receipt and code again.
    code_hash: of the code with which the sender reads the answer
    public_text, public_answer: what is published, written for that; published_on: since when
    """

    class Kind(models.TextChoices):
        SUGGESTION = "suggestion", _("Suggestion")
        COMPLAINT = "complaint", _("Complaint")
        CORRECTION = "correction", _("Correction of data")
        CONSULTATION = "consultation", _("Consultation")

    class State(models.TextChoices):
        NEW = "new", _("Received")
        IN_HAND = "in_hand", _("In hand")
        ANSWERED = "answered", pgettext_lazy("suggestion", "Answered")
        CLOSED = "closed", pgettext_lazy("suggestion", "Closed")
        NOT_PERTINENT = "not_pertinent", _("Not pertinent")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    state = models.CharField(_("state"), max_length=14, choices=State, default=State.NEW)
    about = models.CharField(_("about the association"), max_length=120, blank=True)
    association = models.ForeignKey(
        Association,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="suggestions",
        verbose_name=_("association"),
    )
    text = models.CharField(_("what was written"), max_length=LONGEST_TEXT)
    contact = models.CharField(_("contact"), max_length=100, blank=True)
    contact_erased_on = models.DateField(_("contact deleted on"), null=True, blank=True)
    key = models.UUIDField(_("key of the form"), unique=True, editable=False)
    code_hash = models.CharField(_("hash of the code"), max_length=64, editable=False)
    received_at = models.DateTimeField(_("received at"))
    due_on = models.DateField(_("due on"))
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="suggestions",
        verbose_name=_("handler"),
    )
    answer = models.CharField(_("answer"), max_length=LONGEST_TEXT, blank=True)
    reason = models.CharField(_("why it is not pertinent"), max_length=300, blank=True)
    settled_on = models.DateField(_("settled on"), null=True, blank=True)
    public_text = models.CharField(_("published question"), max_length=LONGEST_TEXT, blank=True)
    public_answer = models.CharField(_("published answer"), max_length=LONGEST_TEXT, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        indexes = [
            models.Index(fields=["-received_at", "-id"], name="suggestion_by_receipt"),
            models.Index(
                fields=["due_on"],
                condition=Q(state__in=OPEN),
                name="suggestion_open_by_due",
            ),
            models.Index(
                fields=["-published_on", "-id"],
                condition=Q(published_on__isnull=False),
                name="suggestion_by_publication",
            ),
            models.Index(
                fields=["settled_on"], condition=~Q(contact=""), name="suggestion_with_contact"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="suggestion_says_something",
                violation_error_message=_("Please write what it is about."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["new", "not_pertinent"]) | Q(handler__isnull=False),
                name="suggestion_in_hand_has_handler",
                violation_error_message=_("Whoever has it in hand must be named."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=WITH_ANSWER) & ~Q(answer="")
                | ~Q(state__in=WITH_ANSWER) & Q(answer=""),
                name="suggestion_answered_has_answer",
                violation_error_message=_("An answered suggestion needs its answer."),
            ),
            models.CheckConstraint(
                condition=Q(state="not_pertinent") & ~Q(reason="")
                | ~Q(state="not_pertinent") & Q(reason=""),
                name="suggestion_not_pertinent_has_reason",
                violation_error_message=_("Say why it is not pertinent."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, settled_on=None)
                | ~Q(state__in=OPEN) & Q(settled_on__isnull=False),
                name="suggestion_settled_has_day",
                violation_error_message=_("A settled suggestion needs the day it was settled."),
            ),
            models.CheckConstraint(
                condition=Q(published_on=None)
                | Q(state__in=WITH_ANSWER) & ~Q(public_text="") & ~Q(public_answer=""),
                name="suggestion_published_is_answered",
                violation_error_message=_("Only an answered suggestion can be published."),
            ),
            models.CheckConstraint(
                condition=Q(contact="") | Q(contact_erased_on=None),
                name="suggestion_contact_stays_erased",
                violation_error_message=_("The contact has been deleted already."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The receipt number, which people write and say: YJ000012."""
        return receipt_number(self.pk)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_answered(self) -> bool:
        return self.state in WITH_ANSWER


class Allowance(models.Model):
    """How often something was done in a stretch of time, so that it can be refused in time.

    key: a hash of what, by whom and in which stretch; the address behind it is kept nowhere
    """

    key = models.CharField(max_length=64, primary_key=True)
    used = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("allowance")
        verbose_name_plural = _("allowances")

    def __str__(self) -> str:
        return self.key


def receipt_number(pk: int) -> str:
    """The number on the receipt of the suggestion `pk`."""
    return f"YJ{pk:06d}"
