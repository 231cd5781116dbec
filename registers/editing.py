"""Forms that change one row of a tracked model and never overwrite what somebody else wrote.

A form carries the version of the row that it was opened at: the number of its last recorded state
(registers/history.py), so that imports, commands and SQL count as well. Where somebody else has
saved since, what only they changed is kept, and what both changed is shown side by side.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from registers import register as registry
from registers.columns import Column, DateColumn, Text
from registers.day_field import DayField
from registers.problems import Problem
from registers.timeline import events_of, in_words, people_behind, states

BLANK = ("", pgettext_lazy("no choice made", "Choose"))  # of every choice in a form
TEXT_FIELDS = (models.CharField, models.TextField)
MINE, THEIRS = "mine", "theirs"
UNKNOWN = object()  # the value of a field in a state that nobody knows; equals nothing


@dataclass(frozen=True)
class Conflict:
    """A field that two people changed: its value when the form was opened, as the other person
    saved it, and as it was typed here, in words."""

    name: str
    label: str
    before: str
    theirs: str
    mine: str
    who: str
    at: datetime.datetime | None


@dataclass(frozen=True)
class Group:
    """Fields that staff think of together."""

    title: Text
    fields: Sequence[forms.BoundField]


class ColumnText(forms.CharField):
    """Text that is cleaned as the same text in a workbook is."""

    def __init__(self, *, column: Column, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.column = column

    def to_python(self, value: Any) -> str:
        return str(_cleaned(self.column, str(super().to_python(value) or "")) or "")


class ColumnDate(DayField):
    """A day, also as offices write it: 2021年3月1日, 2021.3.1."""

    def __init__(self, *, column: Column, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.column = column

    def to_python(self, value: Any) -> datetime.date | None:
        cleaned = _cleaned(self.column, str(value or ""))
        if isinstance(cleaned, str) and len(cleaned) < len("2021-03-01"):
            raise ValidationError(_("Give the whole date: year, month and day."))
        return super().to_python(cleaned)


def _day(field: forms.Field, *, until_today: bool) -> DayField:
    """A model's field of a day as all forms ask for days."""
    return DayField(
        label=field.label,
        help_text=field.help_text,
        required=field.required,
        initial=field.initial,
        until_today=until_today,
    )


def with_blank(field: forms.Field) -> forms.Field:
    """The field; where it lets nothing be chosen, that reads as in every other form."""
    if isinstance(field, forms.ModelChoiceField):
        field.empty_label = BLANK[1] if field.empty_label is not None else None
    elif isinstance(field, forms.ChoiceField) and not callable(field.choices):
        field.choices = [BLANK if one[0] == "" else one for one in field.choices]
    return field


def _cleaned(column: Column, text: str) -> Any:
    try:
        return column.clean(text)
    except Problem as problem:
        raise ValidationError(str(problem), code=problem.code) from problem


def fields_of(groups: Sequence[tuple[Text, Sequence[str]]]) -> list[str]:
    """The fields that stand under the titles of `groups`."""
    return [name for _title, names in groups for name in names]


