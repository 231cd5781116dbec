"""Results: everybody's in a table, one's own line by line, and the rows behind what was counted."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import requires
from accounts.permissions import Permission
from assessments.forms.objections import ObjectionForm, ReplyForm
from assessments.forms.scoring import AdjustmentForm
from assessments.grades import Grade
from assessments.models import (
    Calculation,
    Cycle,
    MeasuredValue,
    Objection,
    Participant,
    Result,
    ResultLine,
    Score,
    Stage,
)
from assessments.operations.scoring import adjust
from assessments.views.cycles import KEEP, VIEW, crumbs_to, cycle_of
from organizations.models import Association
from organizations.scoping import is_citywide
from registers import once
from registers.columns import Column, CountColumn
from registers.days import requested_day
from registers.downloads import day_and_number, exportable, table_response, wants_workbook
from registers.refusals import tell

GRADE_PILLS = {
    Grade.GOOD: "done",
    Grade.FAIR: "neutral",
    Grade.AVERAGE: "soon",
    Grade.POOR: "overdue",
}
COLUMNS = (
    CountColumn(key="rank", label=gettext_lazy("Rank")),
    Column(key="participant", label=gettext_lazy("Participant"), width=30),
    Column(key="indicator_score", label=gettext_lazy("Indicator score")),
    Column(key="ballot_score", label=gettext_lazy("Ballot score")),
    Column(key="total", label=gettext_lazy("Total score")),
    Column(key="grade", label=pgettext_lazy("assessment", "Grade")),
    Column(key="bonus", label=gettext_lazy("Bonus")),
    Column(key="deduction", label=gettext_lazy("Deduction")),
)
ROWS_PER_PAGE = 100


def readable_results(request: HttpRequest) -> Any:
    """The results that the person may read."""
    return Result.objects.for_user(request.user, VIEW).select_related(
        "participant__department", "participant__committee", "calculation__cycle"
    )


@require_safe
@requires(VIEW)
def latest_results(request: HttpRequest) -> HttpResponse:
    """Leads to the results of the cycle published last by ?as_of=, else to the cycles."""
    day, _problem = requested_day(request.GET.get("as_of"))
    cycle = Cycle.objects.for_user(request.user, VIEW).published_by(day).first()
    if cycle is None:
        return redirect("assessments:cycle-list")
    return redirect("assessments:result-list", cycle.pk)


@require_safe
@requires(VIEW)
def result_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The results of a cycle that one may read, the best first."""
    cycle = cycle_of(request, pk)
    calculation = Calculation.objects.counting().filter(cycle=cycle).first()
    if calculation is None:
        raise Http404
    results = readable_results(request).filter(calculation=calculation)
    if wants_workbook(request):
        return _workbook(cycle, calculation, exportable(results, request.user))
    context = {
        "cycle": cycle,
        "calculation": calculation,
        "crumbs": crumbs_to(cycle, _("Results")),
        "results": [(each, GRADE_PILLS.get(each.grade, "neutral")) for each in results],
        "counts": _counts(results),
        "may_export": request.user.has_perm(Permission.EXPORT_REGISTER),
    }
    return render(request, "assessments/result_list.html", context)


def _counts(results: Any) -> list[tuple[Any, int]]:
    """How many results have each grade."""
    given = [each.grade for each in results]
    return [(grade.label, given.count(grade)) for grade in Grade]


def _workbook(cycle: Cycle, calculation: Calculation, results: Any) -> HttpResponse:
    records = (
        {
            "rank": each.rank,
            "participant": str(each.participant),
            **{
                name: str(value) if (value := getattr(each, name)) is not None else ""
                for name in ("indicator_score", "ballot_score", "total", "bonus", "deduction")
            },
            "grade": each.get_grade_display(),
        }
        for each in results
    )
    notes = [str(cycle), day_and_number(calculation.measurement.as_of, results.count())]
    return table_response(_("Results"), COLUMNS, records, notes)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(VIEW)
