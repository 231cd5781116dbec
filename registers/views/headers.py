"""Where the header stands, corrected by hand where it was not found rightly."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from registers.forms import OPEN
from registers.header_rows import HeadersForm
from registers.models import ImportBatch
from registers.views.access import own_batch
from registers.workbooks.unreadable import Unreadable


@require_http_methods(["GET", "HEAD", "POST"])
def headers(request: HttpRequest, pk: int) -> HttpResponse:
    """Look at the first rows of each sheet and say which are its header."""
    batch = own_batch(request, pk)
    if batch.status not in OPEN:
        return redirect("registers:batch-detail", pk)
    try:
        form = HeadersForm(request.POST or None, batch=batch)
    except Unreadable as reason:
        messages.error(request, str(reason))
        return redirect("registers:batch-detail", pk)
    if request.method == "POST" and form.is_valid():
        return _to_columns(batch, form)
    return render(request, "registers/import_headers.html", {"batch": batch, "form": form})


def _to_columns(batch: ImportBatch, form: HeadersForm) -> HttpResponse:
    """The columns are confirmed anew; until then nothing can be written."""
    ours = ImportBatch.objects.filter(pk=batch.pk)
    if form.corrected and ours.move(to=ImportBatch.Status.UPLOADED, expected=OPEN):
        form.save()
    return redirect("registers:columns", batch.pk)
