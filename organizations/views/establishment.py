"""Board and list of the associations on their way to a Party organisation, and those not begun."""

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import requires
from accounts.permissions import Permission
from organizations.filters.choices import offer_own
from organizations.filters.establishments import EstablishmentFilter, rule_of
from organizations.models import Association, Establishment, Stage
from organizations.operations.establishment import begin_all
from organizations.registers.establishments import Card, EstablishmentRegister
from registers.columns import Column
from registers.day_field import DayField
from registers.days import requested_day
from registers.keys import key_of
from registers.lists import RegisterList
from registers.register import Record

VIEW = Permission.VIEW_REGISTRY
CARDS = 12
ROWS = 50


class Pipeline:
    """What the board and the page of those not begun share: scope, day, filters."""

    def __init__(self, request: HttpRequest) -> None:
        self.on, self.day_problem = requested_day(request.GET.get("as_of"))
        self.user = request.user
        rows = Establishment.objects.for_user(request.user, VIEW)
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
        return self.filters.of_associations(own.not_begun(self.on))

    def context(self, request: HttpRequest, **more: Any) -> dict[str, Any]:
        form = self.filters.form
        offer_own(form, request.user, VIEW)
        return {
            "on": self.on,
            "day_problem": self.day_problem,
            "rule": rule_of(self.filters),
            "search": form["q"],
            "fields": [form[name] for name in form.fields if name != "q"],
            "may_export": request.user.has_perm(Permission.EXPORT_REGISTER),
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


class EstablishmentList(RegisterList):
    """The same rows as a list, sorted and exported."""

    register_key = EstablishmentRegister.key
    filterset_class = EstablishmentFilter
    template_name = "organizations/establishment_list.html"
    main_filters = ("county", "department", "stage", "ageing")
    sort_fields = {
        "name": "association__pinyin",
        "department": "association__industry_department__code",
        "since": "at_since",
        "members": "association__party_members",
    }

    def rule(self) -> str:
        return rule_of(self.filterset)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        offer_own(self.filterset.form, self.request.user, self.permission)
        return super().get_context_data(**kwargs)

    def pill(self, column: Column, record: Record) -> str:
        pills: Any = record["pills"]
        return str(pills.get(column.key, ""))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(VIEW)
def not_begun(request: HttpRequest) -> HttpResponse:
    """Those that ought to have a Party organisation; the ticked ones are set on their way."""
    if request.method == "POST":
        return _begin(request)
    pipeline = Pipeline(request)
    rows = pipeline.not_begun.select_related("division", "industry_department")
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = pipeline.context(request, page_obj=page, today=timezone.localdate())
    return render(request, "organizations/establishment_not_begun.html", context)


def _begin(request: HttpRequest) -> HttpResponse:
    ability = Permission.MOVE_ESTABLISHMENT
    if not request.user.has_perm(ability):
        raise PermissionDenied
    asked = [key for key in map(key_of, request.POST.getlist("association")) if key]
    chosen = Association.objects.for_user(request.user, ability).filter(pk__in=asked)
    try:
        day = DayField(until_today=True, required=False).clean(request.POST.get("on", ""))
        number = begin_all(associations=chosen, by=request.user, on=day)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        if not asked:
            messages.warning(request, _("Choose at least one association."))
            return redirect("organizations:establishment-not-begun")
        said = ngettext("%(n)s association has begun.", "%(n)s associations have begun.", number)
        messages.success(request, said % {"n": number})
    if request.POST.get("next") == "detail" and asked:
        row = Establishment.objects.for_user(request.user, VIEW).open()
        found = row.filter(association__in=asked).first()
        if found:
            return redirect("organizations:establishment-detail", found.pk)
    return redirect("organizations:establishment-not-begun")
