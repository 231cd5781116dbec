"""Undoing a batch from the history that the database kept of it.

For each table that the register writes, the batch's history events tell which rows it made (they
are deleted) and which it changed (they get the values of the event before). A register row that
somebody edited since is kept as it is, with all that belongs to it, and listed.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pghistory
from django.db import Error, connection, models, transaction
from django.utils import timezone
from psycopg import sql

from registers.committing import WRITTEN
from registers.models import ImportBatch, ImportBatchQuerySet, ImportRow
from registers.problems import Problem
from registers.refusals import reason_of
from registers.register import Part

Status = ImportBatch.Status


def undo(batch: ImportBatch, *, by: Any) -> bool:
    """Claim the batch and reverse it; whether this call did it."""
    return claim(batch) and reverse(batch, by=by)


def claim(batch: ImportBatch) -> bool:
    """Take a batch for undoing that is written, or undone but for rows kept; else False."""
    ours = ImportBatch.objects.filter(pk=batch.pk).exclude(status=Status.UNDONE, kept=[])
    written = (Status.COMMITTED, Status.UNDONE)
    return ours.move(to=Status.UNDOING, expected=written, error=None, done=0)


def edited_since(batch: ImportBatch) -> list[int]:
    """The register rows (their keys) that undoing `batch` would keep as they are."""
    return sorted(_Undo(batch).edited_since())


def later_imports(batch: ImportBatch, rows: Sequence[int]) -> ImportBatchQuerySet:
    """The imports written since into the same `rows`: undone first, they don't keep these."""
    later = ImportBatch.objects.filter(status=Status.COMMITTED, committed_at__gt=batch.committed_at)
    theirs = ImportRow.objects.filter(action__in=WRITTEN, target__any_of=rows, batch__in=later)
    return later.filter(pk__in=theirs.order_by().values("batch"))


def reverse(batch: ImportBatch, *, by: Any) -> bool:
    """Reverse a claimed batch in one transaction; whether it is undone. `batch.kept` lists the
    register rows (their keys) that were edited since and stay; undone again, these alone are
    reversed. Where the database refuses, nothing is changed: the batch goes back to where it was
    with the reason in `error`."""
    ours = ImportBatch.objects.filter(pk=batch.pk)
    origin = {"undone_batch": batch.pk} | ({"user": by.pk} if by else {})
    try:
        with transaction.atomic(), pghistory.context(**origin) as context:
            undoing = _Undo(batch)
            undoing.require_scope(by)
            kept = undoing.run()
            ours.update(
                status=Status.UNDONE,
                kept=kept,
                undo_contexts=[*batch.undo_contexts, context.id],
                undone_at=timezone.now(),
            )
    except (Problem, Error) as reason:
        error = reason_of(reason, refused="undo_refused")
        before = Status.UNDONE if batch.undone_at else Status.COMMITTED
        ours.move(to=before, expected=(Status.UNDOING,), error=error)
    batch.refresh_from_db()
    return batch.status == Status.UNDONE


class _Undo:
    def __init__(self, batch: ImportBatch) -> None:
        self.context: UUID | None = batch.history_context
        self.since = batch.committed_at
        self.cancelled = [self.context, *batch.undo_contexts, *_cancelled_contexts(batch)]
        self.register = batch.register
        self.parts: Sequence[Part] = self.register.parts
        written = batch.rows.filter(action__in=WRITTEN, target__isnull=False)
        self.roots: list[Any] = batch.kept or list(written.values_list("target", flat=True))
        self.kept: list[int] = []

    def require_scope(self, by: Any) -> None:
        """Raise Problem("undo_outside_scope") where `by` may no longer change one of the rows."""
        if by is None:
            return
        own = self.register.queryset(by, self.register.write_permission).order_by().values("pk")
        present = self.register.model._default_manager.filter(pk__any_of=self.roots)
        if present.exclude(pk__in=own).exists():
            raise Problem("undo_outside_scope")

    def run(self) -> list[int]:
        kept = self.edited_since()
        self.kept = sorted(kept)
        self.roots = [root for root in self.roots if root not in kept]
        for part in self.parts:
            self._delete_made(part)
        for part in reversed(self.parts):
            self._restore_changed(part)
        self.register.restored(self.roots)
        return self.kept

    def edited_since(self) -> set[int]:
        kept: set[int] = set()
        for part in self.parts:
            query = EDITED if part.root else EDITED_THROUGH_LINK
            kept |= {row[0] for row in self._rows(query, part)}
        return kept

    def _delete_made(self, part: Part) -> None:
        self._execute(DELETE_MADE if part.root else DELETE_UNLINKED, part)

    def _restore_changed(self, part: Part) -> None:
        self._execute(RESTORE if part.root else RESTORE_LINKED, part)
        self._execute(BRING_BACK if part.root else BRING_BACK_LINKED, part)

    def _rows(self, query: str, part: Part) -> list[Any]:
        with connection.cursor() as cursor:
            self._run(cursor, query, part)
            return list(cursor.fetchall())

    def _execute(self, query: str, part: Part) -> None:
        with connection.cursor() as cursor:
            self._run(cursor, query, part)

    def _run(self, cursor: Any, query: str, part: Part) -> None:
        values = {
            "context": self.context,
            "since": self.since,
            "roots": self.roots,
            "kept": self.kept,
            "cancelled": self.cancelled,
        }
        cursor.execute(sql.SQL(query).format(**_names(part)).as_string(), values)


def _cancelled_contexts(batch: ImportBatch) -> list[UUID | None]:
    """Where later imports wrote that have been undone since: their events cancel each other."""
    undone = ImportBatch.objects.filter(status=Status.UNDONE, committed_at__gt=batch.committed_at)
    pairs = undone.values_list("history_context", "undo_contexts")
    return [context for written, undos in pairs for context in (written, *undos)]


