"""Forms of the way to a Party organisation; each asks only for what its step records."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organizations.members import MEMBERS_OF_COMMITTEE, MEMBERS_OF_GENERAL_BRANCH
from organizations.models import Establishment, PartyOrganization
from organizations.operations.coverage import joint_branches
from organizations.stages import Formation, Move
from registers.day_field import DayField

Kind = PartyOrganization.Kind
OWN_KINDS = [(k.value, k.label) for k in Kind if k != Kind.JOINT_BRANCH]
JOINT = [(f.value, f.label) for f in PartyOrganization.JOINT_FORMATIONS]
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
        help_text=_("As on the document, for example 菏社工发〔2025〕12号."),
    )
    name = forms.CharField(label=_("Full name of the Party organisation"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=OWN_KINDS)
    joint_formation = forms.ChoiceField(label=_("Formation"), choices=JOINT, required=False)
    secretary = forms.CharField(label=_("Secretary"), max_length=40)
    secretary_source = forms.ChoiceField(
        label=_("Secretary's source"),
        choices=[("", "—"), *PartyOrganization.SecretarySource.choices],
        required=False,
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, move: Move, establishment: Establishment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = {"on", "note", *move.facts}
        standalone = establishment.formation == Formation.STANDALONE
        if standalone:
            kept.discard("joint_formation")
        for name in [name for name in self.fields if name not in kept]:
            del self.fields[name]
        self.fields["on"].label = _("On") if move.is_backward else DAYS.get(move.target, _("On"))
        if move.is_backward:
            self.fields["note"].label, self.fields["note"].required = _("Reason"), True
        if "kind" in self.fields:
            self._describe(establishment, standalone)

    def _describe(self, establishment: Establishment, standalone: bool) -> None:
        kinds: Any = self.fields["kind"]
        if not standalone:
            kinds.choices = [(Kind.JOINT_BRANCH.value, Kind.JOINT_BRANCH.label)]
        kinds.initial = establishment.kind
        text = _(
            "%(many)s or more full members make a general branch, %(most)s or more a committee."
        )
        kinds.help_text = text % {"many": MEMBERS_OF_GENERAL_BRANCH, "most": MEMBERS_OF_COMMITTEE}


class PlanForm(forms.Form):
    """How the Party organisation is to come about."""

    formation = forms.ChoiceField(
        label=_("Planned formation"), choices=Formation.choices, widget=forms.RadioSelect
    )
    kind = forms.ChoiceField(
        label=_("Kind, where standalone"), choices=[("", "—"), *OWN_KINDS], required=False
    )
    joins = forms.ModelChoiceField(
        label=_("Joint branch, where it joins one"),
        queryset=PartyOrganization.objects.none(),
        required=False,
    )

    def __init__(self, *args: Any, by: Any, search: str = "", **kwargs: Any) -> None:
        """search: part of the names of the joint branches that are offered."""
        super().__init__(*args, **kwargs)
        branches = joint_branches(by)
        chosen = branches.filter(name__icontains=search) if search else branches
        joins: Any = self.fields["joins"]
        joins.queryset = chosen if not self.is_bound else branches
