"""Rows that belong to an association, in templates."""

from typing import Any

from django import template

from organizations.views.belonging_kinds import Belonging

register = template.Library()


@register.filter
def cells(row: Any, belonging: Belonging) -> list[Any]:
    """The row's shown values in words."""
    return belonging.cells(row)
