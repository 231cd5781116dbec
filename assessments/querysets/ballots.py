"""What ballots came to, once they are closed."""

from collections import Counter
from typing import Any, Self

from django.db import models

from assessments.grades import WORTH, Grade


class BallotRatingQuerySet(models.QuerySet):
    def closed(self, cycle: Any) -> Self:
        """The ratings of a cycle's ballot; none before it is closed."""
        return self.filter(sheet__ballot__cycle=cycle, sheet__ballot__state="closed")

    def marks(self) -> dict[int, Counter[Grade]]:
        """How often each mark was given, by participant."""
        grades = {worth: grade for grade, worth in WORTH.items()}
        found: dict[int, Counter[Grade]] = {}
        for participant, marks in self.order_by().values_list("participant", "marks"):
            found.setdefault(participant, Counter()).update(grades[mark] for mark in marks)
        return found
