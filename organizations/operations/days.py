"""Days on which something is recorded to have happened."""

import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _


def refuse_future(day: datetime.date, field: str) -> None:
    """ValidationError at `field`, the one that the day is written to, for a day still to come."""
    if day > timezone.localdate():
        raise ValidationError({field: _("This day is still to come.")})
