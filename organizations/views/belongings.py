"""Adding, changing and removing the rows that belong to an association."""

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.decorators import requires
from accounts.permissions import Permission
from organizations.models import Association, Document
from organizations.views.association_forms import association_crumbs, editable
from organizations.views.belonging_kinds import BELONGINGS, Belonging
from registers.views.records import RecordAdd, RecordEdit, RecordPage, RecordRemove


class BelongingPage(RecordPage):
    """What the three pages share: the association and the kind of row that the address names."""

    permission = Permission.EDIT_ASSOCIATION

    @cached_property
    def association(self) -> Association:
        return get_object_or_404(editable(self.request.user), pk=self.kwargs["association"])

    @cached_property
    def belonging(self) -> Belonging:
        try:
            return BELONGINGS[self.kwargs["kind"]]
        except KeyError:
            raise Http404 from None

    def rows(self) -> QuerySet[Any]:
        within = editable(self.request.user).filter(pk=self.association.pk)
        rows = self.belonging.model._default_manager
        return rows.filter(association__in=within.order_by().values("pk"))

    def crumbs(self) -> list[tuple[str, str]]:
        return association_crumbs(self.association, self.title())

    def back_url(self) -> str:
        return reverse(
            "organizations:association-rows",
            args=[self.kwargs["association"], self.belonging.section],
        )


class BelongingEdit(BelongingPage, RecordEdit):
    @property
    def form_class(self) -> Any:  # type: ignore[override]
        return self.belonging.form

    def title(self) -> str:
        return f"{self.belonging.title} · {self.object}"


class BelongingAdd(BelongingPage, RecordAdd):
    @property
    def form_class(self) -> Any:  # type: ignore[override]
        return self.belonging.add_form or self.belonging.form

    def make(self) -> Any:
        row = self.belonging.model(association=self.association)
        if isinstance(row, Document):
            row.uploaded_by_id = self.request.user.pk
        return row

    def title(self) -> str:
        return str(self.belonging.add)


class BelongingRemove(BelongingPage, RecordRemove):
    pass


@require_safe
@requires(Permission.VIEW_REGISTRY)
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """The file of a document, to be saved; browsers are not to guess what it is."""
    visible = Association.objects.for_user(request.user, Permission.VIEW_REGISTRY)
    found = get_object_or_404(
        Document.objects.filter(association__in=visible.order_by().values("pk")), pk=pk
    )
    return FileResponse(  # type: ignore[return-value]
        found.file.open(),
        as_attachment=True,
        filename=found.file_name,
        content_type="application/octet-stream",
    )