def _names(part: Part) -> dict[str, sql.Composable]:
    """Identifiers that the statements below name: tables, events, columns."""
    columns = [f.column for f in _event_fields(part.model) if f.column != "id"]
    names: dict[str, sql.Composable] = {
        "table": sql.Identifier(part.model._meta.db_table),
        "event": sql.Identifier(_event_model(part.model)._meta.db_table),
        "columns": sql.SQL(", ").join(map(sql.Identifier, ["id", *columns])),
        "previous": sql.SQL(", ").join(sql.Identifier("previous", c) for c in ["id", *columns]),
        "settings": sql.SQL(", ").join(
            sql.SQL("{0} = previous.{0}").format(sql.Identifier(column)) for column in columns
        ),
    }
    if part.root:
        names["root"] = sql.Identifier(part.root)
    if part.link:
        link, member, root = part.link
        names |= {
            "referred": _referred(part.model),
            "link": sql.Identifier(link._meta.db_table),
            "link_event": sql.Identifier(_event_model(link)._meta.db_table),
            "member": sql.Identifier(member),
            "link_root": sql.Identifier(root),
        }
    return names


def _referred(model: type[models.Model]) -> sql.Composable:
    """Whether any row of another table refers to one of `model`."""
    related: Any = model._meta.related_objects
    relations = [relation for relation in related if relation.field.db_constraint]
    references = [
        sql.SQL("EXISTS (SELECT FROM {} AS other WHERE other.{} = {}.id)").format(
            sql.Identifier(relation.related_model._meta.db_table),
            sql.Identifier(relation.field.column),
            sql.Identifier(model._meta.db_table),
        )
        for relation in relations
    ]
    return sql.SQL(" OR ").join(references)


def _event_model(model: type[models.Model]) -> Any:
    return model.pgh_event_model  # type: ignore[attr-defined]


def _event_fields(model: type[models.Model]) -> list[Any]:
    """The fields of `model` that its events keep and that can be written."""
    kept = {field.name for field in _event_model(model)._meta.fields}
    return [f for f in model._meta.concrete_fields if f.name in kept and not f.generated]


# Rows whose history somebody else continued after the batch. An event carries the time when its
# transaction began: one that waited for the batch's locks began earlier but has the later number.
_LATER = """
  AND (event.pgh_created_at >= %(since)s OR event.pgh_id > (
    SELECT min(pgh_id) FROM {event} WHERE pgh_context_id = %(context)s))
  AND (event.pgh_context_id IS NULL OR event.pgh_context_id <> ALL(%(cancelled)s))
"""
EDITED = (
    """
SELECT DISTINCT {root} FROM {event} AS event
WHERE {root} = ANY(%(roots)s)
"""
    + _LATER
)
EDITED_THROUGH_LINK = (
    """
SELECT DISTINCT link.{link_root} FROM {event} AS event
JOIN {link_event} AS link ON link.{member} = event.pgh_obj_id
WHERE link.{link_root} = ANY(%(roots)s)
"""
    + _LATER
)

# The batch's first event of each row, and the event before that: the state to go back to.
_FIRST = """
WITH first AS (
    SELECT pgh_obj_id, min(pgh_id) AS pgh_id FROM {event}
    WHERE pgh_context_id = %(context)s GROUP BY pgh_obj_id
), made AS (
    SELECT first.pgh_obj_id FROM first JOIN {event} AS event USING (pgh_id)
    WHERE event.pgh_label = 'insert'
), previous AS (
    SELECT before.* FROM first, LATERAL (
        SELECT * FROM {event} AS event
        WHERE event.pgh_obj_id = first.pgh_obj_id AND event.pgh_id < first.pgh_id
        ORDER BY event.pgh_id DESC LIMIT 1
    ) AS before
    WHERE first.pgh_obj_id NOT IN (SELECT pgh_obj_id FROM made)
)
"""
DELETE_MADE = (
    _FIRST
    + """
DELETE FROM {table} WHERE id IN (SELECT pgh_obj_id FROM made) AND {root} = ANY(%(roots)s)
"""
)
DELETE_UNLINKED = (
    _FIRST
    + """
DELETE FROM {table} WHERE id IN (SELECT pgh_obj_id FROM made)
  AND NOT EXISTS (SELECT FROM {link} AS link WHERE link.{member} = {table}.id)
  AND NOT ({referred})
"""
)
RESTORE = (
    _FIRST
    + """
UPDATE {table} SET {settings} FROM previous
WHERE {table}.id = previous.id AND previous.{root} = ANY(%(roots)s)
"""
)
RESTORE_LINKED = (
    _FIRST
    + """
UPDATE {table} SET {settings} FROM previous
WHERE {table}.id = previous.id AND NOT EXISTS (
    SELECT FROM {link} AS link
    WHERE link.{member} = {table}.id AND link.{link_root} = ANY(%(kept)s)
) AND EXISTS (
    SELECT FROM {link_event} AS link
    WHERE link.{member} = {table}.id AND link.{link_root} = ANY(%(roots)s)
)
"""
)
BRING_BACK = (
    _FIRST
    + """
INSERT INTO {table} ({columns}) SELECT {previous} FROM previous
WHERE previous.{root} = ANY(%(roots)s)
  AND NOT EXISTS (SELECT FROM {table} AS present WHERE present.id = previous.id)
"""
)
BRING_BACK_LINKED = (
    _FIRST
    + """
INSERT INTO {table} ({columns}) SELECT {previous} FROM previous
WHERE NOT EXISTS (SELECT FROM {table} AS present WHERE present.id = previous.id)
"""
)
