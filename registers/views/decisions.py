"""Preview, decision, result: what the rows would do, writing them, undoing that."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from registers import jobs
from registers.addresses import list_url, record_url
from registers.matching import may_have_matches, number_of_matches
from registers.models import ImportBatch, ImportRow
from registers.newer import decision
from registers.outside import OutsideRows, leave_out, outside_rows, within
from registers.previews import (
    Preview,
    has_sheets,
    ignored_columns,
    notes,
    recalled_words,
    unused_sheets,
)
from registers.problems import Problem
from registers.reconciling import COMPARED
from registers.reports import problem_message
from registers.undo import edited_since, later_imports
from registers.views.access import may_decide, own_batch, readable_batch

ROWS_PER_PAGE = 50
Action = ImportRow.Action
Status = ImportBatch.Status
NEWER = "newer"  # rows by what happens to them, and those of which the registry knows better
IN_ORDER_OF_INTEREST = (Action.WRONG, Action.CHANGED, Action.NEW, Action.UNCHANGED)


@require_safe
def batch_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the import stands: being worked on, to be decided, done or undone."""
    batch = readable_batch(request, pk)
    if jobs.at_work(batch):
        return _progress(request, batch)
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponseClientRefresh()
    if batch.status == Status.UPLOADED:
        return redirect("registers:columns", pk)
    if batch.status == Status.FAILED:
        context = {"batch": batch, "error": _error(batch)}
        return render(request, "registers/import_failed.html", context)
    return render(request, "registers/import_detail.html", _detail(request, batch))


def _progress(request: HttpRequest, batch: ImportBatch) -> HttpResponse:
    interrupted = jobs.interrupted(batch)
    if interrupted and request.htmx:  # type: ignore[attr-defined]
        return HttpResponseClientRefresh()
    total = batch.total
    if batch.status == Status.COMMITTING:
        total = _written(batch)
    elif batch.status == Status.UNDOING:
        total = 0
    context = {"batch": batch, "interrupted": interrupted, "total": total}
    part = "#work" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"registers/import_progress.html{part}", context)


def _detail(request: HttpRequest, batch: ImportBatch) -> dict[str, Any]:
    outside = outside_rows(batch)
    counts = _counts(batch, outside)
    action = _action(request, counts, newer=bool(batch.newer))
    rows = within(
        batch.rows.exclude(newer={}) if action == NEWER else batch.rows.filter(action=action)
    )
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    preview = Preview(batch, request.user)
    decides = may_decide(request.user, batch)
    columns, shown = preview.table(preview.rows(list(page.object_list)))
    return {
        "batch": batch,
        "action": action,
        "tabs": _tabs(batch, counts, action),
        "page": page,
        "rows": shown,
        "columns": columns,
        "has_sheets": has_sheets(batch),
        "error": _error(batch),
        "newer": decision(batch),
        "ignored": ignored_columns(batch),
        "recalled": recalled_words(batch),
        "unused_sheets": unused_sheets(batch),
        "counts": counts,
        "outside": outside,
        "outside_count": sum(len(each.rows) for each in outside),
        "foreign": _foreign(batch, outside),
        "notes": notes(batch, request.user) if batch.status == Status.STAGED else [],
        "written": _written(batch),
        "list_url": list_url(batch.register.model),
        "kept": _kept(batch, request.user),
        **_undoing(batch, request.user),
        "follow_ups": batch.register.follow_ups(request.user) if decides else [],
        "constants": _constants(batch, preview),
        "may_decide": decides,
        "may_compare": decides and batch.status in COMPARED,
        "may_match": may_have_matches(batch),
        "matched": number_of_matches(batch, request.user),
    }


def _counts(batch: ImportBatch, outside: list[OutsideRows]) -> dict[str, int]:
    """Rows by what happens to them; those outside the scope are told apart from wrong ones."""
    counts = {action: batch.counts.get(action, 0) for action in Action.values}
    counts[Action.WRONG] -= sum(len(each.rows) for each in outside)
    return counts


def _foreign(batch: ImportBatch, outside: list[OutsideRows]) -> list[str]:
    """The sheets that can be left out because nothing in them is the person's."""
    foreign = [each.sheet for each in outside if each.whole]
    used = [sheet["name"] for sheet in batch.plan if sheet["used"]]
    return foreign if len(foreign) < len(used) else []


