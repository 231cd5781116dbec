"""The page of one establishment and the steps that people record on it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import requires
from accounts.permissions import Permission
from organizations.forms.establishment import MoveForm, PlanForm, own_kind
from organizations.models import Association, Coverage, Establishment, PartyOrganization, Stage
from organizations.operations import establishment as operations
from organizations.operations.assignments import assignable
from organizations.operations.coverage import cover, coverable, joint_branches, uncover
from organizations.operations.reasons import give_reason
from organizations.search.matching import relevance
from organizations.stages import (
    DAY_OF,
    age,
    checks,
    move_to,
    moves_from,
    next_move,
    skipped,
    too_many_units,
)
from registers.columns import Column, DateColumn
from registers.day_field import DayField
from registers.downloads import (
    EXPORT,
    day_and_number,
    table_response,
    wants_workbook,
)
from registers.keys import key_of
from registers.refusals import tell
from registers.timeline import last_of_removed
from registers.views.records import checked

VIEW, MOVE = Permission.VIEW_REGISTRY, Permission.MOVE_ESTABLISHMENT
SUGGESTIONS = 10


def _found(request: HttpRequest, pk: int, permission: Permission) -> Any:
    today = timezone.localdate()
    rows = Establishment.objects.for_user(request.user, permission)
    return get_object_or_404(rows.with_standing(today).with_relations(), pk=pk)


COVERED = (
    Column(key="association", label=gettext_lazy("Association"), width=36),
    Column(key="credit_code", label=gettext_lazy("Credit code"), width=22),
    DateColumn(key="since", label=gettext_lazy("Covered from")),
    DateColumn(key="until", label=gettext_lazy("Covered until")),
)


@require_safe
@requires(VIEW)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Where it stands, what the next step needs, and every recorded move."""
    row = _found(request, pk, VIEW)
    today = timezone.localdate()
    step = next_move(row)
    backward = [(m, Stage(m.target).label) for m in moves_from(row) if m.is_backward]
    may_move = request.user.has_perm(MOVE)
    visible = Establishment.objects.for_user(request.user, VIEW)
    companions = visible.filter(lead=row).select_related("association")
    lead = visible.filter(pk=row.lead_id).select_related("association").first()
    context = {
        "row": row,
        "age": age(row.stage, row.since, today),
        "steps": _steps(row),
        "next": step,
        "next_label": Stage(step.target).label if step else "",
        "checks": checks(row, step) if step else [],
        **_where_to_put_right(request, row),
        "backward": backward,
        "may_correct": may_move and not row.closed_on and bool(backward or row.is_ahead),
        "onward": [(m, Stage(m.target).label) for m in moves_from(row) if not m.is_backward],
        "warning": too_many_units(row),
        "overtaken": row.is_ahead and row.covered and not row.closed_on,
        "moves": row.moves.select_related("by"),
        "companions": companions,
        "hidden_companions": row.companions.count() - len(companions),
        "lead": lead,
        "may_move": may_move,
        "crumbs": [
            (_("Establishment"), reverse("organizations:establishment-board")),
            (row.association.name, ""),
        ],
    }
    return render(request, "organizations/establishment_detail.html", context)


def _where_to_put_right(request: HttpRequest, row: Establishment) -> dict[str, Any]:
    """What the list of checks needs (_establishment_checks.html)."""
    unknown = row.companions.filter(association__party_members=None)
    own = row.association.party_members is None
    other = None if own else unknown.values_list("association", flat=True).first()
    return {
        "may_assign": assignable(request.user).filter(pk=row.association_id).exists(),
        "without_members": other or row.association_id,
    }


def _steps(row: Establishment) -> list[dict[str, Any]]:
    """The stages that it passes, each with its day and whether it is done or where it stands."""
    passed = [stage for stage in Stage if stage not in skipped(row)]
    here = passed.index(Stage(row.stage))
    return [
        {
            "label": stage.label,
            "on": getattr(row, DAY_OF[stage]) if stage in DAY_OF else None,
            "state": "done" if place < here else "here" if place == here else "to-come",
        }
        for place, stage in enumerate(passed)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MOVE)
