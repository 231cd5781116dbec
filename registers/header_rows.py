"""Correcting by hand which rows of a sheet are its header."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from registers.cleaning.texts import shown
from registers.detection import Plan, detect_sheet, has_rows_below
from registers.models import ImportBatch
from registers.workbooks.layout import MOST_HEADER_ROWS
from registers.workbooks.reading import Sheet, open_workbook

ROWS_SHOWN = 12
COLUMNS_SHOWN = 24
CHARACTERS_SHOWN = 24


@dataclass
class SheetHead:
    """The first rows of a sheet with the controls for its header rows."""

    plan: Plan
    sheet: Sheet
    first: forms.BoundField
    last: forms.BoundField

    @property
    def name(self) -> str:
        return str(self.plan["name"])

    @property
    def rows(self) -> Iterator[tuple[int, bool, list[str]]]:
        """(worksheet row, whether it is a header row as things stand, its cells)."""
        first, last = self.plan["header_rows"] or (0, 0)
        width = max((len(cells) for _row, cells in self._head), default=0)
        for row, cells in self._head:
            texts = [_clipped(cell) for cell in cells[:COLUMNS_SHOWN]]
            texts += [""] * (min(width, COLUMNS_SHOWN) - len(texts))
            yield row, first <= row <= last, texts

    @property
    def _head(self) -> Sequence[Any]:
        return self.sheet.head[:ROWS_SHOWN]


class HeadersForm(forms.Form):
    """The first and last header row of each sheet, beside its first rows."""

    def __init__(self, *args: Any, batch: ImportBatch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.batch = batch
        with open_workbook(Path(batch.file.path)) as workbook:
            self.sheets = {p: sheet for p, sheet in enumerate(workbook.sheets) if sheet.head}
        self.plans = {plan["position"]: plan for plan in batch.plan}
        self.corrected: dict[int, Plan] = {}
        for position in self.sheets:
            first, last = self.plans[position]["header_rows"] or (None, None)
            self.fields[f"first-{position}"] = _row_field(_("First header row"), first)
            self.fields[f"last-{position}"] = _row_field(_("Last header row"), last)

    @property
    def heads(self) -> Iterator[SheetHead]:
        for position, sheet in self.sheets.items():
            controls = self[f"first-{position}"], self[f"last-{position}"]
            yield SheetHead(self.plans[position], sheet, *controls)

    def clean(self) -> dict[str, Any]:
        for position, sheet in self.sheets.items():
            given = [self.cleaned_data.get(f"{end}-{position}") for end in ("first", "last")]
            rows = [row for row in given if row]
            if rows and [rows[0], rows[-1]] != self.plans[position]["header_rows"]:
                self._correct(position, sheet, rows[0], rows[-1])
        return self.cleaned_data

    def _correct(self, position: int, sheet: Sheet, first: int, last: int) -> None:
        reason = _wrong(sheet, first, last)
        if reason:
            self.add_error(f"last-{position}", reason)
            return
        plan = detect_sheet(sheet, position, self.batch.register, (first, last))
        self.corrected[position] = plan

    def save(self) -> None:
        """Write the corrected sheets into the batch's plan; their columns are found anew."""
        self.batch.plan = [self.corrected.get(p["position"], p) for p in self.batch.plan]
        self.batch.save(update_fields=["plan"])


def _wrong(sheet: Sheet, first: int, last: int) -> str:
    """Why these rows cannot be a header, "" where they can."""
    rows = [row for row, _cells in sheet.head]
    if last < first:
        return _("The last header row cannot stand above the first.")
    if last - first >= MOST_HEADER_ROWS:
        return _("A header has at most %(count)s rows.") % {"count": MOST_HEADER_ROWS}
    if first not in rows or last not in rows:
        return _("Choose rows that are filled in, down to row %(row)s.") % {"row": rows[-1]}
    if not has_rows_below(sheet, last):
        return _("Nothing stands below row %(row)s.") % {"row": last}
    return ""


def _row_field(label: str, initial: int | None) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=1, required=False, initial=initial, localize=False
    )


def _clipped(cell: Any) -> str:
    return "" if cell is None else Truncator(shown(cell)).chars(CHARACTERS_SHOWN)
