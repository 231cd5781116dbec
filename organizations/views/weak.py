"""Weak Party organisations: the list by state, the page of each with its notes, and the steps."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import requires
from accounts.permissions import Permission
from organizations.forms.party import (
    AcceptanceForm,
    DelistingForm,
    NoteForm,
    StepForm,
    WeakListingForm,
)
from organizations.models import PartyOrganization, WeakListing
from organizations.operations import weak as operations
from organizations.querysets.weak import WeakListingQuerySet
from organizations.views.party import crumbs_to
from registers.columns import Column, DateColumn
from registers.downloads import EXPORT, day_and_number, exportable, table_response, wants_workbook
from registers.filters import said_of
from registers.refusals import tell
from registers.timeline import last_of_removed
from registers.views.records import UNPROCESSABLE, RecordAdd

VIEW, LIST = Permission.VIEW_REGISTRY, Permission.LIST_WEAK_ORGANIZATION
State = WeakListing.State
ROWS_PER_PAGE = 50
COLUMNS = (
    Column(key="party_organization", label=gettext_lazy("Party organisation"), width=40),
    Column(key="state", label=gettext_lazy("State")),
    Column(key="reason", label=gettext_lazy("Reason"), width=24),
    Column(key="reason_text", label=gettext_lazy("What was found"), width=40),
    DateColumn(key="listed_on", label=gettext_lazy("Listed on")),
    DateColumn(key="rectifying_since", label=gettext_lazy("Rectifying since")),
    DateColumn(key="accepted_on", label=gettext_lazy("Accepted on")),
    Column(key="accepted_by", label=gettext_lazy("Accepting unit"), width=24),
    Column(key="acceptance_opinion", label=gettext_lazy("Opinion of acceptance"), width=40),
    DateColumn(key="delisted_on", label=gettext_lazy("Delisted on")),
    Column(key="delisting_basis", label=gettext_lazy("Basis of delisting"), width=24),
    DateColumn(key="last_note", label=gettext_lazy("Last note")),
)
TABS = {
    "open": gettext_lazy("On the list"),
    State.LISTED.value: State.LISTED.label,
    State.RECTIFYING.value: State.RECTIFYING.label,
    "note_due": gettext_lazy("This month's note is due"),
    State.ACCEPTED.value: State.ACCEPTED.label,
    State.DELISTED.value: State.DELISTED.label,
}
STEPS: dict[str, tuple[Any, type[StepForm], Any]] = {
    State.RECTIFYING.value: (
        operations.begin_rectifying,
        StepForm,
        gettext_lazy("Begin the rectification"),
    ),
    State.ACCEPTED.value: (
        operations.accept,
        AcceptanceForm,
        gettext_lazy("Accept the rectification"),
    ),
    State.DELISTED.value: (operations.delist, DelistingForm, gettext_lazy("Delist")),
}
"""Each step: what takes it, the form that it asks for, and how the button says it."""
NEXT = {before: step for step, (before, _day, _ability) in operations.STEPS.items()}
PILLS = {
    State.LISTED: "overdue",
    State.RECTIFYING: "soon",
    State.ACCEPTED: "done",
    State.DELISTED: "neutral",
}


@require_safe
@requires(VIEW)
def weak_list(request: HttpRequest) -> HttpResponse:
    """The weak Party organisations in scope, by how far they have come."""
    today = timezone.localdate()
    known = WeakListing.objects.for_user(request.user, VIEW)
    chosen = request.GET.get("state", "")
    chosen = chosen if chosen in TABS else "open"
    rows = _in(known, chosen, today).select_related("party_organization")
    rows = rows.annotate(last_note=models.Max("notes__month")).order_by("-listed_on", "-pk")
    if wants_workbook(request):
        return _workbook(exportable(rows, request.user), chosen)
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    due = set(known.with_note_due(today).order_by().values_list("pk", flat=True))
    context = {
        "may_export": request.user.has_perm(EXPORT),
        "tabs": [
            {
                "label": label,
                "url": f"{request.path}?state={key}",
                "current": key == chosen,
                "count": _in(known, key, today).count(),
            }
            for key, label in TABS.items()
        ],
        "page": page,
        "entries": [(row, PILLS[row.state], row.pk in due) for row in page.object_list],
        "crumbs": [
            (_("Party organisations"), reverse("organizations:partyorganization-list")),
            (_("Weak organisations"), ""),
        ],
    }
    return render(request, "organizations/weak_list.html", context)


def _workbook(rows: WeakListingQuerySet, chosen: str) -> HttpResponse:
    days = ("listed_on", "rectifying_since", "accepted_on", "delisted_on", "last_note")
    texts = ("accepted_by", "acceptance_opinion", "delisting_basis")
    records = (
        {
            "party_organization": str(row.party_organization),
            "state": str(row.state.label),
            "reason": str(row.get_reason_display()),
            "reason_text": row.reason_text,
            **{name: getattr(row, name) for name in texts},
            **{day: getattr(row, day).isoformat() for day in days if getattr(row, day)},
        }
        for row in rows
    )
    state = said_of(_("State"), TABS[chosen])
    notes = [day_and_number(timezone.localdate(), rows.count()), state]
    return table_response(_("Weak organisations"), COLUMNS, records, notes)


def _in(rows: WeakListingQuerySet, key: str, on: Any) -> WeakListingQuerySet:
    if key == "open":
        return rows.open(on)
    return rows.with_note_due(on) if key == "note_due" else rows.in_state(key, on)


@require_safe
@requires(VIEW)
def weak_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One listing: its steps, its notes month by month, and what is to be done next."""
    return _page(request, _listing(request, pk))


