"""The form in which staff keep an instructor."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import roles_with
from organizations.forms.days import DayField
from organizations.models import Instructor
from organizations.terms import months_after
from registers import register as registry
from registers.problems import Problem
from registers.timeline import states

CLEANED = ("name", "unit", "post", "phone", "remark")


@dataclass(frozen=True)
class Conflict:
    """A field as somebody else has saved it meanwhile, and as it was typed here."""

    label: str
    theirs: Any
    mine: Any


class InstructorForm(forms.ModelForm):
    """An instructor's particulars, labelled, explained and cleaned as the register's columns are.

    A form carries the version of the row that it was opened at; where somebody else has saved
    since, both sides are shown, and saving once more decides. Only administrators choose the
    log-in.
    """

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    term_from = DayField(required=False)
    term_until = DayField(required=False)

    class Meta:
        model = Instructor
        fields = (
            "name",
            "gender",
            "unit",
            "post",
            "engagement",
            "phone",
            "in_pool",
            "term_from",
            "term_until",
            "user",
            "remark",
        )

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflicts: list[Conflict] = []
        self.stored = Instructor.objects.filter(pk=self.instance.pk).first()
        self.current = version_of(self.instance)
        self.fields["version"].initial = self.current
        for key, field in self.fields.items():
            if key not in ("user", "version"):
                column = registry.get("instructors").column(key)
                field.label, field.help_text = str(column.label), str(column.help)
        self.fields["term_until"].help_text = _default_term()
        if by.has_perm(Permission.ADMINISTER):
            self._offer_log_ins()
        else:
            del self.fields["user"]

    def _offer_log_ins(self) -> None:
        """The log-ins of instructors that are nobody's yet."""
        free = User.objects.filter(
            grants__role__in=roles_with(Permission.LOG_WORK), instructor__isnull=True
        )
        own = User.objects.filter(pk=self.instance.user_id)
        field: Any = self.fields["user"]
        field.queryset = (free | own).distinct().order_by("username")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for key in CLEANED:
            if cleaned.get(key):
                self._clean_as_column(key, cleaned)
        begins = cleaned.get("term_from")
        if begins and not cleaned.get("term_until") and not self.has_error("term_until"):
            cleaned["term_until"] = months_after(begins, 12 * settings.INSTRUCTOR_TERM_YEARS)
        if self.stored and cleaned.get("version") != self.current:
            self._show_both(cleaned)
        return cleaned

    def _clean_as_column(self, key: str, cleaned: dict[str, Any]) -> None:
        try:
            cleaned[key] = registry.get("instructors").column(key).clean(cleaned[key]) or ""
        except Problem as problem:
            self.add_error(key, ValidationError(str(problem)))

    def _show_both(self, cleaned: dict[str, Any]) -> None:
        """What somebody else's version says differently; saving again is at today's version."""
        for name in (name for name in self.fields if name != "version"):
            theirs = getattr(self.stored, name)
            if name in cleaned and cleaned[name] != theirs:
                label = str(self.fields[name].label)
                self.conflicts.append(Conflict(label, theirs, cleaned[name]))
        data: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        data["version"] = str(self.current)
        self.data = data
        if self.conflicts:
            text = _("Somebody else has changed this record since you opened it.")
            self.add_error(None, text)

    def _post_clean(self) -> None:
        """Leaves the rules of the row to the operation; keeps the values."""
        self.instance = forms.models.construct_instance(
            self, self.instance, self._meta.fields, self._meta.exclude
        )


def version_of(instructor: Instructor) -> int:
    """The number of the last recorded state of the row; 0 of a new one."""
    recorded = states(Instructor).filter(pgh_obj=instructor.pk)
    return recorded.aggregate(last=Max("pgh_id"))["last"] or 0


def _default_term() -> str:
    years = settings.INSTRUCTOR_TERM_YEARS
    text = ngettext(
        "The first day after the term. Left empty: %(years)s year after it begins.",
        "The first day after the term. Left empty: %(years)s years after it begins.",
        years,
    )
    return text % {"years": years}
