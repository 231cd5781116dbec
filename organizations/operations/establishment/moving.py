"""Steps from stage to stage, on and back."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from organizations.models import Association, Document, Establishment
from organizations.models.establishment import Stage, stages_from
from organizations.operations.coverage import refuse_ended
from organizations.operations.days import refuse_future
from organizations.operations.establishment.founding import found, join, undo_founding
from organizations.operations.establishment.rows import (
    locked_with_companions,
    record,
    refuse_closed,
    save,
)
from organizations.stages import DAY_OF, OPTIONAL, Formation, Move, checks, move_to


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
    rows = locked_with_companions(establishment, by)
    row = rows[0]
    refuse_closed(row)
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
        save(each)
        record(each, before, on, by, note)
    return moving


def _keep_approval(rows: list[Establishment], document: Any, by: Any) -> None:
    """One file for each: a large upload is moved, not copied, when it is first stored."""
    document.seek(0)
    content = document.read()
    for row in rows:
        Document.objects.create(
            association=row.association,
            kind=Document.Kind.APPROVAL,
            title=row.approval_no,
            issued_on=row.approved_on,
            file=ContentFile(content, document.name),
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
        save(each)
        record(each, before, on, by, note)
    if delete_organization:
        delete_organization()


def _until(stage: Stage, *, included: bool = False) -> list[Stage]:
    later = stages_from(stage)
    return [s for s in Stage if s not in later or (included and s == stage)]


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
