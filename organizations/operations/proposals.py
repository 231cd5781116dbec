"""Working out who should go where, changing a proposal, accepting it and taking it back."""

import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.models import AssignmentRules, Instructor, Proposal, ProposalRow
from organizations.proposals.problem import Problem
from organizations.proposals.reading import EDIT, Asked, problem_of, waiting
from organizations.proposals.solving import Solution, TooLarge, solve
from organizations.proposals.standing import Standing

Status = Proposal.Status


def propose(*, by: Any, asked: Asked, key: UUID) -> Proposal:
    """The best proposal for the associations asked for; asked for again with the same `key`, the
    one made the first time.

    Raises ValidationError where no association waits or nobody could go, or there are too many.
    """
    made = Proposal.objects.filter(created_by=by, key=key).first()
    if made:
        return made
    rules, today = AssignmentRules.objects.in_force(), timezone.localdate()
    problem = problem_of(waiting(by, asked, today), by=by, rules=rules, on=today)
    worked_out, solution = _worked_out(problem, rules, {})
    try:
        with transaction.atomic():
            proposal = Proposal.objects.create(
                created_by=by, key=key, asked=asdict(asked), **worked_out
            )
            ProposalRow.objects.bulk_create(_new_row(proposal, *pair) for pair in solution.items())
    except IntegrityError:  # the other of two at once
        return Proposal.objects.get(created_by=by, key=key)
    return proposal


@transaction.atomic
def work_out_again(*, proposal: Proposal, by: Any) -> int:
    """Work out the undecided rows anew from the registry and the rules of now; kept rows stay.

    Rows whose association no longer waits are left out; how many these are. Raises
    ValidationError where the proposal is decided or the kept rows break the rules of now.
    """
    _locked(proposal, by)
    rules, today = AssignmentRules.objects.in_force(), timezone.localdate()
    rows = list(proposal.rows.undecided())
    still = waiting(by, Asked(), today).filter(pk__in=[row.association_id for row in rows])
    problem = problem_of(still, by=by, rules=rules, on=today)
    gone = [row for row in rows if row.association_id not in problem.place]
    kept = {
        row.association_id: row.instructor_id
        for row in rows
        if row.kept and row.instructor_id and row not in gone
    }
    worked_out, choice = _worked_out(problem, rules, kept)
    Proposal.objects.filter(pk=proposal.pk).update(**worked_out)
    for row in rows:
        if row in gone:
            row.dropped = True
        else:
            _give(row, choice[row.association_id])
    ProposalRow.objects.bulk_update(rows, ["dropped", "instructor", "proposed", "changed_by"])
    return len(gone)


@transaction.atomic
def change_row(*, row: ProposalRow, instructor: Instructor, by: Any) -> None:
    """Give the association of `row` to `instructor`; the row is kept from then on.

    Raises ValidationError where the row is decided, the instructor is not one whom `by` may
    assign, or the proposal's limits forbid it.
    """
    row = _locked_row(row, by)
    if not Instructor.objects.assignable(by, EDIT).filter(pk=instructor.pk).exists():
        raise ValidationError(_("You can no longer assign this instructor."))
    standing = Standing(row.proposal, row.proposal.rows.all())
    _require_admitted(standing, row.association_id, instructor.pk)
    row.instructor, row.kept, row.changed_by = instructor, True, by
    row.save()


@transaction.atomic
def keep_row(*, row: ProposalRow, kept: bool, by: Any) -> None:
    """Say whether the row stays as it is when the proposal is worked out again; ValidationError
    where it is decided or has nobody to keep."""
    row = _locked_row(row, by)
    if kept and row.instructor_id is None:
        raise ValidationError(_("Choose an instructor first."))
    row.kept = kept
    row.save()


@transaction.atomic
def drop_row(*, row: ProposalRow, dropped: bool, by: Any) -> None:
    """Leave the row out or take it in again, then without its instructor if he or she has no
    room any more. ValidationError where the row is accepted."""
    row = _locked_row(row, by, dropped=True)
    if row.dropped == dropped:
        return
    row.dropped, row.kept = dropped, False
    if not dropped and row.instructor_id:
        standing = Standing(row.proposal, row.proposal.rows.taking_part())
        person = standing.problem.person.get(row.instructor_id)
        if person is None or not standing.has_room(person.key):
            row.instructor = None
    row.save()


