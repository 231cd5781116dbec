"""What differs from a frozen report, as workbooks."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from organizations.models import Report
from organizations.statistics.differences import Explainer, Move, Pair
from organizations.statistics.lines import COLUMNS, Line
from organizations.statistics.people import Worker
from organizations.views.statistics import ShownLine
from registers.columns import Column, CountColumn, DateColumn, YesNoColumn
from registers.downloads import day_and_number, table_response
from registers.register import Record

MOVES = {
    Move.CAME: gettext_lazy("Came in"),
    Move.LEFT: gettext_lazy("Left"),
    Move.STAYED: gettext_lazy("Different value"),
}
LATER = gettext_lazy("Came about after the report's day")
CORRECTED = gettext_lazy("Entered or corrected after the report was frozen")


REPORTS = (
    Column(key="report", label=gettext_lazy("Report"), width=36),
    Column(key="scope", label=gettext_lazy("Scope"), width=24),
    DateColumn(key="as_of", label=gettext_lazy("As of")),
    DateColumn(key="frozen_on", label=gettext_lazy("Frozen on")),
    Column(key="frozen_by", label=gettext_lazy("Frozen by")),
    Column(key="note", label=gettext_lazy("Note"), width=40),
    Column(key="corrects", label=gettext_lazy("Corrected version of"), width=36),
    Column(key="reason", label=gettext_lazy("Reason for the correction"), width=40),
    DateColumn(key="superseded_on", label=gettext_lazy("Superseded on")),
)


def reports_file(rows: Any) -> HttpResponse:
    """Which reports are frozen."""
    records = (
        {
            "report": str(row),
            "scope": row.scope,
            "as_of": row.as_of.isoformat(),
            "frozen_on": _day_frozen(row),
            "frozen_by": str(row.frozen_by),
            "note": row.note,
            "corrects": _version(row.corrects),
            "reason": row.correction_reason,
            "superseded_on": _day_frozen(getattr(row, "correction", None)),
        }
        for row in rows
    )
    notes = [day_and_number(timezone.localdate(), rows.count())]
    return table_response(_("Frozen reports"), REPORTS, records, notes)


def _day_frozen(report: Report | None) -> str | None:
    return timezone.localdate(report.frozen_at).isoformat() if report else None


def _version(report: Report | None) -> str:
    """A version among others, told by the day on which it was frozen."""
    if report is None:
        return ""
    said = {"report": report, "day": date_format(timezone.localtime(report.frozen_at))}
    return _("%(report)s, frozen on %(day)s") % said


def differences_file(
    report: Report, lines: list[ShownLine], on: datetime.date, notes: list[str]
) -> HttpResponse:
    """Every number as frozen and as of the day `on` by the registry of now, one row for each."""
    columns = (
        Column(key="line", label=gettext_lazy("Line"), width=32),
        Column(key="column", label=pgettext_lazy("statistics", "Column")),
        CountColumn(key="was", label=gettext_lazy("As frozen")),
        CountColumn(key="now", label=gettext_lazy("As recorded now")),
        Column(key="difference", label=gettext_lazy("Difference")),
        YesNoColumn(key="differs", label=gettext_lazy("Number differs")),
        YesNoColumn(key="moved", label=gettext_lazy("Details differ")),
    )
    records: list[Record] = [
        {
            "line": str(shown.line.label),
            "column": str(label),
            "was": cell.value,
            "now": cell.now,
            "difference": cell.difference,
            "differs": cell.differs,
            "moved": cell.moved,
        }
        for shown in lines
        for label, cell in zip(COLUMNS.values(), shown.cells, strict=True)
    ]
    above = [f"{report} · {report.scope}", day_and_number(on, len(records)), *notes]
    return table_response(_("Differences"), columns, records, above)


def changes_file(
    report: Report,
    line: Line,
    column: str,
    on: datetime.date,
    found: Sequence[tuple[Pair, Move]],
    explainer: Explainer,
) -> HttpResponse:
    """The associations that make a cell differ, one row for each reason."""
    columns = (
        Column(key="name", label=gettext_lazy("Association"), width=36),
        Column(key="move", label=gettext_lazy("In this cell")),
        Column(key="why", label=gettext_lazy("Why"), width=40),
        Column(key="before", label=gettext_lazy("In the report"), width=24),
        Column(key="after", label=gettext_lazy("Now"), width=24),
        Column(key="when", label=gettext_lazy("How it came about"), width=28),
    )
    records: list[Record] = [
        {
            "name": pair.name,
            "move": str(MOVES[move]),
            "why": str(reason.text),
            "before": str(reason.before or ""),
            "after": str(reason.after or ""),
            "when": str(LATER if reason.later else CORRECTED),
        }
        for pair, move in found
        for reason in explainer.reasons(pair, line)
    ]
    cell = f"{line.label} · {COLUMNS[column]}"
    notes = [f"{report} · {report.scope}", cell, day_and_number(on, len(records))]
    return table_response(_("Differences"), columns, records, notes)


def people_file(
    report: Report, line: Line, column: str, on: datetime.date, found: Sequence[Worker]
) -> HttpResponse:
    """The instructors who make a cell differ, one row each."""
    columns = (
        Column(key="name", label=gettext_lazy("Instructor")),
        Column(key="unit", label=gettext_lazy("Unit"), width=30),
        Column(key="move", label=gettext_lazy("In this cell")),
        Column(key="was", label=gettext_lazy("Worked with in the report"), width=48),
        Column(key="now", label=gettext_lazy("Works with now"), width=48),
    )
    records: list[Record] = [
        {
            "name": worker.name,
            "unit": worker.unit,
            "move": str(MOVES[worker.move]),
            "was": _(", ").join(worker.was),
            "now": _(", ").join(worker.now),
        }
        for worker in found
    ]
    cell = f"{line.label} · {COLUMNS[column]}"
    notes = [f"{report} · {report.scope}", cell, day_and_number(on, len(records))]
    return table_response(_("Differences"), columns, records, notes)
