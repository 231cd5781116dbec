"""Files that belong to an association: certificates, charters, approvals, minutes."""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.models.associations import Association
from registers.history import tracked


def _place(document: "Document", name: str) -> str:
    """Where the file lies: nothing of the name that its sender gave it is used."""
    return f"documents/{document.association_id}/{uuid4().hex}"


def _private_files() -> Any:
    return storages["default"]


@tracked()
class Document(models.Model):
    """One file with what it is. Outside the web root; read only through a permission check."""

    class Kind(models.TextChoices):
        CERTIFICATE = "certificate", _("Registration certificate")
        CHARTER = "charter", _("Charter")
        APPROVAL = "approval", _("Approval of the Party organisation")
        ELECTION = "election", _("Papers of an election")
        INSPECTION = "inspection", _("Papers of an inspection or report")
        OTHER = "other", _("Other")

    association = models.ForeignKey(
        Association, models.CASCADE, related_name="documents", verbose_name=_("association")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    title = models.CharField(_("title"), max_length=120)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    file = models.FileField(_("file"), upload_to=_place, storage=_private_files, max_length=200)
    file_name = models.CharField(_("file name"), max_length=200, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)

    told_when_merging = ("kind", "title", "issued_on")

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def __str__(self) -> str:
        return self.title
