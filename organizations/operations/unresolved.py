"""What people do about names on rosters that no association bears."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from organizations.models import Association, UnresolvedAssignment
from organizations.records.assignments import assign


@transaction.atomic
def assign_unresolved(
    *, unresolved: UnresolvedAssignment, association: Association, by: Any
) -> None:
    """Assign the instructor to the association that the listed name means; the name is settled.

    The assignment holds from the day on the roster, else from today.
    Raises ValidationError where the name is no longer listed, or the association isn't a
    registered one to which `by` may send instructors.
    """
    row = _locked(unresolved, by)
    if not assignable(by).filter(pk=association.pk).exists():
        text = _("“%(value)s” is not one of the associations that you can change.")
        raise ValidationError(text % {"value": association})
    day = row.assigned_on or timezone.localdate()
    assign([(row.instructor_id, association.pk, day.isoformat())])
    row.delete()


@transaction.atomic
def drop_unresolved(*, unresolved: UnresolvedAssignment, by: Any) -> None:
    """Take the name off the list; ValidationError where it is no longer listed."""
    _locked(unresolved, by).delete()


def assignable(by: Any) -> Any:
    """The registered associations to which `by` may send instructors."""
    return Association.objects.for_user(by, Permission.EDIT_INSTRUCTOR).filter(ended_on=None)


def no_longer_listed() -> ValidationError:
    """What the second of two people is told."""
    return ValidationError(
        _("This name is no longer on the list; somebody has settled it already.")
    )


def _locked(unresolved: UnresolvedAssignment, by: Any) -> UnresolvedAssignment:
    """The row, for this transaction alone; who waits for it here finds it settled."""
    rows = UnresolvedAssignment.objects.for_user(by, Permission.EDIT_INSTRUCTOR)
    row = rows.select_for_update(of=("self",), no_key=True).filter(pk=unresolved.pk).first()
    if row is None:
        raise no_longer_listed()
    return row
