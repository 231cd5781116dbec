"""Forms on Party organisations: particulars, election, extension, dissolution, committee, weak."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.models import PartyOrganization, RectificationNote, WeakListing
from organizations.operations.party import check_election
from organizations.party_names import other_kind_named
from registers.columns import Text
from registers.day_field import DayField
from registers.editing import EditForm, fields_of
from registers.once import OnceMixin

Groups = Sequence[tuple[Text, Sequence[str]]]
PARTICULARS: Groups = (
    (gettext_lazy("Party organisation"), ("name", "kind", "nature", "formation")),
    (gettext_lazy("Subordination"), ("subordination", "superior")),
    (gettext_lazy("Founding"), ("approval_no", "approved_on", "established_on")),
    (gettext_lazy("Secretary"), ("secretary", "secretary_source")),
)
ELECTION: Groups = (
    (
        gettext_lazy("Election"),
        ("last_election_on", "secretary", "secretary_source", "election_approval"),
    ),
)
EXTENSION: Groups = ((gettext_lazy("Extension"), ("extended_until", "extension_approval")),)
DISSOLUTION: Groups = ((gettext_lazy("Dissolution"), ("dissolved_on",)),)
COMMITTEE: Groups = (
    (gettext_lazy("Committee"), ("committee_form", "name", "superior")),
    (gettext_lazy("Founding"), ("approval_no", "approved_on", "established_on")),
    (gettext_lazy("Secretary"), ("secretary", "secretary_source")),
)
LISTING: Groups = ((gettext_lazy("Listing"), ("listed_on", "reason", "reason_text")),)


def refuse_other_kind(form: forms.BaseForm, kind: str) -> None:
    """Put at the fields of name and kind that the name says another kind than `kind`."""
    said = other_kind_named(form.cleaned_data.get("name") or "", kind)
    if not said or not kind:
        return
    kinds: Any = form.fields.get("kind")
    named = {
        "said": PartyOrganization.Kind(said).label,
        "chosen": PartyOrganization.Kind(kind).label,
    }
    if kinds is not None and said in dict(kinds.choices):
        form.add_error("name", _("This is the name of a “%(said)s”.") % named)
        text = _("The name says “%(said)s”; choose that kind, or correct the name.")
        form.add_error("kind", text % named)
    else:
        text = _("This is the name of a “%(said)s”; here it must be that of a “%(chosen)s”.")
        form.add_error("name", text % named)


class PartyOrganizationForm(EditForm):
    """Base: fields that are columns of the associations register are read as its cells are."""

    register_key = "associations"
    column_keys: ClassVar[Mapping[str, str]] = {
        "name": "party_organization",
        "kind": "party_kind",
        "superior": "parent_party_organization",
    }
    must: ClassVar[Sequence[str]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.must:
            self.fields[name].required = True


class ParticularsForm(PartyOrganizationForm):
    grouped = PARTICULARS
    must = ("name",)

    class Meta:
        model = PartyOrganization
        fields = fields_of(PARTICULARS)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        refuse_other_kind(self, cleaned.get("kind") or "")
        return cleaned


class ElectionForm(PartyOrganizationForm):
    grouped = ELECTION
    must = ("last_election_on", "secretary")

    class Meta:
        model = PartyOrganization
        fields = fields_of(ELECTION)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "last_election_on" in cleaned:
            day, approval = cleaned["last_election_on"], cleaned.get("election_approval", "")
            try:
                check_election(self.instance, elected_on=day, approval=approval)
            except ValidationError as wrong:
                self.add_error(None, wrong)
        return cleaned


class ExtensionForm(PartyOrganizationForm):
    grouped = EXTENSION

    class Meta:
        model = PartyOrganization
        fields = fields_of(EXTENSION)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        end = self.instance.regular_term_end
        if end:
            text = _("The term ends on %(end)s by the rules; one year more at most.")
            self.fields["extended_until"].help_text = text % {"end": date_format(end)}


class DissolutionForm(PartyOrganizationForm):
    grouped = DISSOLUTION

    class Meta:
        model = PartyOrganization
        fields = fields_of(DISSOLUTION)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day = self.fields["dissolved_on"]
        day.required = self.instance.dissolved_on is None
        day.help_text = (
            _("From this day on it covers no association any more.")
            if day.required
            else _("Recorded by mistake? Clear the day: what it covered is covered again.")
        )


class CommitteeForm(OnceMixin, PartyOrganizationForm):
    """The committee through which a department leads its associations' Party work."""

    grouped = COMMITTEE
    must = ("committee_form", "name", "established_on")

    class Meta:
        model = PartyOrganization
        fields = fields_of(COMMITTEE)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        refuse_other_kind(self, PartyOrganization.Kind.COMMITTEE)
        return cleaned


class WeakListingForm(OnceMixin, EditForm):
    grouped = LISTING
    past = ("listed_on",)

    class Meta:
        model = WeakListing
        fields = fields_of(LISTING)
        widgets: ClassVar[dict[str, Any]] = {"reason_text": forms.Textarea(attrs={"rows": 3})}


class StepForm(forms.Form):
    """The day of the next step."""

    on = DayField(label=gettext_lazy("Day"), until_today=True)


class AcceptanceForm(StepForm):
    """Which unit has accepted a rectification, and what it found."""

    accepted_by = forms.CharField(
        label=gettext_lazy("Accepting unit"),
        max_length=60,
        help_text=gettext_lazy("The unit that has checked the rectification on site."),
    )
    acceptance_opinion = forms.CharField(
        label=gettext_lazy("Opinion of acceptance"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("What was checked, and whether every problem is put right."),
    )


class DelistingForm(StepForm):
    """On which basis an accepted organisation leaves the list."""

    delisting_basis = forms.CharField(
        label=gettext_lazy("Basis of delisting"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For example the document that approves it."),
    )


class NoteForm(forms.ModelForm):
    """What was done in one of the months that still lack a note."""

    month = forms.TypedChoiceField(
        label=gettext_lazy("Month"),
        coerce=datetime.date.fromisoformat,
    )

    class Meta:
        model = RectificationNote
        fields = ("month", "text")
        widgets: ClassVar[dict[str, Any]] = {"text": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, months: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(month.isoformat(), date_format(month, "YEAR_MONTH_FORMAT")) for month in months]
        self.fields["month"].choices = choices  # type: ignore[attr-defined]
