"""What differs from a frozen report: cell by cell, and the associations or people behind a cell."""

import datetime
from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.decorators import requires
from organizations.models import Association, Instructor, Report
from organizations.operations.reports import associations_of
from organizations.statistics.differences import Explainer, differing, moves
from organizations.statistics.lines import COLUMNS, LINES, TOTAL, Line, Shown
from organizations.statistics.people import Workers
from organizations.statistics.sources import live
from organizations.statistics.table import Table, as_frozen, tabulate
from organizations.views.report_files import changes_file, differences_file, people_file
from organizations.views.reports import (
    PAGE_SIZE,
    SAME_DAY,
    TODAY,
    VIEW,
    asked_line,
    asked_report,
    headline,
    report_context,
    reports_above,
    told_of,
    url_of,
)
from organizations.views.statistics import ShownCell, ShownLine, requested_column
from registers.downloads import wants_workbook

INSTRUCTOR = "instructor"  # what lines measure that count people at work


@require_safe
@requires(VIEW)
def report_differences(request: HttpRequest, pk: int) -> HttpResponse:
    """What the registry says now against what was frozen; ?against=: of the same day, of today."""
    report, against = asked_report(request, pk), _against(request)
    on = _day(report, against)
    source = live(associations_of(report), on)
    was, now = as_frozen(report), tabulate(source, on)
    pairs, workers = differing(report, source), Workers.of(report, source)

    def moved(line: Line, column: str) -> bool:
        people = line.measured == INSTRUCTOR
        return bool(workers.moved(column) if people else moves(pairs, line, column))

    lines = [
        _compared(report, line, was, now, moved, against)
        for line in LINES.values()
        if line.shown is Shown.FORM
        or (line.shown is Shown.GAP and (was.number(line.key) or now.number(line.key)))
    ]
    if wants_workbook(request):
        return differences_file(report, lines, on, told_of(report))
    context = report_context(request, report, against) | {
        "figures": _compared_headline(report, was, now),
        "lines": lines,
        "on": on,
        "number": sum(line.differs for line in lines),
        "inside": sum(line.moved and not line.differs for line in lines),
        "pairs": len(pairs),
    }
    return render(request, "organizations/report_differences.html", context)


def _compared_headline(report: Report, was: Table, now: Table) -> list[dict[str, Any]]:
    """The headline figures as frozen, each with what it is now."""
    pairs = zip(headline(report, was), headline(report, now), strict=True)
    return [frozen | {"rule": _now(later)} for frozen, later in pairs]


def _now(figure: dict[str, Any]) -> str:
    value = "—" if figure["value"] is None else f"{figure['value']:,}{figure.get('unit', '')}"
    return _("Now %(value)s: %(rule)s") % {"value": value, "rule": figure["rule"]}


@require_safe
@requires(VIEW)
def report_changes(request: HttpRequest, pk: int, line: str) -> HttpResponse:
    """The associations that make a cell differ, each with the reasons; of instructors, them."""
    report, counted, against = asked_report(request, pk), asked_line(line), _against(request)
    column, on = requested_column(request), _day(report, against)
    scope = associations_of(report)
    if counted.measured == INSTRUCTOR:
        return _people(request, report, counted, Workers.of(report, live(scope, on)))
    found = moves(differing(report, live(scope, on)), counted, column)
    if wants_workbook(request):
        explainer = Explainer(report, [pair for pair, _move in found], scope, on)
        return changes_file(report, counted, column, on, found, explainer)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    pairs = [pair for pair, _move in page]
    explainer = Explainer(report, pairs, scope, on)
    visible = Association.objects.for_user(request.user, VIEW).filter(
        pk__in=[pair.association for pair in pairs]
    )
    context = _behind(request, report, counted) | {
        "page_obj": page,
        "changes": [(pair, move, explainer.reasons(pair, counted)) for pair, move in page],
        "visible": set(visible.values_list("pk", flat=True)),
    }
    return render(request, "organizations/report_changes.html", context)


def _people(request: HttpRequest, report: Report, line: Line, workers: Workers) -> HttpResponse:
    """The instructors who make a cell differ, each with the associations they counted by."""
    column, on = requested_column(request), _day(report, _against(request))
    found = workers.moved(column)
    if wants_workbook(request):
        return people_file(report, line, column, on, found)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = Instructor.objects.for_user(request.user, VIEW)
    visible = rows.filter(pk__in=[worker.pk for worker in page])
    context = _behind(request, report, line) | {
        "page_obj": page,
        "visible": set(visible.values_list("pk", flat=True)),
    }
    return render(request, "organizations/report_people.html", context)


def _behind(request: HttpRequest, report: Report, line: Line) -> dict[str, Any]:
    """What the pages behind a cell have in common."""
    against = _against(request)
    back = f"{reverse('organizations:report-differences', args=[report.pk])}?against={against}"
    title = f"{capfirst(str(line.label))} · {COLUMNS[requested_column(request)]}"
    return report_context(request, report, against) | {
        "line": line,
        "title": title,
        "on": _day(report, against),
        "crumbs": [
            *reports_above(),
            (str(report), url_of(report)),
            (_("Differences"), back),
            (title, ""),
        ],
    }


def _against(request: HttpRequest) -> str:
    return TODAY if request.GET.get("against") == TODAY else SAME_DAY


def _day(report: Report, against: str) -> datetime.date:
    return report.as_of if against == SAME_DAY else timezone.localdate()


def _changes_url(report: Report, line: Line, column: str, against: str) -> str:
    url = reverse("organizations:report-changes", args=[report.pk, line.key])
    kind = "" if column == TOTAL else f"&kind={column}"
    return f"{url}?against={against}{kind}"


def _compared(
    report: Report,
    line: Line,
    was: Table,
    now: Table,
    moved: Callable[[Line, str], bool],
    against: str,
) -> ShownLine:
    """A line with the frozen number, the one of now, and the difference that leads to its rows."""
    cells = []
    for column, label in COLUMNS.items():
        before, after = was.number(line.key, column), now.number(line.key, column)
        step = "" if before is None or after is None else f"{after - before:+,}"
        cells.append(
            ShownCell(
                before,
                _changes_url(report, line, column, against),
                now=after,
                difference=step,
                moved=before != after or moved(line, column),
                label=label,
            )
        )
    return ShownLine(line, cells)
