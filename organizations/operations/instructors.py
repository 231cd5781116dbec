"""Keeping what is known of an instructor."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from organizations.models import Instructor
from organizations.vocabularies import departments_named

EDIT = Permission.EDIT_INSTRUCTOR


@transaction.atomic
def keep_instructor(*, instructor: Instructor, by: Any) -> Instructor:
    """Save a new or changed instructor, who belongs to the department that the unit names.

    Raises ValidationError where a rule of the row is broken, or where `by` may not change the
    particulars, before or after.
    """
    if instructor.pk:
        _require_own(instructor, by)
    else:
        instructor.entered_by = by
    instructor.department_id = departments_named([instructor.unit])[instructor.unit]
    instructor.full_clean()
    instructor.save()
    _require_own(instructor, by)
    return instructor


def editable(by: Any) -> Any:
    """The instructors whose particulars `by` may change."""
    return Instructor.objects.with_particulars_of(by, EDIT)


def _require_own(instructor: Instructor, by: Any) -> None:
    locked = Instructor.objects.select_for_update(no_key=True).filter(pk=instructor.pk)
    if locked.first() is None or not editable(by).filter(pk=instructor.pk).exists():
        text = _("This unit belongs to another office, which keeps its own instructors.")
        raise ValidationError({"unit": text})
