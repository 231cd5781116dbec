"""The forms in which staff keep an association: in sections, as they think of it."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from organizations.forms.choices import grouped_departments, grouped_divisions
from organizations.members import (
    MEMBERS_OF_COMMITTEE,
    MEMBERS_OF_GENERAL_BRANCH,
    MEMBERS_TO_ORGANISE,
    reason_fits,
)
from organizations.models import Association, Division
from organizations.operations.reasons import contradiction
from organizations.records.checks import check_association
from registers.columns import Text
from registers.editing import EditForm, Group, fields_of
from registers.once import OnceMixin

REASON = "no_party_reason"
LONG = ("business_scope", "remark", "address")
DEPARTMENTS = ("registration_authority", "industry_department", "supervising_unit")
BASIC: Sequence[tuple[Text, Sequence[str]]] = (
    (gettext_lazy("Registration"), ("name", "credit_code", "certificate_no", "kind",
        "registration_type", "level", "status", "registered_on", "ended_on",
        "registered_capital")),
    (gettext_lazy("Relations"), ("industry_department", "supervising_unit",
        "registration_authority", "division", "managing_area")),
    (gettext_lazy("Contact"), ("legal_representative", "phone", "address")),
    (gettext_lazy("Field of work"), ("industry", "business_scope", "remark")),
)  # fmt: skip
MEMBERS: Sequence[tuple[Text, Sequence[str]]] = (
    (
        gettext_lazy("Staff"),
        (
            "staff_full_time",
            "staff_part_time",
            "staff_total",
            "party_members",
            "members_not_transferred",
        ),
    ),
    (gettext_lazy("Members"), ("unit_members", "individual_members")),
)
WITHOUT_PARTY_ORGANIZATION: Sequence[tuple[Text, Sequence[str]]] = (
    (gettext_lazy("Without a Party organisation"), ("no_party_reason", "has_party_group")),
)
CHARTER: Sequence[tuple[Text, Sequence[str]]] = (
    (gettext_lazy("Charter"), ("charter_has_party_building", "charter_approved_on")),
)
PARTY = (*WITHOUT_PARTY_ORGANIZATION, *CHARTER)


class AssociationForm(EditForm):
    """Base of the sections. What must agree between fields is said at the field (records/checks);
    the database holds the same as constraints."""

    register_key = "associations"

    def __init__(self, *args: Any, viewer: Any = None, **kwargs: Any) -> None:
        """viewer: who fills the form in; other associations are named only within the scope"""
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        for name in self.fields.keys() & set(LONG):
            self.fields[name].wide = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name, problem in check_association(self._record(cleaned)):
            if name in self.fields and not self.has_error(name):
                self.add_error(name, str(problem))
        self._refuse_contradiction(cleaned)
        return cleaned

    def _refuse_contradiction(self, cleaned: dict[str, Any]) -> None:
        """Refuse a reason for having no Party organisation that the number of members makes
        untrue, where the form changes one of the two. Covered associations keep theirs unshown."""
        names = [name for name in ("no_party_reason", "party_members") if name in self.fields]
        if not names or any(self.has_error(name) for name in names) or self.is_covered():
            return
        reason = cleaned.get("no_party_reason", self.instance.no_party_reason)
        members = cleaned.get("party_members", self.instance.party_members)
        if not reason_fits(reason, members):
            self.add_error(names[0], contradiction(reason, members))

    def is_covered(self) -> bool:
        """Whether a Party organisation covers the association today."""
        covered = Association.objects.covered(timezone.localdate())
        return covered.filter(pk=self.instance.pk).exists()

    def _record(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """The association as it would be, as far as it is checked."""
        described = self._meta.model._meta.concrete_fields
        stored = [field for field in described if not field.generated]
        now = {field.name: getattr(self.instance, field.attname) for field in stored}
        dates = {
            name: value.isoformat()
            for name, value in (now | cleaned).items()
            if hasattr(value, "isoformat")
        }
        return now | cleaned | dates


class BasicForm(AssociationForm):
    grouped = BASIC
    checked = ("name", "credit_code", "phone", "registered_on", "ended_on", "supervising_unit")

    class Meta:
        model = Association
        fields = fields_of(BASIC)
        widgets: ClassVar[dict[str, Any]] = {
            "business_scope": forms.Textarea(attrs={"rows": 3}),
            "remark": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        departments = grouped_departments()
        for name in DEPARTMENTS:
            self.fields[name].choices = departments  # type: ignore[attr-defined]
        self.fields["division"].choices = grouped_divisions()  # type: ignore[attr-defined]
        zones: QuerySet[Division] = Division.objects.zones()
        self.fields["managing_area"].queryset = zones  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        code = cleaned.get("credit_code")
        others = Association.objects.filter(credit_code=code).exclude(pk=self.instance.pk)
        if code and (other := others.first()):
            self.add_error("credit_code", self._of_other(other))
        return cleaned

    def _of_other(self, other: Association) -> str:
        """That the credit code is another association's, with the way there for who may see it."""
        seen = Association.objects.for_user(self.viewer, Permission.VIEW_REGISTRY)
        if not seen.filter(pk=other.pk).exists():
            return _("Another association has this credit code.")
        url = reverse("organizations:association-detail", args=[other.pk])
        named = format_html('<a href="{}">{}</a>', url, other.name)
        return format_html(_("This credit code is that of {association}."), association=named)

    def advice(self) -> dict[str, str]:
        name = self.cleaned_data.get("name")
        others = Association.objects.filter(name=name).exclude(pk=self.instance.pk)
        if name and others.exists():
            return {"name": _("Another association of this name has been registered before.")}
        return {}


