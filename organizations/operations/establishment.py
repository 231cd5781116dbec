"""What happens to associations on their way to a Party organisation.

Each verb is one transaction that locks what it changes, checks scope inside, records the move and
raises ValidationError in the user's words.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from organizations.models import (
    Association,
    Coverage,
    Document,
    Establishment,
    PartyOrganization,
)
from organizations.models.establishment import Outcome, Stage, StageMove, stages_from
from organizations.operations.coverage import joint_branches, refuse_ended
from organizations.operations.days import refuse_future
from organizations.operations.founding import found, join, undo_founding
from organizations.stages import (
    DAY_OF,
    OPTIONAL,
    Formation,
    Move,
    checks,
    fitting_formation,
    fitting_kind,
    move_to,
)

ABILITY = Permission.MOVE_ESTABLISHMENT


@transaction.atomic
def begin(*, association: Association, by: Any, on: datetime.date | None = None) -> Establishment:
    """Set `association` on its way: surveyed on the day `on`, today without it.

    Raises ValidationError where it is on its way already, covered, ended or outside the scope.
    """
    day = on or timezone.localdate()
    refuse_future(day, "on")
    today = timezone.localdate()
    rows = Association.objects.for_user(by, ABILITY).as_of(today)
    row = rows.select_for_update(of=("self",), no_key=True).filter(pk=association.pk).first()
    if row is None:
        raise ValidationError(_("This is not one of the associations that you can change."))
    if Association.objects.covered(today).filter(pk=row.pk).exists():
        said = _("A Party organisation covers %(association)s already.")
        raise ValidationError(said % {"association": row})
    establishment = _beginning(row, day)
    establishment.validate_constraints()
    try:
        with transaction.atomic():
            establishment.save()
    except IntegrityError as error:
        said = _("This association is on the way to a Party organisation already.")
        raise ValidationError(said) from error
    _record(establishment, "", day, by)
    return establishment


@transaction.atomic
def begin_all(
    *, associations: Iterable[Association], by: Any, on: datetime.date | None = None
) -> int:
    """Set all of `associations` on their way that ought to be and are not yet; how many that was.

    on: the day of the survey, today without it: later steps cannot lie before it
    Those that somebody else has set on their way meanwhile are passed over.
    """
    today = timezone.localdate()
    day = on or today
    refuse_future(day, "on")
    ours = Association.objects.for_user(by, ABILITY).active(today).order_by("pk")
    locked = ours.select_for_update(of=("self",), no_key=True)
    asked = [row.pk for row in locked.filter(pk__in=[each.pk for each in associations])]
    waiting = Association.objects.filter(pk__in=asked).uncovered(today).without_plan(today)
    begun = [_beginning(row, day) for row in waiting.order_by("pk")]
    Establishment.objects.bulk_create(begun)
    StageMove.objects.bulk_create(_move(row, "", day, by) for row in begun)
    return len(begun)


def _beginning(association: Association, on: datetime.date) -> Establishment:
    """The first stage, in the form that fits the number of its members."""
    members = association.party_members
    return Establishment(
        association=association,
        since=on,
        formation=fitting_formation(members),
        kind=fitting_kind(members),
    )


@transaction.atomic
def plan(
    *,
    establishment: Establishment,
    formation: str,
    by: Any,
    kind: str = "",
    joins: PartyOrganization | None = None,
) -> None:
    """Say how the Party organisation is to come about; until the request it may change."""
    row = _locked(establishment, by)
    _refuse_closed(row)
    if not row.is_early:
        raise ValidationError(_("The request has been made; its plan no longer changes."))
    if formation != row.formation and (row.lead_id or row.companions.exists()):
        raise ValidationError(
            _("Others move along. Let them go first, then choose another formation.")
        )
    if joins and not joint_branches(by).filter(pk=joins.pk).exists():
        raise ValidationError(_("This is not one of the joint branches that you can change."))
    row.formation = Formation(formation)
    row.joins = joins if formation == Formation.JOIN else None
    row.kind = kind if formation == Formation.STANDALONE else PartyOrganization.Kind.JOINT_BRANCH
    _save(row)


@transaction.atomic
def bring_along(*, establishment: Establishment, association: Association, by: Any) -> None:
    """Let `association` found the joint branch together with `establishment`: from now on it
    moves along. It is set on its way where it isn't yet."""
    known = Establishment.objects.for_user(by, ABILITY).open().filter(association=association)
    found_row = known.first() or begin(association=association, by=by)
    _lock_in_order(establishment, found_row)
    row, other = _locked(establishment, by), _locked(found_row, by)
    if row.formation != Formation.FOUND or row.lead_id or not row.is_early or row.closed_on:
        raise ValidationError(_("Others can join only before the request for a joint branch."))
    refuse_ended(other.association)
    if other.pk == row.pk or other.lead_id == row.pk:
        said = _("%(association)s takes part already.")
        raise ValidationError(said % {"association": association})
    if other.lead_id or other.companions.exists() or not other.is_early:
        said = _("%(association)s is on a way of its own; end that first.")
        raise ValidationError(said % {"association": association})
    other.lead, other.formation, other.joins = row, Formation.FOUND, None
    other.kind = PartyOrganization.Kind.JOINT_BRANCH
    _save(other)


