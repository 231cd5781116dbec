"""Forms of training sessions and their attendance lists."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from organizations.models import Association, Department, TrainingAttendance, TrainingSession
from organizations.scoping import department_filter
from registers.day_field import DayField


class SessionForm(forms.ModelForm):
    held_on = DayField(label=gettext_lazy("Held on"), until_today=True)

    class Meta:
        model = TrainingSession
        fields = ("title", "kind", "held_on", "hours", "organiser", "place")

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Department.objects.filter(department_filter(by, Permission.KEEP_TRAINING))
        organiser = self.fields["organiser"]
        organiser.queryset = own  # type: ignore[attr-defined]
        organiser.required = True

    def _post_clean(self) -> None:
        """Leaves the rules of the row to the operation, which tells more; keeps the values."""
        self.instance = forms.models.construct_instance(
            self, self.instance, self._meta.fields, self._meta.exclude
        )


class AttendanceForm(forms.ModelForm):
    association = forms.CharField(
        label=gettext_lazy("Association"),
        required=False,
        max_length=130,
        help_text=gettext_lazy("The one whose Party worker this is: its name, as registered."),
    )

    class Meta:
        model = TrainingAttendance
        fields = ("name", "unit", "post")

    field_order = ("name", "unit", "post", "association")

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.within = Association.objects.for_user(by, Permission.VIEW_REGISTRY)
        self.current = self.instance.association
        seen = self.current and self.within.filter(pk=self.current.pk).exists()
        self.hidden = None if seen else self.current
        if seen:
            self.initial["association"] = self.current.name

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

    def _post_clean(self) -> None:
        """Leaves the rules of the row to the operation, which knows the session."""
        self.instance = forms.models.construct_instance(
            self, self.instance, self._meta.fields, self._meta.exclude
        )
        self.instance.association = self.cleaned_data.get("association")