def move(request: HttpRequest, pk: int, stage: str) -> HttpResponse:
    """The form of one move: its day, and what it records."""
    row = _found(request, pk, MOVE)
    rule = move_to(row, stage)
    if rule is None:
        if stage not in Stage.values:
            raise Http404
        messages.warning(request, _("This step is not possible now; see where it stands."))
        return redirect("organizations:establishment-detail", pk)
    form = MoveForm(request.POST or None, request.FILES or None, move=rule, establishment=row)
    if "check" in request.POST:
        return checked(request, form)
    together, label = _together(request, row), Stage(stage).label
    if form.is_valid():
        try:
            operations.move(establishment=row, to=stage, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            said = (
                _("%(association)s: back to “%(stage)s”.")
                if rule.is_backward
                else _("%(association)s: %(stage)s.")
            )
            messages.success(request, said % {"association": together, "stage": label})
            for advice in dict.fromkeys(form.advice().values()):
                messages.warning(request, advice)
            return redirect("organizations:establishment-detail", pk)
    going_on = f"{row.get_stage_display()} → {label}"
    title = _("Back to “%(stage)s”") % {"stage": label} if rule.is_backward else going_on
    context = {
        "row": row,
        "together": together,
        "form": form,
        "rule": rule,
        "title": title,
        "checks": checks(row, rule),
        **_where_to_put_right(request, row),
        "crumbs": [
            (_("Establishment"), reverse("organizations:establishment-board")),
            (row.association.name, reverse("organizations:establishment-detail", args=[pk])),
            (title if rule.is_backward else label, ""),
        ],
    }
    return render(request, "organizations/establishment_move.html", context)


@require_safe
@requires(MOVE)
def superior_suggestions(request: HttpRequest) -> HttpResponse:
    """The committees and general branches in scope that may be meant by what is typed so far."""
    typed = request.GET.get("superior", "").strip()
    known = PartyOrganization.objects.for_user(request.user, VIEW).existing(timezone.localdate())
    found = known.leading_others().filter(name__icontains=typed)
    names = found.order_by("pinyin", "pk").values_list("name", flat=True)
    context = {"names": names[:SUGGESTIONS]}
    return render(request, "organizations/unresolved.html#options", context)


def _together(request: HttpRequest, row: Establishment) -> str:
    """All that a step of `row` moves, in words."""
    others = Establishment.objects.for_user(request.user, VIEW).filter(lead=row)
    names = list(others.values_list("association__name", flat=True))
    if not names:
        return str(row.association)
    said = _("%(association)s together with %(others)s (%(number)s associations)")
    joined = _(", ").join(names)
    return said % {"association": row.association, "others": joined, "number": len(names) + 1}


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MOVE)
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """How its Party organisation is to come about, and who founds a joint branch along."""
    row = _found(request, pk, MOVE)
    search = request.GET.get("branch", "").strip()
    now = {"formation": row.formation, "kind": own_kind(row), "joins": row.joins_id}
    at = None if row.association.level == "city" else row.association.division
    form = PlanForm(
        request.POST or None,
        initial=now,
        by=request.user,
        search=search,
        county=at and at.county,
    )
    if form.is_valid():
        try:
            operations.plan(establishment=row, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            return redirect("organizations:establishment-detail", pk)
    context = {
        "row": row,
        "form": form,
        "branch": search,
        "crumbs": [
            (_("Establishment"), reverse("organizations:establishment-board")),
            (row.association.name, reverse("organizations:establishment-detail", args=[pk])),
            (_("Plan"), ""),
        ],
    }
    return render(request, "organizations/establishment_plan.html", context)


@require_POST
@requires(MOVE)
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up, take up again, confirm a roster, bring another along or let it go."""
    row = _found(request, pk, MOVE)
    try:
        _act(request, row)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return redirect("organizations:establishment-detail", pk)


def _act(request: HttpRequest, row: Establishment) -> None:
    verb = request.POST.get("verb", "")
    own: dict[str, Any] = {"establishment": row, "by": request.user}
    if verb == "give-up":
        operations.give_up(reason=request.POST.get("reason", ""), **own)
    elif verb == "bring":
        operations.bring_along(association=_named(request), **own)
    elif verb in ("reopen", "take-over", "let-go"):
        verbs: dict[str, Any] = {
            "reopen": operations.reopen,
            "take-over": operations.take_over,
            "let-go": operations.let_go,
        }
        verbs[verb](**own)
    else:
        raise ValidationError(_("Choose what is to be done."))


@require_safe
@requires(MOVE)
def association_suggestions(request: HttpRequest) -> HttpResponse:
    """The uncovered associations that may be meant by what is typed so far, the best first."""
    typed = request.GET.get("association", "")
    found = coverable(request.user).uncovered(timezone.localdate()).search(typed)
    names = found.order_by(relevance(typed), "pinyin", "pk").values_list("name", flat=True)
    context = {"names": names[:SUGGESTIONS]}
    return render(request, "organizations/unresolved.html#options", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(VIEW)
def joint_branch(request: HttpRequest, pk: int) -> HttpResponse:
    """The associations in scope that a joint branch covers or covered, with their days."""
    if request.method == "POST" and _is_removed(request, pk):
        messages.info(request, _("This coverage is removed already."))
        return _after_change(request, pk)
    own = Association.objects.for_user(request.user, VIEW).order_by().values("pk")
    coverages = Coverage.objects.filter(association__in=own, party_organization=pk)
    reachable = joint_branches(request.user).filter(pk=pk).exists()
    if not coverages.exists() and not reachable:
        raise Http404
    branch = get_object_or_404(PartyOrganization.objects.joint(), pk=pk)
    if request.method == "POST":
        return _change_coverage(request, branch)
    if wants_workbook(request):
        exported = Association.objects.for_user(request.user, EXPORT).order_by().values("pk")
        return _branch_file(branch, coverages.filter(association__in=exported))
    hidden = Coverage.objects.existing(timezone.localdate()).filter(party_organization=pk)
    context = {
        "branch": branch,
        "coverages": coverages.select_related("association"),
        "elsewhere": hidden.exclude(association__in=own).count(),
        "may_export": request.user.has_perm(EXPORT),
        "may_change": reachable and request.user.has_perm(MOVE),
        "today": timezone.localdate(),
        "crumbs": [
            (_("Establishment"), reverse("organizations:establishment-board")),
            (str(branch), ""),
        ],
    }
    return render(request, "organizations/joint_branch.html", context)


def _branch_file(branch: PartyOrganization, coverages: Any) -> HttpResponse:
    rows = coverages.select_related("association")
    records = (
        {
            "association": row.association.name,
            "credit_code": row.association.credit_code,
            "since": row.valid_from and row.valid_from.isoformat(),
            "until": row.valid_until and row.valid_until.isoformat(),
        }
        for row in rows
    )
    notes = [day_and_number(timezone.localdate(), rows.count())]
    return table_response(str(branch), COVERED, records, notes)


def _change_coverage(request: HttpRequest, branch: PartyOrganization) -> HttpResponse:
    if not request.user.has_perm(MOVE):
        raise PermissionDenied
    try:
        day = DayField(until_today=True).clean(request.POST.get("day", ""))
        if key := key_of(request.POST.get("coverage", "")):
            rows = branch.coverages.filter(pk=key)
            uncover(coverage=get_object_or_404(rows), until=day, by=request.user)
        else:
            given: dict[str, Any] = {"party_organization": branch, "association": _named(request)}
            cover(since=day, by=request.user, **given)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return _after_change(request, branch.pk)


def _is_removed(request: HttpRequest, branch: int) -> bool:
    """Whether the coverage that is to end was one by that branch of an association that the person
    may change, and is removed already, as by a doubled click."""
    key = key_of(request.POST.get("coverage", ""))
    was = last_of_removed(Coverage, key) if key and request.user.has_perm(MOVE) else None
    if was is None or was.party_organization_id != branch:
        return False
    return Association.objects.for_user(request.user, MOVE).filter(pk=was.association_id).exists()


def _after_change(request: HttpRequest, branch: int) -> HttpResponse:
    """To the branch, unless it covers nothing any more that the person could see it by."""
    own = Association.objects.for_user(request.user, VIEW).order_by().values("pk")
    seen = Coverage.objects.filter(association__in=own, party_organization=branch)
    if seen.exists() or joint_branches(request.user).filter(pk=branch).exists():
        return redirect("organizations:joint-branch", branch)
    return redirect("organizations:establishment-board")


def _named(request: HttpRequest) -> Association:
    """The one association of the name or credit code that was typed; else ValidationError."""
    typed = request.POST.get("association", "")
    found = list(coverable(request.user).named(typed)[:2])
    if len(found) != 1:
        said = _("“%(value)s” is not one of the associations that you can change.")
        raise ValidationError(said % {"value": typed})
    return found[0]


@require_POST
@requires(MOVE)
def reason(request: HttpRequest, pk: int) -> HttpResponse:
    """Why an association has no Party organisation yet."""
    rows = Association.objects.for_user(request.user, MOVE)
    association = get_object_or_404(rows, pk=pk)
    try:
        give_reason(association=association, reason=request.POST.get("reason", ""), by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return redirect("organizations:association-detail", pk)
