"""An import as somebody clicks through it."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from registers.models import ImportBatch


def page(name: str, batch: ImportBatch) -> str:
    """The address of a page of `batch`."""
    return reverse(f"registers:{name}", args=[batch.pk])


def upload(
    client: Client, content: bytes | Path, register: str = "associations", name: str = "roster.xlsx"
) -> Any:
    """The answer to an upload, in English."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    if isinstance(content, Path):
        content, name = content.read_bytes(), content.name
    url = reverse("registers:upload", args=[register])
    return client.post(url, {"file": SimpleUploadedFile(name, content)})


def uploaded(client: Client, content: bytes | Path, register: str = "associations") -> ImportBatch:
    """The batch of an upload whose columns wait to be confirmed."""
    response = upload(client, content, register)
    assert response.status_code == 302, response.context["form"].errors
    return ImportBatch.objects.latest("pk")


def confirm_columns(client: Client, batch: ImportBatch, **changes: str) -> Any:
    """The answer to "looks right", with some answers of the columns page changed."""
    form = client.get(page("columns", batch)).context["form"]
    answers = {bound.html_name: bound.value() for bound in form}
    answers = {name: value for name, value in answers.items() if value not in (None, "", False)}
    return client.post(page("columns", batch), answers | changes)


def checked(client: Client, content: bytes | Path, register: str = "associations") -> ImportBatch:
    """A batch ready for its preview, its columns taken as found."""
    batch = uploaded(client, content, register)
    confirm_columns(client, batch)
    batch.refresh_from_db()
    return batch


def commit(client: Client, batch: ImportBatch, mode: str = "all") -> Any:
    """The page after the decision to write."""
    return client.post(page("commit", batch), {"mode": mode}, follow=True)
