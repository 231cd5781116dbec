"""The rows of a roster that lie outside the scope of who imports it, told together.

Somebody of one county who uploads the roster of the whole city has hundreds of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from registers.models import ImportBatch, ImportRow
from registers.places import by_sheet, listed

GOOD = (ImportRow.Action.NEW, ImportRow.Action.CHANGED, ImportRow.Action.UNCHANGED)
OUTSIDE = Q(problems__0__code="out_of_scope")  # never said beside another problem


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


def within(rows: QuerySet[Any]) -> QuerySet[Any]:
    """`rows` without those outside the scope."""
    return rows.filter(~OUTSIDE | Q(problems=[]))


def leave_out(batch: ImportBatch, sheets: Iterable[str]) -> None:
    """Take sheets off what the batch imports; it must be checked again."""
    left_out = set(sheets)
    for plan in batch.plan:
        plan["used"] = plan["used"] and plan["name"] not in left_out
    batch.save(update_fields=["plan"])
