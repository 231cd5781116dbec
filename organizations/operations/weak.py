"""The steps of a weak Party organisation: listed → rectifying → accepted → delisted.

To list, accept and delist is the office's, the city's or the county's: it takes the ability
LIST_WEAK_ORGANIZATION, which departments lack, so that no department accepts what was its own to
put right. An acceptance names the unit that has accepted. Whoever keeps the organisation's record
begins the rectification and writes the notes.
"""

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from organizations.models import PartyOrganization, RectificationNote, WeakListing
from organizations.operations.days import refuse_future

State = WeakListing.State
Facts = Mapping[str, str]
NO_FACTS: Facts = {}
STEPS = {
    State.RECTIFYING: (State.LISTED, "rectifying_since", Permission.EDIT_ASSOCIATION),
    State.ACCEPTED: (State.RECTIFYING, "accepted_on", Permission.LIST_WEAK_ORGANIZATION),
    State.DELISTED: (State.ACCEPTED, "delisted_on", Permission.LIST_WEAK_ORGANIZATION),
}
"""Each step: the state that it follows, the field of its day, and the ability that it takes."""


def ability_of(step: str) -> Permission:
    """The ability that the step to a state takes."""
    return STEPS[State(step)][2]


@transaction.atomic
def list_weak(
    *, organization: PartyOrganization, on: datetime.date, reason: str, text: str, by: Any
) -> WeakListing:
    """Put a Party organisation on the list; ValidationError where it is on it already."""
    rows = PartyOrganization.objects.for_user(by, Permission.LIST_WEAK_ORGANIZATION)
    row = rows.select_for_update(of=("self",), no_key=True).filter(pk=organization.pk).first()
    if row is None or row.dissolved_on:
        raise ValidationError(_("You may not list this Party organisation."))
    refuse_future(on, "listed_on")
    if row.established_on and on < row.established_on:
        raise ValidationError(_("The Party organisation was established later than on this day."))
    listing = WeakListing(
        party_organization=row, listed_on=on, reason=reason, reason_text=text.strip()
    )
    listing.full_clean()
    listing.save()
    return listing


FACTS = {
    State.ACCEPTED: ("accepted_by", "acceptance_opinion"),
    State.DELISTED: ("delisting_basis",),
}
"""What steps record beside their day; gone again when the step is taken back."""


def begin_rectifying(*, listing: WeakListing, on: datetime.date, by: Any) -> None:
    """Begin to put right what was listed."""
    _step(listing, State.RECTIFYING, on, by)


def accept(
    *,
    listing: WeakListing,
    on: datetime.date,
    accepted_by: str,
    acceptance_opinion: str,
    by: Any,
) -> None:
    """Accept the rectification. accepted_by: the unit that has; acceptance_opinion: what it found.

    Raises ValidationError without either, and while the note on one of its months is missing.
    """
    facts = {"accepted_by": accepted_by, "acceptance_opinion": acceptance_opinion}
    missing = [name for name, value in facts.items() if not value.strip()]
    if missing:
        said = _("An acceptance names the accepting unit and its opinion.")
        raise ValidationError(dict.fromkeys(missing, said))
    _step(listing, State.ACCEPTED, on, by, facts)


def delist(*, listing: WeakListing, on: datetime.date, by: Any, delisting_basis: str = "") -> None:
    """Take an accepted organisation off the list. delisting_basis: the document or reason."""
    _step(listing, State.DELISTED, on, by, {"delisting_basis": delisting_basis})


@transaction.atomic
def withdraw(*, listing: WeakListing, step: str, reason: str, by: Any) -> None:
    """Take back the `step` that was recorded by mistake, the last one that was taken; what was
    listed by mistake is deleted. The history keeps the reason.

    Raises ValidationError without a reason, where another step was the last one, and where notes
    have been written on the rectification.
    """
    if step not in State.values:
        raise ValidationError(_("There is no such step."))
    ability = Permission.LIST_WEAK_ORGANIZATION if step == State.LISTED else ability_of(step)
    row = _locked(listing, by, ability)
    if row.state != step:
        raise ValidationError(_("This is not the last step any more; look at it once more."))
    if not reason.strip():
        raise ValidationError(_("Say why the step is taken back."))
    if step == State.RECTIFYING and row.notes.exists():
        raise ValidationError(_("Notes have been written on the rectification; it has begun."))
    row.withdrawal = reason.strip()
    if step != State.LISTED:
        setattr(row, STEPS[State(step)][1], None)
    for name in FACTS.get(State(step), ()):
        setattr(row, name, "")
    row.full_clean()
    row.save()
    if step == State.LISTED:
        row.delete()


@transaction.atomic
def note(*, listing: WeakListing, month: datetime.date, text: str, by: Any) -> RectificationNote:
    """Write what was done in the month whose first day `month` is.

    Sent twice, the same note stands once. Raises ValidationError for a month that was not one of
    rectifying, that is still to come, or that has another note.
    """
    row = _locked(listing, by, Permission.EDIT_ASSOCIATION)
    if month not in row.months_due(timezone.localdate()):
        raise ValidationError(_("A note belongs to a month of the rectification."))
    written = row.notes.filter(month=month).first()
    if written and written.text == text.strip():
        return written
    made = RectificationNote(listing=row, month=month, text=text.strip(), written_by=by)
    made.full_clean()
    made.save()
    return made


@transaction.atomic
def _step(
    listing: WeakListing, to: str, on: datetime.date, by: Any, facts: Facts = NO_FACTS
) -> None:
    """Take the step to the state `to`; recorded in the very same words again, it is one."""
    state, name, ability = STEPS[State(to)]
    row = _locked(listing, by, ability)
    said = {name: on} | {fact: value.strip() for fact, value in facts.items()}
    if row.state == to and all(getattr(row, each) == value for each, value in said.items()):
        return
    if row.state != state:
        raise ValidationError(_("Somebody else has taken this step already."))
    refuse_future(on, "on")
    if to == State.ACCEPTED:
        _refuse_without_notes(row, on)
    for each, value in said.items():
        setattr(row, each, value)
    row.withdrawal = ""
    row.full_clean()
    row.save()


def _refuse_without_notes(row: WeakListing, on: datetime.date) -> None:
    written = set(row.notes.values_list("month", flat=True))
    missing = [month for month in row.months_due(on) if month not in written]
    if missing:
        said = _("The notes on these months are missing: %(months)s. Write them first.")
        months = _(", ").join(date_format(month, "YEAR_MONTH_FORMAT") for month in missing)
        raise ValidationError(said % {"months": months})


def _locked(listing: WeakListing, by: Any, ability: Permission) -> WeakListing:
    """The row for this transaction alone; ValidationError outside what `by` may change, and where
    the Party organisation is dissolved: it stands on no list any more."""
    rows = WeakListing.objects.for_user(by, ability).select_related("party_organization")
    row = rows.select_for_update(of=("self",), no_key=True).filter(pk=listing.pk).first()
    if row is None:
        raise ValidationError(_("You may not change this Party organisation."))
    if day := row.party_organization.dissolved_on:
        text = _("%(organization)s was dissolved on %(day)s.")
        named = {"organization": row.party_organization, "day": date_format(day)}
        raise ValidationError(text % named)
    return row
