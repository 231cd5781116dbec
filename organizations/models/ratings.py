"""The assessment grades of associations."""

import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from organizations.models.associations import Association
from organizations.models.periods import no_overlap
from organizations.querysets.ratings import RatingQuerySet
from organizations.terms import years_after
from registers.history import tracked


@tracked()
class Rating(models.Model):
    """An assessment grade 1A–5A and its validity (five years)."""

    class Grade(models.TextChoices):
        A1 = "1A", "1A"
        A2 = "2A", "2A"
        A3 = "3A", "3A"
        A4 = "4A", "4A"
        A5 = "5A", "5A"

    association = models.ForeignKey(Association, models.CASCADE, related_name="ratings")
    grade = models.CharField(_("grade"), max_length=2, choices=Grade)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    YEARS = 5  # domain.md, Registry
    told_when_merging = ("grade", "valid_from", "valid_until")

    objects = RatingQuerySet.as_manager()

    class Meta:
        ordering = [F("valid_from").desc(nulls_last=True), "-pk"]
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None)
                | Q(valid_until=None)
                | Q(valid_until__gt=F("valid_from")),
                name="rating_ends_after_it_begins",
                violation_error_message=_("The rating must end after it begins."),
            ),
            no_overlap(
                "association",
                since="valid_from",
                until="valid_until",
                name="rating_once_at_a_time",
                message=_("This association already has a rating at that time."),
            ),
            models.UniqueConstraint(
                fields=["association"],
                condition=Q(valid_from=None, valid_until=None),
                name="rating_undated_once",
                violation_error_message=_(
                    "This association already has a rating without dates; date one of the two."
                ),
            ),
        ]

    @classmethod
    def end(cls, begins: datetime.date, following: datetime.date | None) -> datetime.date:
        """The end of a grade that begins on a day: five years later, unless another follows, on the
        day `following`, before."""
        regular = years_after(begins, cls.YEARS)
        return min(regular, following or regular)

    def __str__(self) -> str:
        return self.grade
