"""The national statistics table as a page and as a workbook; every number leads to its rows."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django.views.generic import ListView

from accounts.decorators import requires
from accounts.permissions import Permission
from organizations.figures import list_url
from organizations.models import Association, Coverage, PartyOrganization
from organizations.rules import (
    active_rule,
    assignments_rule,
    coverage_rule,
    formation_rule,
    functional_rule,
)
from organizations.scoping import areas
from organizations.statistics.lines import (
    ASSOCIATIONS,
    COLUMNS,
    LINES,
    SUPPLEMENT,
    TOTAL,
    Line,
    Shown,
)
from organizations.statistics.table import Table, table
from organizations.statistics.workbook import Form, Rows, write_form
from registers.columns import Column, CountColumn, DateColumn
from registers.days import requested_day
from registers.downloads import (
    EXPORT,
    day_and_number,
    table_response,
    wants_workbook,
    workbook_response,
)
from registers.filters import joined, said_of

PAGE_SIZE = 50
JOINT = (
    Column(key="name", label=gettext_lazy("Party organisation"), width=40),
    Column(key="kind", label=gettext_lazy("Kind")),
    Column(key="formation", label=gettext_lazy("Formation")),
    DateColumn(key="established_on", label=gettext_lazy("Established on")),
    CountColumn(key="units", label=gettext_lazy("Associations covered")),
)


@dataclass(frozen=True)
class ShownCell:
    """A cell. value: None where nothing is recorded; url: its rows; now, difference, moved:
    where it is compared with another table; moved: the number differs, or what it counts;
    label: the column, where a cell stands by itself."""

    value: int | None
    url: str
    now: int | None = None
    difference: str = ""
    moved: bool = False
    label: Any = ""

    @property
    def differs(self) -> bool:
        """Whether the number itself differs, not only what it counts."""
        return self.moved and self.value != self.now


@dataclass(frozen=True)
class ShownLine:
    """A line of the table with its cells."""

    line: Line
    cells: list[ShownCell]

    @property
    def level(self) -> str:
        """How it is set: "line-0" to "line-2", gaps apart."""
        return f"line-{self.line.depth}"

    @property
    def is_gap(self) -> bool:
        return self.line.shown is Shown.GAP

    @property
    def differs(self) -> bool:
        """Whether a number of the line differs."""
        return any(cell.differs for cell in self.cells)

    @property
    def moved(self) -> bool:
        """Whether what the line counts is not all the same."""
        return any(cell.moved for cell in self.cells)


@require_safe
@requires(Permission.VIEW_REGISTRY)
def statistics(request: HttpRequest) -> HttpResponse:
    """The table over one's scope as of ?as_of=, today without it; ?format=xlsx: the form."""
    on, day_problem = requested_day(request.GET.get("as_of"))
    associations = Association.objects.for_user(request.user, Permission.VIEW_REGISTRY)
    found = table(associations, on)
    scope = scope_of(request.user)
    if request.GET.get("format") == "xlsx":
        form = Form(form_title(), scope, on, notes(found))
        return form_response(request, form.title, found, form)
    context = {
        "table": found,
        "on": on,
        "scope": scope,
        "day_problem": day_problem,
        "columns": COLUMNS.values(),
        "lines": shown_lines(found, lambda line, column: live_url(line, column, on)),
        "supplement": SUPPLEMENT[0],
        "notes": notes(found),
        "may_export": request.user.has_perm(Permission.EXPORT_REGISTER),
        "may_freeze": request.user.has_perm(Permission.FREEZE_REPORT),
    }
    return render(request, "organizations/statistics.html", context)


