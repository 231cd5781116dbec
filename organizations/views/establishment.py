"""Board and table of the associations on their way to a Party organisation, and those not begun."""

import datetime
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import F
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import requires
from accounts.permissions import Permission
from organizations.establishment_filters import EstablishmentFilter
from organizations.models import Association, Establishment, Stage
from organizations.operations.establishment import begin_all
from organizations.stages import age, checks, next_move
from registers.columns import Column, CountColumn, DateColumn
from registers.days import requested_day
from registers.filters import joined
from registers.lists import WORKBOOK
from registers.register import Record, Register
from registers.workbooks.writing import write_register

VIEW = Permission.VIEW_REGISTRY
CARDS = 12
ROWS = 50
SORTS = {
    "name": "association__pinyin",
    "since": "at_since",
    "members": "association__party_members",
    "department": "association__industry_department__code",
}


class EstablishmentSheet(Register):
    """What the table's file holds; it is read, not imported again."""

    key = "establishments"
    label = gettext_lazy("Establishment")
    model = Establishment
    columns: ClassVar[Any] = (
        Column(key="name", label=gettext_lazy("Association"), width=32),
        Column(key="division", label=gettext_lazy("Division")),
        Column(key="department", label=gettext_lazy("Industry department"), width=22),
        Column(key="stage", label=gettext_lazy("Stage")),
        DateColumn(key="since", label=gettext_lazy("In this stage since")),
        CountColumn(key="days", label=gettext_lazy("Days in stage")),
        Column(key="formation", label=gettext_lazy("Planned formation"), width=18),
        CountColumn(key="members", label=gettext_lazy("Full Party members")),
        Column(key="instructor", label=gettext_lazy("Instructor")),
        Column(key="missing", label=gettext_lazy("Missing for the next step"), width=30),
        Column(key="approval_no", label=gettext_lazy("Approval document no."), width=22),
    )


class Card:
    """One establishment as board and table show it."""

    def __init__(self, row: Any, on: datetime.date) -> None:
        self.row = row
        self.stage = Stage(row.at_stage)
        self.age = age(row.at_stage, row.at_since, on)
        current = row.at_stage == row.stage
        self.next = next_move(row) if current else None
        self.missing = [c for c in checks(row, self.next) if not c.met] if self.next else []
        self.overtaken = current and row.is_ahead and row.covered

    @property
    def ready(self) -> bool:
        return self.next is not None and not self.missing and not self.overtaken

    @property
    def missing_text(self) -> str:
        return _("; ").join(f"{c.label}{_(': ')}{c.found}" for c in self.missing)


class Pipeline:
    """What board and table share: scope, day, filters."""

    def __init__(self, request: HttpRequest, permission: Permission = VIEW) -> None:
        self.on, self.day_problem = requested_day(request.GET.get("as_of"))
        self.user = request.user
        rows = Establishment.objects.for_user(request.user, permission).as_of(self.on)
        self.filters = EstablishmentFilter(request.GET, rows, on=self.on)

    @property
    def rows(self) -> Any:
        return self.filters.qs

    def cards(self, rows: Any) -> list[Card]:
        """What `rows`, few of them, show."""
        return [Card(row, self.on) for row in rows.with_standing(self.on).with_relations()]

    @property
    def not_begun(self) -> Any:
        """Associations that ought to have a Party organisation and are not on their way."""
        own = Association.objects.for_user(self.user, VIEW)
        ought = own.active(self.on).ought_to_organise(self.on).without_plan(self.on)
        return self.filters.of_associations(ought)

    def rule(self) -> str:
        chosen = [self.filters.sentence(name) for name in self.filters.in_force()]
        return joined(_("Associations on their way to a Party organisation."), *chosen)

    def context(self, request: HttpRequest, **more: Any) -> dict[str, Any]:
        form = self.filters.form
        return {
            "on": self.on,
            "day_problem": self.day_problem,
            "rule": self.rule(),
            "search": form["q"],
            "fields": [form[name] for name in form.fields if name != "q"],
            "may_move": request.user.has_perm(Permission.MOVE_ESTABLISHMENT),
            **more,
        }


