"""Declaring a brand, and the steps on its way."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from assessments.forms.cycles import LabelledForm
from assessments.models import Brand
from assessments.operations.brands import Step
from organizations.models import Association, Department
from registers.day_field import DayField
from registers.once import OnceMixin

WHOSE = ("level", "department", "association")


class BrandForm(LabelledForm):
    """A brand with its five haves."""

    grouped = ((_("Whose brand it is"), WHOSE), (_("The five haves"), Brand.HAVES))

    class Meta:
        model = Brand
        fields = (*WHOSE, *Brand.HAVES)
        widgets = {
            name: forms.Textarea(attrs={"rows": 3}) for name in ("meaning", "vehicle", "effect")
        }

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ability = Permission.DECLARE_BRAND
        departments = Department.objects.at_city_level().for_user(by, ability)
        today = timezone.localdate()
        associations = Association.objects.for_user(by, ability).as_of(today).order_by("pinyin")
        choosing: Any = self.fields
        choosing["department"].queryset = departments
        choosing["association"].queryset = associations.only("name")
        if self.instance.pk is None and departments.count() == 1:
            self.initial["department"] = departments.first()

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        association, department = given.get("association"), given.get("department")
        managed = association.industry_department_id if association else None
        if association and department and managed not in (None, department.pk):
            self.add_error("association", _("Another department manages this association."))
        return given


class NewBrandForm(OnceMixin, BrandForm):
    """A brand that is declared."""


class StepForm(forms.Form):
    """The day of a step, and what it asks for."""

    on = DayField(label=_("On"), until_today=True)
    opinion = forms.CharField(label=_("Opinion"), max_length=300)
    naming_no = forms.CharField(label=_("Document of the naming"), max_length=60)

    def __init__(self, *args: Any, step: Step, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {"opinion", "naming_no"} - set(step.asks):
            del self.fields[name]
        for field in self.fields.values():
            field.label = capfirst(str(field.label))

    def facts(self) -> dict[str, str]:
        """What the step asks for, beside its day."""
        return {name: value for name, value in self.cleaned_data.items() if name != "on"}