class JointOrganizationList(ListView):
    """The joint Party organisations of the table as of ?as_of=, of one ?kind= of association."""

    template_name = "organizations/joint_organizations.html"
    paginate_by = PAGE_SIZE
    http_method_names = ["get", "head", "options"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(Permission.VIEW_REGISTRY):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if wants_workbook(request):
            return self.file()
        return super().get(request, *args, **kwargs)

    @property
    def rule(self) -> str:
        return joined(active_rule(self.on), formation_rule(), functional_rule())

    def file(self) -> HttpResponse:
        """The organisations, each with how many associations it covers that one may export."""
        rows: Any = self.get_queryset()
        records = (
            {
                "name": str(row),
                "kind": str(row.get_kind_display()),
                "formation": str(row.get_formation_display()),
                "established_on": row.established_on and row.established_on.isoformat(),
                "units": row.units,
            }
            for row in rows
        )
        chosen = said_of(_("Kind"), COLUMNS[self.kind])
        notes = [day_and_number(self.on, rows.count()), joined(self.rule, chosen)]
        return table_response(_("Joint Party branches"), JOINT, records, notes)

    def get_queryset(self) -> QuerySet[PartyOrganization]:
        self.on, self.day_problem = requested_day(self.request.GET.get("as_of"))
        self.kind = requested_column(self.request)
        asked = EXPORT if wants_workbook(self.request) else Permission.VIEW_REGISTRY
        within = Association.objects.for_user(self.request.user, asked)
        active = within.active(self.on)
        if self.kind != TOTAL:
            active = active.filter(kind=self.kind)
        coverages = Coverage.objects.existing(self.on).counting().joint()
        mine = coverages.filter(association__in=active.order_by().values("pk"))
        number = Count("coverages", filter=Q(coverages__in=mine.order_by().values("pk")))
        rows = PartyOrganization.objects.filter(pk__in=mine.order_by().values("party_organization"))
        return rows.annotate(units=number).order_by("-units", "name", "pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "on": self.on,
            "day_problem": self.day_problem,
            "column": COLUMNS[self.kind],
            "rule": self.rule,
            "may_export": self.request.user.has_perm(EXPORT),
            "crumbs": [
                (_("Statistics"), f"{reverse('organizations:statistics')}?as_of={self.on}"),
                (_("Joint Party branches"), ""),
            ],
        }


def shown_lines(found: Table, url: Callable[[Line, str], str]) -> list[ShownLine]:
    """The lines of the form, with those beside it that have something to say."""
    return [
        ShownLine(
            line,
            [
                ShownCell(found.number(line.key, column), url(line, column))
                for column in COLUMNS
            ],
        )
        for line in LINES.values()
        if line.shown is Shown.FORM or (line.shown is Shown.GAP and found.number(line.key))
    ]  # fmt: skip


def live_url(line: Line, column: str, on: datetime.date) -> str:
    """The list of the rows that a cell counts."""
    kind = {} if column == TOTAL else {"kind": column}
    if line.list_name == ASSOCIATIONS:
        return list_url(on, ASSOCIATIONS, status="active", **kind, **line.query)
    if line.measured == "instructor":
        kind = {"serves": column} if kind else {}
    return list_url(on, line.list_name, **kind, **line.query)


def requested_column(request: HttpRequest) -> str:
    """The column that ?kind= names; the total without."""
    asked = request.GET.get("kind", "")
    return asked if asked in COLUMNS else TOTAL


def scope_of(user: Any) -> str:
    """Whose figures the person sees, in words."""
    return _(", ").join(str(grant.scope) for grant in areas(user, Permission.VIEW_REGISTRY))


def form_title() -> str:
    return _("Grass-roots Party organisations in social organisations with legal personality")


def notes(found: Table) -> list[str]:
    """How the table was counted."""
    told = [
        joined(active_rule(found.on), coverage_rule(), formation_rule(), functional_rule()),
        _("Numbers of people and Party groups have no dates of validity: they are as recorded "
          "last, whatever the day asked for."),
    ]  # fmt: skip
    if found.work_unknown_until:
        told.append(assignments_rule(found.work_unknown_until))
    return told


def form_response(
    request: HttpRequest, name: str, found: Table, form: Form, *lists: Rows
) -> HttpResponse:
    """The table as a workbook; PermissionDenied for who may not export."""
    if not request.user.has_perm(EXPORT):
        raise PermissionDenied
    name = f"{name} {date_format(form.as_of, 'Y-m-d')}.xlsx"
    return workbook_response(name, lambda out: write_form(out, found, form, *lists))
