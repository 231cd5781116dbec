"""Trying other weights and thresholds on a cycle before it is announced."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.decorators import requires
from assessments.forms.what_if import WhatIfForm
from assessments.models import Calculation, Indicator
from assessments.models.cycles import RULES
from assessments.operations.calculating import try_out
from assessments.views.cycles import KEEP, crumbs_to, cycle_of
from registers.refusals import tell

UNPROCESSABLE = 422
SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
@requires(KEEP)
def what_if(request: HttpRequest, pk: int) -> HttpResponse:
    """What was tried, beside what counts; and trying more."""
    cycle = cycle_of(request, pk, KEEP)
    indicators = list(cycle.indicators.filter(kind__in=Indicator.WEIGHTED))
    initial = {name: getattr(cycle, name) for name in RULES}
    form = WhatIfForm(request.POST or None, indicators=indicators, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            made = try_out(
                cycle=cycle,
                rules=form.chosen_rules(),
                weights=form.chosen_weights(),
                note=form.cleaned_data["note"],
                by=request.user,
            )
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("Tried, and kept as a what-if."))
            return redirect(f"{reverse('assessments:what-if', args=[pk])}?tried={made.pk}")
    counting = Calculation.objects.counting().filter(cycle=cycle).first()
    tried = list(cycle.calculations.filter(what_if=True).select_related("made_by")[:SHOWN])
    context = {
        "cycle": cycle,
        "crumbs": crumbs_to(cycle, _("What if")),
        "form": form,
        "tried": tried,
        "chosen": (chosen := _chosen(request, tried)),
        "compared": _compared(counting, chosen) if chosen else [],
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "assessments/what_if.html", context, status=status)


def _chosen(request: HttpRequest, tried: list[Calculation]) -> Calculation | None:
    """The what-if that the address names, else the last one."""
    named = [each for each in tried if str(each.pk) == request.GET.get("tried")]
    return next(iter([*named, *tried]), None)


def _compared(counting: Calculation | None, tried: Calculation) -> list[tuple[Any, Any]]:
    """Each result of the what-if with the one that counts."""
    known = {each.participant_id: each for each in counting.results.all()} if counting else {}
    rows = tried.results.select_related("participant__department", "participant__committee")
    return [(each, known.get(each.participant_id)) for each in rows]
