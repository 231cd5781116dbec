"""Freezing what the system counts by itself, as of the cut-off day."""

from collections import defaultdict
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessments.measures import Found, found
from assessments.models import (
    Cycle,
    Indicator,
    Measure,
    MeasuredRow,
    MeasuredValue,
    Measurement,
    Stage,
)
from assessments.operations.cycles import locked


@transaction.atomic
def measure(*, cycle: Cycle, by: Any, reason: str = "") -> Measurement:
    """Measure all computed indicators of all participants as of the cut-off day.

    reason: why it is measured anew; needed from the second time on
    Raises ValidationError before the cut-off day is over, and where the cycle is not under way.
    """
    row = locked(cycle, by, Stage.OPEN, Stage.CALCULATED)
    if row.cutoff_on >= timezone.localdate():
        said = _("The cut-off day %(day)s is not over yet; measure after it.")
        raise ValidationError(said % {"day": date_format(row.cutoff_on)})
    if row.measurements.exists() and not reason.strip():
        raise ValidationError({"reason": _("Say why it is measured anew.")})
    measurement = Measurement.objects.create(
        cycle=row,
        version=row.version,
        as_of=row.cutoff_on,
        counts_functional=settings.COVERAGE_COUNTS_FUNCTIONAL,
        counts_dormant=settings.COVERAGE_COUNTS_DORMANT,
        reason=reason.strip(),
        made_by=by,
    )
    for indicator in row.indicators.filter(kind=Indicator.Kind.COMPUTED):
        _freeze(measurement, indicator)
    return measurement


def _freeze(measurement: Measurement, indicator: Indicator) -> None:
    """The value of each participant under `indicator`, and the rows behind it."""
    by_department: dict[int | None, list[Found]] = defaultdict(list)
    for each in found(Measure(indicator.measure), measurement.cycle):
        by_department[each.department].append(each)
    participants = measurement.cycle.participants.rated().select_related("committee")
    rows_of = {each.pk: by_department[each.managing_department_id] for each in participants}
    values = MeasuredValue.objects.bulk_create(
        MeasuredValue(
            measurement=measurement,
            participant_id=participant,
            indicator=indicator,
            counted=sum(row.counted for row in rows),
            whole=sum(row.whole for row in rows),
        )
        for participant, rows in rows_of.items()
    )
    MeasuredRow.objects.bulk_create(
        MeasuredRow(
            value=value,
            association=row.association,
            name=row.name,
            counted=row.counted,
            whole=row.whole,
        )
        for value in values
        for row in rows_of[value.participant_id]
    )
