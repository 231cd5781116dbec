"""The way in: the list of imports, an upload, an empty workbook to fill in."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import requires
from accounts.permissions import Permission
from registers import jobs
from registers.batches import discard, keep
from registers.columns import Column, CountColumn
from registers.downloads import (
    EXPORT,
    day_and_number,
    table_response,
    wants_workbook,
    workbook_response,
)
from registers.forms import UploadForm
from registers.models import ImportBatch
from registers.outside import told_apart
from registers.register import Register
from registers.reports import problem_message
from registers.views.access import importable, importable_registers
from registers.workbooks.writing import write_template

BATCHES_PER_PAGE = 25
COLUMNS = (
    Column(key="file", label=gettext_lazy("File"), width=40),
    Column(key="register", label=gettext_lazy("Register"), width=20),
    Column(key="state", label=gettext_lazy("State")),
    CountColumn(key="new", label=gettext_lazy("New")),
    CountColumn(key="changed", label=gettext_lazy("Changed")),
    CountColumn(key="unchanged", label=gettext_lazy("Unchanged")),
    CountColumn(key="wrong", label=gettext_lazy("Wrong")),
    CountColumn(key="outside", label=gettext_lazy("Outside your scope")),
    Column(key="by", label=gettext_lazy("Uploaded by")),
    Column(key="at", label=gettext_lazy("Uploaded at"), width=20),
)


@require_safe
@requires(Permission.VIEW_IMPORT)
def batch_list(request: HttpRequest) -> HttpResponse:
    """The imports that a person may look at, the latest first."""
    batches = ImportBatch.objects.readable_by(request.user).select_related("created_by")
    if "open" in request.GET:
        batches = ImportBatch.objects.left_open_by(request.user).select_related("created_by")
    listed = told_apart(batches.defer("plan", "unknown", "kept"))
    if wants_workbook(request):
        return _list_file(listed, only_open="open" in request.GET)
    page = Paginator(listed, BATCHES_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "registers": importable_registers(request.user),
        "only_open": "open" in request.GET,
        "may_export": request.user.has_perm(EXPORT),
        "outside": any(batch.outside for batch in page.object_list),
    }
    return render(request, "registers/batch_list.html", context)


def _list_file(batches: Any, *, only_open: bool) -> HttpResponse:
    records = (
        {
            "file": batch.file_name,
            "register": str(batch.register.label),
            "state": str(batch.get_status_display()),
            **{action: batch.counts.get(action) for action in ("new", "changed", "unchanged")},
            "wrong": batch.wrong,
            "outside": batch.outside,
            "by": str(batch.created_by or ""),
            "at": date_format(timezone.localtime(batch.created_at), "DATETIME_FORMAT"),
        }
        for batch in batches
    )
    chosen = _("Imports with something left to do") if only_open else ""
    notes = [day_and_number(timezone.localdate(), batches.count()), chosen]
    return table_response(_("Imports"), COLUMNS, records, notes)


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, register: str) -> HttpResponse:
    """Take a workbook and find its columns; a small one that cannot be read comes back at once."""
    target = importable(request, register)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        batch = _received(form, target, request.user)
        if batch:
            return redirect("registers:columns", batch.pk)
    context = {"form": form, "register": target}
    return render(request, "registers/import_upload.html", context)


def _received(form: UploadForm, register: Register, by: Any) -> ImportBatch | None:
    file = form.cleaned_data["file"]
    batch = keep(register, file, name=file.name, by=by)
    jobs.start(batch, jobs.Step.READ, by=by)
    batch.refresh_from_db()
    if not batch.error:
        return batch
    form.add_error("file", problem_message(**batch.error))
    discard(batch)
    return None


@require_safe
def template(request: HttpRequest, register: str) -> HttpResponse:
    """An empty workbook with the register's headings and drop-down lists."""
    target = importable(request, register)
    name = _("%(register)s – template.xlsx") % {"register": target.label}
    return workbook_response(name, lambda out: write_template(out, target))
