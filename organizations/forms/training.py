"""Forms of training sessions and their attendance lists."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F
from django.urls import reverse_lazy
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from organizations.forms.assignments import chooser
from organizations.models import Association, Department, TrainingAttendance, TrainingSession
from organizations.scoping import department_filter
from registers.editing import EditForm
from registers.once import OnceMixin

SESSION = ("title", "kind", "held_on", "until", "hours", "organiser", "place")
ATTENDANCE = ("name", "unit", "post", "association")


class TrainingForm(EditForm):
    """Base: what rosters of attendance tell as well is read as their cells are."""

    register_key = "attendances"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self._own_fields():
            self.fields[name].label = capfirst(str(self.fields[name].label))


class SessionForm(TrainingForm):
    """A session, whose organiser is one of the departments that the person answers for."""

    grouped = (("", SESSION),)
    column_keys: ClassVar[Mapping[str, str]] = {"title": "session"}
    past = ("held_on", "until")

    class Meta:
        model = TrainingSession
        fields = SESSION
        help_texts: ClassVar[dict[str, Any]] = {
            "until": gettext_lazy("Only where the session lasts several days."),
        }

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Department.objects.filter(department_filter(by, Permission.KEEP_TRAINING))
        organiser = self.fields["organiser"]
        organiser.queryset = own  # type: ignore[attr-defined]
        organiser.required = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("until") and cleaned["until"] == cleaned.get("held_on"):
            cleaned["until"] = None  # one day is its first and last
        return cleaned


class NewSessionForm(OnceMixin, SessionForm):
    """A session that nobody has entered yet."""


class AttendanceForm(TrainingForm):
    """What the list says of a person."""

    grouped = (("", ATTENDANCE),)
    association = forms.CharField(
        required=False,
        max_length=130,
        widget=chooser(
            reverse_lazy("organizations:training-associations"), gettext_lazy("Name or credit code")
        ),
    )

    class Meta:
        model = TrainingAttendance
        fields = ATTENDANCE

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["association"].help_text = _(
            "The one whose Party worker this is: its name, as registered."
        )
        self.within = Association.objects.for_user(by, Permission.VIEW_REGISTRY)
        current = self.instance.association
        seen = current and self.within.filter(pk=current.pk).exists()
        self.hidden = None if seen else current
        self.initial["association"] = current.name if current and seen else ""

    def clean_association(self) -> Association | None:
        typed = self.cleaned_data["association"]
        if not typed:
            return self.hidden  # what the person cannot see stays
        newest = F("ended_on").desc(nulls_first=True)
        found = list(self.within.named(typed).order_by(newest, "pk")[:1])
        if not found:
            text = _("“%(value)s” is not one of the associations that you can see.")
            raise ValidationError(text % {"value": typed})
        return found[0]


class NewAttendanceForm(OnceMixin, AttendanceForm):
    """A person who is not on the list yet."""
