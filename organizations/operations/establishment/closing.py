"""How a way ends without its steps: given up, taken up again, or found established."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.models import Association, Coverage, Establishment
from organizations.models.establishment import Outcome, Stage
from organizations.operations.coverage import refuse_ended
from organizations.operations.establishment.rows import (
    companions_of,
    lock_in_order,
    locked,
    locked_with_companions,
    record,
    refuse_closed,
    save,
)


@transaction.atomic
def give_up(*, establishment: Establishment, reason: str, by: Any) -> None:
    """Close `establishment` for `reason`, as of today; those that move along go their own way."""
    rows = locked_with_companions(establishment, by)
    row = rows[0]
    refuse_closed(row)
    if not reason.strip():
        raise ValidationError(_("Say why it is given up."))
    today = timezone.localdate()
    if not row.is_ahead and Association.objects.covered(today).filter(pk=row.association_id):
        raise ValidationError(_("The Party organisation exists; it cannot be given up."))
    for other in rows[1:]:
        other.lead = None
        save(other)
    row.closed_on, row.closed_reason, row.lead = today, reason.strip(), None
    save(row)
    record(row, row.stage, today, by, reason.strip(), to=Outcome.GIVEN_UP)


@transaction.atomic
def reopen(*, establishment: Establishment, by: Any) -> None:
    """Take up again what was given up, at the stage where it stood, from today on."""
    row = locked(establishment, by)
    if row.closed_on is None:
        raise ValidationError(_("It is on its way already."))
    refuse_ended(row.association)
    today = timezone.localdate()
    if Association.objects.covered(today).filter(pk=row.association_id).exists():
        raise ValidationError(_("A Party organisation covers the association already."))
    row.closed_on, row.closed_reason, row.since = None, "", today
    save(row)
    record(row, Outcome.GIVEN_UP, today, by)


@transaction.atomic
def take_over(*, establishment: Establishment, by: Any) -> None:
    """Confirm that the Party organisation exists which a roster or somebody else has recorded.

    The establishment stands at "established" from the day since which its association is covered;
    what led to it stays unknown. Raises ValidationError where nothing covers the association.
    """
    lock_in_order(establishment)
    row = locked(establishment, by)
    companions = companions_of(row, by)
    refuse_closed(row)
    today = timezone.localdate()
    covering = Coverage.objects.existing(today).counting().filter(association=row.association_id)
    coverage = covering.select_related("party_organization").first()
    if not row.is_ahead or coverage is None:
        raise ValidationError(_("There is nothing to confirm; somebody has settled it already."))
    before = row.stage
    for other in companions:
        other.lead = None
        save(other)
    row.stage, row.since, row.from_roster = Stage.ESTABLISHED, coverage.valid_from, True
    row.established_on, row.party_organization = coverage.valid_from, coverage.party_organization
    row.lead = None
    save(row)
    record(row, before, coverage.valid_from, by, _("Established by roster"))
