"""Writing a proposal's rows as assignments, and taking them back."""

import datetime
from collections.abc import Collection, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.models import (
    Assignment,
    Association,
    Instructor,
    Proposal,
    ProposalRow,
    WorkEntry,
)
from organizations.operations.assignments import reasons_of
from organizations.operations.proposals import decided
from organizations.proposals.checking import obstacles
from organizations.proposals.reading import EDIT

Status = Proposal.Status
AHEAD = datetime.timedelta(365)


@transaction.atomic
def accept(
    *,
    proposal: Proposal,
    by: Any,
    starts_on: datetime.date,
    only: Collection[int] | None = None,
) -> int:
    """Write the undecided rows (those with the keys `only`, if given) as assignments that hold
    from `starts_on`; how many were written. Sent again, it writes nothing more.

    Raises ValidationError, one message per row, where one of them can no longer be written; then
    none is.
    """
    locked = Proposal.objects.for_user(by).select_for_update(no_key=True).get(pk=proposal.pk)
    if locked.status == Status.ACCEPTED:
        return 0
    if not locked.is_draft:
        raise decided()
    if starts_on > timezone.localdate() + AHEAD:
        raise ValidationError(_("The day lies more than a year ahead."))
    rows = list(_acceptable(locked, only))
    _lock_both_sides(rows)
    hindered = obstacles(rows, by=by, on=starts_on)
    if hindered:
        raise ValidationError(_named(rows, hindered))
    _write(rows, starts_on)
    if not locked.rows.acceptable().exists():
        Proposal.objects.filter(pk=locked.pk).update(status=Status.ACCEPTED)
    return len(rows)


@transaction.atomic
def take_back(*, proposal: Proposal, by: Any) -> list[Assignment]:
    """Delete the assignments that accepting the proposal wrote; it is closed with that. Those
    changed since, or on which other records rest, stay: they are returned.

    Raises ValidationError where one lies outside what `by` may change, or nothing is written.
    """
    locked = Proposal.objects.for_user(by).select_for_update(no_key=True).get(pk=proposal.pk)
    written = Assignment.objects.filter(proposal_row__proposal=locked).order_by("pk")
    # Whoever logs work locks the instructor: nothing is logged between the look and the deletion.
    workers = Instructor.objects.filter(assignments__in=written).order_by("pk")
    list(workers.select_for_update(no_key=True, of=("self",)).values_list("pk"))
    keys = list(written.select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))
    if not keys:
        raise ValidationError(_("Nothing of this proposal is written (any more)."))
    mine = Assignment.objects.for_user(by, EDIT).filter(pk__in=keys)
    if mine.count() != len(keys):
        raise ValidationError(_("Some of these associations are no longer yours to change."))
    touched = touched_since(keys)
    Assignment.objects.filter(pk__in=set(keys) - touched).delete()
    Proposal.objects.filter(pk=locked.pk).update(status=Status.TAKEN_BACK)
    return list(Assignment.objects.filter(pk__in=touched).select_related("association"))


def touched_since(keys: Collection[int]) -> set[int]:
    """Those of the assignments that somebody changed or worked on, or to which records refer."""
    events = Assignment.pgh_event_model.objects  # type: ignore[attr-defined]
    changed = events.filter(pgh_obj__in=keys, pgh_label="update").order_by()
    touched = set(changed.values_list("pgh_obj", flat=True))
    for relation in Assignment._meta.related_objects:
        model: Any = relation.related_model
        if model is ProposalRow or not getattr(relation.field, "db_constraint", False):
            continue
        name = relation.field.name
        referring = model._default_manager.filter(**{f"{name}__in": keys}).order_by()
        touched |= set(referring.values_list(name, flat=True))
    return touched | _worked_on(keys)


def _worked_on(keys: Collection[int]) -> set[int]:
    """Those of the assignments of whose work something has been logged."""
    logged = WorkEntry.objects.filter(
        instructor=OuterRef("instructor"),
        association=OuterRef("association"),
        on__gte=OuterRef("assigned_on"),
    )
    worked = Assignment.objects.filter(Exists(logged), pk__in=keys).order_by()
    return set(worked.values_list("pk", flat=True))


def _acceptable(proposal: Proposal, only: Collection[int] | None) -> QuerySet[ProposalRow]:
    rows = proposal.rows.acceptable().select_related("association")
    return rows if only is None else rows.filter(pk__in=only)


def _lock_both_sides(rows: Sequence[ProposalRow]) -> None:
    """Nobody else accepts the same associations or instructors until this transaction ends."""
    sides = (
        (Association, {row.association_id for row in rows}),
        (Instructor, {row.instructor_id for row in rows}),
    )
    for model, keys in sides:
        locked: Any = model.objects.filter(pk__in=keys).order_by("pk")
        list(locked.select_for_update(no_key=True).values_list("pk"))


def _named(rows: Sequence[ProposalRow], hindered: dict[int, str]) -> list[str]:
    sentence = _("%(association)s: %(obstacle)s")
    return [
        sentence % {"association": row.association, "obstacle": hindered[row.pk]}
        for row in rows
        if row.pk in hindered
    ]


def _write(rows: Sequence[ProposalRow], starts_on: datetime.date) -> None:
    reasons = reasons_of([row.association_id for row in rows], starts_on)
    made = Assignment.objects.bulk_create(
        Assignment(
            instructor_id=row.instructor_id or 0,  # acceptable rows have one
            association_id=row.association_id,
            assigned_on=starts_on,
            reason=reasons.get(row.association_id, ""),
        )
        for row in rows
    )
    now = timezone.now()
    for row, assignment in zip(rows, made, strict=True):
        row.assignment, row.accepted_at = assignment, now
    ProposalRow.objects.bulk_update(rows, ["assignment", "accepted_at"])
