"""Keeping what is known of an instructor."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from organizations.models import Instructor
from organizations.vocabularies import departments_named
from registers.refusals import leaves_scope


@transaction.atomic
def keep_instructor(*, instructor: Instructor, by: Any) -> Instructor:
    """Save a new or changed instructor, who belongs to the department that the unit names; a new
    one was entered by `by`.

    Raises ValidationError where the particulars are not those that `by` may change, before or
    with the change.
    """
    if instructor.pk is None:
        instructor.entered_by = by
    elif not editable(by).select_for_update(of=("self",), no_key=True).filter(pk=instructor.pk):
        raise ValidationError(_("You may not change this instructor."))
    instructor.department_id = departments_named([instructor.unit])[instructor.unit]
    instructor.save()
    if not editable(by).filter(pk=instructor.pk).exists():
        raise leaves_scope()
    return instructor


def editable(by: Any) -> Any:
    """The instructors whose particulars `by` may change."""
    return Instructor.objects.with_particulars_of(by, Permission.EDIT_INSTRUCTOR)
