"""Scores of evaluators, and their tasks."""

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef

from assessments.querysets import related


class ScoringTaskQuerySet(models.QuerySet):
    def of(self, user: Any) -> Self:
        """The tasks of `user` in cycles that are under way, those of the latest year first."""
        return self.filter(evaluator=user, indicator__cycle__stage="open")

    def with_scores(self) -> Self:
        """Annotates `has_scores`: whether one has been given; loads the evaluator."""
        given = related.scores().filter(task=OuterRef("pk"))
        return self.select_related("evaluator").annotate(has_scores=Exists(given))

    def unsubmitted(self) -> Self:
        return self.filter(submitted_at=None)


class ScoreQuerySet(models.QuerySet):
    def standing(self) -> Self:
        """The latest of each evaluator for each participant."""
        later = related.scores().filter(
            task=OuterRef("task"), participant=OuterRef("participant"), pk__gt=OuterRef("pk")
        )
        return self.exclude(Exists(later))

    def disclosed(self) -> Self:
        """Those under indicators of which every evaluator has submitted."""
        waiting = (
            related.scoring_tasks().unsubmitted().filter(indicator=OuterRef("task__indicator"))
        )
        return self.exclude(Exists(waiting))
