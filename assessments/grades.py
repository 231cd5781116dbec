"""The four grades of a rating, which are also the four marks of a ballot (domain.md)."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Grade(models.TextChoices):
    """From the best down."""

    GOOD = "good", pgettext_lazy("grade", "Good")
    FAIR = "fair", pgettext_lazy("grade", "Fairly good")
    AVERAGE = "average", pgettext_lazy("grade", "Average")
    POOR = "poor", pgettext_lazy("grade", "Poor")


WORTH = {grade: len(Grade) - place for place, grade in enumerate(Grade)}
"""Each mark as a number, 4 to 1."""
