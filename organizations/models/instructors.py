"""Party-building instructors and the associations that they work with."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.models.associations import Association
from organizations.models.departments import Department
from organizations.models.periods import no_overlap, possible_days
from organizations.querysets.instructors import (
    AssignmentQuerySet,
    InstructorQuerySet,
    UnresolvedAssignmentQuerySet,
)
from organizations.search.pinyin import spell_person
from registers.history import tracked


@tracked(exclude=["pinyin", "initials"])
class Instructor(models.Model):
    """A Party-building instructor 党建工作指导员.

    department: the one that `unit` names, where the registry knows it: it says whose people the
        instructor is one of and in which county they work
    user: the instructor's own log-in
    entered_by: who entered the instructor; where no department is known, whose people he or she is
    """

    class Engagement(models.TextChoices):
        FULL_TIME = "full_time", _("Full-time")
        PART_TIME = "part_time", _("Part-time")

    class Gender(models.TextChoices):
        MALE = "male", _("Male")
        FEMALE = "female", _("Female")

    name = models.CharField(_("full name"), max_length=40)
    pinyin = models.TextField(editable=False)
    initials = models.TextField(editable=False, default="")
    gender = models.CharField(_("gender"), max_length=6, choices=Gender, blank=True)
    unit = models.CharField(_("unit"), max_length=80, blank=True)
    post = models.CharField(_("post"), max_length=60, blank=True)
    engagement = models.CharField(
        _("full- or part-time"), max_length=10, choices=Engagement, blank=True
    )
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    in_pool = models.BooleanField(_("in the talent pool"), default=False)
    term_from = models.DateField(_("term from"), null=True, blank=True)
    term_until = models.DateField(_("term until"), null=True, blank=True)
    remark = models.CharField(_("remark"), max_length=500, blank=True)
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="instructors",
        verbose_name=_("department"),
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="instructor",
        verbose_name=_("log-in"),
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("entered by"),
    )

    objects = InstructorQuerySet.as_manager()

    class Meta:
        ordering = ["pinyin", "unit", "pk"]
        verbose_name = _("instructor")
        verbose_name_plural = _("instructors")
        constraints = [
            models.UniqueConstraint(
                fields=["name", "unit"],
                condition=~models.Q(unit=""),  # without a unit, nobody can tell namesakes apart
                name="instructor_name_once_per_unit",
                violation_error_message=_("This unit already has an instructor of that name."),
            ),
            models.CheckConstraint(
                condition=models.Q(term_until=None)
                | models.Q(term_until__gt=models.F("term_from")),
                name="instructor_term_ends_after_it_begins",
                violation_error_message=_("The term must end after it begins."),
            ),
            models.CheckConstraint(
                condition=models.Q(term_until=None) | models.Q(term_from__isnull=False),
                name="instructor_term_begins_before_it_ends",
                violation_error_message=_("A term that ends has begun; say on which day."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.pinyin, self.initials = spell_person(self.name)
        if update_fields is not None:
            saved = set(update_fields)
            update_fields = saved | {"pinyin", "initials"} if "name" in saved else saved
        super().save(update_fields=update_fields, **kwargs)


@tracked()
class Assignment(models.Model):
    """An instructor's work with one association, from a day until another (exclusive)."""

    class Reason(models.TextChoices):
        NEWLY_ORGANISED = "newly_organised", _("Newly organised")
        NOT_YET_ABLE = "not_yet_able", _("Not yet able to organise")

    instructor = models.ForeignKey(
        Instructor, models.PROTECT, related_name="assignments", verbose_name=_("instructor")
    )
    association = models.ForeignKey(
        Association, models.CASCADE, related_name="assignments", verbose_name=_("association")
    )
    assigned_on = models.DateField(_("assigned on"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=16, choices=Reason, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=200, blank=True)

    told_when_merging = ("instructor", "assigned_on", "ended_on", "reason", "end_reason")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["-assigned_on", "pk"]
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            no_overlap(
                "instructor",
                "association",
                since="assigned_on",
                until="ended_on",
                name="assignment_once_at_a_time",
                message=_("This instructor already works with this association at that time."),
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on=None) | models.Q(ended_on__gt=models.F("assigned_on")),
                name="assignment_ends_after_it_begins",
                violation_error_message=_("The assignment must end after the day it begins."),
            ),
            models.CheckConstraint(
                condition=models.Q(reason__in=["", "newly_organised", "not_yet_able"]),
                name="assignment_reason_known",
                violation_error_message=_("There is no such reason."),
            ),
            possible_days("assigned_on", name="assignment_on_a_possible_day"),
            models.CheckConstraint(
                condition=models.Q(end_reason="") | models.Q(ended_on__isnull=False),
                name="assignment_says_why_only_once_ended",
                violation_error_message=_("Say on which day the assignment ended."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instructor} – {self.association}"


@tracked()
class UnresolvedAssignment(models.Model):
    """A name on an instructor's roster row that no association in the registry bears (yet)."""

    instructor = models.ForeignKey(
        Instructor, models.CASCADE, related_name="unresolved", verbose_name=_("instructor")
    )
    association_name = models.CharField(_("association's name"), max_length=120)
    assigned_on = models.DateField(_("assigned on"), null=True, blank=True)

    objects = UnresolvedAssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["association_name"]
        verbose_name = _("unresolved assignment")
        verbose_name_plural = _("unresolved assignments")
        constraints = [
            models.UniqueConstraint(
                fields=["instructor", "association_name"],
                name="unresolved_assignment_once",
                violation_error_message=_("This name is listed for this instructor already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.instructor} – {self.association_name}"
