"""What people do about names on rosters that no association bears."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from organizations.models import Assignment, Association, UnresolvedAssignment
from organizations.operations.assignments import assign


@transaction.atomic
def assign_unresolved(
    *, unresolved: UnresolvedAssignment, association: Association, by: Any
) -> None:
    """Assign the instructor to the association that the listed name means; the name is settled,
    also where the two work together already.

    The assignment holds from the day on the roster, else from today, but from no day before an
    earlier one ended. Raises ValidationError where the name is no longer listed, and what `assign`
    raises.
    """
    row = _locked(unresolved, by)
    known = Assignment.objects.for_user(by, Permission.EDIT_INSTRUCTOR).filter(
        instructor=row.instructor, association=association
    )
    if not known.filter(ended_on=None).exists():
        day = row.assigned_on or timezone.localdate()
        ended = known.aggregate(last=Max("ended_on"))["last"]
        assign(instructor=row.instructor, association=association, on=max(day, ended or day), by=by)
    row.delete()


@transaction.atomic
def drop_unresolved(*, unresolved: UnresolvedAssignment, by: Any) -> None:
    """Take the name off the list; ValidationError where it is no longer listed."""
    _locked(unresolved, by).delete()


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
