"""What must hold of every register before the site starts; `manage.py check` says what doesn't."""

from typing import Any

from django.core.checks import Error, Tags
from django.core.checks import register as check
from django.urls import NoReverseMatch, resolve

from registers.addresses import detail_url, list_url
from registers.lists import RegisterList
from registers.register import Register, all_registers


def list_view(register: Register) -> type[RegisterList]:
    """The list page of `register`; NoReverseMatch or LookupError where there is none."""
    view: type = getattr(resolve(list_url(register.model)).func, "view_class", object)
    if issubclass(view, RegisterList) and view.register_key == register.key:
        return view
    raise LookupError(register.key)


@check(Tags.urls)
def every_register_has_its_pages(**kwargs: Any) -> list[Error]:
    """Lists link to the pages of rows, long exports are written by the list page."""
    return [error for register in all_registers() for error in _without_pages(register)]


def _without_pages(register: Register) -> list[Error]:
    errors = []
    try:
        list_view(register)
    except (NoReverseMatch, LookupError):
        text = f"The register “{register.key}” has no RegisterList as its …-list page."
        errors.append(Error(text, obj=register, id="registers.E001"))
    try:
        detail_url(register.model, 1)
    except NoReverseMatch:
        text = f"The register “{register.key}” has no …-detail page."
        errors.append(Error(text, obj=register, id="registers.E002"))
    return errors
