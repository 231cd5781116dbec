"""Why an association has no Party organisation yet."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from organizations.members import reason_fits
from organizations.models import Association


def contradiction(reason: str, members: int | None) -> ValidationError:
    """What is wrong with a reason that cannot be true with so many full members."""
    said = _(
        "“%(reason)s” does not fit %(members)s full Party members on record; choose another reason "
        "or correct the number."
    )
    named = {"reason": Association.NoPartyReason(reason).label, "members": members}
    return ValidationError(said % named)


@transaction.atomic
def give_reason(*, association: Association, reason: str, by: Any) -> None:
    """Record the `reason`, a value of Association.NoPartyReason or "" for none.

    Raises ValidationError for another value, one that the number of full members contradicts, or
    an association outside the scope.
    """
    if reason not in ("", *Association.NoPartyReason.values):
        raise ValidationError(_("Choose one of the reasons."))
    rows = Association.objects.for_user(by, Permission.MOVE_ESTABLISHMENT)
    row = rows.select_for_update(of=("self",), no_key=True).filter(pk=association.pk).first()
    if row is None:
        raise ValidationError(_("You cannot change this association."))
    if not reason_fits(reason, row.party_members):
        raise contradiction(reason, row.party_members)
    if row.no_party_reason != reason:
        row.no_party_reason = reason
        row.save(update_fields=["no_party_reason"])
