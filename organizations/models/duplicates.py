"""What people said about associations that look alike: former names, “not the same”, mergers."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.models.associations import Association
from organizations.querysets.duplicates import (
    DistinctNameQuerySet,
    FormerNameQuerySet,
    MergerQuerySet,
    NotDuplicateQuerySet,
)
from registers.history import tracked


@tracked()
class FormerName(models.Model):
    """Another name by which rosters call an association: a former one, or that of an entry merged
    into it. since: the day from which it is known to be no longer the name."""

    association = models.ForeignKey(
        Association, models.CASCADE, related_name="former_names", verbose_name=_("association")
    )
    name = models.CharField(_("former name"), max_length=120)
    since = models.DateField(_("no longer used since"), default=timezone.localdate)

    told_when_merging = ("name",)

    objects = FormerNameQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("former name")
        verbose_name_plural = _("former names")
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                name="former_name_once",
                violation_error_message=_("This former name leads to an association already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Judgement(models.Model):
    """That somebody looked at two names and found two associations."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("settled by")
    )
    at = models.DateTimeField(_("settled at"), auto_now_add=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        abstract = True
        ordering = ["-at", "-pk"]


@tracked()
class NotDuplicate(Judgement):
    """That two associations of the registry are two. The pair is kept in the order of keys."""

    low = models.ForeignKey(
        Association, models.CASCADE, related_name="+", verbose_name=_("association")
    )
    high = models.ForeignKey(
        Association, models.CASCADE, related_name="+", verbose_name=_("other association")
    )

    objects = NotDuplicateQuerySet.as_manager()

    class Meta(Judgement.Meta):
        verbose_name = _("pair found not to be duplicates")
        verbose_name_plural = _("pairs found not to be duplicates")
        constraints = [
            models.UniqueConstraint(
                fields=["low", "high"],
                name="not_duplicate_once",
                violation_error_message=_("This pair is settled already."),
            ),
            models.CheckConstraint(
                condition=models.Q(low__lt=models.F("high")),
                name="not_duplicate_in_order",
                violation_error_message=_("A pair is two associations, the older entry first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.low} ≠ {self.high}"


@tracked()
class DistinctName(Judgement):
    """That a name on a roster, which the registry lacked, does not mean this association."""

    association = models.ForeignKey(
        Association, models.CASCADE, related_name="distinct_names", verbose_name=_("association")
    )
    name = models.CharField(_("name on a roster"), max_length=120)

    objects = DistinctNameQuerySet.as_manager()

    class Meta(Judgement.Meta):
        verbose_name = _("name found to mean another association")
        verbose_name_plural = _("names found to mean another association")
        constraints = [
            models.UniqueConstraint(
                fields=["association", "name"],
                name="distinct_name_once",
                violation_error_message=_("This name is settled already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ≠ {self.association}"


@tracked()
class Merger(models.Model):
    """That two entries were one association: `absorbed`, whose key and name stand here, became part
    of `survivor`.

    context: the origin (pghistory's context) of all that the merger changed, by which it is undone
    """

    survivor = models.ForeignKey(
        Association, models.CASCADE, related_name="mergers", verbose_name=_("kept entry")
    )
    absorbed = models.BigIntegerField(_("key of the entry taken in"), db_index=True)
    absorbed_name = models.CharField(_("entry taken in"), max_length=120)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("merged by")
    )
    at = models.DateTimeField(_("merged at"), auto_now_add=True)
    context = models.UUIDField(editable=False)

    told_when_merging = ("absorbed_name",)

    objects = MergerQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("merger")
        verbose_name_plural = _("mergers")

    def __str__(self) -> str:
        return f"{self.absorbed_name} → {self.survivor}"


def in_order(one: Any, other: Any) -> tuple[Any, Any]:
    """Two associations in the order of their keys."""
    return (one, other) if one.pk < other.pk else (other, one)
