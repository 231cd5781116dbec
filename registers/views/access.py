"""Whose imports are whose: others' do not exist (404) but for those who audit them, lacking the
ability is refused (403)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from accounts.permissions import Permission
from registers import register as registry
from registers.models import ImportBatch
from registers.register import Register


def own_batch(request: HttpRequest, pk: int) -> ImportBatch:
    """The person's batch; Http404 or PermissionDenied."""
    batches = ImportBatch.objects.for_user(request.user).select_related("created_by")
    batch: ImportBatch = get_object_or_404(batches, pk=pk)
    if not request.user.has_perm(batch.register.write_permission):
        raise PermissionDenied
    return batch


def readable_batch(request: HttpRequest, pk: int) -> ImportBatch:
    """A batch that the person may look at; Http404 or PermissionDenied."""
    batches = ImportBatch.objects.readable_by(request.user).select_related("created_by")
    batch: ImportBatch = get_object_or_404(batches, pk=pk)
    if not request.user.has_perm(Permission.VIEW_IMPORT):
        raise PermissionDenied
    return batch


def may_decide(user: Any, batch: ImportBatch) -> bool:
    """Whether the person may act on `batch`, and not only look at it."""
    own = ImportBatch.objects.for_user(user).filter(pk=batch.pk).exists()
    return own and user.has_perm(batch.register.write_permission)


def known_register(key: str) -> Register:
    """The register named `key`; Http404 where there is none."""
    try:
        return registry.get(key)
    except KeyError:
        raise Http404 from None


def importable(request: HttpRequest, key: str) -> Register:
    """The register named `key` if the person may import into it; Http404 or PermissionDenied."""
    register = known_register(key)
    if not register.is_imported:
        raise Http404
    if not request.user.has_perm(register.write_permission):
        raise PermissionDenied
    return register


def importable_registers(user: Any) -> list[Register]:
    """The registers that the person may import into."""
    return [each for each in registry.imported_registers() if user.has_perm(each.write_permission)]


def exportable_registers(user: Any) -> list[Register]:
    """The registers that the person may export."""
    return [each for each in registry.all_registers() if user.has_perm(each.export_permission)]