@transaction.atomic
def let_go(*, establishment: Establishment, by: Any) -> None:
    """Let one that moves along with another go its own way, from the stage where it stands."""
    row = _locked(establishment, by)
    if row.lead_id is None:
        raise ValidationError(_("It moves along with no other."))
    if not row.is_ahead:
        raise ValidationError(_("The joint branch is established; end the coverage instead."))
    row.lead = None
    _save(row)


@transaction.atomic
def move(
    *,
    establishment: Establishment,
    to: str,
    on: datetime.date,
    by: Any,
    note: str = "",
    document: Any = None,
    **facts: str,
) -> None:
    """Move `establishment`, and all that move along with it, to the stage `to`.

    on: the day on which that happened; note: the reason, needed for a step back
    document: the file of the approval, checked by its form; kept with each of the associations
    facts: approval_no for an approval; name, kind, secretary and, if known, joint_formation,
        superior and secretary_source for an establishment
    Raises ValidationError where the table of moves (stages.py) knows no such move, something that
    it needs is missing, or the day is impossible; KeyError for facts of other moves.
    """
    rows = _locked_with_companions(establishment, by)
    row = rows[0]
    _refuse_closed(row)
    if row.stage == to:
        said = _("It is at the stage “%(stage)s” already, since %(day)s.")
        day = date_format(row.since)
        raise ValidationError(said % {"stage": row.get_stage_display(), "day": day})
    rule = move_to(row, to)
    if rule is None:
        raise ValidationError(_refusal(row, to))
    if unknown := facts.keys() - set(rule.facts):
        raise KeyError(*sorted(unknown))
    if rule.is_backward:
        _step_back(rows, rule, on, by, note)
    else:
        moved = _step_on(rows, rule, on, by, note, facts)
        if document and rule.target == Stage.APPROVED:
            _keep_approval(moved, document, by)


@transaction.atomic
def give_up(*, establishment: Establishment, reason: str, by: Any) -> None:
    """Close `establishment` for `reason`, as of today; those that move along go their own way."""
    rows = _locked_with_companions(establishment, by)
    row = rows[0]
    _refuse_closed(row)
    if not reason.strip():
        raise ValidationError(_("Say why it is given up."))
    today = timezone.localdate()
    if not row.is_ahead and Association.objects.covered(today).filter(pk=row.association_id):
        raise ValidationError(_("The Party organisation exists; it cannot be given up."))
    for other in rows[1:]:
        other.lead = None
        _save(other)
    row.closed_on, row.closed_reason, row.lead = today, reason.strip(), None
    _save(row)
    _record(row, row.stage, today, by, reason.strip(), to=Outcome.GIVEN_UP)


@transaction.atomic
def reopen(*, establishment: Establishment, by: Any) -> None:
    """Take up again what was given up, at the stage where it stood, from today on."""
    row = _locked(establishment, by)
    if row.closed_on is None:
        raise ValidationError(_("It is on its way already."))
    refuse_ended(row.association)
    today = timezone.localdate()
    if Association.objects.covered(today).filter(pk=row.association_id).exists():
        raise ValidationError(_("A Party organisation covers the association already."))
    row.closed_on, row.closed_reason, row.since = None, "", today
    _save(row)
    _record(row, Outcome.GIVEN_UP, today, by)


