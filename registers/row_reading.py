"""From the cells of a roster's row to a record and what is wrong with it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from registers.cleaning import ticked
from registers.columns import ChoiceColumn, Column, LookupColumn, NamesColumn, YearlyChoiceColumn
from registers.problems import Problem
from registers.register import Record, Register
from registers.vocabularies import KnownWords

Cleaner = Callable[[Any], Any]


@dataclass(slots=True)
class Draft:
    """One row on its way to the preview."""

    row: int
    record: Record
    problems: list[dict[str, Any]] = field(default_factory=list)
    inferred: list[str] = field(default_factory=list)
    target: int | None = None
    outside: bool = False
    values: Record = field(default_factory=dict)
    before: Record = field(default_factory=dict)
    newer: dict[str, dict[str, Any]] = field(default_factory=dict)
    action: str = ""

    def leave(self, keys: Iterable[str]) -> None:
        """Leave `keys` as they stand in the registry."""
        for key in keys:
            del self.values[key], self.before[key]
        self.inferred = [key for key in self.inferred if key in self.values]

    def refuse(self, key: str | None, problem: Problem, index: int | None = None) -> None:
        """Note a problem in column `key` (None: in the row as a whole)."""
        self.problems.append(
            {"column": key, "index": index, "code": problem.code, "params": problem.params}
        )


class RowReader:
    """Reads the rows of one sheet by its plan."""

    def __init__(
        self,
        register: Register,
        columns: Sequence[Mapping[str, Any]],
        words: KnownWords,
        constants: Record,
    ) -> None:
        self._register = register
        self._words = words
        self._wholes: dict[tuple[Any, ...], Any] = {}
        self._constants = constants
        mapped = [column for column in columns if column["column"]]
        self._ticks = [
            (c["index"], c["column"], c["choice"], c["year"]) for c in mapped if c["choice"]
        ]
        whole = [column for column in mapped if not column["choice"]]
        self._parts = self._parted(whole)
        parted = {index for _column, indexes in self._parts for index in indexes}
        self._cells = [
            (c["index"], c["column"], self._cleaner(register.column(c["column"]), c["year"]))
            for c in whole
            if c["index"] not in parted
        ]
        self.indexes = {c["column"]: c["index"] for c in reversed(mapped)}

    def draft(self, row: int, cells: Sequence[Any]) -> Draft:
        """The row's record: only what it says, blanks left out."""
        record: Record = {}
        draft, width = Draft(row, record), len(cells)
        for index, key, clean in self._cells:
            cell = cells[index] if index < width else None
            if cell is None or cell == "":
                continue
            try:
                value = clean(cell)
            except Problem as problem:
                draft.refuse(key, problem, index)
                continue
            if value is not None:
                known = record.get(key)
                record[key] = known | value if isinstance(known, dict) else value
        self._read_ticks(draft, cells)
        self._read_parts(draft, cells)
        for key, value in self._constants.items():
            draft.record.setdefault(key, value)
        return draft

    def _read_ticks(self, draft: Draft, cells: Sequence[Any]) -> None:
        for index, key, choice, year in self._ticks:
            cell = cells[index] if index < len(cells) else None
            if cell is None or cell == "":
                continue
            try:
                if not ticked(cell):
                    continue
            except Problem as problem:
                draft.refuse(key, problem, index)
                continue
            said, known = _meant(choice, year), draft.record.get(key)
            if isinstance(known, dict) and isinstance(said, dict):
                said = known | said
            elif known not in (None, said):
                draft.refuse(key, Problem("two_ticks"), index)
                continue
            draft.record[key] = said

    def _parted(self, plans: Sequence[Mapping[str, Any]]) -> list[tuple[LookupColumn, list[int]]]:
        """The columns whose names stand in several columns, with these, the widest part first."""
        found: dict[LookupColumn, list[tuple[int, int]]] = defaultdict(list)
        for plan in plans:
            column = self._register.column(plan["column"])
            if isinstance(column, LookupColumn) and column.parts:
                found[column].append((column.part(plan["path"][-1]), plan["index"]))
        return [
            (column, [index for _part, index in sorted(parts)])
            for column, parts in found.items()
            if len(parts) > 1
        ]

    def _read_parts(self, draft: Draft, cells: Sequence[Any]) -> None:
        for column, indexes in self._parts:
            said = tuple(cells[index] for index in indexes if index < len(cells))
            try:
                if said not in self._wholes:
                    self._wholes[said] = self._whole(column, said)
            except Problem as problem:
                draft.refuse(column.key, problem, indexes[-1])
                continue
            if self._wholes[said] is not None:
                draft.record[column.key] = self._wholes[said]

    def _whole(self, column: LookupColumn, cells: Sequence[Any]) -> Any:
        """What the parts of a name mean together (牡丹区, 东城街道), else its narrowest part."""
        names = list(dict.fromkeys(filter(None, map(column.clean, cells))))
        try:
            return self._words.resolve(column, "".join(map(str, names)))
        except Problem:
            return [self._words.resolve(column, name) for name in names][-1]

    def _cleaner(self, column: Column, year: int | None) -> Cleaner:
        clean = column.clean
        if isinstance(column, LookupColumn | ChoiceColumn):
            words, remembered = self._words, {}

            def clean(cell: Any) -> Any:
                if cell not in remembered:
                    remembered[cell] = words.resolve(column, cell)
                return remembered[cell]

        if not isinstance(column, YearlyChoiceColumn):
            return clean
        chosen = clean

        def dated(cell: Any) -> Any:
            value = chosen(cell)
            return None if value is None else {str(year): value}

        return dated


def joined(drafts: Iterable[Draft], register: Register) -> Iterator[Draft]:
    """The drafts, where rows that follow each other only go on with a list of names made one.

    Rosters write an instructor with three associations in one row or in three. A row goes on with
    the one above where it repeats of it all but names, or leaves out all but names.
    """
    lists = frozenset(c.key for c in register.columns if isinstance(c, NamesColumn))
    first: Draft | None = None
    for draft in drafts:
        if first is not None and _goes_on(first.record, draft, lists):
            for key in lists & draft.record.keys():
                known = first.record.get(key) or []
                names = dict.fromkeys([*known, *draft.record[key]])  # type: ignore[misc]
                first.record[key] = list(names)
            continue
        if first is not None:
            yield first
        first = draft
    if first is not None:
        yield first


def _goes_on(record: Record, draft: Draft, lists: frozenset[str]) -> bool:
    """Whether a row adds names to the record above and says nothing else that is new."""
    if draft.problems or lists.isdisjoint(draft.record):
        return False
    said = draft.record.items()
    if any(record.get(key) != value for key, value in said if key not in lists):
        return False
    known = [name for key in lists for name in record.get(key) or []]  # type: ignore[union-attr]
    told = [name for key in lists for name in draft.record.get(key) or []]  # type: ignore[union-attr]
    return not set(told) <= set(known)


def _meant(choice: str, year: int | None) -> Any:
    """What a tick under `choice` says; a question may be spread over a yes and a no column."""
    if year is not None:
        return {str(year): choice}
    return {"yes": True, "no": False}.get(choice, choice)
