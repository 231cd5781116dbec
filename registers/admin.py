"""The engine in the admin: imports to look at, and buttons that lead into the engine."""

import io
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from import_export.admin import ImportExportMixin
from import_export.formats.base_formats import XLSX

from accounts.permissions import Permission
from registers import register as registry
from registers.models import ImportBatch, LearnedAlias
from registers.workbooks.writing import write_register


class RegisterAdmin(ImportExportMixin, admin.ModelAdmin):
    """Admin of a register's rows. import-export gives the buttons; the engine does the work.

    Import goes through the wizard with its preview and undo, export writes the rows that the
    list shows as a workbook that imports unchanged.
    """

    register_key: ClassVar[str]
    export_formats: ClassVar[list[type[XLSX]]] = [XLSX]
    skip_export_form = True

    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return redirect("registers:upload", self.register_key)

    process_import = import_action

    def get_export_data(
        self, file_format: XLSX, request: HttpRequest, queryset: QuerySet[Any], **kwargs: Any
    ) -> bytes:
        register = registry.get(self.register_key)
        records = (record for _pk, record in register.snapshot(queryset, timezone.localdate()))
        out = io.BytesIO()
        write_register(out, register, records)
        return out.getvalue()


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that only the engine writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ImportBatch)
class ImportBatchAdmin(ReadOnlyAdmin):
    list_display = ["file_name", "register_label", "status", "created_by", "created_at"]
    list_filter = ["status", "register_key"]
    search_fields = ["file_name"]
    date_hierarchy = "created_at"
    fields = [
        "file_name",
        "register_label",
        "status",
        "mode",
        "counts",
        "created_by",
        "created_at",
        "committed_at",
        "undone_at",
    ]

    @admin.display(description=_("register"))
    def register_label(self, batch: ImportBatch) -> str:
        return str(batch.register.label)

    def view_on_site(self, batch: ImportBatch) -> str:
        """The import's own page, with its rows and the button that undoes it."""
        return reverse("registers:batch-detail", args=[batch.pk])


@admin.register(LearnedAlias)
class LearnedAliasAdmin(ReadOnlyAdmin):
    """What the wizard has learned. A wrong lesson is deleted and asked for again."""

    list_display = ["text", "vocabulary", "value", "taught_by", "taught_at"]
    list_filter = ["vocabulary"]
    search_fields = ["text"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(Permission.ADMINISTER)
