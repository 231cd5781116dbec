"""Two entries side by side, what merging them would move, and mergers done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import requires
from organizations.likeness.names import Names
from organizations.likeness.pairs import entries
from organizations.likeness.scoring import Likeness, likeness
from organizations.models import Association, Establishment, Merger
from organizations.operations.merging import merge, undo_merger
from organizations.queries.duplicates import LOOK, MERGE, mergeable
from organizations.queries.merging import (
    ABSORBED,
    KEPT,
    Conflict,
    FieldChoice,
    Merging,
    Move,
    Relation,
    facts,
)
from organizations.views.duplicate_files import mergers_file
from organizations.views.duplicates import tabs
from registers import register as registry
from registers.downloads import EXPORT, exportable, wants_workbook
from registers.personal import masked, personal_fields, seen_in_full

MERGERS_PER_PAGE = 25
ANSWER, TAKE = "conflict-", "field-"


@dataclass(frozen=True)
class ToldRows:
    """How many rows there are, and each as its facts where they may be told."""

    number: int
    facts: Sequence[Sequence[tuple[str, Any]]]


@dataclass(frozen=True)
class ShownConflict:
    """A conflict as it is asked about. sides: (answer, whether it may be given, whose rows these
    are, the rows)"""

    key: str
    reason: str
    sides: Sequence[tuple[str, bool, Association, ToldRows]]


@dataclass(frozen=True)
class ShownMove:
    """What happens to the rows of one table, in words."""

    label: str
    free: ToldRows
    same: int
    conflicts: Sequence[ShownConflict]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MERGE)
def compare(request: HttpRequest, one: int, other: int) -> HttpResponse:
    """The two side by side; posted, they are merged as chosen."""
    pair = mergeable(request.user).select_related(*_relations()).in_bulk([one, other])
    if len(pair) != 2:
        return _merged_before(request, one, other)
    kept = _kept(request, list(pair.values()))
    absorbed = next(each for each in pair.values() if each.pk != kept.pk)
    refusals: list[str] = []
    if request.method == "POST":
        try:
            return _merged(request, kept, absorbed)
        except ValidationError as refusal:
            if mergeable(request.user).filter(pk__in=pair).count() != 2:
                return _merged_before(request, one, other)
            refusals = refusal.messages
    merging = Merging(kept, absorbed)
    context = {
        "kept": kept,
        "absorbed": absorbed,
        "crumbs": [
            (_("Likely duplicates"), reverse("organizations:duplicates")),
            (_("Compare and merge"), ""),
        ],
        "refusals": refusals,
        "obstacles": [(text, _pages(rows)) for text, rows in merging.obstacles],
        "merging": merging,
        "fields": _fields(request, merging),
        "alike": _alike(merging),
        "moves": [_move(merging, move) for move in merging.moves],
        "likeness": _likeness(kept, absorbed),
        "chosen": _answers(request),
    }
    return render(request, "organizations/merge.html", context)


def _relations() -> list[str]:
    return [f.name for f in Association._meta.concrete_fields if f.is_relation]


def _kept(request: HttpRequest, pair: list[Association]) -> Association:
    """The entry to be kept: the one asked for, else the one with more to it, the older first."""
    asked = request.POST.get("keep") or request.GET.get("keep")
    named = next((each for each in pair if str(each.pk) == asked), None)
    return named or min(pair, key=lambda each: (not each.credit_code, -_filled(each), each.pk))


def _filled(association: Association) -> int:
    values = (getattr(association, f.attname) for f in association._meta.concrete_fields)
    return sum(value not in (None, "") for value in values)


def _merged(request: HttpRequest, kept: Association, absorbed: Association) -> HttpResponse:
    name = absorbed.name
    merger = merge(
        kept=kept,
        absorbed=absorbed,
        take=[
            field.removeprefix(TAKE)
            for field, said in request.POST.items()
            if field.startswith(TAKE) and said == ABSORBED
        ],
        answers=_answers(request),
        version=request.POST.get("version", ""),
        by=request.user,
    )
    text = _("“%(absorbed)s” is now part of “%(kept)s”.")
    messages.success(request, text % {"absorbed": name, "kept": merger.survivor})
    return redirect("organizations:association-detail", kept.pk)


def _merged_before(request: HttpRequest, one: int, other: int) -> HttpResponse:
    """Where a second click leads: to the entry that the two have become; else Http404."""
    done = Merger.objects.for_user(request.user, MERGE).select_related("survivor")
    merger = done.filter(absorbed__in=[one, other], survivor__in=[one, other]).first()
    if merger is None:
        raise Http404
    text = _("“%(absorbed)s” is part of “%(kept)s” already.")
    names = {"absorbed": merger.absorbed_name, "kept": merger.survivor}
    messages.info(request, text % names)
    return redirect("organizations:association-detail", merger.survivor_id)


def _answers(request: HttpRequest) -> dict[str, str]:
    return {
        name.removeprefix(ANSWER): str(said)
        for name, said in request.POST.items()
        if name.startswith(ANSWER)
    }


def _pages(rows: Sequence[Any]) -> list[tuple[str, str]]:
    """Where what stands in the way of a merger is ended, as (label, address)."""
    return [
        (str(row), reverse("organizations:establishment-detail", args=[row.pk]))
        for row in rows
        if isinstance(row, Establishment)
    ]


def _fields(request: HttpRequest, merging: Merging) -> list[tuple[FieldChoice, bool]]:
    """The fields in which the two differ, each with whether the absorbed entry's value is chosen;
    personal data masked where it must be."""
    register = registry.get("associations")
    pks = [merging.kept.pk, merging.absorbed.pk]
    in_full = seen_in_full(register, pks, request.user, register.columns)
    hidden = set() if len(in_full) == len(pks) else personal_fields(Association)
    return [
        (
            FieldChoice(
                each.name,
                each.label,
                masked(each.kept) if each.name in hidden else each.kept,
                masked(each.absorbed) if each.name in hidden else each.absorbed,
                each.prefers_absorbed,
            ),
            request.POST.get(f"{TAKE}{each.name}") == ABSORBED
            if request.method == "POST"
            else each.prefers_absorbed,
        )
        for each in merging.fields
    ]


def _alike(merging: Merging) -> list[tuple[str, Any]]:
    """What both say alike."""
    different = {each.label for each in merging.fields}
    personal: list[Any] = [Association._meta.get_field(n) for n in personal_fields(Association)]
    hidden = {str(field.verbose_name) for field in personal}
    described = [f.name for f in Association._meta.concrete_fields if f.editable and f.name != "id"]
    shown = facts(merging.kept, described)
    return [(k, v) for k, v in shown if k not in different and k.lower() not in hidden]


def _move(merging: Merging, move: Move) -> ShownMove:
    return ShownMove(
        label=move.relation.label,
        free=_told(move.relation, move.free),
        same=len(move.same),
        conflicts=[_conflict(merging, conflict) for conflict in move.conflicts],
    )


def _conflict(merging: Merging, conflict: Conflict) -> ShownConflict:
    sides = ((KEPT, merging.kept, conflict.kept), (ABSORBED, merging.absorbed, conflict.moved))
    return ShownConflict(
        conflict.key,
        conflict.reason,
        [
            (
                answer,
                answer in conflict.answers,
                association,
                _told(conflict.relation, rows),
            )
            for answer, association, rows in sides
        ],
    )


def _told(relation: Relation, rows: Sequence[Any]) -> ToldRows:
    told = [facts(row, relation.told) for row in rows] if relation.told else []
    return ToldRows(len(rows), told)


def _likeness(kept: Association, absorbed: Association) -> Likeness:
    rows = Association.objects.filter(pk__in=[kept.pk, absorbed.pk])
    return likeness(*entries(rows, Names()))


@require_safe
@requires(LOOK)
def mergers(request: HttpRequest) -> HttpResponse:
    """What was merged in the person's scope, the latest first."""
    rows = Merger.objects.for_user(request.user, LOOK).select_related("survivor", "by")
    if wants_workbook(request):
        return mergers_file(exportable(rows, request.user))
    page = Paginator(rows, MERGERS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "tabs": tabs("mergers"),
        "may_merge": request.user.has_perm(MERGE),
        "may_export": request.user.has_perm(EXPORT),
    }
    return render(request, "organizations/mergers.html", context)


@require_POST
@requires(MERGE)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Make two entries of one again."""
    merger = get_object_or_404(Merger.objects.for_user(request.user, MERGE), pk=pk)
    try:
        back = undo_merger(merger=merger, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        text = _("“%(absorbed)s” stands in the registry by itself again.")
        messages.success(request, text % {"absorbed": back})
    return redirect("organizations:mergers")
