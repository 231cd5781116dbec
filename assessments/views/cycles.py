"""The cycles: one's list, the page of each, and what is set up while it is prepared."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import requires
from accounts.permissions import Permission
from assessments.forms.cycles import (
    DAYS,
    CycleForm,
    EvaluatorForm,
    IndicatorForm,
    NewCycleForm,
    NewIndicatorForm,
    NewParticipantForm,
    ReasonForm,
    WithdrawalForm,
)
from assessments.models import Calculation, Cycle, Indicator, Participant, ScoringTask, Stage
from assessments.operations import calculating, measuring, scoring
from assessments.operations import cycles as moving
from organizations.scoping import is_citywide
from organizations.terms import years_after
from registers.views.records import RecordAdd, RecordEdit, RecordRemove

VIEW, KEEP = Permission.VIEW_ASSESSMENT, Permission.KEEP_ASSESSMENT
PILLS = {
    Stage.PREPARING: "neutral",
    Stage.OPEN: "soon",
    Stage.CALCULATED: "soon",
    Stage.ANNOUNCED: "soon",
    Stage.PUBLISHED: "done",
}


@require_safe
@requires(VIEW)
def cycle_list(request: HttpRequest) -> HttpResponse:
    """The cycles in which one takes part, or all, the latest year first."""
    cycles = Cycle.objects.for_user(request.user, VIEW).annotate(
        rated=Count("participants", filter=Q(participants__withdrawn_on=None))
    )
    context = {
        "cycles": [(cycle, PILLS[Stage(cycle.stage)]) for cycle in cycles],
        "may_keep": request.user.has_perm(KEEP),
    }
    return render(request, "assessments/cycle_list.html", context)


def cycle_of(request: HttpRequest, pk: int, ability: Permission = VIEW) -> Cycle:
    """The cycle on which the person may exercise `ability`; Http404."""
    cycle: Cycle = get_object_or_404(Cycle.objects.for_user(request.user, ability), pk=pk)
    return cycle


def crumbs_to(cycle: Cycle, *more: str) -> list[tuple[str, str]]:
    """The way to a page below the cycle's."""
    above = [(_("Assessments"), reverse("assessments:cycle-list"))]
    if not more:
        return [*above, (str(cycle), "")]
    return [*above, (str(cycle), url_of(cycle)), *((label, "") for label in more)]


def url_of(cycle: Cycle) -> str:
    return reverse("assessments:cycle-detail", args=[cycle.pk])


