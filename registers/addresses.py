"""Where a register's pages are, by the way that pages are named (registers/checks.py holds every
register to it)."""

from typing import Any

from django.urls import reverse


def record_url(record: Any) -> str:
    """The page of a register's row."""
    return detail_url(type(record), record.pk)


def detail_url(model: Any, pk: int) -> str:
    """The page of the row `pk` of a register with that model."""
    return reverse(f"{_prefix(model)}-detail", args=[pk])


def list_url(model: Any) -> str:
    """The list page of a register with that model."""
    return reverse(f"{_prefix(model)}-list")


def _prefix(model: Any) -> str:
    return f"{model._meta.app_label}:{model._meta.model_name}"
