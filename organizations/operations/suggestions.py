"""What becomes of a suggestion: received from the public, answered by the office."""

import datetime
import hashlib
import re
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import roles_with
from organizations.models import Association, Grant, Suggestion
from organizations.operations.allowances import (
    DAY,
    HOUR,
    Limit,
    forget_past_allowances,
    spend,
)
from organizations.personal import personal_parts
from organizations.querysets.suggestions import OPEN, WITH_ANSWER
from registers.filters import joined

ABILITY = Permission.ANSWER_SUGGESTION
State = Suggestion.State
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32, none of which is mistaken for another
CODE_LENGTH = 12
NO_KEY = UUID(int=0)
SATURDAY = 5


@transaction.atomic
def receive(
    *, kind: str, about: str, text: str, contact: str, key: UUID, client: str
) -> tuple[Suggestion, str]:
    """Take in what somebody has written; the suggestion, and the code that opens its answer.

    key: of the form sent. Sent again it gives the same suggestion and code, and counts once.
    client: the sender's address, of which nothing is kept.
    Raises ValidationError where the sender, or everybody together, sends too much.
    """
    code, now = _code(key), timezone.now()
    said = {"kind": kind, "about": about, "text": text, "contact": contact}
    kept = {
        "association": _named(about),
        "code_hash": _hash(key, code),
        "received_at": now,
        "due_on": due_day(timezone.localdate(now)),
    }
    # Of two sendings at the same moment the second waits here, and adds nothing.
    row, fresh = Suggestion.objects.get_or_create(key=key, defaults=said | kept)
    if fresh:
        _spend_sending(client)
        erase_contacts()
    return row, code


def read(*, number: str, code: str, client: str) -> Suggestion:
    """The suggestion with that receipt number, for whoever has its code.

    Raises ValidationError alike for a number that nobody was given and for a wrong code, and
    where `client` tries too often.
    """
    limits = [Limit(settings.SUGGESTION_LOOKUPS_PER_HOUR, HOUR)]
    spend(what="read suggestion", client=client, limits=limits)
    row = Suggestion.objects.select_related("association").filter(pk=_pk(number)).first()
    key, kept = (row.key, row.code_hash) if row else (NO_KEY, _hash(NO_KEY, ""))
    if not constant_time_compare(_hash(key, code), kept) or row is None:
        raise ValidationError(_("Number and code do not belong together. Please check both."))
    return row


def take(*, suggestion: Suggestion, by: Any) -> None:
    """Take a new suggestion in hand; ValidationError where somebody else has done so."""
    _move(suggestion, by, {"state": State.NEW}, state=State.IN_HAND, handler=by)


def hand_over(*, suggestion: Suggestion, handler: User, by: Any) -> None:
    """Give a suggestion in hand to another person who answers suggestions.

    Raises ValidationError where `handler` doesn't, or where it has left the hands that it was
    in when `suggestion` was read.
    """
    if not answerers().filter(pk=handler.pk).exists():
        raise ValidationError(_("%(person)s does not answer suggestions.") % {"person": handler})
    known = {"state": State.IN_HAND, "handler": suggestion.handler_id}
    _move(suggestion, by, known, handler=handler)


def answer(*, suggestion: Suggestion, text: str, by: Any) -> None:
    """Answer a suggestion in hand; the sender can read it from then on."""
    today = timezone.localdate()
    known = {"state": State.IN_HAND}
    _move(suggestion, by, known, state=State.ANSWERED, answer=text, settled_on=today)


def put_aside(*, suggestion: Suggestion, reason: str, by: Any) -> None:
    """Say that a suggestion is not pertinent and why; the sender reads the reason."""
    today = timezone.localdate()
    known = {"state__in": OPEN}
    _move(suggestion, by, known, state=State.NOT_PERTINENT, reason=reason, settled_on=today)


def close(*, suggestion: Suggestion, by: Any) -> None:
    """Close an answered suggestion: nothing more is to be done about it."""
    _move(suggestion, by, {"state": State.ANSWERED}, state=State.CLOSED)