@require_safe
@requires(VIEW)
def cycle_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A cycle: how far it has come, its days and rules, its table and who takes part."""
    cycle = cycle_of(request, pk)
    keeps = request.user.has_perm(KEEP)
    tasks = ScoringTask.objects.filter(indicator__cycle=cycle).with_scores()
    indicators = list(cycle.indicators.all())
    by_indicator: dict[int, list[ScoringTask]] = {each.pk: [] for each in indicators}
    for task in tasks:
        by_indicator[task.indicator_id].append(task)
    participants = cycle.participants.for_user(request.user, VIEW)
    context = {
        "cycle": cycle,
        "crumbs": crumbs_to(cycle),
        "pill": PILLS[Stage(cycle.stage)],
        "stages": _track(cycle),
        "indicators": [(each, by_indicator[each.pk]) for each in indicators],
        "total": sum(each.full for each in indicators if each.kind in Indicator.WEIGHTED),
        "participants": participants.select_related("department", "committee"),
        "taking_part": cycle.participants.rated().count(),
        "sees_all": is_citywide(request.user, VIEW),
        "keeps": keeps,
        "preparing": cycle.stage == Stage.PREPARING,
        "missing": moving.what_is_missing(cycle) if keeps and _is_prepared(cycle) else [],
        "steps": _steps(cycle) if keeps else [],
        "evaluator_form": EvaluatorForm() if keeps and _takes_evaluators(cycle) else None,
        "waiting": [task for task in tasks if task.submitted_at is None],
        "measurement": cycle.measurements.select_related("made_by").first() if keeps else None,
        "calculation": Calculation.objects.counting().filter(cycle=cycle).first(),
        "moves": cycle.moves.select_related("by") if is_citywide(request.user, VIEW) else [],
    }
    return render(request, "assessments/cycle_detail.html", context)


def _is_prepared(cycle: Cycle) -> bool:
    return cycle.stage == Stage.PREPARING


def _takes_evaluators(cycle: Cycle) -> bool:
    return cycle.stage in (Stage.PREPARING, Stage.OPEN)


def _track(cycle: Cycle) -> list[tuple[Any, str]]:
    """The stages, each "done", "current" or "" """
    order = list(Stage)
    at = order.index(Stage(cycle.stage))
    return [
        (stage.label, "done" if place < at else "current" if place == at else "")
        for place, stage in enumerate(order)
    ]


STEPS: dict[str, tuple[Any, tuple[Stage, ...], Any, Any, str]] = {
    "open": (
        lambda cycle, by, reason: moving.open_cycle(cycle=cycle, by=by),
        (Stage.PREPARING,),
        gettext_lazy("Open the cycle"),
        gettext_lazy("The table is settled; evaluators can score from now on."),
        "",
    ),
    "measure": (
        lambda cycle, by, reason: measuring.measure(cycle=cycle, by=by, reason=reason),
        (Stage.OPEN, Stage.CALCULATED),
        gettext_lazy("Measure as of the cut-off day"),
        gettext_lazy("What the system counts is frozen with the rows behind it."),
        "measurements",
    ),
    "calculate": (
        lambda cycle, by, reason: calculating.calculate(cycle=cycle, by=by, note=reason),
        (Stage.OPEN, Stage.CALCULATED),
        gettext_lazy("Calculate the results"),
        gettext_lazy("From the latest measurement and the submitted scores."),
        "calculations",
    ),
    "announce": (
        lambda cycle, by, reason: moving.announce(cycle=cycle, by=by),
        (Stage.CALCULATED,),
        gettext_lazy("Announce to the participants"),
        gettext_lazy("Each sees the own result and may object to it."),
        "",
    ),
    "publish": (
        lambda cycle, by, reason: moving.publish(cycle=cycle, by=by),
        (Stage.ANNOUNCED,),
        gettext_lazy("Publish"),
        gettext_lazy("All participants see all results; nothing can change any more."),
        "",
    ),
    "take-back": (
        lambda cycle, by, reason: moving.take_back(cycle=cycle, by=by, reason=reason),
        (Stage.OPEN, Stage.CALCULATED, Stage.ANNOUNCED),
        gettext_lazy("Take back by one stage"),
        gettext_lazy("To settle the table, to score on, or to calculate anew."),
        "moves",
    ),
}
"""What the office does: how, in which stages, how the button and the page say it, and of which
rows it takes a reason once there are some."""


def _steps(cycle: Cycle) -> list[dict[str, Any]]:
    """What can be done with the cycle now."""
    found = []
    for key, (_do, stages, label, text, again) in STEPS.items():
        if cycle.stage in stages:
            asks = bool(again) and (key == "take-back" or getattr(cycle, again).exists())
            found.append({"key": key, "label": label, "text": text, "asks": asks})
    return found


@require_POST
@requires(KEEP)
def cycle_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Take a step with the cycle."""
    if step not in STEPS:
        raise Http404
    cycle = cycle_of(request, pk, KEEP)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        STEPS[step][0](cycle, request.user, reason)
    except ValidationError as refusal:
        for text in refusal.messages:
            messages.error(request, text)
    else:
        messages.success(request, _("Done: %(step)s.") % {"step": STEPS[step][2]})
    return redirect("assessments:cycle-detail", pk)


