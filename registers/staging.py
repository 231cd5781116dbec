"""Checking a batch: every row read, cleaned, matched and compared, nothing written yet."""

import datetime
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import Error, transaction
from django.utils import timezone

from registers.batches import give_up
from registers.bulk import chunks, copy_rows, without_collecting
from registers.detection import Plan, detect_sheet, layout_of, require_table, stated_day
from registers.marked import keep_marked
from registers.models import ImportBatch, ImportRow
from registers.newer import Days, newer_than
from registers.problems import Problem
from registers.register import Hints, Record, Register
from registers.row_reading import Draft, RowReader, joined
from registers.vocabularies import KnownWords, space_of
from registers.workbooks.reading import Sheet, open_workbook
from registers.workbooks.records import records
from registers.workbooks.unreadable import Unreadable

CHUNK = 2000
ROWS_NAMED = 20
Action = ImportRow.Action
Status = ImportBatch.Status


def claim(batch: ImportBatch, **choices: Any) -> bool:
    """Take a batch that has written nothing for checking; False where that is not so.

    choices: fields of the batch by which its rows are to be checked from now on
    """
    ours = ImportBatch.objects.filter(pk=batch.pk)
    waiting = (Status.UPLOADED, Status.STAGED, Status.FAILED)
    return ours.move(to=Status.STAGING, expected=waiting, error=None, done=0, **choices)


def stage(batch: ImportBatch, *, mark: bool = False) -> None:
    """Read and check the batch's file by its plan (made here if it has none yet).

    mark: keep the workbook with its problems marked as well, of a file for which nobody could wait
    Afterwards the batch is STAGED with its rows, counts and unknown values, or FAILED with the
    reason and without any of them. `batch.done` counts the rows meanwhile.
    """
    try:
        with transaction.atomic(), without_collecting():
            batch.rows.all().delete()
            batch.marked.delete(save=False)
            _Staging(batch).run()
        if mark and batch.counts[Action.WRONG]:
            keep_marked(batch)
    except (Unreadable, Error) as reason:
        give_up(batch, reason)
    batch.save()


class _Staging:
    def __init__(self, batch: ImportBatch) -> None:
        self.batch = batch
        self.register: Register = batch.register
        self.words = KnownWords(self.register, self.register.columns)
        self.today = timezone.localdate()
        self.counts: Counter[str] = Counter()
        self.unknown = Unknown(self.register, self.words)
        self.judge = Judge(
            self.register, batch.created_by, self.today, keeps_newer=batch.keeps_newer
        )
        self.newer: Counter[str] = Counter()

    def run(self) -> None:
        self.batch.done = 0
        self.batch.checked_at = timezone.now()
        plans = {plan["position"]: plan for plan in self.batch.plan}
        followed: list[Plan] = []
        with open_workbook(Path(self.batch.file.path)) as workbook:
            for position, sheet in enumerate(workbook.sheets):
                plan = plans.get(position) or detect_sheet(sheet, position, self.register)
                followed.append(plan)
                plan["records"] = self._stage_sheet(sheet, plan) if plan["used"] else 0
        require_table(followed, self.register)
        if not plans:
            self.batch.data_on = stated_day(followed)
        self.batch.plan = followed
        self.batch.counts = {action: self.counts[action] for action in Action.values}
        self.batch.newer = dict(self.newer)
        self.batch.unknown = self.unknown.listed()
        self.batch.recalled = [
            {"column": column, "text": text, "value": value}
            for (column, text), value in self.words.recalled.items()
        ]
        self.batch.total = self.batch.done = sum(self.counts.values())
        self.batch.error = None
        self.batch.status = ImportBatch.Status.STAGED

    def _stage_sheet(self, sheet: Sheet, plan: Plan) -> int:
        layout = layout_of(plan)
        reader = RowReader(self.register, plan["columns"], self.words, self.batch.constants)
        infer = self.register.inferrer(Hints(layout.preamble, sheet.name))
        said_on = self.batch.data_on or stated_day([plan])
        data_on = said_on.isoformat() if said_on else None
        staged = 0
        read = (reader.draft(row, cells) for row, cells in records(sheet, layout))
        for drafts in chunks(joined(read, self.register), CHUNK):
            self.judge.judge(sheet.name, drafts, infer, data_on)
            for draft in drafts:
                self.counts[draft.action] += 1
                self.unknown.note(sheet.name, draft)
                if draft.newer:
                    self.newer.update(rows=1, values=len(draft.newer))
            copy_rows(ImportRow, ROW_FIELDS, (self._row(sheet.name, draft) for draft in drafts))
            staged += len(drafts)
            self.batch.done += len(drafts)
        return staged

    def _row(self, sheet: str, draft: Draft) -> Sequence[Any]:
        return (
            self.batch.pk,
            sheet,
            draft.row,
            draft.action,
            draft.target,
            *map(_json, (draft.values, draft.before, draft.inferred, draft.newer, draft.problems)),
        )


