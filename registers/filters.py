"""The filters of a register's list, and how they are said."""

import datetime
from functools import reduce
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django_filters import FilterSet


class ListFilter(FilterSet):
    """Filters in the URL of a register's list. on: the day that the list is as of."""

    def __init__(self, *args: Any, on: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on

    def in_force(self) -> dict[str, Any]:
        """The filters that choose rows, with their values; what the URL misspells chooses none."""
        self.form.is_valid()
        chosen = self.form.cleaned_data.items()
        return {name: value for name, value in chosen if value not in (None, "", [])}

    def told(self, name: str) -> tuple[str, str]:
        """What a filter in force is about, and what it has chosen."""
        field, value = self.form.fields[name], self.form.cleaned_data[name]
        labels = dict(getattr(field, "choices", ()))
        values = value if isinstance(value, list) else [value]
        shown = _(", ").join(str(labels.get(one, one)) for one in values)
        return str(field.label or capfirst(name)), shown

    def sentence(self, name: str) -> str:
        """What a filter in force has chosen."""
        return said_of(*self.told(name))


def said_of(label: str, value: Any) -> str:
    """The sentence that says of what kind (`label`) and which (`value`) the chosen rows are."""
    return _("%(label)s: %(value)s.") % {"label": label, "value": value}


def joined(*sentences: str) -> str:
    """The sentences as a text; Chinese puts no space between them."""
    return reduce(
        lambda text, sentence: _("%(text)s %(sentence)s") % {"text": text, "sentence": sentence},
        sentences,
    )