@transaction.atomic
def take_over(*, establishment: Establishment, by: Any) -> None:
    """Confirm that the Party organisation exists which a roster or somebody else has recorded.

    The establishment stands at "established" from the day since which its association is covered;
    what led to it stays unknown. Raises ValidationError where nothing covers the association.
    """
    _lock_in_order(establishment)
    row = _locked(establishment, by)
    companions = _companions(row, by)
    _refuse_closed(row)
    today = timezone.localdate()
    covering = Coverage.objects.existing(today).counting().filter(association=row.association_id)
    coverage = covering.select_related("party_organization").first()
    if not row.is_ahead or coverage is None:
        raise ValidationError(_("There is nothing to confirm; somebody has settled it already."))
    before = row.stage
    for other in companions:
        other.lead = None
        _save(other)
    row.stage, row.since, row.from_roster = Stage.ESTABLISHED, coverage.valid_from, True
    row.established_on, row.party_organization = coverage.valid_from, coverage.party_organization
    row.lead = None
    _save(row)
    _record(row, before, coverage.valid_from, by, _("Established by roster"))


def _step_on(
    rows: list[Establishment],
    rule: Move,
    on: datetime.date,
    by: Any,
    note: str,
    facts: dict[str, str],
) -> list[Establishment]:
    """Those of `rows` that have moved: all but such as stood further ahead already."""
    row = rows[0]
    for each in rows:
        refuse_ended(each.association)
    _refuse_dissolved(row)
    _refuse_day(rows, on)
    _refuse_missing(row, rule, facts)
    if row.is_ahead:
        _refuse_covered(rows)
    moving = [each for each in rows if each.stage in _until(rule.target)]
    befores = [each.stage for each in moving]
    organization = None
    if rule.target == Stage.ESTABLISHED:
        given = {key: value.strip() for key, value in facts.items()}
        organization = join(row, on) if row.formation == Formation.JOIN else found(rows, on, given)
    for each, before in zip(moving, befores, strict=True):
        if organization is not None:
            each.party_organization = organization
        if rule.target in DAY_OF:
            setattr(each, DAY_OF[rule.target], on)
        if "approval_no" in rule.facts:
            each.approval_no = facts["approval_no"].strip()
        each.stage, each.since = rule.target, on
        _save(each)
        _record(each, before, on, by, note)
    return moving


def _keep_approval(rows: list[Establishment], document: Any, by: Any) -> None:
    for row in rows:
        document.seek(0)
        Document.objects.create(
            association=row.association,
            kind=Document.Kind.APPROVAL,
            title=row.approval_no,
            issued_on=row.approved_on,
            file=document,
            file_name=document.name[-200:],
            uploaded_by=by,
        )


def _step_back(
    rows: list[Establishment], rule: Move, on: datetime.date, by: Any, note: str
) -> None:
    if not note.strip():
        raise ValidationError(_("A step back needs its reason."))
    _refuse_day(rows, on)
    undone = rule.source == Stage.ESTABLISHED
    delete_organization = undo_founding(rows) if undone else None
    for each in [each for each in rows if each.stage not in _until(rule.target, included=True)]:
        before = each.stage
        for stage in stages_from(rule.target)[1:]:
            if stage in DAY_OF:
                setattr(each, DAY_OF[stage], None)
        if Stage.APPROVED in stages_from(rule.target)[1:]:
            each.approval_no = ""
        if undone:
            each.party_organization = None
        each.stage, each.since = rule.target, on
        _save(each)
        _record(each, before, on, by, note)
    if delete_organization:
        delete_organization()


def _until(stage: Stage, *, included: bool = False) -> list[Stage]:
    later = stages_from(stage)
    return [s for s in Stage if s not in later or (included and s == stage)]


def _lock_in_order(*establishments: Establishment) -> None:
    """Lock rows and those that move along with them by their keys, so that of two transactions
    that need the same ones neither waits for the other."""
    asked = [each.pk for each in establishments]
    rows = Establishment.objects.filter(Q(pk__in=asked) | Q(lead__in=asked)).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))


