"""What a register is: its columns, whose rows it shows, how rows are read and written.

A *record* is one row as {column key: cleaned value} (registers/columns.py). A register turns
table rows into records (`snapshot`) and records into table rows (`apply`); everything else, from
the list page to undo, is the engine's. What `snapshot` gives is what is exported, and it is what
an imported row is compared with, each time as far as the person may see it: so what it exports, it
imports unchanged.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from registers.columns import Column, Text, Value
from registers.problems import Problem

Record = dict[str, Value]
Place = tuple[str, int]  # sheet and row of a file


@dataclass(frozen=True)
class Change:
    """One row to write. pk None: a new row. `values`: only the columns that change; `before`: the
    whole record as it stands, empty for a new row. `data_on`: the day of which its file speaks
    (ISO), None where that is the day of writing."""

    pk: int | None
    values: Record
    before: Record = field(default_factory=dict)
    data_on: str | None = None


@dataclass(frozen=True)
class Part:
    """A table that a register writes, and how its rows belong to the register's own rows.

    root: the column that holds the register row's key ("id" for the register's own table), or None
        where `link` (a table that names both, its column naming this one, its column naming the
        register row) tells which register rows a shared row serves
    """

    model: type[Model]
    root: str | None = None
    link: tuple[type[Model], str, str] | None = None


def _hanging(model: type[Model]) -> Iterator[Part]:
    """The tables with a foreign key to `model` whose rows have a history of their own."""
    relations: Any = model._meta.get_fields(include_hidden=True)
    for relation in relations:
        refers = relation.auto_created and (relation.one_to_many or relation.one_to_one)
        if refers and hasattr(relation.related_model, "pgh_event_model"):
            yield Part(relation.related_model, relation.field.column)


@dataclass
class Hints:
    """What a file says about all its rows: title and notes above the header, the sheet's name."""

    preamble: Sequence[str] = ()
    sheet: str = ""
    constants: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class OpenName:
    """A name that rows of a file write and the registry lacks. candidates: what may be meant."""

    name: str
    places: Sequence[Place]
    candidates: Sequence[str]


@dataclass(frozen=True)
class Note:
    """What an import would leave open though no row is wrong for it, said before it is written.

    names: the first of them; more: how many others there are
    """

    title: str
    text: str
    names: Sequence[OpenName]
    more: int = 0


@dataclass(frozen=True)
class Shared:
    """What all rows of a file share. value: that of `column`, else as people read it; rows: those
    of the registry that share it, too."""

    label: Text
    value: Any
    rows: QuerySet[Any]
    column: Column | None = None


@dataclass(frozen=True)
class Match:
    """A row of the registry that a new row of a file may mean. reasons: why; likely: whether there
    is little doubt."""

    record: Any
    reasons: Sequence[Text]
    likely: bool


