"""How associations are set on their way to a Party organisation."""

import datetime
from collections.abc import Collection, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.models import Association, Establishment
from organizations.models.establishment import Outcome, StageMove
from organizations.operations.days import refuse_future
from organizations.operations.establishment.rows import ABILITY, record, save, stage_move
from organizations.stages import fitting_formation, fitting_kind


@transaction.atomic
def begin(*, association: Association, by: Any, on: datetime.date | None = None) -> Establishment:
    """Set `association` on its way: surveyed on the day `on`, today without it.

    Raises ValidationError where it is on its way already, covered, ended or outside the scope.
    """
    day = on or timezone.localdate()
    refuse_future(day, "on")
    today = timezone.localdate()
    rows = Association.objects.for_user(by, ABILITY).as_of(today)
    row = rows.select_for_update(of=("self",), no_key=True).filter(pk=association.pk).first()
    if row is None:
        raise ValidationError(_("This is not one of the associations that you can change."))
    if Association.objects.covered(today).filter(pk=row.pk).exists():
        said = _("A Party organisation covers %(association)s already.")
        raise ValidationError(said % {"association": row})
    _close_lost([row.pk], by)
    establishment = _beginning(row, day)
    establishment.validate_constraints()
    try:
        with transaction.atomic():
            establishment.save()
    except IntegrityError as error:
        said = _("This association is on the way to a Party organisation already.")
        raise ValidationError(said) from error
    record(establishment, "", day, by)
    return establishment


@transaction.atomic
def begin_all(
    *, associations: Iterable[Association], by: Any, on: datetime.date | None = None
) -> int:
    """Set those of `associations` on their way that are neither covered nor on it yet; how many
    that was.

    on: the day of the survey, today without it: later steps cannot lie before it
    Those that somebody else has set on their way meanwhile are passed over.
    """
    today = timezone.localdate()
    day = on or today
    refuse_future(day, "on")
    ours = Association.objects.for_user(by, ABILITY).active(today).order_by("pk")
    locked = ours.select_for_update(of=("self",), no_key=True)
    asked = [row.pk for row in locked.filter(pk__in=[each.pk for each in associations])]
    waiting = Association.objects.filter(pk__in=asked).uncovered(today).without_plan(today)
    begun = [_beginning(row, day) for row in waiting.order_by("pk")]
    _close_lost([row.association_id for row in begun], by)
    Establishment.objects.bulk_create(begun)
    StageMove.objects.bulk_create(stage_move(row, "", day, by) for row in begun)
    return len(begun)


def _close_lost(associations: Collection[int], by: Any) -> None:
    """Close the earlier ways of `associations` whose Party organisation covers them no longer, so
    that another can begin."""
    today = timezone.localdate()
    lost = Establishment.objects.filter(association__in=associations).lost(today).order_by("pk")
    for row in lost.select_for_update(of=("self",), no_key=True):
        said = _("The Party organisation no longer covers the association; it begins anew.")
        row.closed_on, row.closed_reason, row.lead = today, said, None
        save(row)
        record(row, row.stage, today, by, said, to=Outcome.GIVEN_UP)


def _beginning(association: Association, on: datetime.date) -> Establishment:
    """The first stage, in the form that fits the number of its members."""
    members = association.party_members
    formation = fitting_formation(members)
    return Establishment(
        association=association,
        since=on,
        formation=formation,
        kind=fitting_kind(formation, members),
    )
