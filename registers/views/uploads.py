"""The way in: the list of imports, an upload, an empty workbook to fill in."""

import tempfile
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from registers import jobs
from registers.batches import discard, keep
from registers.forms import UploadForm
from registers.lists import WORKBOOK
from registers.models import ImportBatch, ImportBatchQuerySet
from registers.outside import told_apart
from registers.register import Register
from registers.reports import problem_message
from registers.views.access import importable, importable_registers
from registers.workbooks.writing import write_template

BATCHES_PER_PAGE = 25
OPEN_SINCE = timedelta(days=60)


def open_batches(user: Any) -> ImportBatchQuerySet:
    """The person's own imports of late with something left for him or her to do."""
    own = ImportBatch.objects.filter(created_by=user)
    return own.left_open(timezone.now() - OPEN_SINCE)


@require_safe
def batch_list(request: HttpRequest) -> HttpResponse:
    """A person's own imports, the latest first."""
    registers = importable_registers(request.user)
    if not registers:
        raise PermissionDenied
    batches = ImportBatch.objects.for_user(request.user).select_related("created_by")
    if "open" in request.GET:
        batches = open_batches(request.user).select_related("created_by")
    listed = told_apart(batches.defer("plan", "unknown", "kept"))
    page = Paginator(listed, BATCHES_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "registers": registers,
        "only_open": "open" in request.GET,
        "outside": any(batch.outside for batch in page.object_list),
    }
    return render(request, "registers/batch_list.html", context)


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
def template(request: HttpRequest, register: str) -> FileResponse:
    """An empty workbook with the register's headings and drop-down lists."""
    target = importable(request, register)
    out = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    write_template(out, target)
    out.seek(0)
    name = _("%(register)s – template.xlsx") % {"register": target.label}
    return FileResponse(out, as_attachment=True, filename=name, content_type=WORKBOOK)
