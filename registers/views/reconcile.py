"""A roster beside the registry: in both and different, only here, only there. It writes nothing."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from registers import exports
from registers.addresses import detail_url
from registers.columns import Column, CountColumn
from registers.comparison_writing import ComparisonFile
from registers.downloads import workbook_response
from registers.personal import masked, seen_in_full
from registers.previews import Preview, has_sheets
from registers.readable import readable, vocabularies_of
from registers.reconciling import COMPARED, LABELS, Comparison, Part, Yardstick
from registers.views.access import own_batch

ROWS_PER_PAGE = 50


@require_safe
def reconcile(request: HttpRequest, pk: int) -> HttpResponse:
    """One part of the comparison, page by page."""
    comparison = _comparison(request, pk)
    part = _part(request, comparison)
    page = Paginator(comparison.rows(part), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    if part is Part.REGISTRY:
        shown = _of_registry(comparison, rows)
    else:
        preview = Preview(comparison.batch, request.user)
        columns, lines = preview.table(preview.rows(rows))
        shown = {"rows": lines, "columns": columns}
    context = shown | {
        "batch": comparison.batch,
        "register": comparison.register,
        "comparison": comparison,
        "part": part,
        "action": {Part.DIFFERENT: "changed", Part.WRONG: "wrong"}.get(part, ""),
        "tabs": _tabs(comparison, part),
        "yardsticks": _yardsticks(comparison),
        "page": page,
        "has_sheets": has_sheets(comparison.batch),
        "may_export": request.user.has_perm(comparison.register.export_permission),
    }
    return render(request, "registers/reconcile.html", context)


@require_safe
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole comparison as a workbook; a long one is written apart from the request."""
    comparison = _comparison(request, pk)
    if not request.user.has_perm(comparison.register.export_permission):
        raise PermissionDenied
    if sum(comparison.counts.values()) > settings.EXPORT_INLINE_ROWS:
        key, roster = comparison.register.key, comparison.batch
        begun = exports.begin(key, request.GET, by=request.user, roster=roster)
        return redirect("registers:export-detail", begun.pk)
    file = ComparisonFile(comparison)
    return workbook_response(file.name, lambda out: file.write(out, file.lines()))


def _comparison(request: HttpRequest, pk: int) -> Comparison:
    """That of the person's batch; Http404 while it is not checked, or no longer stands."""
    batch = own_batch(request, pk)
    if batch.status not in COMPARED:
        raise Http404
    return Comparison(batch, request.user, request.GET.get("against", ""))


def _part(request: HttpRequest, comparison: Comparison) -> Part:
    """The tab asked for, else the first that has something to look at."""
    asked = request.GET.get("part", "")
    if asked in list(Part):
        return Part(asked)
    return next((part for part in Part if comparison.counts[part]), Part.DIFFERENT)


def _tabs(comparison: Comparison, current: Part) -> list[dict[str, Any]]:
    against = f"&against={comparison.yardstick.value}" if comparison.shared else ""
    return [
        {
            "label": LABELS[part],
            "url": f"?part={part.value}{against}",
            "current": part == current,
            "count": comparison.counts[part],
        }
        for part in Part
    ]


def _yardsticks(comparison: Comparison) -> list[tuple[str, str, bool]]:
    """(value, label, whether it is in force) of what the roster can be held against."""
    if not comparison.shared:
        return []
    labels = {
        Yardstick.SHARED: _("What all rows of the roster share: %(values)s")
        % {"values": comparison.in_common},
        Yardstick.SCOPE: _("My whole scope"),
    }
    return [(key.value, label, key == comparison.yardstick) for key, label in labels.items()]


def _of_registry(comparison: Comparison, rows: Sequence[Any]) -> dict[str, Any]:
    """The page's rows of the registry in the columns of its list."""
    register, user = comparison.register, comparison.user
    columns = [register.column(key) for key in register.list_columns]
    pks = [row.pk for row in rows]
    order = {pk: position for position, pk in enumerate(pks)}
    found = register.model._default_manager.filter(pk__in=pks)
    records = sorted(register.snapshot(found, comparison.today, user), key=lambda r: order[r[0]])
    in_full = seen_in_full(register, pks, user, columns)
    vocabularies = vocabularies_of(columns)

    def cell(column: Column, value: Any, pk: int) -> tuple[bool, Any]:
        text = readable(column, value, vocabularies)
        shown = masked(text) if column.personal and pk not in in_full else text
        return isinstance(column, CountColumn), shown

    return {
        "columns": [(column.label, isinstance(column, CountColumn)) for column in columns],
        "rows": [
            (detail_url(register.model, pk), [cell(c, record.get(c.key), pk) for c in columns])
            for pk, record in records
        ],
    }
