"""Rows of a file in templates."""

from collections.abc import Iterable

from django import template

from registers.places import by_sheet, listed
from registers.register import Place

register = template.Library()


@register.filter
def rows_of(places: Iterable[Place], with_sheets: bool) -> str:
    """The rows at `places`: 3–5、9, or with their sheets: 曹县 3–5、9；单县 7."""
    rows = by_sheet(places)
    if not with_sheets:
        return listed(row for found in rows.values() for row in found)
    return "；".join(f"{sheet} {listed(found)}" for sheet, found in rows.items())
