"""Columns of registers: what they are called, what they hold, how a cell is cleaned and shown.

A cleaned value is JSON-native, so that it can be staged, compared and sent as it is: text, int,
bool, a list of names, a choice's code, the key of a looked-up row, or a date as ISO text. A date
known only to the month or year keeps that precision ("2015-08", "2015").
"""

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registers import cleaning
from registers.problems import Problem, enumeration

Value = str | int | bool | list[str] | dict[str, Any] | None
Text = str | Promise


@dataclass(frozen=True, kw_only=True, eq=False)
class Column:
    """One column of a register.

    key: stable name on the command line and in staged rows
    label: heading in exports and templates
    aliases: other headings that offices write, in Chinese or English
    under: words of which one must stand in the headings above (or in the heading itself) for an
        alias that is ambiguous by itself; empty where every alias is clear
    not_under: words that rule this column out when they stand in the headings above
    lesser_aliases: headings that mean this column only where no better one exists and its cells
        look like it
    like: pattern that this column's cells match, to tell it from others with such a heading
    blank_words: further words for "nothing" in this column
    help: what to fill in, shown in forms and templates
    """

    key: str
    label: Text
    aliases: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    not_under: tuple[str, ...] = ()
    lesser_aliases: tuple[str, ...] = ()
    like: str = ""
    blank_words: tuple[str, ...] = ()
    help: Text = ""
    required: bool = False
    personal: bool = False
    width: int = 14

    @property
    def accepts(self) -> Text:
        """What cells of this column may hold, in words."""
        return _("Text")

    def clean(self, cell: Any) -> Value:
        """The value that `cell` means, None where it is blank; raises Problem."""
        return cleaning.text(cell)

    def says_nothing(self, cell: Any) -> bool:
        """Whether the cell holds one of `blank_words`."""
        return isinstance(cell, str) and "".join(cell.split()) in self.blank_words

    def show(self, value: Value) -> Any:
        """`value` as people read it in lists, previews and exports."""
        return value

    def same(self, old: Value, new: Value) -> bool:
        """Whether writing `new` over `old` would change nothing."""
        return old == new

    def difference(self, old: Value, new: Value) -> tuple[Value, Value]:
        """What of `old` it is that writing `new` replaces, and what it writes; all of both, unless
        writing adds."""
        return old, new


@dataclass(frozen=True, kw_only=True, eq=False)
class TextColumn(Column):
    max_length: int = 500

    @property
    def accepts(self) -> Text:
        return _("Text of at most %(count)s characters") % {"count": self.max_length}

    def clean(self, cell: Any) -> Value:
        return cleaning.text(cell, max_length=self.max_length)


@dataclass(frozen=True, kw_only=True, eq=False)
class NameColumn(Column):
    """The name of an association, a Party organisation or a person, in canonical writing."""

    max_length: int = 120

    @property
    def accepts(self) -> Text:
        return _("A name of at most %(count)s characters") % {"count": self.max_length}

    def clean(self, cell: Any) -> Value:
        if self.says_nothing(cell):
            return None
        return cleaning.name(cell, max_length=self.max_length)


@dataclass(frozen=True, kw_only=True, eq=False)
class NamesColumn(Column):
    """Several names in one cell."""

    max_length: int = 120

    @property
    def accepts(self) -> Text:
        return _("Names, with a semicolon, a comma or a line break between them")

    def clean(self, cell: Any) -> Value:
        if self.says_nothing(cell):
            return None
        return cleaning.names(cell, max_length=self.max_length)

    def show(self, value: Value) -> Any:
        return "；".join(value) if isinstance(value, list) else value

    def same(self, old: Value, new: Value) -> bool:
        """A roster adds names; that it leaves one out takes nothing away."""
        return set(new or []) <= set(old or [])  # type: ignore[arg-type]

    def difference(self, old: Value, new: Value) -> tuple[Value, Value]:
        known = old if isinstance(old, list) else []
        return None, [name for name in new if name not in known] if isinstance(new, list) else new


@dataclass(frozen=True, kw_only=True, eq=False)
class CreditCodeColumn(Column):
    @property
    def accepts(self) -> Text:
        return _("18 digits and capital letters; both check digits are computed")

    def clean(self, cell: Any) -> Value:
        return cleaning.credit_code(cell)


@dataclass(frozen=True, kw_only=True, eq=False)
class PhoneColumn(Column):
    @property
    def accepts(self) -> Text:
        return _("Phone numbers, as in 0530-5612345; 13800001111")

    def clean(self, cell: Any) -> Value:
        return cleaning.phone(cell)


@dataclass(frozen=True, kw_only=True, eq=False)
class DateColumn(Column):
    """A date. past: of something that has happened, so that no day to come is right."""

    past: bool = False

    @property
    def accepts(self) -> Text:
        return _("A date, or only its month or year: 2021-03-01, 2021-03, 2021")

    def clean(self, cell: Any) -> Value:
        value = cleaning.date(cell)
        if self.past and value and _is_to_come(value):
            raise Problem("date_to_come", {"value": value})
        return value

    def same(self, old: Value, new: Value) -> bool:
        """A coarser date says nothing against a finer one inside it."""
        return old == new or (isinstance(old, str) and isinstance(new, str) and old.startswith(new))


