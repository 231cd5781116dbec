"""What words mean: names in the registry, choices, and what people explained before."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils import timezone
from rapidfuzz import process

from registers import register as registry
from registers.cleaning import normalise
from registers.columns import ChoiceColumn, Column, LookupColumn, Value, Vocabulary
from registers.models import LearnedAlias
from registers.problems import Problem
from registers.register import Register

SUGGESTIONS = 3
LEAST_LIKENESS = 55


def space_of(register: Register, column: Column) -> str:
    """Where a column's explained words hold: in a looked-up column's space, or for itself alone."""
    return column.space if isinstance(column, LookupColumn) else f"{register.key}.{column.key}"


@dataclass
class Space:
    """Where explained words hold: the columns of registers that share them."""

    key: str
    uses: list[tuple[Register, Column]] = field(default_factory=list)

    @property
    def label(self) -> str:
        """The registers and columns in which its words hold."""
        registers = dict.fromkeys(str(register.label) for register, _column in self.uses)
        columns = dict.fromkeys(str(column.label) for _register, column in self.uses)
        return f"{'、'.join(registers)} · {'、'.join(columns)}"

    @cached_property
    def names(self) -> dict[Any, str]:
        """What its words can mean: value → name; one query at most."""
        return dict(_options(self.uses[0][1]))

    def may_be_changed_by(self, user: Any) -> bool:
        """Whether `user` may correct what others explained: who imports citywide may."""
        return any(
            register.is_citywide(user, register.write_permission) for register, _column in self.uses
        )


def spaces() -> dict[str, Space]:
    """Every space of explained words by its key."""
    found: dict[str, Space] = {}
    for register in registry.imported_registers():
        for column in register.columns:
            if isinstance(column, LookupColumn | ChoiceColumn):
                key = space_of(register, column)
                found.setdefault(key, Space(key)).uses.append((register, column))
    return found


def _options(column: Column) -> Iterator[tuple[Any, str]]:
    if isinstance(column, LookupColumn):
        yield from column.vocabulary().names.items()
    for code, label in getattr(column, "choices", ()):
        yield code, str(label)


class KnownWords:
    """All words that a file's columns may use, loaded once per import.

    recalled: which explained words were used, as (column key, writing) → meaning
    """

    def __init__(self, register: Register, columns: Sequence[Column]) -> None:
        self._register = register
        lookups = {c.vocabulary for c in columns if isinstance(c, LookupColumn)}
        self._tables: dict[Any, Vocabulary] = {loader: loader() for loader in lookups}
        explained = [c for c in columns if isinstance(c, LookupColumn | ChoiceColumn)]
        spaces = {space_of(register, column) for column in explained}
        self.recalled: dict[tuple[str, str], Any] = {}
        self._learned: dict[str, dict[str, Any]] = defaultdict(dict)
        for alias in LearnedAlias.objects.filter(vocabulary__in=spaces):
            self._learned[alias.vocabulary][alias.text] = alias.value

    def resolve(self, column: Column, cell: Any) -> Value:
        """The value of a looked-up or chosen cell; raises Problem for an unknown word."""
        if isinstance(column, LookupColumn):
            return self._look_up(column, column.clean(cell))
        try:
            return column.clean(cell)
        except Problem as problem:
            return self._recall(column, problem)

    def knows(self, column: Column, text: str) -> bool:
        """Whether a writing already means something in the column."""
        try:
            self.resolve(column, text)
        except Problem:
            return False
        return True

    def options(self, column: Column) -> list[tuple[Any, str]]:
        """(value, name) of everything that the column can hold, in its own order."""
        if isinstance(column, LookupColumn):
            return list(self._tables[column.vocabulary].names.items())
        return [(code, str(label)) for code, label in getattr(column, "choices", ())]

    def suggestions(self, column: Column, text: str) -> list[tuple[Any, str]]:
        """The options most like `text`, best first."""
        options = dict(self.options(column))
        found = process.extract(text, options, limit=SUGGESTIONS, score_cutoff=LEAST_LIKENESS)
        return [(value, name) for name, _score, value in found]

    def _look_up(self, column: LookupColumn, name: Value) -> Value:
        if name is None:
            return None
        table = self._tables[column.vocabulary]
        key = table.keys.get(normalise(str(name)))
        if key is not None:
            return key
        problem = Problem("unknown_lookup", {"value": name})
        return self._recall(column, problem)

    def _recall(self, column: Column, problem: Problem) -> Value:
        learned = self._learned[space_of(self._register, column)]
        text = _key(str(problem.params.get("value", "")))
        if text not in learned or not self._exists(column, learned[text]):
            raise problem
        self.recalled[column.key, str(problem.params["value"])] = learned[text]
        return learned[text]

    def _exists(self, column: Column, value: Any) -> bool:
        """Whether what a word was said to mean is still there."""
        return value is None or value in dict(self.options(column))


def _key(text: str) -> str:
    """How a writing is remembered; one of symbols alone keeps them, or all such would be one."""
    return normalise(text) or text.strip()


def teach(register: Register, column: Column, text: str, value: Any, *, by: Any) -> bool:
    """Remember what a writing means; None: that it means nothing (leave the cell blank).

    False where somebody else has said so meanwhile: that meaning stays, while it is still there.
    """
    said = {"value": value, "taught_by": by}
    alias, taught = LearnedAlias.objects.get_or_create(
        vocabulary=space_of(register, column), text=_key(text), defaults=said
    )
    if taught or alias.value is None or alias.value in dict(_options(column)):
        return taught
    gone = LearnedAlias.objects.filter(pk=alias.pk, value=alias.value)
    return bool(gone.update(**said, taught_at=timezone.now()))
