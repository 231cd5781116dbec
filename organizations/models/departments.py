"""Government departments that register, manage or supervise associations."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.models.divisions import Division
from organizations.querysets.departments import DepartmentQuerySet
from registers.history import tracked


@tracked()
class Department(models.Model):
    """A department; which relation it has to an association stands on the association."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=80, unique=True)
    short_name = models.CharField(_("short name"), max_length=60)
    aliases = ArrayField(
        models.CharField(max_length=80), default=list, blank=True, verbose_name=_("also written")
    )
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("division"))
    is_assessed = models.BooleanField(_("assessed industry department"), default=False)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        ordering = ["division__code", "pk"]
        verbose_name = _("department")
        verbose_name_plural = _("departments")

    def __str__(self) -> str:
        return self.short_name