def _is_to_come(value: str) -> bool:
    """Whether an ISO date of any precision lies wholly after today.

    A roster asks once per row, and finding the active time zone costs more than all the rest.
    """
    today = datetime.datetime.now(timezone.get_default_timezone()).date()
    return value > today.isoformat()[: len(value)]


@dataclass(frozen=True, kw_only=True, eq=False)
class CountColumn(Column):
    maximum: int = cleaning.LARGEST

    @property
    def accepts(self) -> Text:
        return _("A whole number from 0 to %(maximum)s") % {"maximum": self.maximum}

    def clean(self, cell: Any) -> Value:
        return cleaning.count(cell, maximum=self.maximum)


@dataclass(frozen=True, kw_only=True, eq=False)
class YesNoColumn(Column):
    """Yes or no, ticks included. `yes` and `no` are further words that offices use."""

    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()

    @property
    def accepts(self) -> Text:
        return _("Yes or no; √ and × are understood as well")

    def clean(self, cell: Any) -> Value:
        return cleaning.yes_no(cell, yes=self.yes, no=self.no)

    def show(self, value: Value) -> Any:
        return None if value is None else str(_("Yes") if value else _("No"))


@dataclass(frozen=True, kw_only=True, eq=False)
class ChoiceColumn(Column):
    """One of `choices` (code, label). `synonyms` maps further words to codes.

    Where offices spread the choice over several ticked columns, `spread_under` are the headings
    that stand above these.
    """

    choices: tuple[tuple[str, Text], ...]
    synonyms: Mapping[str, str] = field(default_factory=dict)
    spread_under: tuple[str, ...] = ()

    @property
    def accepts(self) -> Text:
        labels = enumeration(label for _code, label in self.choices)
        return _("One of: %(choices)s") % {"choices": labels}

    @cached_property
    def known(self) -> dict[str, str]:
        """Every known writing of a choice, normalised, and its code, in both languages."""
        return cleaning.choice_writings(self.choices, self.synonyms)

    def clean(self, cell: Any) -> Value:
        """Raises Problem("unknown_choice") for a word that only the user can tell."""
        if isinstance(cell, str) and (code := self.known.get(cleaning.normalise(cell))):
            return code  # nearly all cells, without translating the labels for a message
        if self.says_nothing(cell):
            return None
        return cleaning.choice(cell, self.known, [str(label) for _code, label in self.choices])

    def show(self, value: Value) -> Any:
        return None if value is None else str(dict(self.choices).get(str(value), value))


@dataclass(frozen=True, kw_only=True, eq=False)
class YearlyChoiceColumn(ChoiceColumn):
    """A choice once a year; the year stands in the heading. A value is {"2024": code}."""

    @property
    def accepts(self) -> Text:
        return _("%(choice)s; once a year, the year stands in the heading") % {
            "choice": super().accepts
        }

    def same(self, old: Value, new: Value) -> bool:
        """The years that a roster leaves out stay as they are."""
        known = old if isinstance(old, dict) else {}
        return isinstance(new, dict) and all(known.get(year) == new[year] for year in new)

    def difference(self, old: Value, new: Value) -> tuple[Value, Value]:
        known = old if isinstance(old, dict) else {}
        told = new if isinstance(new, dict) else {}
        changed = {year: code for year, code in told.items() if known.get(year) != code}
        return {year: known[year] for year in changed if year in known} or None, changed

    def show(self, value: Value) -> Any:
        if not isinstance(value, dict):
            return value
        return "；".join(
            gettext("%(year)s: %(choice)s")
            % {"year": year, "choice": super(YearlyChoiceColumn, self).show(code)}
            for year, code in sorted(value.items())
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class LookupColumn(Column):
    """A row of another table, found by any of its names.

    vocabulary: loads all the names at once
    space: what people explained of a name holds in every column of the same space
    parts: where the name may stand in several columns, a pattern for the heading of each, the
        widest part first
    """

    parts: tuple[str, ...] = ()
    space: str
    vocabulary: Callable[[], "Vocabulary"]

    @property
    def accepts(self) -> Text:
        return _("A name that the registry knows, also a former or short one")

    def clean(self, cell: Any) -> Value:
        """The name as written; the engine resolves it against the vocabulary."""
        value = cleaning.name(cell, max_length=200)
        return None if value in self.blank_words else value

    def part(self, heading: str) -> int:
        """Which of `parts` a heading names, -1 where it names none."""
        found = [n for n, pattern in enumerate(self.parts) if re.search(pattern, heading)]
        return found[-1] if found else -1

    def in_parts(self, headings: Sequence[str]) -> bool:
        """Whether columns with these headings hold different parts of one name."""
        found = {self.part(heading) for heading in headings}
        return -1 not in found and len(found) == len(headings)


@dataclass(frozen=True)
class Vocabulary:
    """The names of a table's rows. keys: normalised writing → key; names: key → name to show."""

    keys: dict[str, int]
    names: dict[int, str]
