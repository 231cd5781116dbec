"""Keeping training sessions and their attendance lists."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from organizations.models import Instructor, TrainingAttendance, TrainingSession

KEEP = Permission.KEEP_TRAINING


@transaction.atomic
def keep_session(*, session: TrainingSession, by: Any) -> TrainingSession:
    """Save a new or changed session.

    Raises ValidationError where there is such a session already, or where the session, before or
    after, is not one of the departments that `by` answers for.
    """
    if session.pk:
        _lock(session, by)
    session.full_clean()
    session.save()
    if not TrainingSession.objects.for_user(by, KEEP).filter(pk=session.pk).exists():
        text = _("Choose an organiser for whom you are responsible.")
        raise ValidationError({"organiser": text})
    return session


@transaction.atomic
def attend(*, attendance: TrainingAttendance, by: Any) -> TrainingAttendance:
    """Put a person on a session's list, or correct what stands there; an instructor of that name
    and unit is linked.

    Raises ValidationError where the person is on the list already, what is to be corrected has been
    struck from it meanwhile, or `by` doesn't keep it.
    """
    if attendance.pk and not _locked(attendance):
        raise ValidationError(_("This person has been taken off the list meanwhile."))
    _lock(attendance.session, by)
    attendance.instructor = instructor_of(attendance.name, attendance.unit)
    attendance.full_clean()
    attendance.save(force_update=bool(attendance.pk))
    return attendance


@transaction.atomic
def strike(*, attendance: TrainingAttendance, by: Any) -> None:
    """Take a person off a session's list; ValidationError where `by` doesn't keep it."""
    row = _locked(attendance)
    _lock(attendance.session, by)
    if row:
        row.delete()


def instructor_of(name: str, unit: str) -> Instructor | None:
    """The instructor of that name and unit."""
    return Instructor.objects.filter(name=name, unit=unit).first() if unit else None


def _locked(attendance: TrainingAttendance) -> TrainingAttendance | None:
    """The row on the list as it is now, None where it has been struck; locked before its session,
    as pages do that change it."""
    rows = TrainingAttendance.objects.select_for_update()
    return rows.filter(pk=attendance.pk).first()


def _lock(session: TrainingSession, by: Any) -> None:
    rows = TrainingSession.objects.for_user(by, KEEP).select_for_update(of=("self",), no_key=True)
    if rows.filter(pk=session.pk).first() is None:
        raise ValidationError(_("This session is not one that you keep."))
