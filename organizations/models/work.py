"""What instructors do with their associations: the work log."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.models.associations import Association
from organizations.models.instructors import Instructor
from organizations.querysets.work import VISITS, WorkEntryQuerySet
from registers.history import tracked


@tracked(exclude=["key"])
class WorkEntry(models.Model):
    """One visit, call or meeting of an instructor with an association. No photo, no place: the
    State Council's rules on lightening the load of the grass roots allow neither.

    key: made with the form that is sent, so that a doubled tap or a retry makes one entry. The
    row itself keeps it: a phone may send again after days, and is answered with the same entry.
    """

    class Method(models.TextChoices):
        VISIT = "visit", _("Visit on site")
        CALL = "call", _("Phone or message")
        MEETING = "meeting", _("Meeting")
        OTHER = "other", _("Other work")

    instructor = models.ForeignKey(
        Instructor, models.PROTECT, related_name="work", verbose_name=_("instructor")
    )
    association = models.ForeignKey(
        Association, models.CASCADE, related_name="work", verbose_name=_("association")
    )
    on = models.DateField(_("day"))
    method = models.CharField(_("method"), max_length=8, choices=Method)
    done = models.CharField(_("what was done"), max_length=500)
    problem = models.CharField(_("problem found"), max_length=500, blank=True)
    next_step = models.CharField(_("next step"), max_length=500, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("entered by"),
    )
    created_at = models.DateTimeField(_("entered at"), default=timezone.now, editable=False)
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    told_when_merging = ("instructor", "on", "method", "done", "problem", "next_step")

    objects = WorkEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        verbose_name = _("work log entry")
        verbose_name_plural = _("work log entries")
        indexes = [
            models.Index(fields=["association", "-on"], name="work_of_association"),
            models.Index(fields=["instructor", "association", "-on"], name="work_of_assignment"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(on__lte=models.F("created_at__date")),
                name="work_entry_is_of_the_past",
                violation_error_message=_("The day lies in the future; log work once it is done."),
            ),
            models.CheckConstraint(
                condition=~models.Q(done=""),
                name="work_entry_says_what_was_done",
                violation_error_message=_("Say in a few words what was done."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on.isoformat()} {self.get_method_display()}"

    @property
    def is_visit(self) -> bool:
        return self.method in VISITS
