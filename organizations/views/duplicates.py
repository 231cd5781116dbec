"""Associations that are probably one: to be merged, or told apart for good."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import requires
from accounts.permissions import Permission
from organizations.likeness.scoring import Likeness
from organizations.models import Association, DistinctName, FormerName, Merger, NotDuplicate
from organizations.operations.duplicates import forget_name, take_back, tell_apart
from organizations.queries.duplicates import LOOK, MERGE, comparable, mergeable, open_pairs
from organizations.views.duplicate_files import pairs_file, settled_file
from registers import register as registry
from registers.downloads import EXPORT, exportable, wants_workbook
from registers.personal import masked, seen_in_full

PAIRS_PER_PAGE = 15
REMEMBERED_PER_PAGE = 25
SHOWN = ("division__parent", "industry_department")


@dataclass(frozen=True)
class ShownPair:
    """A likely pair; sides: each association with its phone as the person may read it."""

    likeness: Likeness
    sides: tuple[tuple[Association, str], tuple[Association, str]]


@require_safe
@requires(LOOK)
def duplicates(request: HttpRequest) -> HttpResponse:
    """The likely pairs in the person's scope, the likeliest first."""
    likely = open_pairs(request.user)
    if wants_workbook(request):
        return pairs_file(likely, request.user)
    page = Paginator(likely, PAIRS_PER_PAGE).get_page(request.GET.get("page"))
    keys = {key for pair in page.object_list for key in pair.keys}
    known = comparable(request.user).select_related(*SHOWN).in_bulk(keys)
    register = registry.get("associations")
    in_full = seen_in_full(register, keys, request.user, register.columns)

    def side(pk: int) -> tuple[Association, str]:
        phone = known[pk].phone
        return known[pk], phone if pk in in_full else str(masked(phone) or "")

    pairs = [ShownPair(pair.likeness, (side(pair.low), side(pair.high))) for pair in page]
    context = {
        "page": page,
        "pairs": pairs,
        "tabs": tabs("duplicates"),
        "may_merge": request.user.has_perm(MERGE),
        "may_export": request.user.has_perm(EXPORT),
    }
    return render(request, "organizations/duplicates.html", context)


def tabs(here: str) -> list[dict[str, Any]]:
    """Between the pages about duplicates."""
    labels = {
        "duplicates": _("Likely duplicates"),
        "remembered": _("Settled names and pairs"),
        "mergers": _("Merged entries"),
    }
    return [
        {"label": label, "url": reverse(f"organizations:{name}"), "current": name == here}
        for name, label in labels.items()
    ]


@require_POST
@requires(MERGE)
def apart(request: HttpRequest, one: int, other: int) -> HttpResponse:
    """Remember that the two are two."""
    pair = mergeable(request.user).in_bulk([one, other])
    if len(pair) != 2:
        raise Http404
    try:
        reason = request.POST.get("reason", "").strip()
        tell_apart(one=pair[one], other=pair[other], by=request.user, reason=reason)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        text = _("“%(one)s” and “%(other)s” stay two; nobody is asked again.")
        messages.success(request, text % {"one": pair[one], "other": pair[other]})
    return redirect("organizations:duplicates")


@require_safe
@requires(LOOK)
def remembered(request: HttpRequest) -> HttpResponse:
    """What was settled: pairs that are two, names on rosters and what they mean."""
    user = request.user
    pairs = NotDuplicate.objects.for_user(user, LOOK).select_related("low", "high", "by")
    distinct = DistinctName.objects.for_user(user, LOOK).select_related("association", "by")
    former = FormerName.objects.for_user(user, LOOK).select_related("association")
    if wants_workbook(request):
        return settled_file(*(exportable(rows, user) for rows in (pairs, distinct, former)))
    context = {
        "tabs": tabs("remembered"),
        "may_merge": user.has_perm(MERGE),
        "may_export": user.has_perm(EXPORT),
        "pairs": _page(request, pairs, "pairs"),
        "distinct": _page(request, distinct, "distinct"),
        "former": _page(request, former, "former"),
    }
    return render(request, "organizations/settled_names.html", context)


def _page(request: HttpRequest, rows: Any, name: str) -> Any:
    """A page of one of several lists on a page."""
    return Paginator(rows, REMEMBERED_PER_PAGE).get_page(request.GET.get(name))


@require_POST
@requires(MERGE)
def forget_pair(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose a pair again that was told apart."""
    pairs = NotDuplicate.objects.for_user(request.user, MERGE).select_related("low", "high")
    settled = get_object_or_404(pairs, pk=pk)
    take_back(settled=settled, by=request.user)
    text = _("“%(one)s” and “%(other)s” are proposed again.")
    messages.success(request, text % {"one": settled.low, "other": settled.high})
    return redirect("organizations:remembered")


@require_POST
@requires(MERGE)
def forget_distinct(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask again whether a name on rosters means an association."""
    settled = get_object_or_404(DistinctName.objects.for_user(request.user, MERGE), pk=pk)
    take_back(settled=settled, by=request.user)
    messages.success(request, _("“%(name)s” is asked about again.") % {"name": settled.name})
    return redirect("organizations:remembered")


@require_POST
@requires(MERGE)
def forget_former(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a name on rosters lead to its association no longer."""
    former = get_object_or_404(FormerName.objects.for_user(request.user, MERGE), pk=pk)
    forget_name(former=former, by=request.user)
    text = _("Rosters that write “%(name)s” no longer find “%(association)s”.")
    messages.success(request, text % {"name": former.name, "association": former.association})
    return redirect("organizations:remembered")


def merged_into(user: Any, pk: int) -> Merger | None:
    """The merger by which the entry `pk` went into one that the person may see."""
    seen = Merger.objects.for_user(user, Permission.VIEW_REGISTRY)
    found: Merger | None = seen.filter(absorbed=pk).first()
    return found
