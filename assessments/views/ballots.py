"""The ballot: its page in the office, and the two pages on a phone in the room.

What a phone sends is answered without a session and kept by no log of this site; the code travels
in the body of a request alone.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import requires
from assessments.forms.ballots import CodeForm, CodesForm, SheetForm
from assessments.models import Ballot, Cycle
from assessments.operations import ballots as operations
from assessments.views.cycles import KEEP, crumbs_to, cycle_of

UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@sensitive_post_parameters()
def ballot_sheet(request: HttpRequest) -> HttpResponse:
    """First the code, then the sheet of the ballot that is open, then thanks."""
    cycle = Cycle.objects.filter(ballot__state=Ballot.State.OPEN).first()
    if cycle is None:
        return render(request, "assessments/ballot_closed.html")
    code_form = CodeForm(request.POST or None)
    if not code_form.is_valid():
        context = {"form": code_form, "cycle": cycle}
        status = UNPROCESSABLE if code_form.is_bound else 200
        return render(request, "assessments/ballot_code.html", context, status=status)
    return _sheet(request, cycle, code_form.cleaned_data["code"])


def _sheet(request: HttpRequest, cycle: Cycle, code: str) -> HttpResponse:
    rated = cycle.participants.rated().select_related("department", "committee")
    sent = "cast" in request.POST
    form = SheetForm(request.POST if sent else None, participants=list(rated))
    if sent and form.is_valid():
        try:
            operations.cast(code=code, ratings=form.ratings())
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return render(request, "assessments/ballot_thanks.html", {"cycle": cycle})
    context = {"form": form, "cycle": cycle, "code": code, "left": _left(form) if sent else []}
    status = UNPROCESSABLE if sent else 200
    return render(request, "assessments/ballot_sheet.html", context, status=status)


def _left(form: SheetForm) -> list[Any]:
    """The subjects that are not rated in full."""
    return [participant for participant, _rows, missing in form.subjects if missing]


def _ballot(cycle: Cycle) -> Ballot:
    return Ballot.objects.filter(cycle=cycle).first() or Ballot(cycle=cycle)


@require_safe
@requires(KEEP)
def ballot_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The ballot of a cycle: codes, how many sheets have come in, opening and closing."""
    cycle = cycle_of(request, pk, KEEP)
    ballot = _ballot(cycle)
    context = {
        "cycle": cycle,
        "ballot": ballot,
        "received": ballot.sheets.count() if ballot.pk else 0,
        "form": CodesForm(),
        "crumbs": crumbs_to(cycle, _("Ballot")),
        "polling": ballot.state == Ballot.State.OPEN,
    }
    part = "#count" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"assessments/ballot_detail.html{part}", context)


@require_POST
@requires(KEEP)
@never_cache
def ballot_codes(request: HttpRequest, pk: int) -> HttpResponse:
    """Print codes: they are shown this once."""
    cycle = cycle_of(request, pk, KEEP)
    form = CodesForm(request.POST)
    if form.is_valid():
        try:
            codes = operations.make_codes(
                cycle=cycle, number=form.cleaned_data["number"], by=request.user
            )
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            context = {"cycle": cycle, "codes": codes, "address": _address(request)}
            return render(request, "assessments/ballot_codes.html", context)
    else:
        messages.error(request, _("Say how many codes are needed."))
    return redirect("assessments:ballot-detail", pk)


def _address(request: HttpRequest) -> str:
    return request.build_absolute_uri("/ballot/")


STEPS = {"open": operations.open_ballot, "close": operations.close_ballot}


@require_POST
@requires(KEEP)
def ballot_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Open the ballot, or close it."""
    if step not in STEPS:
        raise Http404
    cycle = cycle_of(request, pk, KEEP)
    try:
        STEPS[step](cycle=cycle, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Saved."))
    return redirect("assessments:ballot-detail", pk)