@transaction.atomic
def discard(*, proposal: Proposal, by: Any) -> None:
    """Close a proposal without accepting what is undecided; accepted rows stay written."""
    _locked(proposal, by)
    Proposal.objects.filter(pk=proposal.pk).update(status=Status.DISCARDED)


def decided() -> ValidationError:
    """What is said to who comes second."""
    return ValidationError(_("This proposal is decided already; nothing was changed."))


def _worked_out(
    problem: Problem, rules: AssignmentRules, kept: Mapping[int, int]
) -> tuple[dict[str, Any], dict[int, int | None]]:
    """The fields of a proposal that say what it was worked out from, and the choice.

    The best cost is that without `kept` rows: what keeping them costs is part of the distance.
    """
    if not problem.places:
        raise ValidationError(_("Every association chosen has an instructor; nothing to propose."))
    if not problem.people:
        raise ValidationError(_("There is no instructor whom you could assign."))
    began = time.perf_counter()
    try:
        best = solve(problem)
        choice = _solved_around(problem, kept, best)
    except TooLarge:
        text = _("These are too many associations and instructors at once; choose one county.")
        raise ValidationError(text) from None
    fields = {
        "days_left": rules.days_left,
        "problem": problem.dump(),
        "prices": best.prices,
        "best_left_over": best.cost.left_over,
        "best_points": best.cost.points,
        "milliseconds": round((time.perf_counter() - began) * 1000),
        "worked_out_at": timezone.now(),
    }
    return fields, choice


def _solved_around(
    problem: Problem, kept: Mapping[int, int], best: Solution
) -> dict[int, int | None]:
    """The best choice in which `kept` pairs stay as they are."""
    if not kept:
        return best.choice
    for association, key in kept.items():
        person = problem.person.get(key)
        if person is None or not problem.admits(problem.place[association], person):
            raise ValidationError(_("A kept row breaks the rules of now; release it first."))
    rest = problem.given(kept)
    if any(
        person.load > problem.limits.most for person in rest.people if person.key in kept.values()
    ):
        raise ValidationError(_("Kept rows give somebody more than the limit; release one first."))
    return solve(rest).choice | dict(kept)


def _new_row(proposal: Proposal, association: int, instructor: int | None) -> ProposalRow:
    return ProposalRow(
        proposal=proposal,
        association_id=association,
        instructor_id=instructor,
        proposed_id=instructor,
    )


def _give(row: ProposalRow, instructor: int | None) -> None:
    """A kept row stays with all that it says; another gets what was worked out."""
    if not row.kept:
        row.instructor_id, row.proposed_id, row.changed_by = instructor, instructor, None


def _require_admitted(standing: Standing, association: int, key: int) -> None:
    person, place = standing.problem.person.get(key), standing.problem.place.get(association)
    if person is None or place is None:
        raise ValidationError(_("The registry has changed; work the proposal out again first."))
    if not standing.problem.admits(place, person):
        raise ValidationError(_("The rules do not allow this instructor here."))
    if not standing.has_room(key, leaving=association):
        raise ValidationError(_("This instructor has reached the limit."))


def _locked(proposal: Proposal, by: Any) -> None:
    """The proposal, for this transaction alone; ValidationError where it is decided already."""
    mine = Proposal.objects.for_user(by).filter(pk=proposal.pk, status=Status.DRAFT)
    if not mine.select_for_update(no_key=True).exists():
        raise decided()


def _locked_row(row: ProposalRow, by: Any, *, dropped: bool = False) -> ProposalRow:
    """The undecided row as it is now, the proposal being locked. dropped: also one left out."""
    _locked(row.proposal, by)
    rows: QuerySet[ProposalRow] = ProposalRow.objects.for_user(by).filter(accepted_at=None)
    found = rows.select_related("proposal").filter(pk=row.pk).first()
    if found is None or (found.dropped and not dropped):
        raise decided()
    return found