def result_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How one result came about, line by line; the office adds points or takes them off."""
    return result_page(request, pk)


def result_page(request: HttpRequest, pk: int, status: int = 200, **forms: Any) -> HttpResponse:
    """The page of a result. forms: `objection_form` or `reply_form` as it was filled in, if it was
    refused"""
    lines = ResultLine.objects.select_related("indicator")
    rows = readable_results(request).prefetch_related(Prefetch("lines", lines))
    result = get_object_or_404(rows, pk=pk)
    cycle = result.calculation.cycle
    form = AdjustmentForm(cycle=cycle) if forms else _adjustment(request, result)
    if form is None:
        messages.success(request, _("Saved. Calculate anew for it to count."))
        return redirect("assessments:result-detail", pk)
    values = {
        value.indicator_id: value
        for value in MeasuredValue.objects.filter(
            measurement=result.calculation.measurement, participant=result.participant
        )
    }
    context = {
        "result": result,
        "cycle": cycle,
        "crumbs": crumbs_to(cycle, str(result.participant)),
        "pill": GRADE_PILLS.get(result.grade, "neutral"),
        "lines": [(line, values.get(line.indicator_id)) for line in result.lines.all()],
        "rules": result.calculation,
        "ballots_count": result.calculation.ballot_weight > 0,
        "indicator_weight": 100 - result.calculation.ballot_weight,
        "scores": _scores(request, result),
        "adjustments": result.participant.adjustments.select_related("indicator", "given_by"),
        "form": form if _may_adjust(request, result) else None,
        **_objections(request, result),
        **forms,
    }
    return render(request, "assessments/result_detail.html", context, status=status)


def _objections(request: HttpRequest, result: Result) -> dict[str, Any]:
    """The objections that the person may read, with the forms to raise one and to reply."""
    cycle, user = result.calculation.cycle, request.user
    rows = Objection.objects.for_user(user, VIEW).filter(participant=result.participant)
    objections = list(rows.select_related("raised_by", "replied_by"))
    answers = Participant.objects.for_user(user, Permission.OBJECT_TO_RESULT)
    may_object = (
        cycle.stage == Stage.ANNOUNCED
        and cycle.objections_until >= timezone.localdate()
        and not any(each.upheld is None for each in objections)
        and user.has_perm(Permission.OBJECT_TO_RESULT)
        and answers.filter(pk=result.participant_id).exists()
    )
    return {
        "objections": objections,
        "objection_form": ObjectionForm() if may_object else None,
        "reply_form": ReplyForm() if user.has_perm(KEEP) else None,
    }


def _may_adjust(request: HttpRequest, result: Result) -> bool:
    is_open = result.calculation.cycle.stage == Stage.OPEN
    return request.user.has_perm(KEEP) and is_open and result.participant.withdrawn_on is None


def _adjustment(request: HttpRequest, result: Result) -> AdjustmentForm | None:
    """The form for points beside the table; None once they are given."""
    cycle = result.calculation.cycle
    if request.method != "POST":
        return AdjustmentForm(cycle=cycle)
    if not request.user.has_perm(KEEP):
        raise PermissionDenied
    if not _may_adjust(request, result):
        raise Http404
    form = AdjustmentForm(request.POST, cycle=cycle)
    if form.is_valid():
        try:
            _adjusted(request, result, form)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            return None
    return form


@transaction.atomic
def _adjusted(request: HttpRequest, result: Result, form: AdjustmentForm) -> None:
    """Write what the form says, once."""
    given = dict(form.cleaned_data)
    if once.taken(given.pop("key"), by=request.user) is None:
        adjust(participant=result.participant, by=request.user, **given)


def _scores(request: HttpRequest, result: Result) -> Any:
    """What evaluators gave and why, once all have submitted; who they are, the city alone sees."""
    rows = Score.objects.filter(participant=result.participant).disclosed().standing()
    scores = rows.select_related("task__indicator", "task__evaluator")
    return {
        "rows": scores.order_by("task__indicator__position", "pk"),
        "named": is_citywide(request.user, VIEW),
    }


@require_safe
@requires(VIEW)
def measured_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows behind what was counted for one participant, as they were counted."""
    mine = readable_results(request).order_by().values("participant", "calculation__measurement")
    rows = MeasuredValue.objects.select_related("participant", "indicator", "measurement__cycle")
    value = get_object_or_404(rows, pk=pk)
    if not mine.filter(
        participant=value.participant_id, calculation__measurement=value.measurement_id
    ).exists():
        raise Http404
    page = Paginator(value.rows.all(), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    keys = [row.association for row in page if row.association]
    seen = Association.objects.for_user(request.user, Permission.VIEW_REGISTRY)
    context = {
        "value": value,
        "crumbs": crumbs_to(value.measurement.cycle, str(value.indicator)),
        "page": page,
        "visible": set(seen.filter(pk__in=keys).values_list("pk", flat=True)),
    }
    return render(request, "assessments/measured_detail.html", context)
