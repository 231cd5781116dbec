"""Suggestions and complaints as the office works on them."""

import datetime
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.decorators import requires
from accounts.permissions import Permission
from organizations.filters.suggestions import SuggestionFilter
from organizations.forms.suggestions import (
    AnswerForm,
    HandOverForm,
    PublishForm,
    PutAsideForm,
)
from organizations.models import Suggestion
from organizations.operations import suggestions
from organizations.operations.suggestions import ABILITY
from organizations.querysets.suggestions import OPEN
from organizations.scoping import is_citywide
from registers.columns import Column, DateColumn
from registers.downloads import EXPORT, day_and_number, table_response, wants_workbook
from registers.filters import joined, said_of
from registers.lists import wants_partial
from registers.timeline import ENTRIES_PER_PAGE, row_timeline

VIEW = Permission.VIEW_SUGGESTION
PAGE_SIZE = 30
COLUMNS = (
    Column(key="number", label=gettext_lazy("Receipt number")),
    Column(key="kind", label=gettext_lazy("Kind")),
    Column(key="association", label=gettext_lazy("Association"), width=28),
    Column(key="text", label=gettext_lazy("What was written"), width=60),
    DateColumn(key="received_on", label=gettext_lazy("Received on")),
    DateColumn(key="due_on", label=gettext_lazy("Due on")),
    Column(key="state", label=gettext_lazy("State")),
    Column(key="handler", label=gettext_lazy("Handler")),
    Column(key="answer", label=gettext_lazy("Answer"), width=60),
)
State = Suggestion.State
TABS = {
    "": gettext_lazy("Not settled"),
    "overdue": gettext_lazy("Overdue"),
    **dict(State.choices),
    "all": gettext_lazy("All"),
}
Fields = dict[str, Any]


@require_safe
@requires(VIEW)
@vary_on_headers("HX-Request")
def suggestion_list(request: HttpRequest) -> HttpResponse:
    """What the public has written; without a choice, what is still open, the most urgent first."""
    today = timezone.localdate()
    rows = Suggestion.objects.for_user(request.user, VIEW)
    filters = SuggestionFilter(request.GET, rows, on=today, user=request.user)
    is_open = filters.state in ("", "overdue", *OPEN)
    order = ("due_on", "pk") if is_open else ("-received_at", "-pk")
    chosen = filters.qs.select_related("association", "handler").order_by(*order)
    if wants_workbook(request):
        return _workbook(chosen, filters, today)
    context = {
        "may_export": request.user.has_perm(EXPORT),
        "form": filters.form,
        "page": Paginator(chosen, PAGE_SIZE).get_page(request.GET.get("page")),
        "tabs": _tabs(request, rows, today, filters.state),
        "state": filters.state,
        "today": today,
    }
    template = "organizations/suggestion_list.html"
    return render(request, f"{template}#results" if wants_partial(request) else template, context)


def _workbook(rows: Any, filters: SuggestionFilter, on: datetime.date) -> HttpResponse:
    """What was written and answered; how to reach the people who wrote stays here."""
    records = (
        {
            "number": row.number,
            "kind": str(row.get_kind_display()),
            "association": str(row.association or row.about),
            "text": row.text,
            "received_on": timezone.localdate(row.received_at).isoformat(),
            "due_on": row.due_on.isoformat(),
            "state": str(row.get_state_display()),
            "handler": str(row.handler or ""),
            "answer": row.answer,
        }
        for row in rows
    )
    chosen = [filters.sentence(name) for name in filters.in_force()]
    rule = joined(said_of(_("State"), TABS[filters.state]), *chosen)
    notes = [day_and_number(on, rows.count()), rule]
    return table_response(_("Suggestions and complaints"), COLUMNS, records, notes)


@require_safe
@requires(VIEW)
def suggestion_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A suggestion, what can be done with it now and what was done."""
    return _page(request, _row(request, pk, VIEW), {})


@require_POST
@requires(ABILITY)
def suggestion_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Take one of STEPS with a suggestion; a form that is not in order comes back filled."""
    if step not in STEPS:
        raise Http404
    form_class, act, done = STEPS[step]
    row = _row(request, pk)
    form = form_class(request.POST, prefix=step)
    if not form.is_valid():
        return _page(request, row, {step: form})
    try:
        act(row, request.user, form.cleaned_data)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return _page(request, _row(request, pk), {step: form}, str(refusal.message))
    messages.success(request, done)
    return redirect("organizations:suggestion-detail", pk)


