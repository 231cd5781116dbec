"""Who leads associations, and for how long."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from organizations.models.associations import Association
from registers.history import tracked


@tracked()
class LeadershipTerm(models.Model):
    """One person's term as president, vice-president or secretary-general."""

    class Post(models.TextChoices):
        PRESIDENT = "president", _("President")
        VICE_PRESIDENT = "vice_president", _("Vice-president")
        SECRETARY_GENERAL = "secretary_general", _("Secretary-general")

    association = models.ForeignKey(Association, models.CASCADE, related_name="leadership_terms")
    post = models.CharField(_("post"), max_length=20, choices=Post)
    name = models.CharField(_("full name"), max_length=40)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)

    told_when_merging = ("post", "name", "valid_from", "valid_until")

    class Meta:
        ordering = ["post", "-valid_from"]
        verbose_name = _("leadership term")
        verbose_name_plural = _("leadership terms")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="leadership_term_ends_after_it_begins",
                violation_error_message=_("The term must end after it begins."),
            ),
            models.UniqueConstraint(
                fields=["association", "post"],
                condition=~Q(post="vice_president") & Q(valid_until=None),
                name="leadership_one_current",
                violation_error_message=_("This post is held already; end the other term first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_post_display()} {self.name}"
