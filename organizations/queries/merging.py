"""What merging two associations would do, before it is done.

Whatever refers to associations moves along, also tables of other apps that come later: they are
found through the model, not listed here. What cannot stand beside a row of the kept entry is found
by the constraints of its own table.

Whoever merges may not read all that refers to an association, complaints about it for one. So rows
are told of only as far as their model says in `told_when_merging`: names of fields that everybody
may read who may merge. Of all others no more is said than how many there are.
"""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models.deletion import Collector
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from organizations.models import Association, DistinctName, NotDuplicate
from organizations.search.keys import DERIVED

OWN_RULES = {NotDuplicate, DistinctName}  # moved as judgements (operations/merging.py)
KEPT, ABSORBED = "kept", "absorbed"
NO_CHOICE = {"id", "search_text", *DERIVED}


@dataclass(frozen=True)
class Relation:
    """A table with a foreign key to associations."""

    model: type[models.Model]
    field: str

    @property
    def label(self) -> str:
        return capfirst(str(self.model._meta.verbose_name_plural))

    @property
    def key(self) -> str:
        return f"{self.model._meta.label_lower}.{self.field}"

    @property
    def told(self) -> Sequence[str]:
        """The fields of its rows that may be told; none unless the model says so."""
        return getattr(self.model, "told_when_merging", ())

    def called(self, row: Any) -> str:
        """What one of its rows is called, as far as that may be told."""
        return str(row if self.told else self.model._meta.verbose_name)

    def rows(self, association: Any) -> list[Any]:
        related = [f.name for f in self.model._meta.concrete_fields if f.is_relation]
        found = self.model._default_manager.filter(**{self.field: association})
        return list(found.select_related(*related).order_by("pk"))


@dataclass(frozen=True)
class Conflict:
    """Rows of both entries of which only one side can stand. reason: the rule, in words; answers:
    which side may be chosen, because nothing refers to the rows of the other one."""

    relation: Relation
    kept: Sequence[Any]
    moved: Sequence[Any]
    reason: str
    answers: Sequence[str]

    @property
    def key(self) -> str:
        """Its name in a form."""
        return f"{self.relation.key}-{min(row.pk for row in self.moved)}"


@dataclass(frozen=True)
class Move:
    """What happens to the rows of one table. free: move as they are; same: the kept entry has the
    very same row, so that they are left out; stuck: cannot move at all, and why."""

    relation: Relation
    free: Sequence[Any]
    same: Sequence[Any]
    conflicts: Sequence[Conflict]
    stuck: Sequence[tuple[Any, str]]


@dataclass(frozen=True)
class FieldChoice:
    """A field in which the two entries differ. kept, absorbed: what each says, in words."""

    name: str
    label: str
    kept: Any
    absorbed: Any
    prefers_absorbed: bool


def relations() -> list[Relation]:
    """Every table that refers to associations, but for their history."""
    found = Association._meta.get_fields(include_hidden=True)
    return [
        Relation(each.related_model, each.field.name)  # type: ignore[union-attr, arg-type]
        for each in found
        if (each.one_to_many or each.one_to_one)
        and each.auto_created
        and not each.concrete
        and each.field.db_constraint  # type: ignore[union-attr]
        and not hasattr(each.related_model, "pgh_tracked_model")
        and each.related_model not in OWN_RULES
    ]


class Merging:
    """The merger of `absorbed` into `kept`, not yet done."""

    def __init__(self, kept: Association, absorbed: Association) -> None:
        self.kept = kept
        self.absorbed = absorbed

    @cached_property
    def moves(self) -> list[Move]:
        """The tables from which something moves."""
        found = [(each, each.rows(self.absorbed)) for each in relations()]
        return [self._move(relation, rows) for relation, rows in found if rows]

    @property
    def conflicts(self) -> list[Conflict]:
        return [conflict for move in self.moves for conflict in move.conflicts]

    @property
    def obstacles(self) -> list[tuple[str, Sequence[Any]]]:
        """Why the two cannot be merged as they stand, each with the rows that it is about."""
        alone = [
            (f"{move.relation.called(row)}: {reason}", [row])
            for move in self.moves
            for row, reason in move.stuck
        ]
        hopeless = [conflict for conflict in self.conflicts if not conflict.answers]
        return alone + [(_no_answer(each), [*each.kept, *each.moved]) for each in hopeless]

    @property
    def stuck(self) -> list[str]:
        """Why the two cannot be merged as they stand."""
        return [text for text, _rows in self.obstacles]

    @cached_property
    def fields(self) -> list[FieldChoice]:
        """The fields in which the two differ."""
        described = [f for f in Association._meta.concrete_fields if f.name not in NO_CHOICE]
        filled = copy(self.kept)
        return [
            self._choice(field, filled)
            for field in described
            if getattr(self.kept, field.attname) != getattr(self.absorbed, field.attname)
        ]

    @cached_property
    def version(self) -> str:
        """A text that changes when anything changes of what the person looked at."""
        said = hashlib.sha256()
        for association in (self.kept, self.absorbed):
            said.update(repr(_state(association)).encode())
        for relation in relations():
            for association in (self.kept, self.absorbed):
                states = [_state(row) for row in relation.rows(association)]
                said.update(repr((relation.key, states)).encode())
        return said.hexdigest()

    def _choice(self, field: Any, filled: Association) -> FieldChoice:
        """The choice for `field`; filled: the kept entry with the blanks filled so far."""
        blank = getattr(self.kept, field.attname) in (None, "")
        return FieldChoice(
            name=field.name,
            label=capfirst(str(field.verbose_name)),
            kept=said(self.kept, field),
            absorbed=said(self.absorbed, field),
            prefers_absorbed=blank and self._fills(field, filled),
        )

    def _fills(self, field: Any, filled: Association) -> bool:
        """Fill the blank where the value goes with the others; whether it did."""
        setattr(filled, field.attname, getattr(self.absorbed, field.attname))
        if _goes_together(filled, field.name):
            return True
        setattr(filled, field.attname, getattr(self.kept, field.attname))
        return False

    def _move(self, relation: Relation, rows: Sequence[Any]) -> Move:
        rules = _Rules(relation, self.kept)
        present = relation.rows(self.kept)
        contents = [_content(relation, each) for each in present]
        free, same, stuck = [], [], []
        clashes: list[tuple[Any, list[Any], str]] = []
        for row in rows:
            problem = rules.broken_by(row)
            against = [each for each in present if rules.broken_by(row, each)] if problem else []
            if not problem:
                free.append(row)
            elif _content(relation, row) in contents and not _is_protected(row):
                same.append(row)
            elif against:
                clashes.append((row, against, problem))
            else:
                stuck.append((row, problem))
        return Move(relation, free, same, list(_joined(relation, clashes)), stuck)


