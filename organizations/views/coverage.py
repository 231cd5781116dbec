"""The coverage dashboard: every number of it leads to the rows that it counts."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import quote_plus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format, localize
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.decorators import requires
from accounts.permissions import Permission
from organizations.coverage import CoverageReport, Group, Tally, coverage
from organizations.figures import list_url
from organizations.members import DUE, UNCOVERED
from organizations.models import Association
from organizations.rules import active_rule, assignments_rule, coverage_rule, functional_rule
from organizations.scoping import is_citywide
from organizations.views.cells import heading_cells, number_cells, share_cells, table_rows
from organizations.views.tiles import legend, tiles
from registers.days import requested_day
from registers.filters import joined

# Columns: the number in a tally, and what narrows a list to the rows that it counts.
REACH = {
    "active": "",
    "covered": "&coverage=covered",
    "uncovered": "&coverage=uncovered",
    "due": "&members=due",
    "work_covered": "&coverage=work_covered",
}
SPLIT = {
    **{part.count: f"&members={part.key}" for part in UNCOVERED.values()},
    "uncovered": "&coverage=uncovered",
}
WHOLE = Decimal(100)


@dataclass(frozen=True)
class Table:
    """Rows of one dimension, as markup. last: the row of all of them together."""

    title: str
    heading: str
    rows: SafeString
    last: SafeString


@require_safe
@requires(Permission.VIEW_REGISTRY)
def dashboard(request: HttpRequest) -> HttpResponse:
    """Coverage of the associations in one's scope as of ?as_of=, today without it."""
    on, day_problem = requested_day(request.GET.get("as_of"))
    associations = Association.objects.for_user(request.user, Permission.VIEW_REGISTRY)
    report = coverage(associations, on)
    if not is_citywide(request.user, Permission.VIEW_REGISTRY):
        report = _own(report)
    context = {
        "report": report,
        "day_problem": day_problem,
        "figures": _figures(report),
        "splits": _splits(report),
        "rule": joined(active_rule(on), coverage_rule(), functional_rule()),
        "tiles": tiles(report.counties, _narrowed(_url(on, coverage="covered"), "county")),
        "legend": legend(),
        "headings": _headings(),
        "counties": _table(
            report, "county", report.counties, _("By county and district"), _("County or district")
        ),
        "tables": [
            _table(
                report,
                "department",
                report.departments,
                _("By industry department"),
                _("Industry department"),
            ),
            _table(report, "level", report.levels, _("By level"), _("Level")),
            _table(
                report,
                "registration_type",
                report.registration_types,
                _("By registration type"),
                _("Registration type"),
            ),
            _table(report, "kind", report.kinds, _("By kind of organisation"), _("Kind")),
        ],
        "reasons": _reasons(report),
        "reason_headings": heading_cells(
            (*(part.label for part in UNCOVERED.values()), _("Not covered")), ()
        ),
        "chart": _chart(report),
        "chart_rows": _chart_rows(report),
        "chart_summary": _chart_summary(report),
    }
    return render(request, "organizations/coverage.html", context)


def _headings() -> SafeString:
    """The headings over the columns of REACH and the two coverages, which five tables share."""
    counts = _("Active"), _("Covered"), _("Not covered"), DUE.label, _("Work covered")
    return heading_cells(counts, (_("Organisation coverage"), _("Work coverage")))


def _own(report: CoverageReport) -> CoverageReport:
    """The report without the counties where the person has nothing to see."""
    return replace(report, counties=[c for c in report.counties if c.tally.active])


def _url(on: datetime.date, **filters: str) -> str:
    return list_url(on, status="active", **filters)


def _narrowed(url: str, parameter: str) -> Callable[[Group], str]:
    """How a list at `url` is narrowed to one group. parameter: the lists' filter by it."""
    return lambda group: f"{url}&{parameter}={quote_plus(group.key)}"


def _table(
    report: CoverageReport, parameter: str, groups: Sequence[Group], title: str, heading: str
) -> Table:
    """How far the groups of one dimension are reached. parameter: the lists' filter by it."""
    url = _url(report.on)
    url_of = _narrowed(url, parameter)
    rows = ((group.label, _reach(group.tally, url_of(group))) for group in groups)
    last = (_("Total"), _reach(report.total, url))
    return Table(
        title,
        heading,
        table_rows(rows, on_one_line=True),
        table_rows([last], on_one_line=True),
    )


def _reach(tally: Tally, url: str) -> SafeString:
    return number_cells(
        url, _counts(tally, REACH), (tally.organisation_coverage, tally.work_coverage)
    )


def _counts(tally: Tally, columns: Mapping[str, str]) -> dict[str, int]:
    return {query: getattr(tally, name) for name, query in columns.items()}