def _locked(establishment: Establishment, by: Any) -> Establishment:
    """The row as it is now, for this transaction alone."""
    rows = Establishment.objects.for_user(by, ABILITY).order_by("pk")
    row = rows.select_for_update(of=("self",), no_key=True).filter(pk=establishment.pk).first()
    if row is None:
        raise ValidationError(_("This is not one of the associations that you can change."))
    return row


def _locked_with_companions(establishment: Establishment, by: Any) -> list[Establishment]:
    """The row and those that move along with it, all of them in the scope of `by`."""
    _lock_in_order(establishment)
    row = _locked(establishment, by)
    if row.lead_id and row.is_ahead:
        said = _("It moves along with %(association)s; record the step there.")
        lead = Establishment.objects.for_user(by, Permission.VIEW_REGISTRY).filter(pk=row.lead_id)
        known = lead.select_related("association").first()
        raise ValidationError(said % {"association": known.association if known else "…"})
    return [row, *_companions(row, by)]


def _companions(row: Establishment, by: Any) -> list[Establishment]:
    """Those that move along with a locked row, locked as well and all of them in the scope."""
    others = list(row.companions.select_for_update(no_key=True).order_by("pk"))
    ours = Establishment.objects.for_user(by, ABILITY).filter(pk__in=[each.pk for each in others])
    if ours.count() < len(others):
        raise ValidationError(
            _("An association that moves along lies outside what you can change.")
        )
    return others


def _refuse_closed(row: Establishment) -> None:
    if row.closed_on:
        said = _("It was given up on %(day)s; take it up again first.")
        raise ValidationError(said % {"day": date_format(row.closed_on)})


def _refusal(row: Establishment, to: str) -> str:
    if row.from_roster:
        return _("A roster tells of this Party organisation; correct it there.")
    said = _("From “%(from)s” there is no move to “%(to)s”.")
    target = dict(Stage.choices).get(to, to)
    return said % {"from": row.get_stage_display(), "to": target}


def _refuse_day(rows: list[Establishment], on: datetime.date) -> None:
    refuse_future(on, "on")
    latest = max(row.since for row in rows)
    if on < latest:
        said = _("The stage before was reached on %(day)s; this cannot lie before it.")
        raise ValidationError(said % {"day": date_format(latest)})


def _refuse_missing(row: Establishment, rule: Move, facts: dict[str, str]) -> None:
    standing = Establishment.objects.with_standing(timezone.localdate()).with_relations()
    unmet = [check for check in checks(standing.get(pk=row.pk), rule) if not check.met]
    problems = [
        _("%(need)s: %(found)s.") % {"need": check.label, "found": check.found} for check in unmet
    ]
    required = [fact for fact in rule.facts if fact not in OPTIONAL]
    if any(not facts.get(fact, "").strip() for fact in required):
        problems.append(_("Fill in everything that this step records."))
    if problems:
        raise ValidationError(" ".join(map(str, problems)))


def _refuse_dissolved(row: Establishment) -> None:
    """What follows the establishment takes a Party organisation that still exists."""
    organization = row.party_organization
    if organization and organization.dissolved_on:
        said = _("%(organization)s was dissolved on %(day)s.")
        day = date_format(organization.dissolved_on)
        raise ValidationError(said % {"organization": organization, "day": day})


def _refuse_covered(rows: list[Establishment]) -> None:
    today = timezone.localdate()
    named = [row.association_id for row in rows]
    covered = Association.objects.covered(today).filter(pk__in=named).first()
    if covered:
        said = _("A Party organisation covers %(association)s already; confirm it first.")
        raise ValidationError(said % {"association": covered})


def _save(row: Establishment) -> None:
    row.full_clean()
    row.save()


def _record(
    row: Establishment, before: str, on: datetime.date, by: Any, note: str = "", *, to: str = ""
) -> None:
    made = _move(row, before, on, by, note, to=to)
    made.clean_fields()
    made.save()


def _move(
    row: Establishment, before: str, on: datetime.date, by: Any, note: str = "", *, to: str = ""
) -> StageMove:
    return StageMove(
        establishment=row,
        from_stage=before,
        to_stage=to or row.stage,
        on=on,
        by=by,
        note=note.strip(),
    )