def publish(*, suggestion: Suggestion, text: str, answer: str, by: Any) -> None:
    """Show question and answer, both in the words given, to everybody.

    Raises ValidationError where these name personal data: phone and identity-card numbers,
    addresses of e-mail and messengers, the sender's contact, or people of the association.
    """
    names = _people_of(suggestion)
    if found := personal_parts(f"{text}\n{answer}", names):
        said = _("Personal data cannot be published: %(parts)s.")
        raise ValidationError(said % {"parts": _(", ").join(dict.fromkeys(found))})
    known = {"state__in": WITH_ANSWER, "published_on": None}
    today = timezone.localdate()
    _move(suggestion, by, known, public_text=text, public_answer=answer, published_on=today)


def withdraw(*, suggestion: Suggestion, by: Any) -> None:
    """Take a published answer back; its words stay, for it to be published again."""
    _move(suggestion, by, {"published_on__isnull": False}, published_on=None)


def erase_contacts() -> int:
    """Delete the contacts whose time is over, and past counts of senders; how many contacts.

    Runs with every suggestion received, so that it needs nobody's attention, and once a day as
    `manage.py erase_contacts`.
    """
    forget_past_allowances()
    today = timezone.localdate()
    over = today - datetime.timedelta(settings.SUGGESTION_CONTACT_DAYS)
    rows = Suggestion.objects.with_contact_to_erase(over)
    return rows.update(contact="", contact_erased_on=today)


def answerers() -> Any:
    """The people who answer suggestions today."""
    grants = Grant.objects.in_force(timezone.localdate())
    held = grants.filter(role__in=roles_with(ABILITY), department=None, division=None)
    return User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("full_name")


def due_day(received: datetime.date) -> datetime.date:
    """The last of the working days (Monday to Friday) within which an answer is due."""
    day = received
    left = settings.SUGGESTION_WORKING_DAYS
    while left > 0:
        day += datetime.timedelta(1)
        left -= day.weekday() < SATURDAY
    return day


def _move(suggestion: Suggestion, by: Any, known: dict[str, Any], **values: Any) -> None:
    """Write `values` if the row is still as `known`; who comes second is told what it is now."""
    rows = Suggestion.objects.for_user(by, ABILITY).filter(pk=suggestion.pk)
    if not rows.filter(**known).update(**values):
        now = rows.select_related("handler").first()
        raise ValidationError(_overtaken(now))


def _overtaken(row: Suggestion | None) -> str:
    if row is None:
        return _("You do not answer suggestions for the whole city.")
    said = _("Nothing was changed: somebody was faster.")
    state = _("It is now “%(state)s”.") % {"state": row.get_state_display()}
    if row.handler is None:
        return joined(said, state)
    return joined(said, state, _("In the hands of %(person)s.") % {"person": row.handler})


def _spend_sending(client: str) -> None:
    own = [
        Limit(settings.SUGGESTIONS_PER_HOUR, HOUR),
        Limit(settings.SUGGESTIONS_PER_DAY, DAY),
    ]
    spend(what="send suggestion", client=client, limits=own)
    everybody = [Limit(settings.SUGGESTIONS_CITYWIDE_PER_HOUR, HOUR)]
    spend(what="send suggestion", client="", limits=everybody)


def _named(about: str) -> Association | None:
    """The association that is meant, a registered one before others."""
    found = Association.objects.named(about)
    return found.order_by(F("ended_on").desc(nulls_first=True), "pk").first()


def _people_of(suggestion: Suggestion) -> list[str]:
    """Who must not be named in public: the sender's contact, the people of the association."""
    people = suggestion.association.people() if suggestion.association else []
    return [suggestion.contact, *people]


def _code(key: UUID) -> str:
    """The code of a form's key: the same for the same form, and a secret of this site."""
    told = salted_hmac("organizations.suggestion.code", key.hex, algorithm="sha256").digest()
    letters = "".join(LETTERS[byte % len(LETTERS)] for byte in told[:CODE_LENGTH])
    return "-".join(letters[at : at + 4] for at in range(0, CODE_LENGTH, 4))


def _hash(key: UUID, code: str) -> str:
    return hashlib.sha256(f"{key.hex} {_plain(code)}".encode()).hexdigest()


def _plain(code: str) -> str:
    """The code without the strokes and spaces that people write or leave out."""
    return re.sub(r"[^0-9A-Z]", "", code.upper())


def _pk(number: str) -> int:
    """The key out of a receipt number; 0, which no row has, where it is none."""
    found = re.fullmatch(r"\s*(?:YJ)?0*(\d{1,9})\s*", number, re.IGNORECASE)
    return int(found.group(1)) if found else 0
