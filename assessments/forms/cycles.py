"""Forms of cycles, their tables and their participants."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import roles_with
from assessments.models import Cycle, Indicator, Participant
from assessments.models.cycles import RULES
from organizations.models import Department, Grant, PartyOrganization
from registers.editing import EditForm, fields_of
from registers.once import OnceMixin

DAYS = (
    "starts_on",
    "cutoff_on",
    "declaring_from",
    "declaring_until",
    "showing_from",
    "showing_until",
    "rating_from",
    "rating_until",
)
GRADING = (*RULES, "objection_days")


class LabelledForm(EditForm):
    """Base: fields are called as their models call them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self._own_fields():
            self.fields[name].label = capfirst(str(self.fields[name].label))


class CycleForm(LabelledForm):
    grouped = (
        ("", ("year", "title")),
        (_("What is measured"), DAYS[:2]),
        (_("Create, showcase, evaluate"), DAYS[2:]),
        (_("From scores to grades"), GRADING),
    )

    class Meta:
        model = Cycle
        fields = fields_of(
            (
                ("", ("year", "title")),
                ("", DAYS),
                ("", GRADING),
            )
        )


class NewCycleForm(OnceMixin, LabelledForm):
    """The next cycle; its table, rules and participants are those of the last one."""

    grouped = CycleForm.grouped[:3]

    class Meta:
        model = Cycle
        fields = ("year", "title", *DAYS)


class IndicatorForm(LabelledForm):
    grouped = (("", ("position", "section", "name", "kind", "measure", "full", "standard")),)

    class Meta:
        model = Indicator
        fields = ("position", "section", "name", "kind", "measure", "full", "standard")


class NewIndicatorForm(OnceMixin, IndicatorForm):
    """An indicator more."""


class NewParticipantForm(OnceMixin, LabelledForm):
    """A city department or a social-organisation Party committee more."""

    grouped = (("", ("department", "committee")),)

    class Meta:
        model = Participant
        fields = ("department", "committee")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cycle, today = self.instance.cycle, timezone.localdate()
        taking = cycle.participants
        self.fields["department"].queryset = Department.objects.at_city_level().exclude(  # type: ignore[attr-defined]
            pk__in=taking.exclude(department=None).values("department")
        )
        self.fields["committee"].queryset = (  # type: ignore[attr-defined]
            PartyOrganization.objects.committees()
            .existing(today)
            .exclude(pk__in=taking.exclude(committee=None).values("committee"))
        )


class WithdrawalForm(LabelledForm):
    """That a participant is no longer rated."""

    grouped = (("", ("withdrawn_on", "withdrawn_reason")),)
    past = ("withdrawn_on",)

    class Meta:
        model = Participant
        fields = ("withdrawn_on", "withdrawn_reason")


class EvaluatorForm(forms.Form):
    """Who scores an indicator: people who may score in the whole city."""

    evaluator = forms.ModelChoiceField(label=_("Evaluator"), queryset=User.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        citywide = Q(role__in=roles_with(Permission.SCORE_ASSESSMENT), department=None)
        held = Grant.objects.in_force(timezone.localdate()).filter(citywide, division=None)
        people = User.objects.filter(is_active=True, pk__in=held.values("user"))
        self.fields["evaluator"].queryset = people.order_by("full_name")  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why something is taken back or done anew."""

    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)
