"""Training of Party workers: sessions and who attended them."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.models.associations import Association
from organizations.models.departments import Department
from organizations.models.instructors import Instructor
from organizations.models.periods import possible_days
from organizations.querysets.training import TrainingAttendanceQuerySet, TrainingSessionQuerySet
from registers.cleaning.dates import LAST_DAY
from registers.history import tracked


@tracked()
class TrainingSession(models.Model):
    """A training session for Party workers.

    held_on: its first day; until: its last day, where it lasts several
    organiser: the department whose session it is
    """

    class Kind(models.TextChoices):
        COURSE = "course", _("Course")
        LECTURE = "lecture", _("Lecture")
        FIELD = "field", _("Field teaching")
        ONLINE = "online", _("Online course")

    title = models.CharField(pgettext_lazy("training", "title"), max_length=120)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, blank=True)
    held_on = models.DateField(_("held on"))
    until = models.DateField(pgettext_lazy("training", "last day"), null=True, blank=True)
    hours = models.DecimalField(
        _("class hours"),
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.5"))],
    )
    organiser = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="training_sessions",
        verbose_name=_("organiser"),
    )
    place = models.CharField(_("place"), max_length=120, blank=True)

    objects = TrainingSessionQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "title", "pk"]
        verbose_name = _("training session")
        verbose_name_plural = _("training sessions")
        constraints = [
            models.UniqueConstraint(
                fields=["title", "held_on", "organiser"],
                nulls_distinct=False,
                name="training_session_once",
                violation_error_message=_(
                    "This organiser already has a session of that title on that day."
                ),
            ),
            possible_days("held_on", name="training_session_on_a_possible_day"),
            models.CheckConstraint(
                condition=models.Q(until=None)
                | models.Q(until__gt=models.F("held_on"), until__lte=LAST_DAY),
                name="training_session_ends_after_it_begins",
                violation_error_message=_("The last day lies after the first one."),
            ),
            models.CheckConstraint(
                condition=models.Q(hours=None) | models.Q(hours__gt=0),
                name="training_session_takes_time",
                violation_error_message=_("A session takes half an hour or more."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


@tracked()
class TrainingAttendance(models.Model):
    """One person at one session 培训人次, as the roster names him or her.

    instructor: the one of that name and unit, where the person is one
    association: the one whose Party worker the person is
    """

    session = models.ForeignKey(
        TrainingSession, models.CASCADE, related_name="attendances", verbose_name=_("session")
    )
    name = models.CharField(_("full name"), max_length=40)
    unit = models.CharField(_("unit"), max_length=80, blank=True)
    post = models.CharField(_("post"), max_length=60, blank=True)
    instructor = models.ForeignKey(
        Instructor,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="attendances",
        verbose_name=_("instructor"),
    )
    association = models.ForeignKey(
        Association,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="attendances",
        verbose_name=_("association"),
    )

    told_when_merging = ("session", "name", "unit", "post")

    objects = TrainingAttendanceQuerySet.as_manager()

    class Meta:
        ordering = ["-session__held_on", "session", "pk"]
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "name", "unit"],
                name="training_attendance_once",
                violation_error_message=_("This person is on the session's list already."),
            )
        ]

    def __str__(self) -> str:
        return self.name
