"""What the public fills in to write to the office, and what the office fills in to answer."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from organizations.models import Suggestion
from organizations.models.suggestions import LONGEST_TEXT
from organizations.operations.suggestions import answerers
from registers.editing import BLANK

SIGNER = signing.TimestampSigner(salt="organizations.suggestion")
FASTEST_SECONDS = 3  # nobody reads and fills in the form faster
LONGEST_SECONDS = 24 * 60 * 60


def new_token() -> str:
    """What a form carries to say when it was opened, and to be recognised when sent twice."""
    return SIGNER.sign(uuid4().hex)


class SuggestionForm(forms.ModelForm):
    """A suggestion, complaint, correction or question. `key` is that of the form, once valid."""

    website = forms.CharField(  # no person sees it; what fills in every field gives itself away
        required=False,
        label=gettext_lazy("Leave this field empty"),
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    token = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Suggestion
        fields = ["kind", "about", "text", "contact"]
        labels = {
            "kind": gettext_lazy("What is it?"),
            "about": gettext_lazy("About which association"),
            "text": gettext_lazy("What would you like to say?"),
            "contact": gettext_lazy("How to reach you"),
        }
        widgets = {
            "kind": forms.RadioSelect,
            "text": forms.Textarea(attrs={"rows": 7}),
            "contact": forms.TextInput(attrs={"autocomplete": "off"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key: UUID | None = None
        self.fields["kind"].choices = Suggestion.Kind.choices  # type: ignore[attr-defined]
        self.fields["about"].help_text = _("Its name or credit code, where it is about one.")
        self.fields["text"].help_text = _(
            "Up to %(most)s characters. Please leave out identity-card numbers and whatever else "
            "about people is not needed."
        ) % {"most": LONGEST_TEXT}
        self.fields["contact"].help_text = contact_rule()

    @property
    def token_to_offer(self) -> str:
        """The form's token as long as it holds, so that it is sent once; else a new one."""
        token = str(self.data.get("token", ""))
        return token if _key(token) else new_token()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("website"):
            raise ValidationError(_("A field that no person sees was filled in: please empty it."))
        token = cleaned.get("token", "")
        self.key = _key(token)
        if self.key is None:
            raise ValidationError(_("The form had been open for long. Please send it once more."))
        if _key(token, FASTEST_SECONDS):
            raise ValidationError(_("That was very fast. Please read it over and send it again."))
        return cleaned


class LookUpForm(forms.Form):
    """What opens the answer to a suggestion. Both are compared, so neither needs a format."""

    number = forms.CharField(max_length=20, label=gettext_lazy("Receipt number"))
    code = forms.CharField(max_length=30, label=gettext_lazy("Look-up code"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}


class HandOverForm(forms.Form):
    """To whom a suggestion is given. was: in whose hands it was when the page was opened."""

    handler = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Hand over to"), empty_label=BLANK[1]
    )
    was = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["handler"].queryset = answerers()  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    text = forms.CharField(
        max_length=LONGEST_TEXT,
        label=gettext_lazy("Answer"),
        widget=forms.Textarea,
        help_text=gettext_lazy("The sender reads it with the look-up code."),
    )


class PutAsideForm(forms.Form):
    reason = forms.CharField(
        max_length=300,
        label=gettext_lazy("Why it is not pertinent"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The sender reads it; say who is responsible, where you know."),
    )


class PublishForm(forms.Form):
    text = forms.CharField(
        max_length=LONGEST_TEXT,
        label=gettext_lazy("Question as published"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    answer = forms.CharField(
        max_length=LONGEST_TEXT,
        label=gettext_lazy("Answer as published"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    is_checked = forms.BooleanField(
        label=gettext_lazy("I have made sure that nobody can be recognised in it."),
    )


def contact_rule() -> str:
    """What becomes of the sender's contact, in one sentence."""
    days = settings.SUGGESTION_CONTACT_DAYS
    said = ngettext(
        "Only those who answer you see it; it is never published, and deleted %(days)s day after "
        "your message is settled.",
        "Only those who answer you see it; it is never published, and deleted %(days)s days after "
        "your message is settled.",
        days,
    )
    return said % {"days": days}


def _key(token: str, within: int = LONGEST_SECONDS) -> UUID | None:
    """The key of a token of this site not older than `within` seconds."""
    try:
        return UUID(hex=SIGNER.unsign(token, max_age=within))
    except signing.BadSignature:
        return None
