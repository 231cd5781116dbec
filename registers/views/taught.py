"""What people explained in imports: every office reads it, who taught it or imports citywide
corrects it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registers.cleaning import normalise
from registers.columns import Column, DateColumn
from registers.downloads import EXPORT, day_and_number, table_response, wants_workbook
from registers.filters import said_of
from registers.models import ImportBatch, LearnedAlias
from registers.readable import meaning_of
from registers.timeline import ENTRIES_PER_PAGE, Entry, events_of, timeline
from registers.views.access import importable_registers
from registers.vocabularies import Space, spaces
from registers.word_forms import MeaningForm

WORDS_PER_PAGE = 50
COLUMNS = (
    Column(key="text", label=gettext_lazy("Written in the file"), width=32),
    Column(key="meaning", label=gettext_lazy("Means"), width=32),
    Column(key="space", label=gettext_lazy("Holds in"), width=28),
    Column(key="taught_by", label=gettext_lazy("Explained by")),
    DateColumn(key="taught_on", label=gettext_lazy("Day")),
)


@require_safe
def word_list(request: HttpRequest) -> HttpResponse:
    """The explained words, of everybody: they hold in everybody's imports."""
    known = _known_to(request.user)
    asked, wanted = request.GET.get("space", ""), request.GET.get("q", "").strip()
    words = _words(known).filter(_containing(wanted, known))
    if asked in known:
        words = words.filter(vocabulary=asked)
    if wants_workbook(request):
        chosen = [
            said_of(_("Search"), wanted) if wanted else "",
            said_of(_("Holds in"), known[asked].label) if asked in known else "",
        ]
        return _file(request.user, words, known, [said for said in chosen if said])
    page = Paginator(words, WORDS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "words": [_shown(word, known[word.vocabulary], request.user) for word in page.object_list],
        "spaces": sorted(known.values(), key=lambda space: space.label),
        "space": asked,
        "q": wanted,
        "may_export": request.user.has_perm(EXPORT),
    }
    return render(request, "registers/word_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def word_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what a word means."""
    word, space = _changeable(request, pk)
    form = MeaningForm(request.POST or None, word=word, space=space)
    if request.method == "POST" and form.is_valid():
        form.save(by=request.user)
        text = _("“%(word)s” now means: %(meaning)s")
        params = {"word": word.text, "meaning": meaning_of(word, space)}
        messages.success(request, text % params)
        return redirect("registers:word-list")
    entries = _history(word, space, request.user)
    context = {
        "word": _shown(word, space, request.user),
        "history": Paginator(entries, ENTRIES_PER_PAGE).get_page(request.GET.get("page")),
        "form": form,
        "crumbs": [
            (_("Imports"), reverse("registers:batch-list")),
            (_("Explained words"), reverse("registers:word-list")),
            (word.text, ""),
        ],
    }
    return render(request, "registers/word_detail.html", context)


@require_POST
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a word; the next import that finds it asks again."""
    word, _space = _changeable(request, pk)
    word.delete()
    text = _("“%(word)s” is forgotten; the next import that finds it asks again.")
    messages.success(request, text % {"word": word.text})
    return redirect("registers:word-list")


def _known_to(user: Any) -> dict[str, Space]:
    """The spaces of the registers into which the person may import; PermissionDenied for none."""
    keys = {register.key for register in importable_registers(user)}
    if not keys:
        raise PermissionDenied
    found = spaces()
    return {key: s for key, s in found.items() if any(r.key in keys for r, _column in s.uses)}


def _words(known: dict[str, Space]) -> QuerySet[LearnedAlias]:
    return LearnedAlias.objects.filter(vocabulary__in=known).select_related("taught_by")


def _containing(wanted: str, known: dict[str, Space]) -> Q:
    """Words whose writing, meaning or teacher contains what was typed."""
    if not wanted:
        return Q()
    found = Q(text__icontains=wanted) | Q(taught_by__full_name__icontains=wanted)
    if normalise(wanted):
        found |= Q(text__icontains=normalise(wanted))
    for space in known.values():
        for value, name in space.names.items():
            if wanted.casefold() in name.casefold():
                found |= Q(vocabulary=space.key, value=value)
    return found


def _shown(word: LearnedAlias, space: Space, user: Any) -> dict[str, Any]:
    return {
        "pk": word.pk,
        "text": word.text,
        "meaning": meaning_of(word, space),
        "space": space.label,
        "taught_by": word.taught_by,
        "taught_at": word.taught_at,
        "own": word.taught_by_id == user.pk,
        "changeable": _may_change(word, space, user),
    }


def _file(user: Any, words: Any, known: dict[str, Space], chosen: list[str]) -> HttpResponse:
    shown = (_shown(word, known[word.vocabulary], user) for word in words)
    records = (
        {
            "text": word["text"],
            "meaning": str(word["meaning"]),
            "space": str(word["space"]),
            "taught_by": str(word["taught_by"] or ""),
            "taught_on": timezone.localdate(word["taught_at"]).isoformat(),
        }
        for word in shown
    )
    notes = [day_and_number(timezone.localdate(), words.count()), *chosen]
    return table_response(_("Explained words"), COLUMNS, records, notes)


def _history(word: LearnedAlias, space: Space, viewer: Any) -> list[Entry]:
    """Every recorded change of what the writing means, from before it was forgotten too."""
    return timeline(
        events_of(LearnedAlias, vocabulary=word.vocabulary, text=word.text),
        imports=ImportBatch.objects.for_user(viewer),
        leave_out={"vocabulary", "text", "taught_by", "taught_at"},
        said={"value": lambda state: meaning_of(state, space)},
    )


def _may_change(word: LearnedAlias, space: Space, user: Any) -> bool:
    return word.taught_by_id == user.pk or space.may_be_changed_by(user)


def _changeable(request: HttpRequest, pk: int) -> tuple[LearnedAlias, Space]:
    """The word, if the person may change it; Http404 or PermissionDenied."""
    known = _known_to(request.user)
    word = get_object_or_404(_words(known), pk=pk)
    space = known[word.vocabulary]
    if not _may_change(word, space, request.user):
        raise PermissionDenied
    return word, space
