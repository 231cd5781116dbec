"""Forms of assigning instructors."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from organizations.models import Assignment, Association, Instructor
from organizations.operations.assignments import assignable, may_be_assigned
from organizations.records.assignments import name_and_unit
from registers.day_field import DayField

SUGGESTIONS_ID = "suggestions"  # of the <datalist> beside the field


def chooser(url: Any, placeholder: Any) -> forms.TextInput:
    """A text field that suggests what may be meant."""
    return forms.TextInput(
        attrs={
            "list": SUGGESTIONS_ID,
            "autocomplete": "off",
            "placeholder": placeholder,
            "hx-get": url,
            "hx-trigger": "input changed delay:300ms, focus once",
            "hx-target": f"#{SUGGESTIONS_ID}",
        }
    )


class InstructorField(forms.CharField):
    """An instructor by name, with the unit in brackets where several bear the name."""

    widget = chooser(
        reverse_lazy("organizations:instructor-suggestions"), gettext_lazy("Name, or name (unit)")
    )

    def __init__(self, *, by: Any = None, **kwargs: Any) -> None:
        self.by = by
        kwargs.setdefault("label", gettext_lazy("Instructor"))
        super().__init__(max_length=130, **kwargs)

    def clean(self, value: Any) -> Instructor:
        typed = super().clean(value)
        name, unit = name_and_unit(typed)
        meant = Q(name=name, unit=unit) if unit else Q(name=typed)
        found = list(may_be_assigned(self.by).filter(meant)[:2])
        if len(found) > 1:
            text = _("Several instructors are named %(value)s. Add the unit in brackets.")
            raise ValidationError(text % {"value": typed})
        if not found:
            seen = Instructor.objects.for_user(self.by, Permission.VIEW_REGISTRY).filter(meant)
            text = (
                _("“%(value)s” is not one of the instructors that you can assign.")
                if seen.exists()
                else _("No instructor named “%(value)s” was found.")
            )
            raise ValidationError(text % {"value": typed})
        return found[0]


class AssociationField(forms.CharField):
    """An association by name or credit code."""

    widget = chooser(
        reverse_lazy("organizations:unresolved-suggestions"), gettext_lazy("Name or credit code")
    )

    def __init__(self, *, by: Any = None, **kwargs: Any) -> None:
        self.by = by
        kwargs.setdefault("label", gettext_lazy("Association"))
        super().__init__(max_length=130, **kwargs)

    def clean(self, value: Any) -> Association:
        typed = super().clean(value)
        found = list(assignable(self.by).named(typed)[:2])
        if len(found) != 1:
            seen = Association.objects.for_user(self.by, Permission.VIEW_REGISTRY).named(typed)
            text = (
                _("“%(value)s” is not one of the associations that you can change.")
                if seen.exists()
                else _("No association with the name or credit code “%(value)s” was found.")
            )
            raise ValidationError(text % {"value": typed})
        return found[0]


class _ByForm(forms.Form):
    """A form whose choosers know who fills it in."""

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, InstructorField | AssociationField):
                field.by = by


class _AssignForm(_ByForm):
    assigned_on = DayField(label=gettext_lazy("From"), until_today=True)
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[("", gettext_lazy("Not recorded")), *Assignment.Reason.choices],
        required=False,
        widget=forms.RadioSelect,
    )


class AssignAssociationForm(_AssignForm):
    """To an instructor: an association."""

    association = AssociationField()
    field_order = ("association", "assigned_on", "reason")


class AssignInstructorForm(_AssignForm):
    """To an association: an instructor."""

    instructor = InstructorField()
    field_order = ("instructor", "assigned_on", "reason")


class EndForm(_ByForm):
    """The end of an assignment."""

    ended_on = DayField(
        label=gettext_lazy("Ends on"),
        until_today=True,
        help_text=gettext_lazy("The first day on which the instructor no longer works there."),
    )
    end_reason = forms.CharField(label=gettext_lazy("Why"), max_length=200, required=False)


class ReplaceForm(EndForm):
    """The end of an assignment, and who takes the work over on that day."""

    instructor = InstructorField(label=gettext_lazy("Taken over by"))
    field_order = ("instructor", "ended_on", "end_reason")
