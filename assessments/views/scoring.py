"""Where evaluators score."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import requires
from accounts.permissions import Permission
from assessments.forms.scoring import ScoreForm
from assessments.models import Participant, ScoringTask
from assessments.operations.scoring import give_score, submit
from registers.refusals import tell

SCORE = Permission.SCORE_ASSESSMENT
UNPROCESSABLE = 422


@require_safe
@requires(SCORE)
def scoring_list(request: HttpRequest) -> HttpResponse:
    """One's own tasks in the cycles under way, with how far each has come."""
    tasks = ScoringTask.objects.of(request.user).select_related("indicator__cycle")
    rated = Q(indicator__cycle__participants__withdrawn_on=None)
    tasks = tasks.annotate(
        scored=Count("scores__participant", distinct=True),
        rated=Count("indicator__cycle__participants", filter=rated, distinct=True),
    )
    return render(request, "assessments/scoring_list.html", {"tasks": tasks})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(SCORE)
def scoring_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """All participants under one indicator, each with points and why."""
    rows = ScoringTask.objects.of(request.user).select_related("indicator__cycle")
    task = get_object_or_404(rows, pk=pk)
    forms = _forms(request, task)
    refused = False
    if request.method == "POST":
        refused = not _saved(request, task, forms)
        if not refused:
            messages.success(request, _("Saved."))
            return redirect("assessments:scoring-detail", pk)
    context = {
        "task": task,
        "forms": forms,
        "left": sum(form.initial.get("points") is None for _participant, form in forms),
        "refused": refused,
        "crumbs": [
            (_("Scoring"), reverse("assessments:scoring-list")),
            (str(task.indicator), ""),
        ],
    }
    status = UNPROCESSABLE if refused else 200
    return render(request, "assessments/scoring_detail.html", context, status=status)


def _forms(request: HttpRequest, task: ScoringTask) -> list[tuple[Participant, ScoreForm]]:
    known = {score.participant_id: score for score in task.scores.standing()}
    participants = task.indicator.cycle.participants.rated()
    found = []
    for participant in participants.select_related("department", "committee"):
        score = known.get(participant.pk)
        form = ScoreForm(
            request.POST or None,
            prefix=str(participant.pk),
            full=task.indicator.full,
            initial={"points": score.points, "justification": score.justification} if score else {},
        )
        found.append((participant, form))
    return found


def _saved(request: HttpRequest, task: ScoringTask, forms: list[Any]) -> bool:
    """Save each score that is given and right; whether all were."""
    right = True
    for participant, form in forms:
        if not form.is_valid():
            right = False
            continue
        given = form.cleaned_data
        if given["points"] is None:
            continue
        try:
            give_score(task=task, participant=participant, by=request.user, **given)
        except ValidationError as refusal:
            tell(form, refusal)
            right = False
    return right


@require_POST
@requires(SCORE)
def scoring_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in the scores of a task."""
    task = get_object_or_404(ScoringTask.objects.of(request.user), pk=pk)
    try:
        submit(task=task, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Submitted; the scores stay as they are."))
    return redirect("assessments:scoring-detail", pk)
