"""From the cells of a roster's row to a record and what is wrong with it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from registers.cleaning import ticked
from registers.columns import ChoiceColumn, Column, LookupColumn, YearlyChoiceColumn
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
    action: str = ""

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
        self._constants = constants
        mapped = [column for column in columns if column["column"]]
        self._ticks = [
            (c["index"], c["column"], c["choice"], c["year"]) for c in mapped if c["choice"]
        ]
        self._cells = [
            (c["index"], c["column"], self._cleaner(register.column(c["column"]), c["year"]))
            for c in mapped
            if not c["choice"]
        ]
        self.indexes = {c["column"]: c["index"] for c in reversed(mapped)}

    def draft(self, row: int, cells: Sequence[Any]) -> Draft:
        """The row's record: only what it says, blanks left out."""
        draft = Draft(row, {})
        for index, key, clean in self._cells:
            cell = cells[index] if index < len(cells) else None
            if cell is None or cell == "":
                continue
            try:
                value = clean(cell)
            except Problem as problem:
                draft.refuse(key, problem, index)
                continue
            if value is not None:
                known = draft.record.get(key)
                draft.record[key] = known | value if isinstance(known, dict) else value
        self._read_ticks(draft, cells)
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


def _meant(choice: str, year: int | None) -> Any:
    """What a tick under `choice` says; a question may be spread over a yes and a no column."""
    if year is not None:
        return {str(year): choice}
    return {"yes": True, "no": False}.get(choice, choice)
