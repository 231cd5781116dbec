"""Setting the limits and weights of proposed assignments."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from organizations.models import AssignmentRules
from organizations.scoping import is_citywide

FIELDS = ("most", "evenness", "unit", "industry", "county", "within_county", "days_left")


@transaction.atomic
def set_rules(*, rules: AssignmentRules, opened_at: int, by: Any) -> bool:
    """Put `rules`, a row not saved yet, in force for the whole city; whether they differ from
    those before, which otherwise stay.

    opened_at: the key of the rules that the person saw, 0 for those of the program. Raises
    ValidationError where others have been set since, PermissionDenied where `by` answers for a
    part of the city only.
    """
    if not is_citywide(by, Permission.SET_ASSIGNMENT_RULES):
        raise PermissionDenied
    with connection.cursor() as cursor:  # one at a time; reading goes on
        cursor.execute("LOCK TABLE organizations_assignmentrules IN SHARE ROW EXCLUSIVE MODE")
    current = AssignmentRules.objects.in_force()
    if all(getattr(current, name) == getattr(rules, name) for name in FIELDS):
        return False
    if (current.pk or 0) != opened_at:
        text = _("%(person)s has set other rules meanwhile; they stand in the table below.")
        raise ValidationError(text % {"person": current.set_by})
    rules.set_by = by
    rules.full_clean(exclude=["set_by"])
    rules.save(force_insert=True)
    return True
