"""Party-building brands 党建品牌: declared with the five haves, reviewed, named, re-examined."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessments.querysets.brands import BrandQuerySet
from organizations.models import Association, Department
from organizations.models.periods import possible_days
from registers.history import append_only, tracked


class BrandStage(models.TextChoices):
    """申报 → 初审 → 评审 → 公示 → 命名 → 摘牌; what is returned is declared anew."""

    DRAFT = "draft", pgettext_lazy("brand", "Draft")
    DECLARED = "declared", pgettext_lazy("brand", "Declared")
    SCREENED = "screened", pgettext_lazy("brand", "Screened")
    REVIEWED = "reviewed", pgettext_lazy("brand", "Reviewed")
    PUBLICISED = "publicised", pgettext_lazy("brand", "Publicised")
    NAMED = "named", pgettext_lazy("brand", "Named")
    RETURNED = "returned", pgettext_lazy("brand", "Returned")
    DELISTED = "delisted", pgettext_lazy("brand", "Delisted")


NAMED_STAGES = ("named", "delisted")
NAMED_STAY = pgtrigger.Trigger(
    name="named_stay",
    operation=pgtrigger.Update | pgtrigger.Delete,
    when=pgtrigger.Before,
    func="""
        IF OLD.stage NOT IN ('named', 'delisted') THEN
            IF TG_OP = 'DELETE' THEN RETURN OLD; ELSE RETURN NEW; END IF;
        END IF;
        IF TG_OP = 'DELETE' OR NEW.stage NOT IN ('named', 'delisted') OR NEW.title <> OLD.title
            OR NEW.level <> OLD.level OR NEW.named_on <> OLD.named_on
        THEN
            RAISE check_violation USING MESSAGE = 'what has been named stays named';
        END IF;
        RETURN NEW;
    """,
)


@pgtrigger.register(NAMED_STAY)
@tracked()
class Brand(models.Model):
    """A brand of an industry department or of an association, with the five haves 五有: a name
    (title), a mark, a meaning, a vehicle and an effect.

    valid_until: the last day but one of its validity; re-examined, it holds on
    """

    class Level(models.TextChoices):
        CITY = "city", _("City brand")
        INDUSTRY = "industry", _("Industry brand")
        SITE = "site", _("Demonstration site")

    HAVES = ("title", "mark", "meaning", "vehicle", "effect")

    level = models.CharField(pgettext_lazy("brand", "level"), max_length=8, choices=Level)
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="brands", verbose_name=_("industry department")
    )
    association = models.ForeignKey(
        Association,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="brands",
        verbose_name=_("association"),
    )
    title = models.CharField(_("name of the brand"), max_length=60)
    mark = models.CharField(pgettext_lazy("brand", "mark"), max_length=200)
    meaning = models.CharField(pgettext_lazy("brand", "meaning"), max_length=500)
    vehicle = models.CharField(pgettext_lazy("brand", "vehicle"), max_length=500)
    effect = models.CharField(pgettext_lazy("brand", "effect"), max_length=1000)
    stage = models.CharField(
        _("stage"), max_length=10, choices=BrandStage, default=BrandStage.DRAFT
    )
    since = models.DateField(_("in this stage since"), default=timezone.localdate)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("declared by")
    )
    publicised_on = models.DateField(_("publicised on"), null=True, blank=True)
    named_on = models.DateField(_("named on"), null=True, blank=True)
    naming_no = models.CharField(_("document of the naming"), max_length=60, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    delisted_on = models.DateField(_("delisted on"), null=True, blank=True)

    told_when_merging = ("title", "level", "stage")

    objects = BrandQuerySet.as_manager()

    class Meta:
        ordering = ["-named_on", "-pk"]
        verbose_name = _("brand")
        verbose_name_plural = _("brands")
        constraints = [
            models.UniqueConstraint(
                fields=["title", "level"],
                condition=~Q(stage="delisted"),
                name="brand_title_once",
                violation_error_message=_("There is a brand of this name and level already."),
            ),
            models.CheckConstraint(
                condition=Q(level__in=["city", "industry", "site"]),
                name="brand_level_known",
                violation_error_message=_("There is no such level."),
            ),
            models.CheckConstraint(
                condition=Q(stage__in=BrandStage.values),
                name="brand_stage_known",
                violation_error_message=_("There is no such stage."),
            ),
            models.CheckConstraint(
                condition=~Q(level="site") | Q(association__isnull=False),
                name="brand_site_of_an_association",
                violation_error_message=_("A demonstration site is that of an association."),
            ),
            models.CheckConstraint(
                condition=Q(stage__in=NAMED_STAGES, named_on__isnull=False)
                & ~Q(naming_no="")
                & Q(valid_until__gt=F("named_on"))
                | ~Q(stage__in=NAMED_STAGES) & Q(named_on=None, naming_no="", valid_until=None),
                name="brand_named_with_document",
                violation_error_message=_("A naming has its day, its document and its validity."),
            ),
            models.CheckConstraint(
                condition=Q(stage="delisted", delisted_on__gte=F("named_on"))
                | ~Q(stage="delisted") & Q(delisted_on=None),
                name="brand_delisted_with_day",
                violation_error_message=_("What is delisted has its day, after it was named."),
            ),
            possible_days("since", name="brand_since_a_possible_day"),
        ]

    def __str__(self) -> str:
        return self.title


@append_only
@tracked()
class BrandMove(models.Model):
    """A step on a brand's way, with who took it, when, and what was found; never changed."""

    brand = models.ForeignKey(Brand, models.PROTECT, related_name="moves", verbose_name=_("brand"))
    from_stage = models.CharField(_("from"), max_length=10, choices=BrandStage)
    to_stage = models.CharField(_("to"), max_length=10, choices=BrandStage)
    on = models.DateField(_("on"))
    opinion = models.CharField(_("opinion"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("step of a brand")
        verbose_name_plural = _("steps of a brand")

    def __str__(self) -> str:
        return f"{self.get_from_stage_display()} → {self.get_to_stage_display()}"