class EditForm(forms.ModelForm):
    """Base of the forms for records.

    register_key: the register whose columns label, explain and clean the fields
    column_keys: the columns of fields that are named otherwise
    grouped: titles, each with the fields under it
    checked: fields that are checked as soon as they are left
    past: fields whose day has come
    """

    register_key: ClassVar[str] = ""
    column_keys: ClassVar[Mapping[str, str]] = {}
    grouped: ClassVar[Sequence[tuple[Text, Sequence[str]]]] = ()
    checked: ClassVar[Sequence[str]] = ()
    past: ClassVar[Sequence[str]] = ()

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflicts: list[Conflict] = []
        self.merged: list[str] = []
        self.unseen: list[str] = []  # fields whose value could not be held against the others'
        self.current = version_of(self.instance)
        self.fields["version"].initial = self.current
        for name in self._own_fields():
            self.fields[name] = with_blank(self._helped(name, self.fields[name]))
        for name in self.checked:
            check_when_left(self, name)

    def _own_fields(self) -> list[str]:
        """The fields of the row, without those that only the form needs."""
        return [name for name in self._meta.fields or () if name in self.fields]

    def _helped(self, name: str, field: forms.Field) -> forms.Field:
        """The field with the help of its column, read as the column's cells are."""
        column = self._columns().get(self.column_keys.get(name, name))
        described = self._meta.model._meta.get_field(name)
        days = {"until_today": name in self.past} if isinstance(described, models.DateField) else {}
        if column is None:
            return _day(field, **days) if days else field
        common = {
            "label": column.label,
            "help_text": column.help,
            "required": field.required,
            "initial": field.initial,
        }
        if isinstance(column, DateColumn):
            return ColumnDate(column=column, **common, **days)
        common["widget"] = field.widget
        if isinstance(described, TEXT_FIELDS) and not described.choices:
            return ColumnText(column=column, max_length=described.max_length, **common)
        field.label, field.help_text = str(column.label), str(column.help)
        return field

    def _columns(self) -> dict[str, Column]:
        columns = registry.get(self.register_key).columns if self.register_key else ()
        return {column.key: column for column in columns}

    # What is shown

    @property
    def groups(self) -> list[Group]:
        """The fields under their titles."""
        return [Group(title, [self[name] for name in names]) for title, names in self.grouped]

    @property
    def is_wrong(self) -> bool:
        """Whether anything but a conflict keeps the form from being saved."""
        return bool(self.errors.keys() - {conflict.name for conflict in self.conflicts})

    def advice(self) -> dict[str, str]:
        """What is worth knowing about the values of fields, though nothing is wrong with them."""
        return {}

    # What is saved

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.opened_at = cleaned.pop("version", None)
        self.weighed = self.data.get("seen") == str(self.current)
        if self.instance.pk is not None:
            self._merge(cleaned)
        return cleaned

    def _merge(self, cleaned: dict[str, Any]) -> None:
        """Keep what others have saved since; what both have changed is shown, not overwritten."""
        events = self._states_since()
        clashing = []
        for name in [name for name in self._own_fields() if name in cleaned]:
            was, now, mine = self._was(events, name), self._now(name), _plain(cleaned[name])
            choice = self._choice(name)
            if mine == now or choice == MINE:
                continue
            if mine == was or choice == THEIRS:
                self.merged.append(str(self.fields[name].label))
                cleaned[name] = getattr(self.instance, name)
            elif was != now:
                clashing.append(name)
        if clashing:
            self._show(clashing, cleaned, events)

    def _choice(self, name: str) -> str:
        """Which side is to stand: chosen where both were shown, one's own in a form that has shown
        what the others saved; "" where nobody has weighed the two as they are now."""
        data: Any = self.data
        if not self.weighed or name in data.getlist("unseen"):
            return ""
        asked = name in data.getlist("asked")
        return str(data.get(self.keep_name(name), "")) if asked else MINE

    def _states_since(self) -> list[Any]:
        """The recorded states of the row since it was opened; none if that state is unknown."""
        if self.opened_at in (None, self.current):
            return []
        row = {"pgh_obj": self.instance.pk, "pgh_id__gte": self.opened_at}
        events = events_of(type(self.instance), **row)
        return events if events and events[0].pgh_id == self.opened_at else []

    def _was(self, events: Sequence[Any], name: str) -> Any:
        """The field's value when the form was opened."""
        if self.opened_at == self.current:
            return self._now(name)
        return getattr(events[0], self._stored(name).attname) if events else UNKNOWN

    def _now(self, name: str) -> Any:
        return getattr(self.instance, self._stored(name).attname)

    def _stored(self, name: str) -> Any:
        return self._meta.model._meta.get_field(name)

    def _show(self, clashing: Sequence[str], cleaned: Mapping[str, Any], events: list[Any]) -> None:
        """Show both sides, with the input as it was typed; a choice for each decides."""
        people = people_behind(events)
        for name in clashing:
            self.conflicts.append(self._conflict(name, cleaned[name], events, people))
        self.unseen = [name for name in self._own_fields() if name not in cleaned]
        self._reopen(cleaned, clashing)
        for name in clashing:
            self.add_error(name, _("Somebody else has saved another value; choose above."))

    def _conflict(
        self, name: str, mine: Any, events: Sequence[Any], people: Mapping[Any, str]
    ) -> Conflict:
        last, stored = self._last_change(events, name), self._stored(name)
        return Conflict(
            name=name,
            label=capfirst(str(self.fields[name].label)),
            before=in_words(stored, self._was(events, name)) if events else "",
            theirs=in_words(stored, self._now(name)),
            mine=in_words(stored, _plain(mine)),
            who=people.get(last, ""),
            at=last.pgh_created_at if last else None,
        )

    def _last_change(self, events: Sequence[Any], name: str) -> Any:
        """The last state that changed the field."""
        attname = self._stored(name).attname
        pairs = pairwise(events)
        changes = [new for old, new in pairs if getattr(old, attname) != getattr(new, attname)]
        return changes[-1] if changes else None

    def _reopen(self, cleaned: Mapping[str, Any], clashing: Sequence[str]) -> None:
        """Let fields that others alone have changed show their values."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        data["version"] = str(self.opened_at or 0)
        for name in self._own_fields():
            data.pop(self.keep_name(name), None)
            if name in cleaned and name not in clashing:
                _fill(data, self[name], cleaned[name])
        self.data = data

    @staticmethod
    def keep_name(name: str) -> str:
        """The name of the choice between one's own value and the other person's."""
        return f"keep-{name}"


def check_when_left(form: forms.BaseForm, name: str) -> None:
    """Let the page say what is wrong with a field, or worth knowing, as soon as it is left."""
    form.fields[name].widget.attrs |= {
        "hx-post": "",
        "hx-vals": f'{{"check": "{name}"}}',
        "hx-trigger": "change",
        "hx-target": f"#{form[name].auto_id}_said",
        "hx-swap": "innerHTML",
    }


def versioned(rows: QuerySet[Any]) -> QuerySet[Any]:
    """`rows`, each with the number of its last recorded state out of one and the same statement.

    Read by a statement of its own, the number may be of a state that the row does not show yet.
    """
    recorded = states(rows.model).filter(pgh_obj=OuterRef("pk")).order_by("-pgh_id")
    return rows.annotate(recorded_version=Subquery(recorded.values("pgh_id")[:1]))


def version_of(row: models.Model) -> int:
    """The number of the last recorded state of `row`; 0 of a new row."""
    if row.pk is None:
        return 0
    if known := getattr(row, "recorded_version", None):
        return int(known)
    last = states(type(row)).filter(pgh_obj=row.pk).aggregate(last=Max("pgh_id"))["last"]
    return last or 0


def _plain(value: Any) -> Any:
    """A cleaned value as it is stored: of a related row its key."""
    return value.pk if isinstance(value, models.Model) else value


def _fill(data: Any, bound: forms.BoundField, value: Any) -> None:
    """Put `value` into the submitted data as the field's control would send it."""
    shown = bound.field.widget.format_value(bound.field.prepare_value(value))
    if isinstance(bound.field.widget, forms.CheckboxInput):
        shown = "on" if value else None
    if shown in (None, [], [""]):
        data[bound.html_name] = ""
        if isinstance(bound.field.widget, forms.CheckboxInput):
            del data[bound.html_name]
    else:
        data.setlist(bound.html_name, shown if isinstance(shown, list) else [str(shown)])