class _Rules:
    """The constraints of a table that say which rows an association may have beside each other."""

    def __init__(self, relation: Relation, kept: Association) -> None:
        self.relation = relation
        self.kept = kept
        self.constraints = [
            each for each in relation.model._meta.constraints if _concerns(each, relation.field)
        ]
        self.alone = relation.model._meta.get_field(relation.field).unique  # type: ignore[union-attr]

    def broken_by(self, row: Any, beside: Any = None) -> str:
        """Which rule `row` would break if it were the kept entry's, "" for none; beside: the one
        row that it is held against, without it all there are."""
        moved = copy(row)
        setattr(moved, self.relation.field, self.kept)
        model: Any = self.relation.model
        if self.alone and (beside is not None or self._rows().exists()):
            return _("There can be only one.")
        if beside is not None:
            model = _only(model, beside.pk)
        try:
            for constraint in self.constraints:
                constraint.validate(model, moved)
        except ValidationError as refusal:
            return " ".join(refusal.messages)
        return ""

    def _rows(self) -> Any:
        return self.relation.model._default_manager.filter(**{self.relation.field: self.kept})


def _goes_together(association: Association, field: str) -> bool:
    """Whether the value of `field` breaks no rule between the fields of an association."""
    rules: list[Any] = [
        each for each in Association._meta.constraints if isinstance(each, models.CheckConstraint)
    ]
    try:
        for rule in rules:
            if field in rule.condition.referenced_base_fields:
                rule.validate(Association, association)
    except ValidationError:
        return False
    return True


def _concerns(constraint: Any, field: str) -> bool:
    """Whether a constraint can be broken by giving a row another association in `field`."""
    if isinstance(constraint, models.CheckConstraint):
        condition: Any = constraint.condition
        return field in condition.referenced_base_fields
    return not getattr(constraint, "fields", ()) or field in constraint.fields


def _only(model: Any, pk: int) -> Any:
    """`model` as constraints see it, with that one row in its table."""
    rows = SimpleNamespace(using=lambda using: model._default_manager.using(using).filter(pk=pk))
    return SimpleNamespace(_meta=model._meta, _default_manager=rows)


def _no_answer(conflict: Conflict) -> str:
    return _(
        "%(table)s: %(reason)s Other records refer to both of them, so that neither can be "
        "deleted. End one of the two first, then merge."
    ) % {"table": conflict.relation.label, "reason": conflict.reason}


def _joined(
    relation: Relation, clashes: Sequence[tuple[Any, list[Any], str]]
) -> Iterator[Conflict]:
    """Clashes that share a row of the kept entry are one conflict, with one answer."""
    groups: list[tuple[list[Any], list[Any], str]] = []
    for row, against, reason in clashes:
        shared = [group for group in groups if any(each in group[0] for each in against)]
        kept, moved = list(against), [row]
        for group in shared:
            groups.remove(group)
            kept += [each for each in group[0] if each not in kept]
            moved = group[1] + moved
        groups.append((kept, moved, reason))
    for kept, moved, reason in groups:
        answers = [
            answer
            for answer, losing in ((KEPT, moved), (ABSORBED, kept))
            if not any(map(_is_protected, losing))
        ]
        yield Conflict(relation, kept, moved, reason, answers)


def _is_protected(row: Any) -> bool:
    """Whether a row of another table refers to `row` and keeps it from being deleted."""
    try:
        Collector(using=DEFAULT_DB_ALIAS, origin=row).collect([row])
    except (models.ProtectedError, models.RestrictedError):
        return True
    return False


def said(row: Any, field: Any) -> Any:
    """A field's value as people read it."""
    value = getattr(row, field.name)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if field.flatchoices:
        return getattr(row, f"get_{field.name}_display")()
    if isinstance(field, models.SmallIntegerField | models.PositiveSmallIntegerField):
        return None if value is None else str(value)  # a year takes no separator
    return value


def facts(row: Any, names: Collection[str]) -> list[tuple[str, Any]]:
    """What the fields `names` of a row say, as (label, value), without the empty ones."""
    shown = [f for f in row._meta.concrete_fields if f.name in names]
    pairs = [(capfirst(str(field.verbose_name)), said(row, field)) for field in shown]
    return [(label, value) for label, value in pairs if value not in (None, "")]


def _state(row: Any) -> list[Any]:
    fields = [f for f in row._meta.concrete_fields if f.name not in ("search_text", *DERIVED)]
    return [(f.attname, str(getattr(row, f.attname))) for f in fields]


def _content(relation: Relation, row: Any) -> list[Any]:
    fields = [
        f for f in row._meta.concrete_fields if not f.primary_key and f.name != relation.field
    ]
    return [getattr(row, f.attname) for f in fields]