def _take(row: Suggestion, by: Any, said: Fields) -> None:
    suggestions.take(suggestion=row, by=by)


def _hand_over(row: Suggestion, by: Any, said: Fields) -> None:
    row.handler_id = said["was"]
    suggestions.hand_over(suggestion=row, handler=said["handler"], by=by)


def _answer(row: Suggestion, by: Any, said: Fields) -> None:
    suggestions.answer(suggestion=row, text=said["text"], by=by)


def _put_aside(row: Suggestion, by: Any, said: Fields) -> None:
    suggestions.put_aside(suggestion=row, reason=said["reason"], by=by)


def _close(row: Suggestion, by: Any, said: Fields) -> None:
    suggestions.close(suggestion=row, by=by)


def _publish(row: Suggestion, by: Any, said: Fields) -> None:
    suggestions.publish(suggestion=row, text=said["text"], answer=said["answer"], by=by)


def _withdraw(row: Suggestion, by: Any, said: Fields) -> None:
    suggestions.withdraw(suggestion=row, by=by)


Step = tuple[type[forms.Form], Callable[[Suggestion, Any, Fields], None], Any]
STEPS: dict[str, Step] = {
    "take": (forms.Form, _take, gettext_lazy("It is in your hands now.")),
    "hand-over": (HandOverForm, _hand_over, gettext_lazy("Handed over.")),
    "answer": (AnswerForm, _answer, gettext_lazy("Answered; the sender can read it now.")),
    "put-aside": (PutAsideForm, _put_aside, gettext_lazy("Put aside as not pertinent.")),
    "close": (forms.Form, _close, gettext_lazy("Closed.")),
    "publish": (PublishForm, _publish, gettext_lazy("Published.")),
    "withdraw": (forms.Form, _withdraw, gettext_lazy("No longer published.")),
}


def _row(request: HttpRequest, pk: int, permission: Permission = ABILITY) -> Suggestion:
    rows = Suggestion.objects.for_user(request.user, permission)
    return get_object_or_404(rows.select_related("association", "handler"), pk=pk)


def _page(
    request: HttpRequest, row: Suggestion, bound: dict[str, forms.Form], refusal: str = ""
) -> HttpResponse:
    entries = row_timeline(row, viewer=request.user)
    may_answer = is_citywide(request.user, ABILITY)
    context = {
        "suggestion": row,
        "may_answer": may_answer,
        "crumbs": [
            (_("Suggestions and complaints"), reverse("organizations:suggestion-list")),
            (row.number, ""),
        ],
        "forms": _forms(row, may_answer) | {key.replace("-", "_"): f for key, f in bound.items()},
        "refused": next(iter(bound), ""),
        "refusal": refusal,
        "today": timezone.localdate(),
        "history": Paginator(entries, ENTRIES_PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "organizations/suggestion_detail.html", context)


def _forms(row: Suggestion, may_answer: bool) -> dict[str, forms.Form]:
    """The forms of what the person can do with the suggestion as it stands."""
    if not may_answer:
        return {}
    if row.is_open:
        found: dict[str, forms.Form] = {"put_aside": PutAsideForm(prefix="put-aside")}
        if row.state == State.IN_HAND:
            was = {"was": row.handler_id}
            found["answer"] = AnswerForm(prefix="answer")
            found["hand_over"] = HandOverForm(prefix="hand-over", initial=was)
        return found
    if row.is_answered and not row.published_on:
        words = {"text": row.public_text or row.text, "answer": row.public_answer or row.answer}
        return {"publish": PublishForm(prefix="publish", initial=words)}
    return {}


def _tabs(request: HttpRequest, rows: Any, today: Any, state: str) -> list[dict[str, Any]]:
    """The states with the number of suggestions in each, counted at once."""
    per_state = {value: Count("pk", Q(state=value)) for value in State.values}
    overdue = Count("pk", Q(pk__in=rows.overdue(today).values("pk")))
    counts = rows.order_by().aggregate(overdue=overdue, all=Count("pk"), **per_state)
    counts[""] = counts[State.NEW] + counts[State.IN_HAND]
    query = request.GET.copy()
    query.pop("page", None)
    tabs = []
    for key, label in TABS.items():
        query["state"] = key
        url = f"{request.path}?{query.urlencode()}"
        tabs.append({"label": label, "url": url, "current": key == state, "count": counts[key]})
    return tabs