@require_safe
@requires(VIEW)
def board(request: HttpRequest) -> HttpResponse:
    """A column per stage; the first cards of each, those that wait longest."""
    pipeline = Pipeline(request)
    counts = pipeline.rows.counts()
    cards: dict[str, list[Card]] = defaultdict(list)
    for card in pipeline.cards(pipeline.rows.first_per_stage(CARDS)):
        cards[card.stage].append(card)
    columns = [
        {
            "key": stage.value,
            "label": stage.label,
            "count": counts.get(stage, 0),
            "cards": cards[stage],
        }
        for stage in Stage
    ]
    waiting = pipeline.not_begun
    context = pipeline.context(
        request,
        columns=columns,
        not_begun=list(waiting.select_related("division", "industry_department")[:CARDS]),
        not_begun_count=waiting.count(),
    )
    return render(request, "organizations/establishment_board.html", context)


@require_safe
@requires(VIEW)
def table(request: HttpRequest) -> HttpResponse:
    """The same rows as a table, sorted by ?sort=, as a file with ?format=xlsx."""
    if request.GET.get("format") == "xlsx":
        return _workbook(request)
    pipeline = Pipeline(request)
    sort = request.GET.get("sort", "")
    page = Paginator(_sorted(pipeline.rows, sort), ROWS).get_page(request.GET.get("page"))
    context = pipeline.context(
        request,
        page_obj=page,
        cards=pipeline.cards(page.object_list),
        sort=sort,
        may_export=request.user.has_perm(Permission.EXPORT_REGISTER),
    )
    return render(request, "organizations/establishment_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(VIEW)
def not_begun(request: HttpRequest) -> HttpResponse:
    """Those that ought to have a Party organisation; the ticked ones are set on their way."""
    if request.method == "POST":
        return _begin(request)
    pipeline = Pipeline(request)
    rows = pipeline.not_begun.select_related("division", "industry_department")
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = pipeline.context(request, page_obj=page)
    return render(request, "organizations/establishment_not_begun.html", context)


def _begin(request: HttpRequest) -> HttpResponse:
    ability = Permission.MOVE_ESTABLISHMENT
    if not request.user.has_perm(ability):
        raise PermissionDenied
    asked = [int(pk) for pk in request.POST.getlist("association") if pk.isdigit()]
    chosen = Association.objects.for_user(request.user, ability).filter(pk__in=asked)
    try:
        number = begin_all(associations=chosen, by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        said = ngettext("%(n)s association has begun.", "%(n)s associations have begun.", number)
        messages.success(request, said % {"n": number})
    if request.POST.get("next") == "detail" and asked:
        row = Establishment.objects.for_user(request.user, VIEW).open()
        found = row.filter(association__in=asked).first()
        if found:
            return redirect("organizations:establishment-detail", found.pk)
    return redirect("organizations:establishment-not-begun")


def _sorted(rows: Any, sort: str) -> Any:
    field = SORTS.get(sort.removeprefix("-"), "at_since")
    order = F(field).desc(nulls_last=True) if sort.startswith("-") else F(field).asc()
    return rows.order_by(order, "pk")


def _workbook(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm(Permission.EXPORT_REGISTER):
        raise PermissionDenied
    pipeline = Pipeline(request, Permission.EXPORT_REGISTER)
    rows = _sorted(pipeline.rows, request.GET.get("sort", ""))
    records = _records(pipeline.cards(rows))
    out = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    as_of = _("As of %(date)s") % {"date": date_format(pipeline.on)}
    write_register(out, EstablishmentSheet(), records, note_lines=[as_of, pipeline.rule()])
    out.seek(0)
    name = f"{EstablishmentSheet.label} {pipeline.on.isoformat()}.xlsx"
    return FileResponse(out, as_attachment=True, filename=name, content_type=WORKBOOK)  # type: ignore[return-value]


def _records(cards: Iterable[Card]) -> Iterable[Record]:
    for card in cards:
        row = card.row
        yield {
            "name": row.association.name,
            "division": str(row.association.division or ""),
            "department": str(row.association.industry_department or ""),
            "stage": str(card.stage.label),
            "since": row.at_since.isoformat(),
            "days": card.age.days,
            "formation": str(row.get_formation_display()),
            "members": row.association.party_members,
            "instructor": row.instructor_name,
            "missing": card.missing_text,
            "approval_no": row.approval_no,
        }
