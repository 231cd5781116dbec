"""Rows of other models, for querysets that ask about them (as organizations/querysets/related)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps

if TYPE_CHECKING:
    from assessments.querysets.participants import ParticipantQuerySet
    from assessments.querysets.results import CalculationQuerySet
    from assessments.querysets.scores import ScoreQuerySet, ScoringTaskQuerySet


def participants() -> ParticipantQuerySet:
    return _all("Participant")


def calculations() -> CalculationQuerySet:
    return _all("Calculation")


def scoring_tasks() -> ScoringTaskQuerySet:
    return _all("ScoringTask")


def scores() -> ScoreQuerySet:
    return _all("Score")


def _all(model: str) -> Any:
    """Unordered: what stands in a subquery needs no order."""
    return apps.get_model("assessments", model)._default_manager.order_by()
