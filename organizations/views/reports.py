"""Frozen reports: the list, freezing, the frozen numbers with their rows, and what differs now."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.decorators import requires
from accounts.permissions import Permission
from organizations.models import Association, Report, ReportRow
from organizations.rules import dormant_rule, functional_rule
from organizations.statistics.lines import COLUMNS, LINES, SUPPLEMENT, TOTAL, Line
from organizations.statistics.periods import period_name
from organizations.statistics.table import Table, as_frozen
from organizations.statistics.workbook import Form, Rows, write_rows
from organizations.views.report_files import reports_file
from organizations.views.statistics import (
    form_response,
    form_title,
    requested_column,
    shown_lines,
)
from registers.downloads import exportable, wants_workbook, workbook_response
from registers.filters import joined

PAGE_SIZE = 50
SAME_DAY, TODAY = "same_day", "today"
VIEW = Permission.VIEW_REGISTRY


@require_safe
@requires(VIEW)
def report_list(request: HttpRequest) -> HttpResponse:
    """The frozen reports of one's scope, the latest period first."""
    rows = _reports(request)
    if wants_workbook(request):
        return reports_file(rows)
    context = {
        "may_export": request.user.has_perm(Permission.EXPORT_REGISTER),
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "may_freeze": request.user.has_perm(Permission.FREEZE_REPORT),
    }
    return render(request, "organizations/report_list.html", context)


