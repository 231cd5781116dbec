"""Where a register's pages are, by the way that pages are named."""

from typing import Any

from django.urls import NoReverseMatch, reverse


def record_url(record: Any) -> str:
    """The page of a register's row, by the way pages are named; "" where it has none."""
    try:
        return reverse(f"{_prefix(type(record))}-detail", args=[record.pk])
    except NoReverseMatch:
        return ""


def list_url(model: Any) -> str:
    """The list page of a register, by the way pages are named; "" where it has none."""
    try:
        return reverse(f"{_prefix(model)}-list")
    except NoReverseMatch:
        return ""


def _prefix(model: Any) -> str:
    return f"{model._meta.app_label}:{model._meta.model_name}"