class NewAssociationForm(OnceMixin, BasicForm):
    """An association that the registry does not know yet."""


class MembersForm(AssociationForm):
    """How many work there and are members. Where the number of full Party members contradicts the
    reason for having no Party organisation, that is asked for as well."""

    grouped = MEMBERS
    checked = tuple(fields_of(MEMBERS))

    class Meta:
        model = Association
        fields = (*fields_of(MEMBERS), REASON)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members, was = self._typed_members(), self.instance.no_party_reason
        if reason_fits(was, members) or self.is_covered():
            del self.fields[REASON]
            return
        reason: Any = self.fields[REASON]
        reason.required = True
        reason.choices = [each for each in reason.choices if reason_fits(each[0], members)]
        reason.error_messages["required"] = contradiction(was, members).message

    @property
    def groups(self) -> list[Group]:
        asked = (gettext_lazy("Without a Party organisation"), (REASON,))
        staff, *rest = self.grouped
        shown = [staff, asked, *rest] if REASON in self.fields else self.grouped
        return [Group(title, [self[name] for name in names]) for title, names in shown]

    def _typed_members(self) -> int | None:
        """The full Party members as typed, else as they are; None where they are not known."""
        if not self.is_bound:
            return self.instance.party_members
        try:
            typed = self.fields["party_members"].clean(self["party_members"].data)
        except ValidationError:
            return None
        return int(typed) if isinstance(typed, int) else None

    def advice(self) -> dict[str, str]:
        """What a number of full Party members calls for (domain.md, Party organisations)."""
        members = self.cleaned_data.get("party_members")
        return {"party_members": organising_advice(members)} if members is not None else {}


class CoveredForm(AssociationForm):
    """Party building of an association that a Party organisation covers."""

    grouped = CHARTER
    checked = ("charter_approved_on",)

    class Meta:
        model = Association
        fields = fields_of(CHARTER)


class PartyBuildingForm(AssociationForm):
    grouped = PARTY
    checked = ("charter_approved_on",)

    class Meta:
        model = Association
        fields = fields_of(PARTY)


def _cell_form(name: str) -> type[AssociationForm]:
    """A form of one field."""
    base = MembersForm if name in fields_of(MEMBERS) else BasicForm
    meta = type("Meta", (base.Meta,), {"fields": [name]})
    attributes = {"Meta": meta, "grouped": (("", [name]),), "checked": ()}
    return type(f"{name.title()}Form", (AssociationForm,), attributes)


# Fields that are quicker to change where they stand in the list.
CELL_FORMS = {
    name: _cell_form(name)
    for name in (*fields_of(MEMBERS), "legal_representative", "phone", "address")
}


def organising_advice(members: int) -> str:
    """How an association with so many full members organises: in a committee, a general branch or a
    branch of its own, else in a joint branch."""
    if members >= MEMBERS_OF_COMMITTEE:
        text, least = _("%(least)s or more full members: a committee."), MEMBERS_OF_COMMITTEE
    elif members >= MEMBERS_OF_GENERAL_BRANCH:
        text = _("%(least)s or more full members: a general branch.")
        least = MEMBERS_OF_GENERAL_BRANCH
    elif members >= MEMBERS_TO_ORGANISE:
        text = _("%(least)s or more full members: the association ought to have its own branch.")
        least = MEMBERS_TO_ORGANISE
    elif members:
        text = _("Fewer than %(least)s full members: a joint branch can cover the association.")
        least = MEMBERS_TO_ORGANISE
    else:
        return ""
    return text % {"least": least}