@require_safe
@requires(VIEW)
def report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The numbers as frozen, each leading to its frozen rows; ?format=xlsx: form and rows."""
    report = asked_report(request, pk)
    found = as_frozen(report)
    if request.GET.get("format") == "xlsx":
        form = Form(form_title(), report.scope, report.as_of, [str(report), *told_of(report)])
        rows = _sheet(report, _("Frozen rows"), [str(report)], report.rows.all())
        return form_response(request, str(report), found, form, rows)
    context = report_context(request, report) | {
        "table": found,
        "figures": headline(report, found),
        "lines": shown_lines(found, lambda line, column: _rows_url(report, line, column)),
    }
    return render(request, "organizations/report_detail.html", context)


@require_safe
@requires(VIEW)
def report_rows(request: HttpRequest, pk: int, line: str) -> HttpResponse:
    """The frozen rows behind one cell; ?kind=: its column; ?format=xlsx."""
    report, counted, column = asked_report(request, pk), asked_line(line), requested_column(request)
    rows = report.rows.counted_in(counted.key)
    if column != TOTAL:
        rows = rows.filter(kind=column)
    title = f"{capfirst(str(counted.label))} · {COLUMNS[column]}"
    if wants_workbook(request):
        sheet = _sheet(report, _("Frozen rows"), [str(report), title], rows)
        return workbook_response(f"{report} {title}.xlsx", lambda out: write_rows(out, sheet))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    keys = [row.association for row in page]
    visible = Association.objects.for_user(request.user, VIEW).filter(pk__in=keys)
    workers: dict[int, list[str]] = {}
    for key, name in report.assignments.filter(association__in=keys).values_list(
        "association", "instructor_name"
    ):
        workers.setdefault(key, []).append(name)
    context = report_context(request, report) | {
        "line": counted,
        "title": title,
        "page_obj": page,
        "rows": [(row, workers.get(row.association, [])) for row in page],
        "visible": set(visible.values_list("pk", flat=True)),
        "value": as_frozen(report).number(counted.key, column),
        "crumbs": [*reports_above(), (str(report), url_of(report)), (title, "")],
    }
    return render(request, "organizations/report_rows.html", context)


def _reports(request: HttpRequest) -> Any:
    """The reports that the person may read; for a file, those that he or she may export."""
    rows = Report.objects.for_user(request.user, VIEW)
    if wants_workbook(request):
        rows = exportable(rows, request.user)
    return rows.select_related(
        "department", "division", "frozen_by", "corrects", "correction__frozen_by"
    )


def asked_report(request: HttpRequest, pk: int) -> Report:
    """The report, with what its pages say of it; Http404 outside the scope."""
    return get_object_or_404(_reports(request), pk=pk)


def asked_line(key: str) -> Line:
    """The line of a key; Http404 where there is none."""
    if key not in LINES:
        raise Http404
    return LINES[key]


def reports_above() -> list[tuple[str, str]]:
    """Where the pages of reports stand, as breadcrumbs."""
    return [
        (_("Statistics"), reverse("organizations:statistics")),
        (_("Frozen reports"), reverse("organizations:report-list")),
    ]


def url_of(report: Report) -> str:
    """The page of a report."""
    return reverse("organizations:report-detail", args=[report.pk])


def _rows_url(report: Report, line: Line, column: str) -> str:
    url = reverse("organizations:report-rows", args=[report.pk, line.key])
    return url if column == TOTAL else f"{url}?kind={column}"


def report_context(request: HttpRequest, report: Report, against: str = "") -> dict[str, Any]:
    """What every page of a report shows."""
    differences = reverse("organizations:report-differences", args=[report.pk])
    tabs = [
        (_("As frozen"), url_of(report), ""),
        (_("Same day, as recorded now"), f"{differences}?against={SAME_DAY}", SAME_DAY),
        (_("Today"), f"{differences}?against={TODAY}", TODAY),
    ]
    return {
        "report": report,
        "period": period_name(report.period, report.starts_on),
        "columns": COLUMNS.values(),
        "supplement": SUPPLEMENT[0],
        "notes": _notes(report),
        "against": against,
        "may_export": request.user.has_perm(Permission.EXPORT_REGISTER),
        "versions": _versions(report),
        "may_correct": not hasattr(report, "correction") and may_freeze(request.user, report),
        "tabs": [{"label": t, "url": url, "current": key == against} for t, url, key in tabs],
        "crumbs": [*reports_above(), (str(report), "")],
    }


def _notes(report: Report) -> list[str]:
    rules = joined(functional_rule(report.counts_functional), dormant_rule(report.counts_dormant))
    frozen = _("Frozen on %(moment)s by %(person)s. Rules then: %(rules)s") % {
        "moment": date_format(timezone.localtime(report.frozen_at), "DATETIME_FORMAT"),
        "person": report.frozen_by,
        "rules": rules,
    }
    return [frozen, *([report.note] if report.note else [])]


def told_of(report: Report) -> list[str]:
    """What its workbooks say above the rows: of other versions, and the notes."""
    return [*(version["text"] for version in _versions(report)), *_notes(report)]


def may_freeze(user: Any, report: Report) -> bool:
    """Whether the person may freeze reports of the scope of `report`."""
    permission = Permission.FREEZE_REPORT
    if not user.has_perm(permission):
        return False
    return bool(Report.objects.for_user(user, permission).filter(pk=report.pk).exists())


def _versions(report: Report) -> list[dict[str, Any]]:
    """What the report corrects and by what it has been superseded, in words, with why."""
    found = []
    if later := getattr(report, "correction", None):
        text = _("Superseded by “%(report)s”, frozen on %(day)s by %(person)s. Reason: %(reason)s")
        said = {"report": later, "day": _frozen_on(later), "person": later.frozen_by}
        found.append(("warning", text % (said | {"reason": later.correction_reason}),
                      later, _("Open the corrected version")))  # fmt: skip
    if earlier := report.corrects:
        text = _("Corrects “%(report)s”, frozen on %(day)s. Reason: %(reason)s")
        said = {"report": earlier, "day": _frozen_on(earlier)}
        found.append(("info", text % (said | {"reason": report.correction_reason}),
                      earlier, _("Open the earlier version")))  # fmt: skip
    return [
        {"kind": kind, "text": text, "url": url_of(version), "link": link}
        for kind, text, version, link in found
    ]


def _frozen_on(report: Report) -> str:
    return date_format(timezone.localtime(report.frozen_at), "DATE_FORMAT")


def headline(report: Report, found: Table) -> list[dict[str, Any]]:
    """The headline figures of coverage as frozen."""

    def share(label: str, value: Any, part: str, whole: str) -> dict[str, Any]:
        return {
            "label": label,
            "value": value,
            "unit": "" if value is None else "%",
            "bar": value,
            "rule": f"{found.counted(part):,} ÷ {found.counted(whole):,}",
            "url": _rows_url(report, LINES[part], TOTAL),
        }

    def count(label: str, line: str, rule: str) -> dict[str, Any]:
        return {
            "label": label,
            "value": found.number(line),
            "rule": rule,
            "url": _rows_url(report, LINES[line], TOTAL),
        }

    return [
        share(_("Organisation coverage"), found.organisation_coverage, "covered", "units"),
        share(_("Work coverage"), found.work_coverage, "work_covered", "units"),
        share(
            _("Township and street chambers"),
            found.chamber_coverage,
            "chambers_covered",
            "chambers",
        ),
        count(
            _("Associations with an instructor"),
            "with_instructor",
            _("Active associations with a current instructor assignment."),
        ),
        count(
            _("Party-building instructors at work"),
            "instructors",
            _("Instructors with a current assignment to an active association."),
        ),
    ]


def _sheet(report: Report, title: str, above: list[str], rows: Any) -> Rows:
    """Frozen rows as a sheet of a workbook."""
    fields = (
        "name", "credit_code", "kind", "registration_type", "party_organization_name",
        "party_kind", "party_members", "members_not_transferred", "staff",
    )  # fmt: skip
    labels = {f.name: str(f.verbose_name) for f in ReportRow._meta.concrete_fields}
    labels["party_organization_name"] = labels["party_organization"]
    choices = {f.name: dict(f.flatchoices) for f in ReportRow._meta.concrete_fields if f.choices}
    as_of = _("As of %(date)s") % {"date": date_format(report.as_of)}
    return Rows(
        title,
        [*above, as_of, *told_of(report)],
        [labels[name] for name in fields],
        (
            [
                str(choices[name].get(value, value)) if name in choices else value
                for name, value in zip(fields, row, strict=True)
            ]
            for row in rows.values_list(*fields).iterator(chunk_size=2000)
        ),
    )
