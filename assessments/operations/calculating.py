"""From what was measured and scored to totals, ranks and grades."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from assessments.arithmetic import (
    Weighted,
    ballot_score,
    capped,
    grades,
    indicator_score,
    ranks,
    total,
)
from assessments.models import (
    Adjustment,
    Ballot,
    BallotRating,
    Calculation,
    Cycle,
    Indicator,
    MeasuredValue,
    Measurement,
    Participant,
    Result,
    ResultLine,
    Score,
    ScoringTask,
    Stage,
)
from assessments.models.cycles import RULES
from assessments.operations.cycles import locked, move

Kind = Indicator.Kind


@transaction.atomic
def calculate(*, cycle: Cycle, by: Any, note: str = "") -> Calculation:
    """Calculate the results of all participants from the latest measurement and the disclosed
    scores; what is missing stays missing.

    note: why it is calculated anew; needed from the second time on
    Raises ValidationError before anything is measured, and while the ballot is open.
    """
    row = locked(cycle, by, Stage.OPEN, Stage.CALCULATED)
    if Ballot.objects.filter(cycle=row, state=Ballot.State.OPEN).exists():
        raise ValidationError(_("The ballot is open; close it first."))
    if row.calculations.filter(what_if=False).exists() and not note.strip():
        raise ValidationError({"note": _("Say why it is calculated anew.")})
    calculation = _calculated(row, {name: getattr(row, name) for name in RULES}, {}, by, note=note)
    if row.stage == Stage.OPEN:
        move(row, Stage.CALCULATED, by)
    return calculation


@transaction.atomic
def try_out(
    *, cycle: Cycle, rules: Mapping[str, Any], weights: Mapping[int, Decimal], note: str, by: Any
) -> Calculation:
    """Calculate with other `rules` and `weights` (points by the keys of indicators), and keep what
    was tried; it never becomes the result.

    Raises ValidationError where the weights do not add up to 100 or the rules are impossible.
    """
    row = locked(cycle, by, Stage.OPEN, Stage.CALCULATED)
    return _calculated(row, rules, weights, by, note=note, what_if=True)


def _calculated(
    cycle: Cycle,
    rules: Mapping[str, Any],
    weights: Mapping[int, Decimal],
    by: Any,
    **options: Any,
) -> Calculation:
    measurement = Measurement.objects.latest_of(cycle)
    if measurement is None:
        raise ValidationError(_("Nothing has been measured yet; measure first."))
    options["note"] = options["note"].strip()
    calculation = Calculation(cycle=cycle, measurement=measurement, made_by=by, **rules, **options)
    calculation.full_clean()
    sheets = _sheets(cycle, measurement, weights)
    calculation.save()
    _write(calculation, sheets)
    return calculation


@dataclass
class Line:
    """What one participant came to under one indicator.

    part of whole: what was counted, or given of what could be; None: not known (yet)
    """

    indicator: Indicator
    full: Decimal
    part: Decimal | None = None
    whole: Decimal | None = None

    @property
    def weighted(self) -> Weighted:
        """The line as the arithmetic takes it."""
        if self.part is None or self.whole is None:
            return Weighted(self.full, None)
        if not self.whole:
            return Weighted(self.full, None, applies=False)
        return Weighted(self.full, Fraction(self.part) / Fraction(self.whole))

    @property
    def points(self) -> Decimal | None:
        if self.indicator.kind in Indicator.WEIGHTED:
            return self.weighted.points
        return capped([self.part or Decimal(0)], self.full)


@dataclass
class Sheet:
    """All lines of one participant."""

    participant: Participant
    lines: list[Line] = field(default_factory=list)

    def additional(self, kind: Kind) -> Decimal:
        """The points added under bonuses, or taken off under deductions."""
        points = [line.points for line in self.lines if line.indicator.kind == kind]
        return sum((each for each in points if each is not None), Decimal("0.00"))

    @property
    def score(self) -> Decimal | None:
        """The indicator score."""
        weighted = [x.weighted for x in self.lines if x.indicator.kind in Indicator.WEIGHTED]
        return indicator_score(
            weighted, self.additional(Kind.BONUS), self.additional(Kind.DEDUCTION)
        )


def _sheets(cycle: Cycle, measurement: Measurement, weights: Mapping[int, Decimal]) -> list[Sheet]:
    indicators = list(cycle.indicators.all())
    full = {each.pk: weights.get(each.pk, each.full) for each in indicators}
    if sum(full[x.pk] for x in indicators if x.kind in Indicator.WEIGHTED) != 100:
        raise ValidationError(_("The weights of the indicators must add up to 100."))
    known = _measured(measurement) | _scored(indicators) | _adjusted(indicators)
    sheets = []
    for participant in cycle.participants.rated().select_related("department", "committee"):
        keys = [(participant.pk, each.pk) for each in indicators]
        parts = [known.get(key, (None, None)) for key in keys]
        lines = [
            Line(indicator, full[indicator.pk], *part)
            for indicator, part in zip(indicators, parts, strict=True)
        ]
        sheets.append(Sheet(participant, lines))
    return sheets


Parts = dict[tuple[int, int], tuple[Decimal | None, Decimal | None]]


def _measured(measurement: Measurement) -> Parts:
    rows = MeasuredValue.objects.filter(measurement=measurement, indicator__kind=Kind.COMPUTED)
    return {
        (participant, indicator): (Decimal(counted), Decimal(whole))
        for participant, indicator, counted, whole in rows.values_list(
            "participant", "indicator", "counted", "whole"
        )
    }


def _scored(indicators: Iterable[Indicator]) -> Parts:
    """The points of all evaluators together, where all have scored and submitted."""
    judged = {each.pk: each for each in indicators if each.kind == Kind.JUDGED}
    wanted = dict(
        ScoringTask.objects.filter(indicator__in=judged)
        .order_by()
        .values_list("indicator")
        .annotate(number=Count("pk"))
    )
    scores = Score.objects.filter(task__indicator__in=judged).disclosed().standing().order_by()
    sums = scores.values_list("participant", "task__indicator").annotate(Sum("points"), Count("pk"))
    return {
        (participant, indicator): (points, judged[indicator].full * number)
        for participant, indicator, points, number in sums
        if number == wanted[indicator]
    }


def _adjusted(indicators: Iterable[Indicator]) -> Parts:
    extra = [each.pk for each in indicators if each.kind not in Indicator.WEIGHTED]
    rows = Adjustment.objects.filter(indicator__in=extra).order_by()
    sums = rows.values_list("participant", "indicator").annotate(Sum("points"))
    return {(participant, indicator): (points, None) for participant, indicator, points in sums}


def _ballot_scores(calculation: Calculation) -> dict[int, Decimal | None]:
    """By participant, from all sheets together; nobody has one before the ballot is closed."""
    marks = BallotRating.objects.closed(calculation.cycle).marks()
    return {participant: ballot_score(given) for participant, given in marks.items()}


def _write(calculation: Calculation, sheets: list[Sheet]) -> None:
    scores = {sheet.participant.pk: sheet.score for sheet in sheets}
    ballots = _ballot_scores(calculation)
    totals = {
        pk: total(score, ballots.get(pk), calculation.ballot_weight) for pk, score in scores.items()
    }
    places, given = ranks(totals), grades(totals, calculation.scale)
    results = Result.objects.bulk_create(
        Result(
            calculation=calculation,
            participant=sheet.participant,
            bonus=sheet.additional(Kind.BONUS),
            deduction=sheet.additional(Kind.DEDUCTION),
            indicator_score=scores[sheet.participant.pk],
            ballot_score=ballots.get(sheet.participant.pk),
            total=totals[sheet.participant.pk],
            rank=places[sheet.participant.pk],
            grade=given[sheet.participant.pk] or "",
        )
        for sheet in sheets
    )
    ResultLine.objects.bulk_create(
        ResultLine(
            result=result,
            indicator=line.indicator,
            full=line.full,
            part=line.part,
            whole=line.whole,
            points=line.points,
        )
        for result, sheet in zip(results, sheets, strict=True)
        for line in sheet.lines
    )
