"""Forms of the way to a Party organisation; each asks only for what its step records."""

from typing import Any

from django import forms
from django.db.models import Q
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from organizations.forms.choices import grouped_branches
from organizations.forms.party import refuse_other_kind
from organizations.members import MEMBERS_OF_COMMITTEE, MEMBERS_OF_GENERAL_BRANCH
from organizations.models import Association, Establishment, LeadershipTerm, PartyOrganization
from organizations.operations.coverage import joint_branches
from organizations.party_names import PARTY, usual_name
from organizations.querysets.validity import holds
from organizations.stages import Formation, Move, fitting_kind
from registers.attachments import ACCEPTED, check_attachment
from registers.day_field import DayField
from registers.editing import BLANK, check_when_left

Kind = PartyOrganization.Kind
SecretarySource = PartyOrganization.SecretarySource
OWN_KINDS = [(k.value, k.label) for k in Kind if k != Kind.JOINT_BRANCH]
JOINT = [(f.value, f.label) for f in PartyOrganization.JOINT_FORMATIONS]
SUPERIORS_ID = "superiors"  # of the <datalist> beside the field
DAYS = {
    "requested": _("Requested on"),
    "approved": _("Approved on"),
    "elected": _("Elected on"),
    "established": _("Established on"),
    "granted": _("Start-up funds granted on"),
    "consolidated": _("Consolidated on"),
}


class MoveForm(forms.Form):
    """The day of a move and the facts that it records; for a step back, its reason."""

    on = DayField(until_today=True)
    approval_no = forms.CharField(
        label=_("Approval document no."),
        max_length=60,
        help_text=_("As on the document, for example 菏社工复〔2025〕12号."),
    )
    document = forms.FileField(
        label=_("The approval itself"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=_("It is kept among the association's documents."),
    )
    name = forms.CharField(label=_("Full name of the Party organisation"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=OWN_KINDS)
    joint_formation = forms.ChoiceField(label=_("Formation"), choices=JOINT, required=False)
    superior = forms.CharField(
        label=_("Superior Party organisation"),
        max_length=120,
        required=False,
        widget=forms.TextInput(
            attrs={
                "list": SUPERIORS_ID,
                "autocomplete": "off",
                "hx-get": reverse_lazy("organizations:superior-suggestions"),
                "hx-trigger": "input changed delay:300ms, focus once",
                "hx-target": f"#{SUPERIORS_ID}",
            }
        ),
        help_text=_("Choose one of the registry, or write the full name of another."),
    )
    secretary = forms.CharField(label=_("Secretary"), max_length=40)
    secretary_source = forms.ChoiceField(
        label=_("Secretary's source"),
        choices=[BLANK, *SecretarySource.choices],
        required=False,
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, move: Move, establishment: Establishment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.establishment = establishment
        kept = {"on", "note", *move.facts}
        if "approval_no" in move.facts:
            kept.add("document")
        standalone = establishment.formation == Formation.STANDALONE
        if standalone:
            kept.discard("joint_formation")
        for name in [name for name in self.fields if name not in kept]:
            del self.fields[name]
        self.fields["on"].label = _("On") if move.is_backward else DAYS.get(move.target, _("On"))
        if move.is_backward:
            self.fields["note"].label = _("Reason for the step back (stays on record)")
            self.fields["note"].required = True
        if "kind" in self.fields:
            self._describe(establishment, standalone)

    def _describe(self, establishment: Establishment, standalone: bool) -> None:
        kinds: Any = self.fields["kind"]
        if standalone:
            kinds.choices = [BLANK, *OWN_KINDS]
            kinds.initial = own_kind(establishment)
        else:
            kinds.choices = [(Kind.JOINT_BRANCH.value, Kind.JOINT_BRANCH.label)]
            kinds.initial = Kind.JOINT_BRANCH.value
        self.fields["name"].initial = usual_name(establishment.association, kinds.initial)
        for name in ("name", "kind", "secretary", "secretary_source"):
            check_when_left(self, name)
        text = _(
            "%(many)s or more full members make a general branch, %(most)s or more a committee."
        )
        kinds.help_text = text % {"many": MEMBERS_OF_GENERAL_BRANCH, "most": MEMBERS_OF_COMMITTEE}

    def clean_document(self) -> Any:
        upload = self.cleaned_data["document"]
        if upload:
            check_attachment(upload)
        return upload

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "kind" in self.fields:
            refuse_other_kind(self, cleaned.get("kind") or "")
        return cleaned

    def advice(self) -> dict[str, str]:
        """What is worth knowing about the values of fields, though nothing is wrong with them."""
        values = self.cleaned_data
        found: dict[str, str] = {}
        if not values.get("name", PARTY).startswith(PARTY):
            found["name"] = gettext("A full name begins with “中共”; check it.")
        secretary = values.get("secretary", "")
        if secretary and values.get("secretary_source") == SecretarySource.LEADER:
            heads, leaders = self._leaders()
            if heads and secretary not in heads | leaders:
                text = gettext("Presidents and legal representatives on record: %(names)s.")
                said = text % {"names": gettext(", ").join(sorted(heads))}
                found["secretary"] = found["secretary_source"] = said
        return found

    def _leaders(self) -> tuple[set[str], set[str]]:
        """Presidents and legal representatives on record today of those that move; all leaders."""
        moving = Q(establishments=self.establishment.pk)
        moving |= Q(establishments__lead=self.establishment.pk)
        known = Association.objects.filter(moving).order_by()
        terms = LeadershipTerm.objects.filter(association__in=known.values("pk"))
        serving = terms.filter(holds(timezone.localdate(), "valid_from", "valid_until"))
        posts = list(serving.order_by().values_list("post", "name"))
        legal = known.exclude(legal_representative="")
        heads = {name for post, name in posts if post == LeadershipTerm.Post.PRESIDENT}
        heads.update(legal.values_list("legal_representative", flat=True))
        return heads, {name for _post, name in posts}


def own_kind(establishment: Establishment) -> str:
    """The kind that its own Party organisation is planned to be; where none is planned, the one
    that the number of its members gives."""
    if establishment.kind in dict(OWN_KINDS):
        return establishment.kind
    return fitting_kind(Formation.STANDALONE, establishment.association.party_members).value


class PlanForm(forms.Form):
    """How the Party organisation is to come about."""

    formation = forms.ChoiceField(
        label=_("Planned formation"), choices=Formation.choices, widget=forms.RadioSelect
    )
    kind = forms.ChoiceField(
        label=_("Kind, where standalone"), choices=[BLANK, *OWN_KINDS], required=False
    )
    joins = forms.ModelChoiceField(
        label=_("Joint branch, where it joins one"),
        queryset=PartyOrganization.objects.none(),
        required=False,
    )

    def __init__(
        self, *args: Any, by: Any, search: str = "", county: Any = None, **kwargs: Any
    ) -> None:
        """search: part of the names of the joint branches that are offered; county: the division
        whose branches come first, None for those of the city."""
        super().__init__(*args, **kwargs)
        branches = joint_branches(by)
        chosen = branches.filter(name__icontains=search) if search else branches
        joins: Any = self.fields["joins"]
        joins.queryset = chosen if not self.is_bound else branches
        joins.choices = grouped_branches(joins.queryset, county)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        unnamed = not cleaned.get("kind") and not self.has_error("kind")
        if unnamed and cleaned.get("formation") == Formation.STANDALONE:
            self.add_error("kind", gettext("Choose the kind that is to be established."))
        return cleaned
