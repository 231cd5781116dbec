"""The form in which staff keep an instructor."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import roles_with
from organizations.models import Instructor
from organizations.terms import months_after
from registers.columns import Text
from registers.editing import EditForm, Group
from registers.once import OnceMixin


class InstructorForm(EditForm):
    """An instructor's particulars. Only administrators choose the log-in, and only those who may
    read the phone change it."""

    register_key = "instructors"
    grouped: ClassVar[Sequence[tuple[Text, Sequence[str]]]] = (
        (_("Person"), ("name", "gender", "phone")),
        (_("Work"), ("unit", "post", "engagement", "in_pool")),
        (_("Term"), ("term_from", "term_until")),
        (_("Further"), ("user", "remark")),
    )
    checked = ("name", "phone", "term_from", "term_until")

    class Meta:
        model = Instructor
        fields = [
            "name",
            "gender",
            "phone",
            "unit",
            "post",
            "engagement",
            "in_pool",
            "term_from",
            "term_until",
            "user",
            "remark",
        ]
        widgets: ClassVar[dict[str, Any]] = {"remark": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["remark"].wide = True  # type: ignore[attr-defined]
        if by.has_perm(Permission.ADMINISTER):
            self._offer_log_ins()
        else:
            del self.fields["user"]
        if self.instance.pk and not self._reads_phone(by):
            del self.fields["phone"]

    def _helped(self, name: str, field: forms.Field) -> forms.Field:
        helped = super()._helped(name, field)
        if name == "term_until":
            helped.help_text = _default_term()
        return helped

    def _reads_phone(self, by: Any) -> bool:
        seen = Instructor.objects.for_user(by, Permission.VIEW_PERSONAL_DATA)
        return seen.filter(pk=self.instance.pk).exists()

    def _offer_log_ins(self) -> None:
        """The log-ins of instructors that are nobody's yet."""
        free = User.objects.filter(
            grants__role__in=roles_with(Permission.LOG_WORK), instructor__isnull=True
        )
        own = User.objects.filter(pk=self.instance.user_id)
        field: Any = self.fields["user"]
        field.queryset = (free | own).distinct().order_by("username")

    @property
    def groups(self) -> list[Group]:
        """The fields under their titles, without those that the person doesn't keep."""
        return [
            Group(title, [self[name] for name in names if name in self.fields])
            for title, names in self.grouped
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        begins = cleaned.get("term_from")
        if begins and not cleaned.get("term_until") and not self.has_error("term_until"):
            cleaned["term_until"] = months_after(begins, 12 * settings.INSTRUCTOR_TERM_YEARS)
        return cleaned


class NewInstructorForm(OnceMixin, InstructorForm):
    """An instructor whom the registry does not know yet."""


def _default_term() -> str:
    years = settings.INSTRUCTOR_TERM_YEARS
    text = ngettext(
        "The first day after the term. Left empty: %(years)s year after it begins.",
        "The first day after the term. Left empty: %(years)s years after it begins.",
        years,
    )
    return text % {"years": years}
