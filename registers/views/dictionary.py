"""The data dictionary: what each column of a register means and accepts."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from registers.views.access import known_register


@require_safe
def dictionary(request: HttpRequest, register: str) -> HttpResponse:
    """The columns of the register, as the engine itself knows them."""
    asked = known_register(register)
    if not request.user.has_perm(asked.view_permission):
        raise PermissionDenied
    return render(request, "registers/dictionary.html", {"register": asked})
