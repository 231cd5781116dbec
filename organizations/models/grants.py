"""Who holds which role, where and for how long."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from organizations.models.departments import Department
from organizations.models.divisions import Division
from organizations.querysets.grants import GrantQuerySet
from registers.history import tracked


@tracked()
class Grant(models.Model):
    """A role with a scope: citywide, one department, or one division with all below it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="grants", verbose_name=_("user")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, verbose_name=_("only department")
    )
    division = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, verbose_name=_("only division")
    )
    valid_from = models.DateField(_("valid from"), default=timezone.localdate)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        ordering = ["user", "role"]
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values),
                name="grant_role_known",
                violation_error_message=_("There is no such role."),
            ),
            models.CheckConstraint(
                condition=models.Q(department=None) | models.Q(division=None),
                name="grant_one_scope",
                violation_error_message=_("Choose a department or a division, not both."),
            ),
            models.CheckConstraint(
                condition=~models.Q(role=Role.COUNTY_STAFF) | models.Q(division__isnull=False),
                name="grant_county_staff_has_division",
                violation_error_message=_("County staff need a division."),
            ),
            models.CheckConstraint(
                condition=~models.Q(role=Role.DEPARTMENT_STAFF)
                | models.Q(department__isnull=False),
                name="grant_department_staff_has_department",
                violation_error_message=_("Department staff need a department."),
            ),
            models.CheckConstraint(
                condition=~models.Q(role=Role.INSTRUCTOR)
                | models.Q(department__isnull=False)
                | models.Q(division__isnull=False),
                name="grant_instructor_has_scope",
                violation_error_message=_("Instructors need a department or a division."),
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until=None)
                | models.Q(valid_until__gt=models.F("valid_from")),
                name="grant_ends_after_it_begins",
                violation_error_message=_("The grant must end after it begins."),
            ),
            models.CheckConstraint(
                condition=~models.Q(role=Role.ADMINISTRATOR)
                | models.Q(department=None, division=None),
                name="grant_administrator_citywide",
                violation_error_message=_(
                    "A system administrator is responsible for the whole city."
                ),
            ),
            models.UniqueConstraint(
                fields=["user", "role", "department", "division", "valid_from"],
                nulls_distinct=False,
                name="grant_once",
                violation_error_message=_("This person already holds this grant."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.scope}"

    @property
    def scope(self) -> str:
        """Where the grant holds, in words."""
        return str(self.department or self.division or _("Citywide"))
