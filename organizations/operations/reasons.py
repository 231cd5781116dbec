"""Why an association has no Party organisation yet."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from organizations.models import Association


@transaction.atomic
def give_reason(*, association: Association, reason: str, by: Any) -> None:
    """Record the `reason`, a value of Association.NoPartyReason or "" for none.

    Raises ValidationError for another value or an association outside the scope.
    """
    if reason not in ("", *Association.NoPartyReason.values):
        raise ValidationError(_("Choose one of the reasons."))
    rows = Association.objects.for_user(by, Permission.MOVE_ESTABLISHMENT)
    row = rows.select_for_update(of=("self",), no_key=True).filter(pk=association.pk).first()
    if row is None:
        raise ValidationError(_("You cannot change this association."))
    if row.no_party_reason != reason:
        row.no_party_reason = reason
        row.save(update_fields=["no_party_reason"])
