"""What instructors write down about their work."""

import datetime
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from organizations.models import Assignment, Association, Instructor, WorkEntry
from organizations.operations.days import refuse_future


@transaction.atomic
def log_work(
    *,
    association: Association,
    on: datetime.date,
    method: str,
    done: str,
    problem: str = "",
    next_step: str = "",
    key: uuid.UUID,
    by: Any,
) -> WorkEntry:
    """Enter what the instructor whose log-in `by` is did with `association` on the day `on`.

    key: made with the form: sent twice, it makes one entry, which both calls answer with
    Raises ValidationError where the person isn't an instructor, wasn't assigned to the
    association on that day, or where the entry itself isn't right.
    """
    own = Instructor.objects.select_for_update(no_key=True)
    instructor = own.filter(user=by).first() if by.has_perm(Permission.LOG_WORK) else None
    if instructor is None:
        raise ValidationError(_("Your log-in belongs to no instructor."))
    known = WorkEntry.objects.filter(key=key, instructor=instructor).first()
    if known:
        return known
    _require_assignment(instructor, association, on)
    entry = WorkEntry(
        instructor=instructor,
        association=association,
        on=on,
        method=method,
        done=done,
        problem=problem,
        next_step=next_step,
        created_by=by,
        key=key,
    )
    entry.full_clean()
    entry.save()
    return entry


@transaction.atomic
def correct_work(*, entry: WorkEntry, by: Any, **values: Any) -> WorkEntry:
    """Write `values` (on, method, done, problem, next_step) over the person's own entry.

    Raises ValidationError where it may no longer be corrected, or isn't right afterwards.
    """
    Instructor.objects.select_for_update(no_key=True).get(pk=entry.instructor_id)
    row = _own(entry, by)
    for name in ("on", "method", "done", "problem", "next_step"):
        setattr(row, name, values[name])
    _require_assignment(row.instructor, row.association, row.on)
    row.full_clean()
    row.save()
    return row


@transaction.atomic
def remove_work(*, entry: WorkEntry, by: Any) -> None:
    """Take the person's own entry out of the log; history keeps it. An entry that is gone already
    stays gone. Raises ValidationError where it may no longer be removed."""
    if WorkEntry.objects.filter(pk=entry.pk).exists():
        _own(entry, by).delete()


def _own(entry: WorkEntry, by: Any) -> WorkEntry:
    rows = WorkEntry.objects.for_user(by, Permission.LOG_WORK).correctable()
    row = rows.select_for_update(of=("self",), no_key=True).filter(pk=entry.pk).first()
    if row is None:
        raise ValidationError(_("This entry can no longer be changed."))
    return row


def _require_assignment(
    instructor: Instructor, association: Association, on: datetime.date
) -> None:
    refuse_future(on, "on")
    work = Assignment.objects.as_of(on).filter(instructor=instructor, association=association)
    if not work.exists():
        text = _("You did not work with “%(association)s” on that day.")
        raise ValidationError({"on": text % {"association": association}})
