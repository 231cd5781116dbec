"""Scores of evaluators, and points added or taken off."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from assessments.models import (
    Adjustment,
    Cycle,
    Indicator,
    Participant,
    Score,
    ScoringTask,
    Stage,
)
from assessments.operations.cycles import locked
from organizations.scoping import is_citywide


@transaction.atomic
def assign_evaluator(*, indicator: Indicator, evaluator: Any, by: Any) -> ScoringTask:
    """Let `evaluator` score all participants under a judged indicator.

    Raises ValidationError where the person may not score, or answers for a part of the city only:
    nobody scores the own department.
    """
    locked(indicator.cycle, by, Stage.PREPARING, Stage.OPEN)
    if not is_citywide(evaluator, Permission.SCORE_ASSESSMENT):
        said = _("%(person)s cannot score: that takes a role with this ability for the whole city.")
        raise ValidationError({"evaluator": said % {"person": evaluator}})
    tasks = ScoringTask.objects.filter(indicator=indicator)
    known = tasks.filter(evaluator=evaluator).first()
    if known:
        return known
    if tasks.exclude(submitted_at=None).exists():
        raise ValidationError(
            {"evaluator": _("Scores of this indicator are submitted; no evaluator joins now.")}
        )
    task = ScoringTask(indicator=indicator, evaluator=evaluator)
    task.full_clean()
    task.save()
    return task


@transaction.atomic
def give_score(
    *, task: ScoringTask, participant: Participant, points: Decimal, justification: str, by: Any
) -> Score:
    """Give `participant` points under the task's indicator; given anew, the last ones count. The
    very same again, as by a doubled click, is one.

    Raises ValidationError where the task is somebody else's or submitted, where the points are
    beyond the full ones, and without a justification.
    """
    row = _own(task, by)
    if points > row.indicator.full:
        said = _("At most %(full)s points can be given.")
        raise ValidationError({"points": said % {"full": row.indicator.full}})
    if not row.indicator.cycle.participants.rated().filter(pk=participant.pk).exists():
        raise ValidationError(_("This is not one of those who are rated."))
    why = justification.strip()
    known = row.scores.filter(participant=participant).order_by("-pk").first()
    if known and (known.points, known.justification) == (points, why):
        return known
    score = Score(task=row, participant=participant, points=points, justification=why)
    score.full_clean()
    score.save()
    return score


@transaction.atomic
def submit(*, task: ScoringTask, by: Any) -> None:
    """Hand in all scores of the task; from then on they stay. Submitted again, nothing happens.

    Raises ValidationError while a participant has no score.
    """
    if ScoringTask.objects.filter(pk=task.pk, evaluator=by, submitted_at__isnull=False).exists():
        return
    row = _own(task, by)
    scored = row.scores.values("participant")
    missing = row.indicator.cycle.participants.rated().exclude(pk__in=scored)
    names = [str(each) for each in missing.select_related("department", "committee")]
    if names:
        said = _("No score yet: %(names)s.")
        raise ValidationError(said % {"names": _(", ").join(names)})
    row.submitted_at = timezone.now()
    row.save(update_fields=["submitted_at"])


def _own(task: ScoringTask, by: Any) -> ScoringTask:
    """The person's own task that is still open, locked; ValidationError otherwise. The cycle stays
    in its stage until it is done."""
    cycles = Cycle.objects.filter(indicators__tasks=task.pk)
    cycle = cycles.select_for_update(of=("self",), no_key=True).first()
    if cycle is None or cycle.stage != Stage.OPEN:
        raise ValidationError(_("Scoring is over: the cycle has moved on."))
    rows = ScoringTask.objects.of(by).select_related("indicator__cycle")
    row = rows.select_for_update(of=("self",), no_key=True).filter(pk=task.pk).first()
    if row is None or not by.has_perm(Permission.SCORE_ASSESSMENT):
        raise ValidationError(_("This is not a task of yours that is still open."))
    if row.submitted_at:
        raise ValidationError(_("You have submitted these scores; they stay as they are."))
    return row


@transaction.atomic
def adjust(
    *,
    indicator: Indicator,
    participant: Participant,
    points: Decimal,
    reason: str,
    evidence: str,
    by: Any,
) -> Adjustment:
    """Add points under a bonus or take them off under a deduction; negative points take back what
    was given by mistake.

    Raises ValidationError for somebody who is not rated, and where all points together would exceed
    the cap or fall below 0.
    """
    cycle: Cycle = locked(indicator.cycle, by, Stage.OPEN)
    if indicator.kind in Indicator.WEIGHTED or indicator.cycle_id != cycle.pk:
        raise ValidationError(_("Points are added under a bonus or taken off under a deduction."))
    if not cycle.participants.rated().filter(pk=participant.pk).exists():
        raise ValidationError(_("This is not one of those who are rated."))
    _refuse_beyond(indicator, participant, points)
    made = Adjustment(
        indicator=indicator,
        participant=participant,
        points=points,
        reason=reason.strip(),
        evidence=evidence.strip(),
        given_by=by,
    )
    made.full_clean()
    made.save()
    return made


def _refuse_beyond(indicator: Indicator, participant: Participant, points: Decimal) -> None:
    given = Adjustment.objects.filter(indicator=indicator, participant=participant)
    so_far = given.aggregate(sum=Sum("points"))["sum"] or Decimal(0)
    if not 0 <= so_far + points <= indicator.full:
        said = _("%(given)s points are given so far; together they stay between 0 and %(full)s.")
        raise ValidationError({"points": said % {"given": so_far, "full": indicator.full}})


@transaction.atomic
def release_evaluator(*, task: ScoringTask, by: Any) -> None:
    """Take a task back from somebody who has not begun it. Asked for again, nothing happens.

    Raises ValidationError once a score has been given.
    """
    row = ScoringTask.objects.select_related("indicator__cycle").filter(pk=task.pk).first()
    if row is None:
        return
    locked(row.indicator.cycle, by, Stage.PREPARING, Stage.OPEN)
    if row.submitted_at or row.scores.exists():
        raise ValidationError(_("This evaluator has scored already."))
    row.delete()
