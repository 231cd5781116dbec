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
from registers.addresses import detail_url
from registers.models import ImportBatch, ImportRow, LearnedAlias
from registers.readable import meaning_of
from registers.vocabularies import spaces
from registers.workbooks.writing import write_register


class ReadOnly:
    """Rows that are looked at in the admin and written elsewhere: by operations, with their rules,
    or by the engine."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin):
    """Admin of rows that are looked at there; its button leads to their own page."""


class RegisterAdmin(ImportExportMixin, ReadOnlyAdmin):
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

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was entered by mistake goes, if nothing protects it; history keeps it."""
        return bool(request.user.has_perm(Permission.ADMINISTER))

    def view_on_site(self, row: Any) -> str:
        """Where the row is read and changed."""
        return detail_url(type(row), row.pk)

    def get_export_data(
        self, file_format: XLSX, request: HttpRequest, queryset: QuerySet[Any], **kwargs: Any
    ) -> bytes:
        register = registry.get(self.register_key)
        shown = register.snapshot(queryset, timezone.localdate(), request.user)
        records = (record for _pk, record in shown)
        out = io.BytesIO()
        write_register(out, register, records)
        return out.getvalue()


class RegisterFilter(admin.SimpleListFilter):
    """Imports by the register that they go into."""

    title = _("register")
    parameter_name = "register_key"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(register.key, register.label) for register in registry.imported_registers()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(register_key=self.value()) if self.value() else queryset


@admin.register(ImportBatch)
class ImportBatchAdmin(ReadOnlyAdmin):
    list_display = ["file_name", "register_label", "status", "created_by", "created_at"]
    list_filter = ["status", RegisterFilter]
    list_select_related = ["created_by"]
    search_fields = ["file_name"]
    date_hierarchy = "created_at"
    fields = [
        "file_name",
        "register_label",
        "status",
        "mode",
        "outcome",
        "created_by",
        "created_at",
        "committed_at",
        "undone_at",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Without what grows with the file."""
        return super().get_queryset(request).defer("plan", "unknown", "recalled", "kept")

    @admin.display(description=_("register"))
    def register_label(self, batch: ImportBatch) -> str:
        return str(batch.register.label)

    @admin.display(description=_("counts"))
    def outcome(self, batch: ImportBatch) -> str:
        """Rows by what the import made of them."""
        counted = [(label, batch.counts.get(key)) for key, label in ImportRow.Action.choices]
        return " · ".join(f"{label} {number}" for label, number in counted if number is not None)

    def view_on_site(self, batch: ImportBatch) -> str:
        """The import's own page, with its rows and the button that undoes it."""
        return reverse("registers:batch-detail", args=[batch.pk])


class SpaceFilter(admin.SimpleListFilter):
    """Words by where they hold, under the names of the columns."""

    title = _("where it holds")
    parameter_name = "vocabulary"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(space.key, space.label) for space in spaces().values()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(vocabulary=self.value()) if self.value() else queryset


@admin.register(LearnedAlias)
class LearnedAliasAdmin(ReadOnlyAdmin):
    """What the wizard has learned; corrected on its own page."""

    list_display = ["text", "meaning", "holds_in", "taught_by", "taught_at"]
    list_filter = [SpaceFilter]
    list_select_related = ["taught_by"]
    search_fields = ["text"]
    fields = ["text", "meaning", "holds_in", "taught_by", "taught_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        self.spaces = spaces()  # read anew for each page, not for each row
        return super().get_queryset(request)

    @admin.display(description=_("meaning"))
    def meaning(self, word: LearnedAlias) -> str:
        return meaning_of(word, self.spaces.get(word.vocabulary))

    @admin.display(description=_("where it holds"))
    def holds_in(self, word: LearnedAlias) -> str:
        space = self.spaces.get(word.vocabulary)
        return space.label if space else word.vocabulary

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(Permission.ADMINISTER)

    def view_on_site(self, word: LearnedAlias) -> str:
        """The word's own page, where it can be corrected."""
        return reverse("registers:word-detail", args=[word.pk])