@require_POST
@requires(KEEP)
def evaluator_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody score a judged indicator."""
    rows = Indicator.objects.filter(
        cycle__in=Cycle.objects.for_user(request.user, KEEP).order_by().values("pk")
    )
    indicator = get_object_or_404(rows.filter(kind=Indicator.Kind.JUDGED), pk=pk)
    form = EvaluatorForm(request.POST)
    if form.is_valid():
        try:
            scoring.assign_evaluator(
                indicator=indicator, evaluator=form.cleaned_data["evaluator"], by=request.user
            )
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Choose an evaluator."))
    return redirect("assessments:cycle-detail", indicator.cycle_id)


@require_POST
@requires(KEEP)
def evaluator_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a task back from somebody who has not begun it."""
    own = Cycle.objects.for_user(request.user, KEEP).order_by().values("pk")
    task = get_object_or_404(ScoringTask.objects.filter(indicator__cycle__in=own), pk=pk)
    cycle = task.indicator.cycle_id
    try:
        scoring.release_evaluator(task=task, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Saved."))
    return redirect("assessments:cycle-detail", cycle)


class CycleAdd(RecordAdd):
    """Prepares the next cycle from the last one."""

    permission = KEEP
    form_class = NewCycleForm

    def rows(self) -> QuerySet[Any]:
        return Cycle.objects.for_user(self.request.user, KEEP)

    def make(self) -> Cycle:
        last = Cycle.objects.order_by("-year").first()
        if last is None:
            return Cycle(year=timezone.localdate().year)
        year = last.year + 1
        days = {name: years_after(getattr(last, name), 1) for name in DAYS}
        return Cycle(year=year, title=last.title.replace(str(last.year), str(year)), **days)

    def title(self) -> str:
        return _("Prepare a cycle")

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Assessments"), self.back_url()), (self.title(), "")]

    def back_url(self) -> str:
        return reverse("assessments:cycle-list")

    def success_url(self, row: Any) -> str:
        return url_of(row)

    def save(self, form: Any) -> Cycle:
        days = {name: form.cleaned_data[name] for name in NewCycleForm.Meta.fields}
        return moving.prepare(days=days, by=self.request.user)


class PreparingPage:
    """What the pages share that change a cycle in preparation."""

    permission = KEEP
    request: Any
    kwargs: Any

    def cycle(self) -> Cycle:
        """The cycle that the address names; Http404 once it is no longer prepared."""
        cycles = Cycle.objects.for_user(self.request.user, KEEP)
        return get_object_or_404(cycles.filter(stage=Stage.PREPARING), pk=self.kwargs["cycle"])

    def crumbs(self) -> list[tuple[str, str]]:
        return crumbs_to(self.cycle(), self.title())  # type: ignore[attr-defined]

    def back_url(self) -> str:
        return reverse("assessments:cycle-detail", args=[self.kwargs["cycle"]])


class CycleEdit(PreparingPage, RecordEdit):
    """Changes the days and rules of a cycle in preparation."""

    form_class = CycleForm

    def rows(self) -> QuerySet[Any]:
        cycles = Cycle.objects.for_user(self.request.user, KEEP)
        return cycles.filter(stage=Stage.PREPARING, pk=self.kwargs["cycle"])

    def row(self, rows: QuerySet[Any]) -> Any:
        return get_object_or_404(rows)

    def title(self) -> str:
        return _("Days and rules")


class IndicatorRows(PreparingPage):
    def rows(self) -> QuerySet[Any]:
        return Indicator.objects.filter(cycle=self.cycle())


class IndicatorAdd(IndicatorRows, RecordAdd):
    form_class = NewIndicatorForm

    def make(self) -> Indicator:
        cycle = self.cycle()
        last = cycle.indicators.order_by("-position").first()
        return Indicator(cycle=cycle, position=last.position + 1 if last else 1)

    def title(self) -> str:
        return _("Add an indicator")


class IndicatorEdit(IndicatorRows, RecordEdit):
    form_class = IndicatorForm
    template_name = "assessments/indicator_form.html"

    def context(self) -> dict[str, Any]:
        return {"removable": not self.object.tasks.exists()}

    def title(self) -> str:
        return _("Change the indicator")


class IndicatorRemove(IndicatorRows, RecordRemove):
    def rows(self) -> QuerySet[Any]:
        return super().rows().filter(tasks=None)


class ParticipantAdd(PreparingPage, RecordAdd):
    form_class = NewParticipantForm

    def rows(self) -> QuerySet[Any]:
        return Participant.objects.filter(cycle=self.cycle())

    def make(self) -> Participant:
        return Participant(cycle=self.cycle())

    def title(self) -> str:
        return _("Add a participant")


class ParticipantWithdraw(RecordEdit):
    """Records that a participant is no longer rated, or is again."""

    permission = KEEP
    form_class = WithdrawalForm

    def rows(self) -> QuerySet[Any]:
        cycles = Cycle.objects.for_user(self.request.user, KEEP)
        open_ones = cycles.filter(stage__in=[Stage.PREPARING, Stage.OPEN])
        return Participant.objects.filter(cycle__in=open_ones.order_by().values("pk"))

    def title(self) -> str:
        return _("Withdraw %(participant)s") % {"participant": self.object}

    def crumbs(self) -> list[tuple[str, str]]:
        return crumbs_to(self.object.cycle, self.title())

    def back_url(self) -> str:
        return url_of(self.object.cycle)
