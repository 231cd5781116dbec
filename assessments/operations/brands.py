"""The way of a brand: 申报 → 初审 → 评审 → 公示 → 命名 → 复核 → 摘牌.

Who has declared or rewritten a brand takes none of the office's steps with it.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.permissions import Permission
from assessments.models import Brand, BrandMove, BrandStage
from organizations.operations.days import refuse_future
from organizations.terms import years_after

Stage = BrandStage
DECLARE, REVIEW = Permission.DECLARE_BRAND, Permission.REVIEW_BRAND
OPEN = (Stage.DECLARED, Stage.SCREENED, Stage.REVIEWED, Stage.PUBLICISED)


@dataclass(frozen=True)
class Step:
    """A step on the way. sources: where it can be taken; ability: what it takes; asks: what it
    records beside its day: "opinion" (needed) or "naming_no"; label: how the button says it"""

    key: str
    sources: tuple[Stage, ...]
    target: Stage
    ability: Permission
    label: str | Promise
    asks: tuple[str, ...] = ("opinion",)

    @property
    def is_office(self) -> bool:
        """Whether who declared the brand must not take it."""
        return self.ability == REVIEW


STEPS = {
    step.key: step
    for step in (
        Step("declare", (Stage.DRAFT, Stage.RETURNED), Stage.DECLARED, DECLARE,
             gettext_lazy("Declare"), ()),
        Step("screen", (Stage.DECLARED,), Stage.SCREENED, REVIEW, gettext_lazy("Screened: passed")),
        Step("review", (Stage.SCREENED,), Stage.REVIEWED, REVIEW, gettext_lazy("Reviewed: passed")),
        Step("publicise", (Stage.REVIEWED,), Stage.PUBLICISED, REVIEW,
             pgettext_lazy("brand", "Publicise"), ()),
        Step("name", (Stage.PUBLICISED,), Stage.NAMED, REVIEW, gettext_lazy("Name the brand"),
             ("naming_no",)),
        Step("return", OPEN, Stage.RETURNED, REVIEW, gettext_lazy("Return it")),
        Step("reexamine", (Stage.NAMED,), Stage.NAMED, REVIEW, gettext_lazy("Re-examined: stays")),
        Step("delist", (Stage.NAMED,), Stage.DELISTED, REVIEW, pgettext_lazy("brand", "Delist")),
    )
}  # fmt: skip


def steps_of(brand: Brand, by: Any) -> list[Step]:
    """The steps that `by` may take with `brand` now."""
    return [step for step in STEPS.values() if not _obstacle(brand, step, by)]


def _obstacle(brand: Brand, step: Step, by: Any) -> str:
    """Why `by` may not take the step; "" where nothing stands in the way."""
    if not Brand.objects.for_user(by, step.ability).filter(pk=brand.pk).exists():
        return _("You may not take this step.")
    if brand.stage not in step.sources:
        said = _("The brand is “%(stage)s” by now; look at it once more.")
        return said % {"stage": brand.get_stage_display()}
    declared = brand.moves.filter(to_stage=Stage.DECLARED, by=by)
    if step.is_office and (brand.declared_by_id == by.pk or declared.exists()):
        return _("You have declared this brand; somebody else reviews it.")
    return ""


@transaction.atomic
def take_step(
    *, brand: Brand, step: str, on: datetime.date, by: Any, facts: Mapping[str, str]
) -> Brand:
    """Take the step named `step` on the day `on`. facts: `opinion`, `naming_no`, as the step asks.

    The very same step taken twice, as by a doubled click, is refused the second time in words.
    Raises ValidationError where somebody else was faster, the day is impossible, something that it
    asks for is missing, or the public notice is not over.
    """
    row = Brand.objects.select_for_update(no_key=True).get(pk=brand.pk)
    rule = STEPS[step]
    if obstacle := _obstacle(row, rule, by):
        raise ValidationError(obstacle)
    refuse_future(on, "on")
    if on < row.since:
        said = _("The stage before was reached on %(day)s; this cannot lie before it.")
        raise ValidationError({"on": said % {"day": date_format(row.since)}})
    if rule.target == Stage.PUBLICISED and on != timezone.localdate():
        raise ValidationError({"on": _("The notice begins here and now; its day is today.")})
    told = {name: facts.get(name, "").strip() for name in rule.asks}
    if missing := [name for name, value in told.items() if not value]:
        raise ValidationError(dict.fromkeys(missing, _("This is needed.")))
    before = row.stage
    _write(row, rule, on, told, by)
    opinion = told.get("opinion") or told.get("naming_no", "")
    BrandMove.objects.create(
        brand=row, from_stage=before, to_stage=rule.target, on=on, opinion=opinion, by=by
    )
    return row


def _write(row: Brand, rule: Step, on: datetime.date, told: Mapping[str, str], by: Any) -> None:
    if rule.target == Stage.DECLARED:
        row.declared_by = by
    if rule.target == Stage.PUBLICISED:
        row.publicised_on = on
    if rule.key == "name":
        _refuse_during_notice(row, on)
        row.named_on, row.naming_no = on, told["naming_no"]
    if rule.target == Stage.NAMED:
        row.valid_until = years_after(on, settings.BRAND_YEARS)
    if rule.target == Stage.DELISTED:
        row.delisted_on = on
    if rule.target == Stage.RETURNED:
        row.publicised_on = None
    row.stage, row.since = rule.target, on
    row.full_clean()
    row.save()


def _refuse_during_notice(row: Brand, on: datetime.date) -> None:
    since = row.publicised_on or on
    over = since + datetime.timedelta(settings.BRAND_NOTICE_DAYS)
    if on < over:
        said = _("The public notice lasts until %(day)s; name the brand after it.")
        raise ValidationError({"on": said % {"day": date_format(over)}})


@transaction.atomic
def declare(*, brand: Brand, by: Any) -> Brand:
    """Declare a new brand, filled in and not yet saved; it is submitted at once."""
    brand.declared_by, brand.stage = by, Stage.DRAFT
    brand.full_clean()
    brand.save()
    return take_step(brand=brand, step="declare", on=timezone.localdate(), by=by, facts={})