@require_POST
@requires(Permission.EDIT_ASSOCIATION)
def weak_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the note on one month."""
    listing = _listing(request, pk, Permission.EDIT_ASSOCIATION)
    form = NoteForm(request.POST, months=listing.months_due(timezone.localdate()))
    if form.is_valid():
        month, text = form.cleaned_data["month"], form.cleaned_data["text"]
        try:
            operations.note(listing=listing, month=month, text=text, by=request.user)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("organizations:weak-detail", pk)
    return _page(request, listing, note=form)


@require_POST
@requires(Permission.EDIT_ASSOCIATION)
def weak_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Take the step to the state `step`."""
    if step not in STEPS:
        raise Http404
    take, step_form, _label = STEPS[step]
    ability = operations.ability_of(step)
    if not request.user.has_perm(ability):
        raise PermissionDenied
    listing, form = _listing(request, pk, ability), step_form(request.POST)
    if form.is_valid():
        try:
            take(listing=listing, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("organizations:weak-detail", pk)
    return _page(request, listing, step=form)


@require_POST
@requires(Permission.EDIT_ASSOCIATION)
def weak_withdraw(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Take back the last step, which was recorded by mistake."""
    if step not in State.values:
        raise Http404
    ability = _ability_to_withdraw(step)
    if not request.user.has_perm(ability):
        raise PermissionDenied
    if gone := _withdrawn(request, pk, ability):
        messages.info(request, _("It is off the list already; this was taken back before."))
        return redirect("organizations:partyorganization-detail", gone)
    listing = _listing(request, pk, ability)
    reason = request.POST.get("reason", "")
    try:
        operations.withdraw(listing=listing, step=step, reason=reason, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("organizations:weak-detail", pk)
    messages.success(request, _("Taken back: %(step)s.") % {"step": State(step).label})
    if step == State.LISTED:
        return redirect("organizations:partyorganization-detail", listing.party_organization_id)
    return redirect("organizations:weak-detail", pk)


def _withdrawn(request: HttpRequest, pk: int, ability: Permission) -> int | None:
    """The Party organisation in scope whose listing had the key `pk` and was taken back."""
    if (was := last_of_removed(WeakListing, pk)) is None:
        return None
    mine = PartyOrganization.objects.for_user(request.user, ability)
    return mine.filter(pk=was.party_organization_id).values_list("pk", flat=True).first()


def _ability_to_withdraw(step: str) -> Permission:
    return LIST if step == State.LISTED else operations.ability_of(step)


def _listing(request: HttpRequest, pk: int, ability: Permission = VIEW) -> WeakListing:
    rows = WeakListing.objects.for_user(request.user, ability).select_related("party_organization")
    return get_object_or_404(rows, pk=pk)


def _page(
    request: HttpRequest, listing: WeakListing, note: Any = None, step: Any = None
) -> HttpResponse:
    today = timezone.localdate()
    notes = {each.month: each for each in listing.notes.select_related("written_by")}
    months = listing.months_due(today)
    missing = [month for month in months if month not in notes]
    after = NEXT.get(listing.state)
    ability = operations.ability_of(after) if after else VIEW
    may_note = bool(missing) and _may(request, listing, Permission.EDIT_ASSOCIATION)
    context = {
        "listing": listing,
        "party": listing.party_organization,
        "title": _("Rectifying a weak Party organisation: %(organization)s")
        % {"organization": listing.party_organization},
        "crumbs": [
            (_("Party organisations"), reverse("organizations:partyorganization-list")),
            (_("Weak organisations"), reverse("organizations:weak-list")),
            (str(listing.party_organization), ""),
        ],
        "pill": PILLS[listing.state],
        "months": [(month, notes.get(month)) for month in reversed(months)],
        "note_form": (note or NoteForm(months=missing)) if may_note else None,
        "may_withdraw": _may(request, listing, _ability_to_withdraw(listing.state))
        and not (listing.state == State.RECTIFYING and notes),
        "step": after,
        "step_label": STEPS[after][2] if after else "",
        "step_form": (step or STEPS[after][1](initial={"on": today}))
        if after and _may(request, listing, ability)
        else None,
    }
    status = UNPROCESSABLE if note or step else 200
    return render(request, "organizations/weak_detail.html", context, status=status)


def _may(request: HttpRequest, listing: WeakListing, ability: Permission) -> bool:
    return WeakListing.objects.for_user(request.user, ability).filter(pk=listing.pk).exists()


class WeakListingAdd(RecordAdd):
    """Puts a Party organisation on the list."""

    permission = LIST
    form_class = WeakListingForm

    def rows(self) -> QuerySet[Any]:
        return WeakListing.objects.for_user(self.request.user, LIST)

    def make(self) -> WeakListing:
        rows = PartyOrganization.objects.for_user(self.request.user, LIST)
        self.party = get_object_or_404(rows.filter(dissolved_on=None), pk=self.kwargs["party"])
        return WeakListing(party_organization=self.party)

    def title(self) -> str:
        return _("List as weak")

    def crumbs(self) -> list[tuple[str, str]]:
        return crumbs_to(self.party, self.title())

    def back_url(self) -> str:
        return reverse("organizations:partyorganization-detail", args=[self.party.pk])

    def success_url(self, row: Any) -> str:
        return reverse("organizations:weak-detail", args=[row.pk])

    def save(self, form: Any) -> WeakListing:
        said = form.cleaned_data
        return operations.list_weak(
            organization=self.party,
            on=said["listed_on"],
            reason=said["reason"],
            text=said["reason_text"],
            by=self.request.user,
        )
