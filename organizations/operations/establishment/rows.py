"""Locking, saving and recording what every verb of the way changes."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from organizations.models import Establishment
from organizations.models.establishment import StageMove

ABILITY = Permission.MOVE_ESTABLISHMENT


def lock_in_order(*establishments: Establishment) -> None:
    """Lock rows and those that move along with them by their keys, so that of two transactions
    that need the same ones neither waits for the other."""
    asked = [each.pk for each in establishments]
    rows = Establishment.objects.filter(Q(pk__in=asked) | Q(lead__in=asked)).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))


def locked(establishment: Establishment, by: Any) -> Establishment:
    """The row as it is now, for this transaction alone."""
    rows = Establishment.objects.for_user(by, ABILITY).order_by("pk")
    row = rows.select_for_update(of=("self",), no_key=True).filter(pk=establishment.pk).first()
    if row is None:
        raise ValidationError(_("This is not one of the associations that you can change."))
    return row


def locked_with_companions(establishment: Establishment, by: Any) -> list[Establishment]:
    """The row and those that move along with it, all of them in the scope of `by`."""
    lock_in_order(establishment)
    row = locked(establishment, by)
    if row.lead_id and row.is_ahead:
        said = _("It moves along with %(association)s; record the step there.")
        lead = Establishment.objects.for_user(by, Permission.VIEW_REGISTRY).filter(pk=row.lead_id)
        known = lead.select_related("association").first()
        raise ValidationError(said % {"association": known.association if known else "…"})
    return [row, *companions_of(row, by)]


def companions_of(row: Establishment, by: Any) -> list[Establishment]:
    """Those that move along with a locked row, locked as well and all of them in the scope."""
    others = list(row.companions.select_for_update(no_key=True).order_by("pk"))
    ours = Establishment.objects.for_user(by, ABILITY).filter(pk__in=[each.pk for each in others])
    if ours.count() < len(others):
        raise ValidationError(
            _("An association that moves along lies outside what you can change.")
        )
    return others


def refuse_closed(row: Establishment) -> None:
    """Raise ValidationError where `row` was given up."""
    if row.closed_on:
        said = _("It was given up on %(day)s; take it up again first.")
        raise ValidationError(said % {"day": date_format(row.closed_on)})


def save(row: Establishment) -> None:
    """Save `row` once all that must hold of it holds; raises ValidationError."""
    row.full_clean()
    row.save()


def record(
    row: Establishment, before: str, on: datetime.date, by: Any, note: str = "", *, to: str = ""
) -> None:
    """Record that `row` came from the stage `before` to where it stands, or to the outcome `to`."""
    made = stage_move(row, before, on, by, note, to=to)
    made.clean_fields()
    made.save()


def stage_move(
    row: Establishment, before: str, on: datetime.date, by: Any, note: str = "", *, to: str = ""
) -> StageMove:
    """The record of a move, not yet saved."""
    return StageMove(
        establishment=row,
        from_stage=before,
        to_stage=to or row.stage,
        on=on,
        by=by,
        note=note.strip(),
    )
