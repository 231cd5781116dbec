"""Requests that take effect once, however often they arrive: doubled clicks, retries after a lost
answer.

A form carries a key made for it. The key is stored in the transaction of the effect, so that a
second arrival waits for the first, finds the key and is led where the first was.

The key is kept for a few days (KEPT) beside the rows, which need not know of it. Where a row has a
key of its own, it is part of what was sent for good, and the verb, called again, answers with
that row.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils import timezone

from registers.models import SentForm

KEPT = timedelta(days=7)


class OnceMixin(forms.Form):
    """A form with a key of its own."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


def earlier(text: str, *, by: Any) -> SentForm | None:
    """What was sent before with the key that `text` writes: asked before anything is checked, for
    what the first arrival has made may stand in the way of the second."""
    try:
        return SentForm.objects.filter(key=UUID(text), sent_by=by).first()
    except ValueError:
        return None


def taken(key: UUID, *, by: Any) -> SentForm | None:
    """Take the key for the caller's transaction: None the first time, else what was sent with it.

    Waits for a transaction that has taken the same key.
    """
    SentForm.objects.filter(sent_by=by, sent_at__lt=timezone.now() - KEPT).delete()
    sent, fresh = SentForm.objects.get_or_create(key=key, defaults={"sent_by": by})
    return None if fresh else sent


def leads_to(key: UUID, url: str) -> None:
    """Remember where the form with that key has led."""
    SentForm.objects.filter(key=key).update(url=url)
