"""Exports that were too long for one answer: how far they are, and the files."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from registers import exports
from registers.addresses import list_url
from registers.downloads import WORKBOOK
from registers.export_writing import scope_of
from registers.models import Export
from registers.views.access import exportable_registers


def own_export(request: HttpRequest, pk: int) -> Export:
    """The person's export; Http404 where it is somebody else's or its time is over,
    PermissionDenied where the register may not be exported any more."""
    export: Export = get_object_or_404(Export.objects.for_user(request.user), pk=pk)
    if not request.user.has_perm(export.register.export_permission):
        raise PermissionDenied
    return export


@require_safe
def export_list(request: HttpRequest) -> HttpResponse:
    """A person's own exports of the last days, the latest first."""
    if not exportable_registers(request.user):
        raise PermissionDenied
    context = {"exports": Export.objects.for_user(request.user), "days": Export.KEPT.days}
    return render(request, "registers/export_list.html", context)


@require_safe
def export_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the export stands: being written, ready to download or refused."""
    export = own_export(request, pk)
    interrupted = exports.interrupted(export)
    follows = request.htmx  # type: ignore[attr-defined]
    if follows and (interrupted or not export.at_work):
        return HttpResponseClientRefresh()
    context = {
        "export": export,
        "interrupted": interrupted,
        "page_url": f"{_page_of(export)}?{export.query}",
        "crumbs": [(_("My exports"), reverse("registers:export-list")), (str(export), "")],
    }
    return render(request, f"registers/export_detail.html{'#work' if follows else ''}", context)


def _page_of(export: Export) -> str:
    """Where the person asked for it."""
    if export.roster:
        return reverse("registers:reconcile", args=[export.roster.pk])
    return list_url(export.register.model)


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The workbook; no longer for a person whose scope or rights have changed since."""
    export = own_export(request, pk)
    if export.status != Export.Status.READY:
        raise Http404
    if export.scope != scope_of(export):
        raise PermissionDenied
    return FileResponse(  # type: ignore[return-value]
        export.file.open(), as_attachment=True, filename=export.file_name, content_type=WORKBOOK
    )


@require_POST
def restart(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin an export anew whose process is gone."""
    if not exports.restart(own_export(request, pk)):
        messages.info(request, _("The work is still going on."))
    return redirect("registers:export-detail", pk)