class Register:
    """Base of registers. Subclasses declare the class attributes and the methods below."""

    key: ClassVar[str]
    label: ClassVar[Text]
    model: ClassVar[type[Model]]
    columns: ClassVar[Sequence[Column]]
    business_keys: ClassVar[tuple[str, ...]]
    list_columns: ClassVar[tuple[str, ...]] = ()
    constant_columns: ClassVar[tuple[str, ...]] = ()  # may be set once for a whole file
    view_permission: ClassVar[Permission] = Permission.VIEW_REGISTRY
    export_permission: ClassVar[Permission] = Permission.EXPORT_REGISTER
    personal_permission: ClassVar[Permission] = Permission.VIEW_PERSONAL_DATA
    write_permission: ClassVar[Permission]
    linked: ClassVar[Sequence[Part]] = ()  # tables whose rows several of the register's share
    # Columns that say what a file is about where all its rows share a value, with their fields.
    shared_fields: ClassVar[Mapping[str, str]] = {}
    expected_rule: ClassVar[Text] = _("all records")  # which rows a complete file would have
    # Columns that are fields of `model` itself, whose history tells how new they are.
    own_fields: ClassVar[Mapping[str, str]] = {}
    # Columns that must agree: where a newer one is kept, the others of its group may have to be.
    agreeing: ClassVar[Sequence[frozenset[str]]] = ()
    knows_matches: ClassVar[bool] = False
    is_imported: ClassVar[bool] = True  # else its rows are only listed and exported

    @cached_property
    def parts(self) -> Sequence[Part]:
        """The tables that an import may write, or somebody else after it, in the order in which
        rows can be deleted: what hangs on the register's own, these themselves, what they share.

        Tables of apps that build on the register's are found through the model.
        """
        return (*_hanging(self.model), Part(self.model, "id"), *self.linked)

    @property
    def naming_column(self) -> Column:
        """The column that says which row is meant: the first that must be filled in."""
        return next(column for column in self.columns if column.required)

    def column(self, key: str) -> Column:
        """The column named `key`; KeyError if there is none."""
        return {column.key: column for column in self.columns}[key]

    def queryset(self, user: Any, permission: Permission) -> QuerySet[Any]:
        """The rows on which `user` may exercise `permission`, in list order."""
        raise NotImplementedError

    def reach(self, user: Any, permission: Permission) -> str:
        """How far `permission` reaches for `user`, to be compared: the same text as long as
        nothing changes but rows of the register."""
        raise NotImplementedError

    def identities(self, record: Record) -> list[tuple[str, Any]]:
        """What may occur only once in a file, as (column key, value)."""
        return [(key, record[key]) for key in self.business_keys if record.get(key)]

    def follow_ups(self, user: Any) -> list[tuple[Text, str]]:
        """What imports have left for the person to do, as (text, address)."""
        return []

    def notes(self, rows: Iterable[tuple[Place, Record]], user: Any) -> list[Note]:
        """What writing `rows` (their places and new values) would leave open for `user`."""
        return []

    def expected(self, rows: QuerySet[Any], on: datetime.date) -> QuerySet[Any]:
        """Those of `rows` that a complete file of the day `on` would have (`expected_rule`)."""
        return rows

    def shared(self, records: Sequence[Record], rows: QuerySet[Any]) -> list[Shared]:
        """What all `records` of a file have in common, and which of `rows` have that as well.

        records: the combinations of values in `shared_fields` that occur, each once; of a record
            that leaves a column as it is, without it
        """
        values = shared_values(records, self.shared_fields)
        return [
            Shared(column.label, values[key], rows.filter(**{field: values[key]}), column)
            for key, field in self.shared_fields.items()
            if key in values and (column := self.column(key))
        ]

    def matches(self, records: Sequence[Record], user: Any) -> list[list[Match]]:
        """For each record that no row of the registry matches, those that it may mean after all,
        the likeliest first; `knows_matches` says whether the register can tell."""
        return [[] for _record in records]

    def learn_same(self, name: str, pk: int, user: Any) -> None:
        """Remember that a file's `name` means the row `pk`; raises ValidationError."""
        raise NotImplementedError

    def learn_different(self, name: str, pk: int, user: Any) -> None:
        """Remember that a file's `name` does not mean the row `pk`; raises ValidationError."""
        raise NotImplementedError

    def is_citywide(self, user: Any, permission: Permission) -> bool:
        """Whether `user` may exercise `permission` on the register without a limit of scope."""
        raise NotImplementedError

    def in_scope(self, user: Any) -> Callable[[Record], bool]:
        """A test whether `user` may make a row of a record."""
        raise NotImplementedError

    def snapshot(
        self, rows: QuerySet[Any], on: datetime.date, user: Any
    ) -> Iterator[tuple[int, Record]]:
        """Each row of `rows` as (pk, record) as of the day `on`, in their order, in batches.

        user: who reads the records, which name nothing outside this person's scope; None: the
        system itself
        """
        raise NotImplementedError

    def find(self, records: Sequence[Record], user: Any) -> list[int | Problem | None]:
        """For each record the pk of the row it names (None: a new one) or what is wrong with it."""
        raise NotImplementedError

    def settled(self, record: Record, before: Record, data_on: str | None = None) -> Record:
        """What a row's record comes to, beside the row of the registry as it stands ({}: none).

        data_on: the day of which the file speaks, where it says so
        """
        return record

    def inferrer(self, hints: Hints) -> Callable[[Record], Record]:
        """A function from a record to what follows with certainty but stands in no column."""
        return lambda record: {}

    def check(self, record: Record) -> list[tuple[str, Problem]]:
        """What is wrong between the columns of a record, as (column key, problem)."""
        return []

    def restored(self, pks: Sequence[int]) -> None:
        """Called after an undo wrote earlier values into these rows: what is derived follows."""

    def apply(self, changes: Sequence[Change], on: datetime.date, by: Any) -> list[int]:
        """Write `changes` inside the caller's transaction; the pks, in their order.

        on: the day from which anything undated is known to hold; by: the person who imports,
        None for the system itself
        """
        raise NotImplementedError


def shared_values(records: Sequence[Record], keys: Iterable[str]) -> Record:
    """Those of `keys` for which every record that names them has one and the same value."""
    found: Record = {}
    for key in keys:
        values = [record[key] for record in records if key in record]
        if values and values[0] not in (None, "") and all(v == values[0] for v in values):
            found[key] = values[0]
    return found


_registers: dict[str, Register] = {}


def register(cls: type[Register]) -> type[Register]:
    """Class decorator: make the register known under its key; ValueError if that is taken."""
    if cls.key in _registers:
        raise ValueError(f"A register is known as “{cls.key}” already.")
    _registers[cls.key] = cls()
    return cls


def get(key: str) -> Register:
    """The register named `key`; KeyError if there is none."""
    return _registers[key]


def all_registers() -> list[Register]:
    """Every register, in the order in which they were declared."""
    return list(_registers.values())


def imported_registers() -> list[Register]:
    """The registers that take rosters in."""
    return [each for each in all_registers() if each.is_imported]
