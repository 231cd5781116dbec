"""Objecting to an announced result, and replying to it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from assessments.models import Cycle, Objection, Participant, Stage
from registers.refusals import rule_broken

OBJECT, KEEP = Permission.OBJECT_TO_RESULT, Permission.KEEP_ASSESSMENT


@transaction.atomic
def raise_objection(*, participant: Participant, text: str, by: Any) -> Objection:
    """Object to the announced result of `participant`. The very same sent again is one.

    Raises ValidationError where `by` does not answer for the participant, outside the days to
    object, and while an earlier objection waits for its reply.
    """
    rows = Participant.objects.for_user(by, OBJECT).rated().select_related("cycle")
    row = rows.filter(pk=participant.pk).first()
    if row is None:
        raise ValidationError(_("You do not answer for this participant."))
    cycle = Cycle.objects.select_for_update(no_key=True).get(pk=row.cycle_id)
    until = cycle.objections_until
    if cycle.stage != Stage.ANNOUNCED or until is None:
        raise ValidationError(_("This result is not open to objections."))
    if timezone.localdate() > until:
        said = _("The days to object were over on %(day)s.")
        raise ValidationError(said % {"day": date_format(until)})
    known = row.objections.waiting().filter(text=text.strip(), raised_by=by).first()
    if known:
        return known
    return _kept(Objection(participant=row, text=text.strip(), raised_by=by))


@transaction.atomic
def reply(*, objection: Objection, upheld: bool | None, text: str, by: Any) -> Objection:
    """Answer an objection. upheld: whether it is right, and the result to be calculated anew.

    Raises ValidationError where `by` may not, has raised it, or another has replied.
    """
    rows = Objection.objects.for_user(by, KEEP)
    row = rows.select_for_update(of=("self",), no_key=True).filter(pk=objection.pk).first()
    if row is None:
        raise ValidationError(_("You may not reply to this objection."))
    told = (upheld, text.strip(), by.pk)
    if row.upheld is not None:
        if (row.upheld, row.reply, row.replied_by_id) == told:
            return row
        raise ValidationError(_("Somebody else has replied already."))
    if upheld is None or not text.strip():
        raise ValidationError(_("A reply says whether the objection is upheld, and why."))
    row.upheld, row.reply, row.replied_by = upheld, text.strip(), by
    row.replied_at = timezone.now()
    return _kept(row)


def _kept(row: Objection) -> Objection:
    row.full_clean()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as failure:
        said = rule_broken(failure) or _("The database refuses this change.")
        raise ValidationError(said) from failure
    return row
