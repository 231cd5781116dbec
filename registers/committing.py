"""Writing a checked batch into its register: once, whole, and only what the preview showed."""

from collections.abc import Iterator, Sequence
from typing import Any

import pghistory
from django.db import Error, connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from registers.bulk import chunks, without_collecting
from registers.lookups import literal
from registers.models import ImportBatch, ImportRow
from registers.problems import Problem
from registers.refusals import reason_of
from registers.register import Change, Record

CHUNK = 5000
Status = ImportBatch.Status
WRITTEN = (ImportRow.Action.NEW, ImportRow.Action.CHANGED)


def commit(batch: ImportBatch, *, mode: str, by: Any) -> bool:
    """Claim the batch and write it; whether this call did it. Raises what `claim` raises."""
    return claim(batch, mode=mode) and write(batch, by=by)


def claim(batch: ImportBatch, *, mode: str) -> bool:
    """Take a checked batch for writing; False where it no longer waits for that.

    Raises Problem("wrong_rows") for mode ALL while rows are wrong.
    """
    if mode == ImportBatch.Mode.ALL and batch.counts.get(ImportRow.Action.WRONG):
        raise Problem("wrong_rows", {"count": batch.counts[ImportRow.Action.WRONG]})
    ours = ImportBatch.objects.filter(pk=batch.pk)
    if mode == ImportBatch.Mode.ALL:  # as it is now: it may have been checked again meanwhile
        ours = ours.exclude(counts__wrong__gt=0)
    return ours.move(to=Status.COMMITTING, expected=(Status.STAGED,), mode=mode, error=None, done=0)


def write(batch: ImportBatch, *, by: Any) -> bool:
    """Write a claimed batch's new and changed rows in one transaction; whether they stand.

    Where the registry has changed since the preview, or the database refuses a row, nothing is
    written: the batch goes back to STAGED with the reason in `error`, to be checked again.
    `batch.done` counts the rows; the batch's own row is left alone until the end, so that others
    can see the count meanwhile.
    """
    ours = ImportBatch.objects.filter(pk=batch.pk)
    try:
        with transaction.atomic(), pghistory.context(**_origin(batch, by)) as context:
            with without_collecting():
                _Commit(batch, by).run()
            ours.update(status=Status.COMMITTED, history_context=context.id, committed_at=Now())
    except (Problem, Error) as reason:
        error = reason_of(reason, refused="refused_by_database")
        ours.move(to=Status.STAGED, expected=(Status.COMMITTING,), error=error)
    batch.refresh_from_db()
    return batch.status == Status.COMMITTED


def is_outdated(batch: ImportBatch) -> bool:
    """Whether the batch could not be written because the registry has changed since its preview."""
    return batch.error is not None and batch.error["code"] == "registry_changed"


def _origin(batch: ImportBatch, by: Any) -> dict[str, Any]:
    """What history records about where the changes came from."""
    return {"batch": batch.pk, "file": batch.file_name} | ({"user": by.pk} if by else {})


class _Commit:
    def __init__(self, batch: ImportBatch, by: Any) -> None:
        self.batch = batch
        self.by = by
        self.register = batch.register
        self.today = timezone.localdate()

    def run(self) -> None:
        self._wait_for_others()
        self._lock()
        for rows in chunks(self._rows(), CHUNK):
            changes = self._changes(rows)
            pks = self.register.apply(changes, self.today, self.by)
            _remember_made(
                [(r.pk, pk) for r, pk in zip(rows, pks, strict=True) if r.target is None]
            )
            self._recheck_scope(pks)
            self.batch.done += len(rows)

    def _rows(self) -> Iterator[Any]:
        rows = self.batch.rows.filter(action__in=WRITTEN).order_by("pk")
        fields = ("pk", "sheet", "row", "target", "values", "before")
        return rows.values_list(*fields, named=True).iterator(chunk_size=CHUNK)

    def _wait_for_others(self) -> None:
        """One import at a time: two that name the same new rows in different orders would lock each
        other out, and registers share rows."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('imports'))")

    def _lock(self) -> None:
        """Lock the rows to be changed, in one order, so that nobody edits them meanwhile."""
        targets = self.batch.rows.filter(action=ImportRow.Action.CHANGED).values("target")
        rows = self.register.model._default_manager.filter(pk__in=targets).order_by("pk")
        list(rows.select_for_update(no_key=True).values_list("pk"))

    def _changes(self, rows: Sequence[Any]) -> list[Change]:
        """The staged rows as changes of the registry as it is now; raises Problem if it moved."""
        current = self._current(rows)
        found = self.register.find([current.get(r.target, {}) | r.values for r in rows], self.by)
        for row, answer in zip(rows, found, strict=True):
            if answer != row.target or not _as_previewed(row, current.get(row.target, {})):
                raise Problem("registry_changed", {"sheet": row.sheet, "row": row.row})
        day = self.batch.data_on.isoformat() if self.batch.data_on else None
        return [Change(row.target, row.values, current.get(row.target, {}), day) for row in rows]

    def _current(self, rows: Sequence[Any]) -> dict[Any, Record]:
        """The records to be changed, as the person who had the preview may see them."""
        targets = [row.target for row in rows if row.target]
        if not targets:
            return {}
        known = self.register.model._default_manager.filter(pk__any_of=targets)
        return dict(self.register.snapshot(known, self.today, self.batch.created_by))

    def _recheck_scope(self, pks: Sequence[int]) -> None:
        if self.by is None:
            return
        own = self.register.queryset(self.by, self.register.write_permission)
        if own.order_by().filter(pk__any_of=pks).count() != len(set(pks)):
            raise Problem("left_scope")


def _remember_made(pairs: Sequence[tuple[int, int]]) -> None:
    """Note on the staged rows which rows of the register they have made."""
    if not pairs:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE registers_importrow AS row SET target = made.target"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS made (id, target) WHERE row.id = made.id",
            [literal(column) for column in zip(*pairs, strict=True)],
        )


def _as_previewed(row: Any, current: Record) -> bool:
    return all(current.get(key) == value for key, value in row.before.items())
