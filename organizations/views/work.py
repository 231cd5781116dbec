"""The work log: an instructor's own associations, entering a visit, and what staff read of it."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import requires
from accounts.permissions import Permission
from organizations.forms.work import WorkForm
from organizations.models import Assignment, Association, Instructor, WorkEntry
from organizations.operations.work import correct_work, log_work, remove_work
from organizations.rules import rhythm_rule
from registers.columns import Column, DateColumn, YesNoColumn
from registers.days import requested_day
from registers.downloads import (
    EXPORT,
    day_and_number,
    table_response,
    wants_workbook,
)
from registers.filters import said_of
from registers.refusals import tell
from registers.register import Record

LOG, VIEW = Permission.LOG_WORK, Permission.VIEW_REGISTRY
ENTRIES_PER_PAGE = 20
ROWS_PER_PAGE = 50
LATEST = 5
CHUNK = 2000
form_page = require_http_methods(["GET", "HEAD", "POST"])
OVERDUE = {
    "": gettext_lazy("Visit or contact"),
    "visit": gettext_lazy("Visit"),
    "contact": pgettext_lazy("work", "Contact"),
}
OVERDUE_COLUMNS = (
    Column(key="association", label=gettext_lazy("Association"), width=32),
    Column(key="instructor", label=gettext_lazy("Instructor")),
    Column(key="unit", label=gettext_lazy("Unit"), width=24),
    DateColumn(key="last_visit", label=gettext_lazy("Last visit")),
    DateColumn(key="visit_due", label=gettext_lazy("Next visit by")),
    YesNoColumn(key="visit_overdue", label=gettext_lazy("Visit overdue")),
    DateColumn(key="last_contact", label=gettext_lazy("Last contact")),
    DateColumn(key="contact_due", label=gettext_lazy("Next contact by")),
    YesNoColumn(key="contact_overdue", label=gettext_lazy("Contact overdue")),
)


@require_safe
@requires(LOG)
def work(request: HttpRequest) -> HttpResponse:
    """The person's own associations: when they were last seen, what is due, and one tap to log."""
    page = Paginator(own_associations(request.user), ROWS_PER_PAGE)
    entries = WorkEntry.objects.for_user(request.user, LOG).select_related("association")
    context = {
        "is_instructor": hasattr(request.user, "instructor"),
        "page": page.get_page(request.GET.get("page")),
        "rule": rhythm_rule(),
        "entries": entries[:LATEST],
        "correctable": set(entries.correctable().values_list("pk", flat=True)[:LATEST]),
        "today": timezone.localdate(),
    }
    return render(request, "organizations/work.html", context)


def own_associations(user: Any) -> Any:
    """The current assignments of the instructor who `user` is, the longest due first."""
    today = timezone.localdate()
    rows = Assignment.objects.for_user(user, LOG).at_work(today).with_rhythm(today)
    order = ("-visit_overdue", "-contact_overdue", "visit_due", "association__pinyin", "pk")
    return rows.select_related("association").order_by(*order)


