"""The way in: the list of imports, an upload, an empty workbook to fill in."""

import tempfile
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from registers.batches import receive
from registers.forms import UploadForm
from registers.lists import WORKBOOK
from registers.models import ImportBatch
from registers.register import Register
from registers.views.access import importable, importable_registers
from registers.workbooks.unreadable import Unreadable
from registers.workbooks.writing import write_template

BATCHES_PER_PAGE = 25


@require_GET
def batch_list(request: HttpRequest) -> HttpResponse:
    """A person's own imports, the latest first."""
    registers = importable_registers(request.user)
    if not registers:
        raise PermissionDenied
    batches = ImportBatch.objects.for_user(request.user).select_related("created_by")
    page = Paginator(batches.defer("plan", "unknown", "kept"), BATCHES_PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {"page": page, "registers": registers}
    return render(request, "registers/batch_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, register: str) -> HttpResponse:
    """Take a workbook and find its columns; one that cannot be read comes back with the reason."""
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
    try:
        return receive(register, file, name=file.name, by=by)
    except Unreadable as reason:
        form.add_error("file", str(reason))
        return None


@require_GET
def template(request: HttpRequest, register: str) -> FileResponse:
    """An empty workbook with the register's headings and drop-down lists."""
    target = importable(request, register)
    out = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    write_template(out, target)
    out.seek(0)
    name = _("%(register)s – template.xlsx") % {"register": target.label}
    return FileResponse(out, as_attachment=True, filename=name, content_type=WORKBOOK)