_encode = json.JSONEncoder(ensure_ascii=False).encode


def _json(value: Any) -> str:
    return _encode(value) if value else "{}" if value == {} else "[]"


ROW_FIELDS = (
    "batch",
    "sheet",
    "row",
    "action",
    "target",
    "values",
    "before",
    "inferred",
    "newer",
    "problems",
)


class Judge:
    """Decides for each draft whether it is new, changed, unchanged or wrong."""

    def __init__(
        self, register: Register, user: Any, today: datetime.date, *, keeps_newer: bool
    ) -> None:
        self.register = register
        self.user = user
        self.today = today
        self.keeps_newer = keeps_newer
        self.seen: dict[tuple[str, Any], tuple[str, int]] = {}
        self.reached: dict[int, tuple[str, int]] = {}
        self.columns = {column.key: column for column in register.columns}
        self.required = [column.key for column in register.columns if column.required]
        self.in_scope = register.in_scope(user) if user else lambda record: True

    def judge(self, sheet: str, drafts: Sequence[Draft], infer: Any, data_on: str | None) -> None:
        """Complete `drafts` of one sheet that speaks of the day `data_on`; a constant number of
        queries."""
        for draft in drafts:
            self._refuse_repetition(sheet, draft)
        found = self.register.find([draft.record for draft in drafts], self.user)
        for draft, answer in zip(drafts, found, strict=True):
            self._note_answer(sheet, draft, answer)
        before = self._before([draft.target for draft in drafts if draft.target])
        for draft in drafts:
            self._compare(draft, before.get(draft.target, {}), infer, data_on)
        day = datetime.date.fromisoformat(data_on) if data_on else self.today
        if day < self.today:
            self._tell_newer(drafts, before, day)
        for draft in drafts:
            draft.action = self._action(draft)

    def _before(self, pks: list[int]) -> dict[Any, Record]:
        if not pks:
            return {}
        rows = self.register.model._default_manager.filter(pk__any_of=pks)
        return dict(self.register.snapshot(rows, self.today, self.user))

    def _refuse_repetition(self, sheet: str, draft: Draft) -> None:
        for key, value in self.register.identities(draft.record):
            other = self.seen.setdefault((key, value), (sheet, draft.row))
            if other != (sheet, draft.row):
                draft.refuse(key, _repetition(draft.record[key], other))

    def _note_answer(self, sheet: str, draft: Draft, answer: int | Problem | None) -> None:
        """What lies outside the scope is judged on like a new row, so that nothing tells them
        apart; two writings may reach the same row of the registry."""
        if isinstance(answer, Problem):
            draft.outside = answer.code == "out_of_scope"
            if not draft.outside:
                draft.refuse(answer.params.get("column"), answer)
            return
        draft.target = answer
        other = self.reached.setdefault(answer, (sheet, draft.row)) if answer else None
        if other not in (None, (sheet, draft.row)) and not draft.problems:
            key = next(key for key in self.register.business_keys if draft.record.get(key))
            draft.refuse(key, _repetition(draft.record[key], other))

    def _compare(self, draft: Draft, before: Record, infer: Any, data_on: str | None) -> None:
        draft.record = self.register.settled(draft.record, before, data_on)
        inferred = infer(before | draft.record) if not draft.problems else {}
        whole = before | inferred | draft.record
        for key, problem in self.register.check(whole):
            if key in draft.record or (key, problem.code) not in self._known_problems(before):
                draft.refuse(key, problem)
        if draft.target is None:
            self._require(draft, whole)
        said = inferred | draft.record
        draft.values = self._differing(said, before) if before else said
        draft.before = {key: before.get(key) for key in draft.values} if before else {}
        draft.inferred = [key for key in inferred if key in draft.values]

    def _tell_newer(
        self, drafts: Sequence[Draft], before: Mapping[Any, Record], day: datetime.date
    ) -> None:
        """Note what the registry has changed since `day`, of which the rows speak, and keep it
        unless they are to go before it; one query for all rows that change something."""
        own = self.register.own_fields
        changing = {d.target: d for d in drafts if d.target and d.before and not d.problems}
        asked = {pk: [key for key in d.values if key in own] for pk, d in changing.items()}
        asked = {pk: keys for pk, keys in asked.items() if keys}
        newer = newer_than(day, self.register, asked) if asked else {}
        for pk, days in newer.items():
            draft = changing[pk]
            if self.keeps_newer:
                days = self._agreeing(draft, before[pk], days)
            draft.newer = {
                key: {"old": draft.before[key], "new": draft.values[key], "on": changed.isoformat()}
                for key, changed in days.items()
            }
            if self.keeps_newer:
                draft.leave(days)

    def _agreeing(self, draft: Draft, before: Record, days: Days) -> Days:
        """The values to keep: `days`, and what the row says beside them that would contradict."""
        rest = {key: value for key, value in draft.values.items() if key not in days}
        known = self._known_problems(before)
        contradictions = {
            key
            for key, problem in self.register.check(before | rest)
            if (key, problem.code) not in known
        }
        groups = [each for each in self.register.agreeing if each & contradictions]
        beside = {key for group in groups for key in group & rest.keys()}
        return days | dict.fromkeys(beside, max(days.values()))

    def _differing(self, said: Record, before: Record) -> Record:
        columns = self.columns
        return {k: v for k, v in said.items() if not columns[k].same(before.get(k), v)}

    def _require(self, draft: Draft, whole: Record) -> None:
        for key in self.required:
            said = any(problem["column"] == key for problem in draft.problems)
            if whole.get(key) is None and not said:
                draft.refuse(key, Problem("required"))
        if not draft.problems and (draft.outside or not self.in_scope(whole)):
            key = self.register.naming_column.key
            draft.refuse(key, Problem("out_of_scope", {"value": whole.get(key)}))

    def _known_problems(self, before: Record) -> list[tuple[str, str]]:
        """What is wrong already in the registry's own row, which the file need not answer for."""
        return [(key, problem.code) for key, problem in self.register.check(before)]

    def _action(self, draft: Draft) -> str:
        if draft.problems:
            return Action.WRONG
        if draft.target is None:
            return Action.NEW
        return Action.CHANGED if draft.values else Action.UNCHANGED


def _repetition(value: Any, other: tuple[str, int]) -> Problem:
    sheet, row = other
    return Problem("duplicate_in_file", {"value": value, "other_sheet": sheet, "other_row": row})


@dataclass
class Unknown:
    """Words nobody knows, each once, with the rows that use it and what it may mean."""

    register: Register
    words: KnownWords
    found: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    CODES = ("unknown_lookup", "unknown_choice")

    def note(self, sheet: str, draft: Draft) -> None:
        for problem in draft.problems:
            if problem["code"] not in self.CODES:
                continue
            column = self.register.column(problem["column"])
            text = str(problem["params"]["value"])
            entry = self.found.setdefault(
                (space_of(self.register, column), text),
                {
                    "column": column.key,
                    "text": text,
                    "rows": [],
                    "count": 0,
                    "suggestions": self.words.suggestions(column, text),
                },
            )
            problem["params"]["suggestions"] = "、".join(name for _, name in entry["suggestions"])
            entry["count"] += 1
            if len(entry["rows"]) < ROWS_NAMED:
                entry["rows"].append([sheet, draft.row])

    def listed(self) -> list[dict[str, Any]]:
        return list(self.found.values())
