"""The rows of a roster that lie outside the scope of who imports it, told together.

Somebody of one county who uploads the roster of the whole city has hundreds of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce

from registers.models import ImportBatch, ImportRow
from registers.places import by_sheet, listed

GOOD = (ImportRow.Action.NEW, ImportRow.Action.CHANGED, ImportRow.Action.UNCHANGED)
OUTSIDE = ImportRow.OUTSIDE


@dataclass(frozen=True)
class OutsideRows:
    """Rows of one sheet that lie outside. whole: whether the sheet has not one good row."""

    sheet: str
    rows: list[int]
    whole: bool

    @property
    def listed(self) -> str:
        return listed(self.rows)


def outside_rows(batch: ImportBatch) -> list[OutsideRows]:
    """Where the rows outside the scope stand, sheet by sheet."""
    rows = batch.rows.filter(OUTSIDE, action=ImportRow.Action.WRONG).order_by("pk")
    found = by_sheet(rows.values_list("sheet", "row"))
    whole = set(foreign_sheets(batch)) if found else set()
    return [OutsideRows(sheet, rows, sheet in whole) for sheet, rows in found.items()]


def foreign_sheets(batch: ImportBatch) -> list[str]:
    """The sheets with rows outside the scope and not one good row."""
    sheets = batch.rows.order_by().values("sheet").annotate(outside=Count("pk", filter=OUTSIDE))
    of_nobody = sheets.annotate(good=Count("pk", filter=Q(action__in=GOOD)))
    return list(of_nobody.filter(outside__gt=0, good=0).values_list("sheet", flat=True))


def told_apart(batches: QuerySet[Any]) -> QuerySet[Any]:
    """`batches`, each with its number of rows `outside` and of those `wrong` for another reason."""
    rows = ImportRow.objects.filter(OUTSIDE, batch=OuterRef("pk"), action=ImportRow.Action.WRONG)
    number = rows.order_by().values("batch").values_list(Count("pk"))
    counted = Cast(KT("counts__wrong"), IntegerField())
    return batches.annotate(outside=Coalesce(number, 0)).annotate(wrong=counted - F("outside"))


def within(rows: QuerySet[Any]) -> QuerySet[Any]:
    """`rows` without those outside the scope."""
    return rows.filter(~OUTSIDE | Q(problems=[]))


def leave_out(batch: ImportBatch, sheets: Iterable[str]) -> bool:
    """Take sheets off what the checked batch imports; it must be checked again. False where that
    came too late."""
    left_out = set(sheets)
    for plan in batch.plan:
        plan["used"] = plan["used"] and plan["name"] not in left_out
    states = ImportBatch.Status
    ours = ImportBatch.objects.filter(pk=batch.pk)
    return ours.move(to=states.UPLOADED, expected=(states.STAGED,), plan=batch.plan)
