"""The ballot of a cycle: codes for the room, sheets that nothing ties to them, and its close."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from assessments.models import (
    Ballot,
    BallotCode,
    BallotRating,
    BallotSheet,
    Cycle,
    Stage,
)
from assessments.operations.cycles import locked

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is read as another
LENGTH = 10
MOST_CODES = 500


@transaction.atomic
def make_codes(*, cycle: Cycle, number: int, by: Any) -> list[str]:
    """New codes for `number` more people in the room. They are told this once: what is kept cannot
    be turned back into them.

    Raises ValidationError for more than MOST_CODES in all, and once the ballot is closed.
    """
    ballot = _locked(cycle, by)
    if ballot.state == Ballot.State.CLOSED:
        raise ValidationError(_("The ballot is closed."))
    if not 0 < number <= MOST_CODES - ballot.codes_made:
        said = _("At most %(most)s codes are possible in all; %(made)s are printed.")
        raise ValidationError(said % {"most": MOST_CODES, "made": ballot.codes_made})
    codes = [_code() for _each in range(number)]
    BallotCode.objects.bulk_create(BallotCode(ballot=ballot, digest=digest(code)) for code in codes)
    ballot.codes_made += number
    ballot.save()
    return codes


@transaction.atomic
def open_ballot(*, cycle: Cycle, by: Any) -> None:
    """Let sheets come in. Raises ValidationError without codes, and once it is closed."""
    ballot = _locked(cycle, by, Stage.OPEN)
    if ballot.state == Ballot.State.CLOSED:
        raise ValidationError(_("The ballot is closed."))
    if not ballot.codes_made:
        raise ValidationError(_("Print codes for the room first."))
    ballot.state = Ballot.State.OPEN
    ballot.full_clean()
    ballot.save()


@transaction.atomic
def close_ballot(*, cycle: Cycle, by: Any) -> None:
    """Let no more sheets in, for good; codes that nobody used are deleted."""
    ballot = _locked(cycle, by, Stage.OPEN)
    if ballot.state == Ballot.State.CLOSED:
        return
    if ballot.state != Ballot.State.OPEN:
        raise ValidationError(_("The ballot has not been opened yet."))
    ballot.state = Ballot.State.CLOSED
    ballot.save()
    ballot.codes.all().delete()


def is_known(code: str) -> bool:
    """Whether `code` opens a sheet of a ballot that is open."""
    return _codes(code).exists()


@transaction.atomic
def cast(*, code: str, ratings: Mapping[int, Sequence[int]]) -> None:
    """Cast a sheet: the marks of the six rows by the keys of the participants, all or none.

    The code is used up in the transaction in which the sheet comes into being; of two that arrive
    with it at once, one finds it gone. Raises ValidationError for a code that is unknown or used,
    a ballot that isn't open, and a sheet that leaves a subject out.
    """
    known = _codes(code).values("ballot")
    # Before the code, as the close does: neither waits for the other.
    ballot = Ballot.objects.select_for_update(no_key=True).filter(pk__in=known).first()
    if ballot is None or not _codes(code).delete()[0]:
        raise ValidationError(_("This code is unknown, or a sheet has been cast with it already."))
    wanted = set(ballot.cycle.participants.rated().values_list("pk", flat=True))
    if ratings.keys() != wanted:
        raise ValidationError(_("A sheet counts only when every subject on it is rated."))
    sheet = BallotSheet.objects.create(ballot=ballot)
    rows = [
        BallotRating(sheet=sheet, participant_id=participant, marks=list(marks))
        for participant, marks in ratings.items()
    ]
    for row in rows:
        row.clean_fields(exclude=["sheet", "participant"])
    BallotRating.objects.bulk_create(rows)


def digest(code: str) -> str:
    """What is kept of a code, however it was typed: it takes this site's secret to compute."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return salted_hmac("assessments.ballot", plain, algorithm="sha256").hexdigest()


def _codes(code: str) -> Any:
    return BallotCode.objects.filter(digest=digest(code), ballot__state=Ballot.State.OPEN)


def _code() -> str:
    letters = "".join(secrets.choice(LETTERS) for _each in range(LENGTH))
    return f"{letters[:5]}-{letters[5:]}"


def _locked(cycle: Cycle, by: Any, *stages: Stage) -> Ballot:
    """The cycle's ballot, for this transaction alone; made where there is none yet."""
    row = locked(cycle, by, *(stages or (Stage.PREPARING, Stage.OPEN)))
    ballot, _made = Ballot.objects.select_for_update(no_key=True).get_or_create(cycle=row)
    return ballot
