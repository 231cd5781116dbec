"""The yearly assessment of the industry departments' Party building: create, showcase, evaluate."""

from assessments.models.ballots import Ballot, BallotCode, BallotRating, BallotSheet
from assessments.models.brands import Brand, BrandMove, BrandStage
from assessments.models.cycles import Cycle, CycleMove, Stage
from assessments.models.indicators import Indicator, Measure, Participant
from assessments.models.objections import Objection
from assessments.models.results import (
    Calculation,
    MeasuredRow,
    MeasuredValue,
    Measurement,
    Result,
    ResultLine,
)
from assessments.models.scores import Adjustment, Score, ScoringTask

__all__ = [
    "Adjustment",
    "Ballot",
    "BallotCode",
    "BallotRating",
    "BallotSheet",
    "Brand",
    "BrandMove",
    "BrandStage",
    "Calculation",
    "Cycle",
    "CycleMove",
    "Indicator",
    "Measure",
    "MeasuredRow",
    "MeasuredValue",
    "Measurement",
    "Objection",
    "Participant",
    "Result",
    "ResultLine",
    "Score",
    "ScoringTask",
    "Stage",
]