def _action(request: HttpRequest, counts: dict[str, int], *, newer: bool) -> str:
    """The tab asked for, else the first that has something to look at."""
    asked = request.GET.get("action", "")
    if asked in (*Action.values, NEWER):
        return asked
    found = next((a for a in IN_ORDER_OF_INTEREST if counts[a]), Action.NEW)
    return NEWER if newer and found == Action.UNCHANGED else found


def _tabs(batch: ImportBatch, counts: dict[str, int], current: str) -> list[dict[str, Any]]:
    tabs = [(action.value, action.label, counts[action]) for action in Action]
    if batch.newer:
        tabs.append((NEWER, gettext_lazy("Newer in the registry"), batch.newer["rows"]))
    return [
        {"label": label, "url": f"?action={key}", "current": key == current, "count": count}
        for key, label, count in tabs
    ]


def _written(batch: ImportBatch) -> int:
    return batch.counts.get(Action.NEW, 0) + batch.counts.get(Action.CHANGED, 0)


def _kept(batch: ImportBatch, user: Any) -> list[tuple[str, str]]:
    """(name, page) of the rows that undoing left as they are, as far as they are in scope."""
    own = batch.register.queryset(user, batch.register.view_permission)
    records = own.filter(pk__in=batch.kept)
    return [(str(record), record_url(record)) for record in records]


def _undoing(batch: ImportBatch, user: Any) -> dict[str, Any]:
    """What undoing would keep, and the person's own imports that are the reason."""
    if batch.status not in (Status.COMMITTED, Status.UNDONE):
        return {}
    staying = edited_since(batch) if batch.status == Status.COMMITTED else batch.kept
    later = later_imports(batch, staying).for_user(user) if staying else ()
    return {"staying": len(staying), "later": later}


def _constants(batch: ImportBatch, preview: Preview) -> list[tuple[str, Any]]:
    columns = [batch.register.column(key) for key in batch.constants]
    day = [(_("Data as of"), batch.data_on)] if batch.data_on else []
    return [*day, *((str(c.label), preview.shown(c, batch.constants[c.key])) for c in columns)]


def _error(batch: ImportBatch) -> str:
    return problem_message(batch.error["code"], batch.error["params"]) if batch.error else ""


@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Check the rows (again) by the columns as they stand."""
    batch = own_batch(request, pk)
    jobs.start(batch, jobs.Step.STAGE, by=request.user)
    return redirect("registers:batch-detail", pk)


@require_POST
def newer(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose whose values hold where the registry's are newer, and check the rows by that."""
    batch = own_batch(request, pk)
    keeps = request.POST.get("keep") != "roster"
    if batch.status == Status.STAGED and keeps != batch.keeps_newer:
        jobs.start(batch, jobs.Step.STAGE, by=request.user, keeps_newer=keeps)
    return redirect("registers:batch-detail", pk)


@require_POST
def own_sheets(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave out the sheets in which nothing is the person's, and check the others again."""
    batch = own_batch(request, pk)
    foreign = _foreign(batch, outside_rows(batch)) if batch.status == Status.STAGED else []
    if foreign and leave_out(batch, foreign):
        jobs.start(batch, jobs.Step.STAGE, by=request.user)
    return redirect("registers:batch-detail", pk)


@require_POST
def commit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the rows; a doubled click finds them written and shows the same result."""
    batch = own_batch(request, pk)
    good_only = request.POST.get("mode") == ImportBatch.Mode.GOOD
    mode = ImportBatch.Mode.GOOD if good_only else ImportBatch.Mode.ALL
    try:
        jobs.start(batch, jobs.Step.COMMIT, by=request.user, mode=mode)
    except Problem as problem:
        messages.error(request, str(problem))
    return redirect("registers:batch-detail", pk)


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Reverse the import as a whole."""
    batch = own_batch(request, pk)
    jobs.start(batch, jobs.Step.UNDO, by=request.user)
    return redirect("registers:batch-detail", pk)


@require_POST
def restart(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a step anew whose process is gone."""
    batch = own_batch(request, pk)
    if not jobs.restart(batch, by=request.user):
        messages.info(request, _("The work is still going on."))
    return redirect(reverse("registers:batch-detail", args=[pk]))
