"""Keeping what is known of an instructor."""

from typing import Any

from accounts.permissions import Permission
from organizations.models import Instructor
from organizations.vocabularies import departments_named


def keep_instructor(*, instructor: Instructor, by: Any) -> Instructor:
    """Save a new or changed instructor, who belongs to the department that the unit names; a new
    one was entered by `by`. Whoever calls asks the scope before and after."""
    if instructor.pk is None:
        instructor.entered_by = by
    instructor.department_id = departments_named([instructor.unit])[instructor.unit]
    instructor.save()
    return instructor


def editable(by: Any) -> Any:
    """The instructors whose particulars `by` may change."""
    return Instructor.objects.with_particulars_of(by, Permission.EDIT_INSTRUCTOR)
