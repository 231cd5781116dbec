"""Sending instructors to associations, calling them back, and one taking over from another."""

import datetime
from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from organizations.models import Assignment, Association, Instructor, WorkEntry
from organizations.operations.days import refuse_future

EDIT = Permission.EDIT_INSTRUCTOR
NEWLY = datetime.timedelta(365)  # how long an organised association counts as newly organised
FIRST_ASSOCIATIONS = datetime.date(1949, 10, 1)  # of an unknown day of registration


@transaction.atomic
def assign(
    *,
    instructor: Instructor,
    association: Association,
    on: datetime.date,
    reason: str = "",
    by: Any,
) -> Assignment:
    """Let `instructor` work with `association` from the day `on`; the assignment.

    Asked for the very same again, as by a doubled click, it answers with the one that there is.
    reason: Assignment.Reason, or "" where none is known
    Raises ValidationError where `by` may not assign the one or send anybody to the other, where
    the day lies in the future, or where they already work together at that time.
    """
    refuse_future(on, "assigned_on")
    _lock(instructor, by)
    if not assignable(by).filter(pk=association.pk).exists():
        text = _("“%(value)s” is not one of the associations that you can change.")
        raise ValidationError({"association": text % {"value": association}})
    _require_registered(association, on)
    wanted = Assignment(
        instructor=instructor, association=association, assigned_on=on, reason=reason
    )
    same = {"assigned_on": on, "reason": reason, "ended_on": None}
    known = association.assignments.filter(instructor=instructor, **same).first()
    if known:
        return known
    wanted.full_clean()
    wanted.save()
    return wanted


@transaction.atomic
def end_assignment(
    *, assignment: Assignment, on: datetime.date, why: str = "", by: Any
) -> Assignment:
    """End the work on the day `on`, the first on which it no longer goes on.

    Ended already in the same words, it stays as it is. What began today and ends today, or is
    ended before it begins, was entered by mistake and is deleted; history keeps it.
    Raises ValidationError where it has ended otherwise, where the day lies in the future, before
    the assignment or before work that is logged, or where the association is not in the scope of
    `by`.
    """
    _wait_for(assignment.instructor_id)
    row = _locked(assignment, by)
    if (row.ended_on, row.end_reason) == (on, why):
        return row
    if row.ended_on is not None:
        raise _ended_already()
    if on <= row.assigned_on and row.assigned_on >= timezone.localdate():
        return _deleted(row, on)
    refuse_future(on, "ended_on")
    _refuse_before_work(row, on)
    row.ended_on, row.end_reason = on, why
    row.full_clean()
    row.save()
    return row


@transaction.atomic
def replace(
    *, assignment: Assignment, instructor: Instructor, on: datetime.date, why: str = "", by: Any
) -> Assignment:
    """End the assignment on the day `on` and let `instructor` take the work over from that day,
    for the same reason; the new assignment. Asked for the very same again, it answers the same.

    Raises what `assign` and `end_assignment` raise, and where somebody else has ended it already.
    """
    if instructor.pk == assignment.instructor_id:
        text = _("%(instructor)s works with this association already.")
        raise ValidationError({"instructor": text % {"instructor": instructor}})
    _wait_for(assignment.instructor_id, instructor.pk)
    row = _locked(assignment, by)
    taken_over = row.association.assignments.filter(instructor=instructor, assigned_on=on)
    if row.ended_on is not None and not taken_over.exists():
        raise _ended_already()
    ended = end_assignment(assignment=assignment, on=on, why=why, by=by)
    return assign(
        instructor=instructor, association=ended.association, on=on, reason=ended.reason, by=by
    )


def may_be_assigned(by: Any) -> Any:
    """The instructors whom `by` may send to associations."""
    return Instructor.objects.assignable(by, EDIT)


def assignable(by: Any) -> Any:
    """The registered associations to which `by` may send instructors."""
    return Association.objects.for_user(by, EDIT).filter(ended_on=None)


def endable(by: Any, assignments: Any) -> set[int]:
    """The keys of those of `assignments` that `by` may end."""
    rows = assignments.for_user(by, EDIT).filter(ended_on=None)
    return set(rows.values_list("pk", flat=True))


def reasons_of(associations: Collection[int], on: datetime.date) -> dict[int, str]:
    """Why an instructor is sent (article.md): to those newly organised, and to those that cannot
    organise yet. Others, organised for more than a year, have no such reason."""
    rows = Association.objects.filter(pk__in=associations)
    reason = dict.fromkeys(
        rows.uncovered(on).values_list("pk", flat=True), Assignment.Reason.NOT_YET_ABLE
    )
    newly = rows.covered(on).exclude(pk__in=rows.covered(on - NEWLY).values("pk"))
    reason |= dict.fromkeys(newly.values_list("pk", flat=True), Assignment.Reason.NEWLY_ORGANISED)
    return {pk: value.value for pk, value in reason.items()}


def _require_registered(association: Association, on: datetime.date) -> None:
    """Nobody is sent to an association that does not exist yet."""
    registered = Association.objects.values_list("registered_on", flat=True).get(pk=association.pk)
    since = registered or FIRST_ASSOCIATIONS
    if on < since:
        text = _("The association was not registered before %(day)s.")
        raise ValidationError({"assigned_on": text % {"day": date_format(since)}})


def _deleted(row: Assignment, on: datetime.date) -> Assignment:
    """The assignment that held on no day, as it would have ended."""
    _refuse_before_work(row, row.assigned_on)
    row.delete()
    row.ended_on = on
    return row


def _refuse_before_work(row: Assignment, on: datetime.date) -> None:
    """What is logged stays within the assignment that it was done in."""
    work = WorkEntry.objects.filter(
        instructor=row.instructor_id, association=row.association_id, on__gte=on
    )
    if last := work.order_by("-on").first():
        text = _("Work of %(day)s is logged; the assignment ends after it at the earliest.")
        raise ValidationError({"ended_on": text % {"day": date_format(last.on)}})


def _wait_for(*instructors: int) -> None:
    """Whoever assigns the same instructors or logs their work waits until this is done."""
    rows = Instructor.objects.filter(pk__in=instructors).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))


def _ended_already() -> ValidationError:
    return ValidationError(_("This assignment has ended already; somebody else was faster."))


def _lock(instructor: Instructor, by: Any) -> None:
    """Whoever assigns the same instructor waits here."""
    _wait_for(instructor.pk)
    if not may_be_assigned(by).filter(pk=instructor.pk).exists():
        text = _("“%(value)s” is not one of the instructors that you can assign.")
        raise ValidationError({"instructor": text % {"value": instructor}})


def _locked(assignment: Assignment, by: Any) -> Assignment:
    rows = Assignment.objects.for_user(by, EDIT).select_related("association", "instructor")
    row = rows.select_for_update(of=("self",), no_key=True).filter(pk=assignment.pk).first()
    if row is None:
        raise ValidationError(_("This assignment no longer exists."))
    return row
