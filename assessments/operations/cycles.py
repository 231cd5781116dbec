"""A cycle from its preparation to its publication."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from assessments.models import (
    Ballot,
    Calculation,
    Cycle,
    CycleMove,
    Indicator,
    Objection,
    Participant,
    Result,
    ScoringTask,
    Stage,
)
from assessments.models.cycles import FORWARD, RULES
from assessments.starter import STARTER
from organizations.models import Department

NOT_YOURS = gettext_lazy("You may not change this assessment cycle.")
FULL = 100
COPIED = ("position", "section", "name", "standard", "kind", "measure", "full")
KEPT_RULES = (*RULES, "objection_days")


@transaction.atomic
def prepare(*, days: Mapping[str, Any], by: Any) -> Cycle:
    """Make the cycle of a year with the table, the rules and the participants of the last one; the
    first one begins with the starter table and the assessed industry departments.

    days: `year`, `title` and the days of Cycle. Raises ValidationError, also where the year has a
    cycle already.
    """
    last = Cycle.objects.order_by("-year").first()
    rules = {name: getattr(last, name) for name in KEPT_RULES} if last else {}
    cycle = Cycle(**rules, **days)
    cycle.full_clean()
    cycle.save()
    Indicator.objects.bulk_create(Indicator(cycle=cycle, **line) for line in _table(last))
    Participant.objects.bulk_create(Participant(cycle=cycle, **who) for who in _participants(last))
    return cycle


def _table(last: Cycle | None) -> list[Mapping[str, Any]]:
    return list(last.indicators.values(*COPIED)) if last else list(STARTER)


def _participants(last: Cycle | None) -> list[Mapping[str, Any]]:
    if last:
        return list(last.participants.rated().values("department_id", "committee_id"))
    assessed = Department.objects.at_city_level().filter(is_assessed=True)
    return [{"department_id": pk} for pk in assessed.order_by("pk").values_list("pk", flat=True)]


def locked(cycle: Cycle, by: Any, *stages: Stage) -> Cycle:
    """The cycle, locked against a change of stage; ValidationError unless `by` keeps assessments
    and the cycle is in one of `stages`."""
    rows = Cycle.objects.for_user(by, Permission.KEEP_ASSESSMENT)
    row = rows.select_for_update(of=("self",), no_key=True).filter(pk=cycle.pk).first()
    if row is None or not by.has_perm(Permission.KEEP_ASSESSMENT):
        raise ValidationError(NOT_YOURS)
    if row.stage not in stages:
        said = _("The cycle is “%(stage)s” by now; look at it once more.")
        raise ValidationError(said % {"stage": row.get_stage_display()})
    return row


@transaction.atomic
def open_cycle(*, cycle: Cycle, by: Any) -> None:
    """Settle the table and begin: from now on points are given by it.

    Raises ValidationError where the weights do not add up to 100, nobody takes part, or a judged
    indicator has no evaluator.
    """
    row = locked(cycle, by, Stage.PREPARING)
    refuse_unready(row)
    row.version += 1
    move(row, Stage.OPEN, by)


def refuse_unready(cycle: Cycle) -> None:
    """Raises ValidationError with all that keeps the cycle from being opened."""
    missing = what_is_missing(cycle)
    if missing:
        raise ValidationError(missing)


def what_is_missing(cycle: Cycle) -> list[str]:
    """What keeps a cycle in preparation from being opened, in sentences."""
    weighted = [each for each in cycle.indicators.all() if each.kind in Indicator.WEIGHTED]
    found = []
    if (total := sum(each.full for each in weighted)) != FULL:
        said = _("The weights of the indicators add up to %(total)s; they must add up to 100.")
        found.append(said % {"total": total})
    if not cycle.participants.rated().exists():
        found.append(_("Nobody takes part yet."))
    judged = [each for each in weighted if each.kind == Indicator.Kind.JUDGED]
    tasks = ScoringTask.objects.filter(indicator__in=judged)
    covered = set(tasks.values_list("indicator", flat=True))
    for indicator in judged:
        if indicator.pk not in covered:
            said = _("Nobody has been assigned to score “%(indicator)s”.")
            found.append(said % {"indicator": indicator})
    return found


@transaction.atomic
def take_back(*, cycle: Cycle, reason: str, by: Any) -> None:
    """Take the cycle back by one stage: to settle its table anew, to score on, or to calculate
    anew after an objection. Raises ValidationError without a reason, and once it is published or,
    on the way to its preparation, once points have been given."""
    row = locked(cycle, by, Stage.OPEN, Stage.CALCULATED, Stage.ANNOUNCED)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the cycle is taken back.")})
    before = FORWARD[Stage(row.stage)][0]
    if before == Stage.PREPARING and _points_given(row):
        said = _("Points or ballots have been given by the table; it stays for this cycle.")
        raise ValidationError(said)
    row.announced_on = None
    move(row, before, by, note=reason.strip())


def _points_given(cycle: Cycle) -> bool:
    participants = cycle.participants
    given = participants.filter(scores__isnull=False) | participants.filter(
        adjustments__isnull=False
    )
    voted = Ballot.objects.filter(cycle=cycle).exclude(state=Ballot.State.PREPARED)
    return given.exists() or voted.exists()


@transaction.atomic
def announce(*, cycle: Cycle, by: Any) -> None:
    """Let the participants see their results and object to them.

    Raises ValidationError while somebody's result is missing.
    """
    row = locked(cycle, by, Stage.CALCULATED)
    refuse_missing(row)
    row.announced_on = timezone.localdate()
    move(row, Stage.ANNOUNCED, by)


@transaction.atomic
def publish(*, cycle: Cycle, by: Any) -> None:
    """Make the results final; nothing of the cycle can change any more.

    Raises ValidationError before the days to object are over, and while an objection waits for its
    reply.
    """
    row = locked(cycle, by, Stage.ANNOUNCED)
    refuse_missing(row)
    today = timezone.localdate()
    last = row.objections_until
    if last is None or today <= last:
        raise ValidationError(
            _("Participants may object until %(day)s; publish after that day.") % {"day": last}
        )
    waiting = Objection.objects.waiting().filter(participant__cycle=row)
    if names := [str(each.participant) for each in waiting.select_related("participant")]:
        said = _("Objections wait for a reply: %(names)s.")
        raise ValidationError(said % {"names": _(", ").join(names)})
    _refuse_upheld(row)
    row.published_on = today
    move(row, Stage.PUBLISHED, by)


def _refuse_upheld(cycle: Cycle) -> None:
    """Raises ValidationError where an objection was upheld since the results were calculated."""
    last = Calculation.objects.counting().get(cycle=cycle)
    upheld = Objection.objects.filter(participant__cycle=cycle, upheld=True)
    since = upheld.filter(replied_at__gt=last.made_at).select_related("participant")
    if names := [str(each.participant) for each in since]:
        said = _("Upheld objections are not in the results yet: %(names)s. Calculate anew.")
        raise ValidationError(said % {"names": _(", ").join(names)})


def refuse_missing(cycle: Cycle) -> None:
    """Raises ValidationError where a participant has no grade."""
    graded = Result.objects.counting().filter(calculation__cycle=cycle).exclude(grade="")
    missing = cycle.participants.rated().exclude(pk__in=graded.order_by().values("participant"))
    names = [str(each) for each in missing.select_related("department", "committee")]
    if names:
        said = _("No grade yet: %(names)s. Complete their scores and calculate anew.")
        raise ValidationError(said % {"names": _(", ").join(names)})


def move(cycle: Cycle, to: Stage, by: Any, note: str = "") -> None:
    """Bring a locked cycle into the stage `to`, and record that."""
    CycleMove.objects.create(cycle=cycle, from_stage=cycle.stage, to_stage=to, by=by, note=note)
    cycle.stage = to
    cycle.full_clean()
    cycle.save()