@form_page
@requires(LOG)
def work_log(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter work with one association."""
    assigned = Assignment.objects.for_user(request.user, LOG).order_by().values("association")
    association = get_object_or_404(Association.objects.filter(pk__in=assigned), pk=pk)
    form = WorkForm(request.POST or None)
    if form.is_valid():
        try:
            log_work(association=association, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            text = _("Logged: %(association)s.") % {"association": association}
            messages.success(request, text)
            return redirect("organizations:work")
    return _form(request, form, association)


@form_page
@requires(LOG)
def work_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct an entry of one's own."""
    entry = _own(request, pk)
    initial = {name: getattr(entry, name) for name in WorkForm.base_fields}
    form = WorkForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            correct_work(entry=entry, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("The entry is corrected."))
            return redirect("organizations:work")
    return _form(request, form, entry.association, entry)


@require_POST
@requires(LOG)
def work_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an entry of one's own out of the log."""
    try:
        remove_work(entry=_own(request, pk), by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The entry is removed; history keeps it."))
    return redirect("organizations:work")


def _own(request: HttpRequest, pk: int) -> WorkEntry:
    entries = WorkEntry.objects.for_user(request.user, LOG)
    return get_object_or_404(entries.select_related("association"), pk=pk)


def _form(
    request: HttpRequest, form: WorkForm, association: Association, entry: WorkEntry | None = None
) -> HttpResponse:
    context = {
        "form": form,
        "association": association,
        "entry": entry,
        "crumbs": [(_("My associations"), reverse("organizations:work")), (association, "")],
        "days": settings.WORK_CORRECTION_DAYS,
    }
    return render(request, "organizations/work_form.html", context)


# What staff read


@require_safe
@requires(VIEW)
def overdue(request: HttpRequest) -> HttpResponse:
    """The assignments in scope that lack a timely visit or contact, by association."""
    as_file = wants_workbook(request)
    on, problem = requested_day(request.GET.get("as_of"))
    what = request.GET.get("what", "")
    what = what if what in OVERDUE else ""
    within = Assignment.objects.for_user(request.user, EXPORT if as_file else VIEW)
    rows: Any = within.overdue(on, what).select_related("association", "instructor")
    rows = rows.order_by("visit_due", "contact_due", "association__pinyin", "pk")
    if as_file:
        chosen = said_of(_("What is overdue"), OVERDUE[what])
        notes = [day_and_number(on, rows.count()), chosen, rhythm_rule()]
        title = _("Overdue visits and contacts")
        return table_response(title, OVERDUE_COLUMNS, _overdue_records(rows), notes)
    context = {
        "may_export": request.user.has_perm(EXPORT),
        "page": Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page")),
        "tabs": _overdue_tabs(what),
        "on": on,
        "day_problem": problem,
        "rule": rhythm_rule(),
    }
    return render(request, "organizations/work_overdue.html", context)


def _overdue_records(rows: Any) -> Iterator[Record]:
    for row in rows.iterator(chunk_size=CHUNK):
        days = ("last_visit", "visit_due", "last_contact", "contact_due")
        yield {
            "association": row.association.name,
            "instructor": row.instructor.name,
            "unit": row.instructor.unit,
            **{name: day.isoformat() for name in days if (day := getattr(row, name))},
            "visit_overdue": row.visit_overdue,
            "contact_overdue": row.contact_overdue,
        }


def _overdue_tabs(what: str) -> list[dict[str, Any]]:
    url = reverse("organizations:work-overdue")
    return [
        {"label": label, "url": f"{url}?what={key}" if key else url, "current": key == what}
        for key, label in OVERDUE.items()
    ]


@require_safe
@requires(VIEW)
def association_work(request: HttpRequest, pk: int) -> HttpResponse:
    """The log of an association."""
    association = get_object_or_404(Association.objects.for_user(request.user, VIEW), pk=pk)
    url = reverse("organizations:association-detail", args=[pk])
    crumbs = [
        (_("Associations"), reverse("organizations:association-list")),
        (association.name, url),
        (_("Work log"), ""),
    ]
    return _log(request, association.work, association, crumbs)


@require_safe
@requires(VIEW)
def instructor_work(request: HttpRequest, pk: int) -> HttpResponse:
    """The log of an instructor, of associations in scope."""
    instructor = get_object_or_404(Instructor.objects.for_user(request.user, VIEW), pk=pk)
    url = reverse("organizations:instructor-detail", args=[pk])
    crumbs = [
        (_("Instructors"), reverse("organizations:instructor-list")),
        (instructor.name, url),
        (_("Work log"), ""),
    ]
    return _log(request, instructor.work, instructor, crumbs)


def _log(
    request: HttpRequest, entries: Any, of: Any, crumbs: list[tuple[Any, str]]
) -> HttpResponse:
    rows = entries.for_user(request.user, VIEW).select_related("association", "instructor")
    with_problem = request.GET.get("problem") == "yes"
    if with_problem:
        rows = rows.with_problem()
    context = {
        "of": of,
        "page": Paginator(rows, ENTRIES_PER_PAGE).get_page(request.GET.get("page")),
        "tabs": [
            {"label": _("All entries"), "url": request.path, "current": not with_problem},
            {
                "label": _("With a problem found"),
                "url": f"{request.path}?problem=yes",
                "current": with_problem,
            },
        ],
        "crumbs": crumbs,
    }
    return render(request, "organizations/work_list.html", context)
