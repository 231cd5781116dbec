"""Proposed assignments: asking for one, looking at it, changing rows, accepting and taking back."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import requires
from accounts.permissions import Permission
from organizations.filters.choices import offer_own
from organizations.forms.proposals import AskedForm, StartForm
from organizations.models import AssignmentRules, Instructor, Proposal, ProposalRow
from organizations.operations import acceptance
from organizations.operations import proposals as operations
from organizations.proposals.pages import alternatives, rows_of, shown
from organizations.proposals.reading import EDIT, waiting
from organizations.proposals.sheet import proposal_workbook
from organizations.proposals.standing import Standing
from registers.columns import Column
from registers.downloads import (
    EXPORT,
    day_and_number,
    table_response,
    wants_workbook,
    workbook_response,
)
from registers.keys import key_of
from registers.once import OnceMixin
from registers.register import Record

ROWS_PER_PAGE = 50
PROPOSALS_PER_PAGE = 20
CHOICES_PER_PAGE = 20
COLUMNS = (
    Column(key="made_at", label=gettext_lazy("Proposal"), width=24),
    Column(key="state", label=gettext_lazy("State")),
    Column(key="made_by", label=gettext_lazy("Made by")),
)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def proposal_list(request: HttpRequest) -> HttpResponse:
    """Ask for a proposal for the associations without an instructor; the earlier proposals."""
    if request.method == "POST":
        return _propose(request)
    form = AskedForm(request.GET or {})
    offer_own(form, request.user, EDIT)
    mine = Proposal.objects.for_user(request.user).select_related("created_by")
    if wants_workbook(request):
        return _list_file(mine)
    context = {
        "form": form,
        "key_form": OnceMixin(),
        "number": waiting(request.user, form.asked(), timezone.localdate()).count(),
        "people": Instructor.objects.assignable(request.user, EDIT).count(),
        "rules": AssignmentRules.objects.in_force(),
        "may_export": request.user.has_perm(EXPORT),
        "may_set": request.user.has_perm(Permission.SET_ASSIGNMENT_RULES),
        "page": Paginator(mine, PROPOSALS_PER_PAGE).get_page(request.GET.get("page")),
        "crumbs": _crumbs(),
    }
    return render(request, "organizations/proposal_list.html", context)


def _list_file(proposals: Any) -> HttpResponse:
    records: Iterator[Record] = (
        {
            "made_at": date_format(timezone.localtime(each.created_at), "DATETIME_FORMAT"),
            "state": str(each.get_status_display()),
            "made_by": str(each.created_by),
        }
        for each in proposals
    )
    notes = [day_and_number(timezone.localdate(), proposals.count())]
    return table_response(_("Proposed assignments"), COLUMNS, records, notes)


def _propose(request: HttpRequest) -> HttpResponse:
    form, key_form = AskedForm(request.POST), OnceMixin(request.POST)
    if not form.is_valid() or not key_form.is_valid():
        messages.error(request, _("Please choose again which associations are meant."))
        return redirect("organizations:proposal-list")
    try:
        proposal = operations.propose(
            by=request.user, asked=form.asked(), key=key_form.cleaned_data["key"]
        )
    except ValidationError as refusal:
        _say(request, refusal)
        return redirect("organizations:proposal-list")
    return redirect("organizations:proposal-detail", proposal.pk)


@require_safe
@requires(EDIT)
def proposal_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The proposal with its rows, how even it is and how far from the best possible; as a
    workbook with ?format=xlsx."""
    proposal = _own(request, pk)
    rows, today = rows_of(proposal, request.user), timezone.localdate()
    standing = Standing(proposal, proposal.rows.all())
    if wants_workbook(request):
        return _workbook(request, proposal, standing)
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    listed = shown(page.object_list, standing, viewer=request.user, on=today)
    loads = standing.loads()
    context = {
        "proposal": proposal,
        "standing": standing,
        "loads": loads,
        "most_people": max((max(step.before, step.after) for step in loads), default=0),
        "page": page,
        "rows": listed,
        "open": rows.acceptable().count(),
        "instructors": rows.acceptable().aggregate(n=Count("instructor", distinct=True))["n"],
        "written": rows.exclude(assignment=None).count(),
        "start_form": StartForm(),
        "limits": standing.problem.limits,
        "crumbs": _crumbs(str(proposal)),
        "may_export": request.user.has_perm(Permission.EXPORT_REGISTER),
    }
    return render(request, "organizations/proposal_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def proposal_row(request: HttpRequest, pk: int) -> HttpResponse:
    """Who else could go to one association, and what that would cost; choose, keep or leave out."""
    rows = ProposalRow.objects.for_user(request.user).select_related("proposal", "association")
    mine = Proposal.objects.for_user(request.user)
    row = get_object_or_404(rows.filter(proposal__in=mine.order_by().values("pk")), pk=pk)
    if request.method == "POST":
        _answered(request, lambda: _change(request, row))
        return redirect(_place_of(row, request.user))
    standing = Standing(row.proposal, row.proposal.rows.taking_part())
    typed = request.GET.get("q", "").strip()
    found = alternatives(row, standing, viewer=request.user) if row.is_open else []
    if typed:
        found = [each for each in found if typed in f"{each.instructor} {each.instructor.unit}"]
    context = {
        "row": row,
        "q": typed,
        "page": Paginator(found, CHOICES_PER_PAGE).get_page(request.GET.get("page")),
        "crumbs": [
            *_crumbs(str(row.proposal))[:-1],
            (str(row.proposal), reverse("organizations:proposal-detail", args=[row.proposal_id])),
            (str(row.association), ""),
        ],
    }
    return render(request, "organizations/proposal_row.html", context)


def _place_of(row: ProposalRow, viewer: Any) -> str:
    """Where the row stands on the pages of its proposal."""
    keys = list(rows_of(row.proposal, viewer).values_list("pk", flat=True))
    page = keys.index(row.pk) // ROWS_PER_PAGE + 1
    url = reverse("organizations:proposal-detail", args=[row.proposal_id])
    return f"{url}{f'?page={page}' if page > 1 else ''}#row-{row.pk}"


def _change(request: HttpRequest, row: ProposalRow) -> None:
    action = request.POST.get("action", "")
    if action in ("keep", "release"):
        operations.keep_row(row=row, kept=action == "keep", by=request.user)
    elif action in ("drop", "restore"):
        operations.drop_row(row=row, dropped=action == "drop", by=request.user)
    else:
        mine = Instructor.objects.assignable(request.user, EDIT)
        key = key_of(request.POST.get("instructor", ""))
        instructor = mine.filter(pk=key).first() if key else None
        if instructor is None:
            raise ValidationError(_("Choose an instructor first."))
        operations.change_row(row=row, instructor=instructor, by=request.user)
        messages.success(
            request,
            _("%(instructor)s is now proposed for %(association)s, and kept.")
            % {"instructor": instructor, "association": row.association},
        )


@require_POST
@requires(EDIT)
def proposal_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Work the undecided rows out anew; kept ones stay."""
    proposal = _own(request, pk)

    def act() -> None:
        gone = operations.work_out_again(proposal=proposal, by=request.user)
        messages.success(request, _("Worked out again from the registry and the rules of now."))
        if gone:
            text = ngettext(
                "%(n)s association no longer waits for an instructor and was left out.",
                "%(n)s associations no longer wait for an instructor and were left out.",
                gone,
            )
            messages.info(request, text % {"n": gone})

    _answered(request, act)
    return redirect("organizations:proposal-detail", pk)


@require_POST
@requires(EDIT)
def proposal_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the ticked rows, or all that are undecided, as assignments."""
    proposal, form = _own(request, pk), StartForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say from which day the assignments hold."))
        return redirect("organizations:proposal-detail", pk)
    ticked = [key for key in map(key_of, request.POST.getlist("rows")) if key]
    only = None if "all" in request.POST else ticked
    if only is not None and not (only and "ticked" in request.POST):
        messages.error(request, _("Tick the rows that are to be accepted, then confirm."))
        return redirect("organizations:proposal-detail", pk)

    def act() -> None:
        day = form.cleaned_data["starts_on"]
        number = acceptance.accept(proposal=proposal, by=request.user, starts_on=day, only=only)
        text = ngettext(
            "%(n)s assignment has been written.", "%(n)s assignments have been written.", number
        )
        nothing = _("No further row was written.")
        messages.success(request, text % {"n": number} if number else nothing)

    _answered(request, act)
    return redirect("organizations:proposal-detail", pk)


@require_POST
@requires(EDIT)
def proposal_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the proposal without writing what is undecided."""
    proposal = _own(request, pk)
    _answered(request, lambda: operations.discard(proposal=proposal, by=request.user))
    return redirect("organizations:proposal-detail", pk)


@require_POST
@requires(EDIT)
def proposal_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete the assignments that the proposal wrote, as far as nobody has touched them since."""
    proposal = _own(request, pk)

    def act() -> None:
        kept = acceptance.take_back(proposal=proposal, by=request.user)
        messages.success(request, _("The assignments are taken back."))
        for assignment in kept:
            text = _("Changed since, and kept: %(association)s.")
            messages.warning(request, text % {"association": assignment.association})

    _answered(request, act)
    return redirect("organizations:proposal-detail", pk)


def _workbook(request: HttpRequest, proposal: Proposal, standing: Standing) -> HttpResponse:
    rows = rows_of(proposal, request.user)
    listed = shown(rows, standing, viewer=request.user, on=timezone.localdate())
    return workbook_response(
        f"{_('Proposed assignments')} {timezone.localdate(proposal.created_at).isoformat()}.xlsx",
        lambda out: proposal_workbook(out, proposal, standing, listed),
    )


def _own(request: HttpRequest, pk: int) -> Proposal:
    proposal: Proposal = get_object_or_404(Proposal.objects.for_user(request.user), pk=pk)
    return proposal


def _answered(request: HttpRequest, act: Callable[[], Any]) -> None:
    """Do it, or say why it was refused."""
    try:
        act()
    except ValidationError as refusal:
        _say(request, refusal)


def _say(request: HttpRequest, refusal: ValidationError) -> None:
    for text in refusal.messages:
        messages.error(request, text)


def _crumbs(here: str = "") -> list[tuple[str, str]]:
    above = [(_("Instructors"), reverse("organizations:instructor-list"))]
    title, url = _("Proposed assignments"), reverse("organizations:proposal-list")
    return [*above, (title, url if here else ""), *([(here, "")] if here else [])]
