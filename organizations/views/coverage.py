"""The coverage dashboard: every number of it leads to the rows that it counts."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.decorators import requires
from accounts.permissions import Permission
from organizations.coverage import CoverageReport, Group, Tally, coverage
from organizations.days import requested_day
from organizations.figures import list_url
from organizations.models import Association
from organizations.rules import active_rule, coverage_rule, dormant_rule, functional_rule
from organizations.scoping import is_citywide
from organizations.tiles import legend, tiles

COUNTS = {
    "active": {},
    "covered": {"coverage": "covered"},
    "uncovered": {"coverage": "uncovered"},
    "due": {"members": "due"},
    "work_covered": {"coverage": "work_covered"},
}
SPLITS = {
    "due": {"members": "due"},
    "too_few": {"members": "too_few"},
    "without_members": {"members": "none"},
    "members_unknown": {"members": "unknown"},
    "uncovered": {"coverage": "uncovered"},
}
WHOLE = Decimal(100)


@dataclass(frozen=True)
class Number:
    """A count and the list of what it counts."""

    value: int
    url: str


@dataclass(frozen=True)
class Row:
    label: str | Promise
    numbers: list[Number]
    tally: Tally


@dataclass(frozen=True)
class Table:
    """Rows of one dimension. last: the row of all of them together."""

    id: str
    title: str
    heading: str
    rows: list[Row]
    last: Row


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
        "rules": [active_rule(on), coverage_rule()],
        "settings": [functional_rule(), dormant_rule()],
        "tiles": tiles(report.counties, lambda county: _county_url(on, county)),
        "legend": legend(),
        "counties": _table(report, "county", _("By county and district"), _("County or district")),
        "departments": _table(
            report, "department", _("By industry department"), _("Industry department")
        ),
        "tables": [
            _table(report, "level", _("By level"), _("Level")),
            _table(report, "registration_type", _("By registration type"), _("Registration type")),
            _table(report, "kind", _("By kind of organisation"), _("Kind")),
        ],
        "reasons": _reasons(report),
        "chart": _chart(report),
        "chart_summary": _chart_summary(report),
    }
    return render(request, "organizations/coverage.html", context)


def _own(report: CoverageReport) -> CoverageReport:
    """The report without the counties where the person has nothing to see."""
    return replace(report, counties=[c for c in report.counties if c.tally.active])


def _url(on: datetime.date, **filters: str) -> str:
    return list_url(on, status="active", **filters)


def _county_url(on: datetime.date, county: Group) -> str:
    return _url(on, county=county.key, coverage="covered")


def _groups(report: CoverageReport, parameter: str) -> Sequence[Group]:
    """The groups of the dimension whose filter is `parameter`."""
    return {
        "county": report.counties,
        "level": report.levels,
        "department": report.departments,
        "registration_type": report.registration_types,
        "kind": report.kinds,
        "reason": report.reasons,
    }[parameter]


def _table(
    report: CoverageReport,
    parameter: str,
    title: str,
    heading: str,
    counts: dict[str, dict[str, str]] = COUNTS,
) -> Table:
    rows = [
        _row(report.on, group.label, group.tally, counts, {parameter: group.key})
        for group in _groups(report, parameter)
    ]
    last = _row(report.on, _("Total"), report.total, counts, {})
    return Table(parameter, title, heading, rows, last)


def _row(
    on: datetime.date,
    label: str | Promise,
    tally: Tally,
    counts: dict[str, dict[str, str]],
    own: dict[str, str],
) -> Row:
    numbers = [
        Number(getattr(tally, name), _url(on, **own, **filters)) for name, filters in counts.items()
    ]
    return Row(label, numbers, tally)


def _reasons(report: CoverageReport) -> Table:
    """Why the uncovered have no Party organisation, by how many members they have."""
    table = _table(
        report, "reason", _("Why there is no Party organisation"), _("Reason given"), SPLITS
    )
    return Table(
        table.id,
        table.title,
        table.heading,
        [row for row in table.rows if row.tally.uncovered],
        table.last,
    )


def _figures(report: CoverageReport) -> list[dict[str, Any]]:
    """Headline figures, each a share with its parts."""
    total, chambers, on = report.total, report.chambers, report.on
    instructors = report.instructors
    return [
        _share(
            _("Organisation coverage"),
            total.organisation_coverage,
            _("%(covered)s covered ÷ %(active)s active associations")
            % {"covered": total.covered, "active": total.active},
            _url(on, coverage="covered"),
        ),
        _share(
            _("Work coverage"),
            total.work_coverage,
            _("%(reached)s covered or with an instructor ÷ %(active)s active associations")
            % {"reached": total.work_covered, "active": total.active},
            _url(on, coverage="work_covered"),
        ),
        _share(
            _("Township and street chambers"),
            chambers.organisation_coverage,
            _("%(covered)s covered ÷ %(active)s active chambers")
            % {"covered": chambers.covered, "active": chambers.active},
            _url(on, registration_type="chamber", coverage="covered"),
        ),
        {
            "label": _("Associations with an instructor"),
            "value": total.served,
            "rule": _("Active associations to which an instructor is assigned on the day."),
            "url": _url(on, instructor="with"),
        },
        {
            "label": _("Party-building instructors at work"),
            "value": instructors.people,
            "rule": _(
                "People assigned to active associations; on average %(mean)s, at most %(most)s each"
            )
            % {"mean": instructors.mean_load or 0, "most": instructors.max_load},
            "url": list_url(on, "instructor-list", assigned="yes"),
        },
    ]


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
    labels = {
        "due": (_("Ought to organise"), _("Not covered, three or more full Party members")),
        "too_few": (_("One or two members"), _("Not covered, too few for their own organisation")),
        "without_members": (_("No members"), _("Not covered, no full Party members")),
        "members_unknown": (_("Members not recorded"), _("Not covered, number of members unknown")),
    }
    return [
        {
            "label": label,
            "value": getattr(report.total, name),
            "rule": rule,
            "url": _url(report.on, **SPLITS[name]),
        }
        for name, (label, rule) in labels.items()
    ]


def _chart(report: CoverageReport) -> dict[str, Any]:
    shares = [(month.on, month.organisation_coverage) for month in report.trend]
    return {
        "kind": "line",
        "unit": "%",
        "columns": [_("Month"), _("Organisation coverage")],
        "rows": [
            [f"{day:%Y-%m}", None if share is None else float(share)] for day, share in shares
        ],
    }


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
