"""Freezing a report, and freezing a corrected version of one: both are shown before they stand."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import localize
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.decorators import requires
from accounts.permissions import Permission
from organizations.forms.reports import CorrectionForm, FreezeForm
from organizations.models import Report
from organizations.operations.reports import (
    AlreadyFrozen,
    associations_of,
    correct,
    drafted,
    drafted_correction,
    freeze,
    previous,
)
from organizations.statistics.lines import LINES
from organizations.statistics.periods import period_name
from organizations.statistics.table import Table, as_frozen, table
from organizations.views.reports import reports_above, url_of

# What a page's buttons post beside the form.
FROZEN, CHANGED = "freeze", "change"
MAIN = (
    "units", "covered", "standalone", "joint", "uncovered", "due", "with_instructor",
    "instructors", "members",
)  # fmt: skip


@dataclass(frozen=True)
class Beside:
    """A number of the report to be frozen and that of the report before; None: not recorded."""

    label: Any
    unit: Any
    now: Any
    before: Any

    @property
    def difference(self) -> str:
        """By how much they differ; "" where they do not or one is not known."""
        if self.now is None or self.before is None or self.now == self.before:
            return ""
        step = self.now - self.before
        return f"+{localize(step)}" if step > 0 else f"−{localize(-step)}"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.FREEZE_REPORT)
def report_freeze(request: HttpRequest) -> HttpResponse:
    """Choose a period, see its numbers, freeze it; a second click finds the report of the first."""
    form = FreezeForm(request.POST or None, user=request.user)
    context = {
        "title": _("Freeze a report"),
        "lead": _(
            "Once frozen, a report can neither be changed nor deleted. If something in it turns "
            "out to be wrong, a corrected version can be made; both can then be read."
        ),
        "cancel": reverse("organizations:report-list"),
        "crumbs": [*reports_above(), (_("Freeze a report"), "")],
    }
    known = _(
        "The report of this period has been frozen already; here it is. If something in it is "
        "wrong, make a corrected version."
    )
    return _answer(request, form, context, drafted, freeze, known)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.FREEZE_REPORT)
def report_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze a corrected version of a report, with the reason; a second click finds that of the
    first."""
    rows = Report.objects.for_user(request.user, Permission.FREEZE_REPORT)
    report = get_object_or_404(rows.select_related("department", "division", "correction"), pk=pk)
    known = _("This report has been corrected already; here is the corrected version.")
    if later := getattr(report, "correction", None):
        messages.info(request, known)
        return redirect(url_of(later))
    form = CorrectionForm(request.POST or None, report=report)
    context = {
        "title": _("Make a corrected version"),
        "lead": _(
            "The period is frozen anew in the place of “%(report)s”, which stays to be read and "
            "says by what it has been superseded."
        )
        % {"report": report},
        "cancel": url_of(report),
        "crumbs": [
            *reports_above(),
            (str(report), url_of(report)),
            (_("Make a corrected version"), ""),
        ],
    }
    return _answer(request, form, context, drafted_correction, correct, known)


def _answer(
    request: HttpRequest,
    form: Any,
    context: dict[str, Any],
    draft: Callable[..., Report],
    write: Callable[..., Report],
    known: str,
) -> HttpResponse:
    """The form, what would be frozen, or the way to what is; `known`: what is said where that was
    there before."""
    if request.method == "POST" and CHANGED not in request.POST and form.is_valid():
        act = write if FROZEN in request.POST else draft
        try:
            report = act(**form.asked(), by=request.user)
        except AlreadyFrozen as found:
            messages.info(request, known)
            return redirect(url_of(found.report))
        except ValidationError as error:
            form.refuse(error)
        else:
            if report.pk is None:
                return _preview(request, form, report, context)
            messages.success(request, _("The report is frozen. Its numbers stay as they are."))
            return redirect(url_of(report))
    return render(request, "organizations/report_freeze.html", context | {"form": form})


def _preview(
    request: HttpRequest, form: Any, report: Report, context: dict[str, Any]
) -> HttpResponse:
    now, before = table(associations_of(report), report.as_of), previous(report)
    typed = [(name, form[name].value() or "") for name in form.fields]
    settled = dict(typed) | {"as_of": report.as_of.isoformat(), "title": report.title}
    context |= {
        "report": report,
        "period": period_name(report.period, report.starts_on),
        "previous": before,
        "previous_period": before and period_name(before.period, before.starts_on),
        "rows": _beside(now, as_frozen(before) if before else None),
        "typed": typed,
        "settled": list(settled.items()),
    }
    return render(request, "organizations/report_preview.html", context)


def _beside(now: Table, before: Table | None) -> list[Beside]:
    """The main numbers, shares first."""
    shares = (
        (_("Organisation coverage"), "organisation_coverage"),
        (_("Work coverage"), "work_coverage"),
        (_("Township and street chambers"), "chamber_coverage"),
    )
    return [
        *(
            Beside(label, "%", getattr(now, name), getattr(before, name, None))
            for label, name in shares
        ),
        *(
            Beside(
                capfirst(str(LINES[key].label)),
                LINES[key].unit,
                now.number(key),
                before.number(key) if before else None,
            )
            for key in MAIN
        ),
    ]