def _reasons(report: CoverageReport) -> Table:
    """Why the uncovered have no Party organisation, by how many members they have."""
    url = _url(report.on)
    url_of = _narrowed(url, "reason")
    rows = (
        (reason.label, number_cells(url_of(reason), _counts(reason.tally, SPLIT)))
        for reason in report.reasons
        if reason.tally.uncovered
    )
    last = (_("Total"), number_cells(url, _counts(report.total, SPLIT)))
    return Table(
        _("Why there is no Party organisation"),
        _("Reason given"),
        table_rows(rows),
        table_rows([last]),
    )


def _figures(report: CoverageReport) -> list[dict[str, Any]]:
    """Headline figures, each a share with its parts."""
    total, chambers, on = report.total, report.chambers, report.on
    return [
        _share(
            _("Organisation coverage"),
            total.organisation_coverage,
            _("%(covered)s covered ÷ %(active)s active associations")
            % {"covered": localize(total.covered), "active": localize(total.active)},
            _url(on, coverage="covered"),
        ),
        _share(
            _("Work coverage"),
            total.work_coverage,
            " · ".join(
                [
                    _("%(reached)s covered or with an instructor ÷ %(active)s active associations")
                    % {"reached": localize(total.work_covered), "active": localize(total.active)},
                    *_unknown_work(report),
                ]
            ),
            _url(on, coverage="work_covered"),
        ),
        _share(
            _("Township and street chambers"),
            chambers.organisation_coverage,
            _("%(covered)s covered ÷ %(active)s active chambers")
            % {"covered": localize(chambers.covered), "active": localize(chambers.active)},
            _url(on, registration_type="chamber", coverage="covered"),
        ),
        *_instructor_figures(report),
    ]


def _instructor_figures(report: CoverageReport) -> list[dict[str, Any]]:
    """What instructors do; unknown on days before any assignment was recorded."""
    labels = (_("Associations with an instructor"), _("Party-building instructors at work"))
    if unknown := _unknown_work(report):
        return [{"label": label, "value": None, "rule": unknown[0]} for label in labels]
    instructors = report.instructors
    rules = (
        _("Active associations to which an instructor is assigned on the day."),
        _("People assigned to active associations; on average %(mean)s, at most %(most)s each")
        % {
            "mean": localize(instructors.mean_load or 0),
            "most": localize(instructors.max_load),
        },
    )
    urls = (
        _url(report.on, instructor="with"),
        list_url(report.on, "organizations:instructor-list", assigned="yes"),
    )
    values = (report.total.served, instructors.people)
    return [
        {"label": label, "value": value, "rule": rule, "url": url}
        for label, value, rule, url in zip(labels, values, rules, urls, strict=True)
    ]


def _unknown_work(report: CoverageReport) -> list[str]:
    """Why nothing is known about instructors on the day; nothing where something is."""
    since = report.instructors.unknown_until
    return [assignments_rule(since)] if since else []


def _share(label: str, share: Decimal | None, rule: str, url: str) -> dict[str, Any]:
    return {
        "label": label,
        "value": share,
        "unit": "" if share is None else "%",
        "bar": share,
        "kind": "done" if share == WHOLE else "",
        "rule": rule,
        "url": url,
    }


def _splits(report: CoverageReport) -> list[dict[str, Any]]:
    """The uncovered, split by how many full members they have."""
    url = _url(report.on)
    return [
        {
            "label": part.label,
            "value": getattr(report.total, part.count),
            "rule": part.rule,
            "url": url + SPLIT[part.count],
        }
        for part in UNCOVERED.values()
    ]


def _chart(report: CoverageReport) -> dict[str, Any]:
    shares = [(month.on, month.organisation_coverage) for month in report.trend]
    return {
        "kind": "line",
        "unit": "%",
        "max": 100,
        "columns": [_("Month"), _("Organisation coverage")],
        "rows": [
            [f"{day:%Y-%m}", None if share is None else float(share)] for day, share in shares
        ],
    }


def _chart_rows(report: CoverageReport) -> SafeString:
    months = (f"{month.on:%Y-%m}" for month in report.trend)
    shares = share_cells(month.organisation_coverage for month in report.trend)
    return table_rows(zip(months, shares, strict=True))


def _chart_summary(report: CoverageReport) -> str:
    first, last = report.trend[0], report.trend[-1]
    values = {"first": first.organisation_coverage, "last": last.organisation_coverage}
    if None in values.values():
        return _("There is too little to show how coverage moved.")
    days = {
        "since": date_format(first.on, "DATE_FORMAT"),
        "until": date_format(last.on, "DATE_FORMAT"),
    }
    return _("From %(first)s%% on %(since)s to %(last)s%% on %(until)s.") % (values | days)
