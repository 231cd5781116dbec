"""The pages on which one record is added, changed or removed.

Subclasses say which rows (`rows`), by which form, and where it leads. Scope is asked before the
page is shown and again, inside the transaction, after the write.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from accounts.permissions import Permission
from registers import once
from registers.editing import EditForm, versioned
from registers.refusals import leaves_scope, rule_broken, tell
from registers.timeline import in_words

CONFLICT, UNPROCESSABLE = 409, 422
FORM = "registers/record_form.html"
CELL = "registers/record_cell.html"


def checked(request: HttpRequest, form: Any) -> HttpResponse:
    """What is wrong with, or worth knowing about, the one field of `form` that was just left."""
    name = request.POST["check"]
    form.is_valid()
    said = {"errors": form.errors.get(name), "advice": form.advice().get(name)}
    return render(request, f"{FORM}#said", said)


class RecordPage(View):
    """Base of the three pages.

    permission: the ability that it takes; rows beyond its scope do not exist here (404)
    """

    permission: ClassVar[Permission]
    form_class: ClassVar[type[EditForm]]
    template_name: ClassVar[str] = FORM

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def rows(self) -> QuerySet[Any]:
        """The rows that the person may change."""
        raise NotImplementedError

    def title(self) -> str:
        raise NotImplementedError

    def crumbs(self) -> list[tuple[str, str]]:
        """The way here, as (label, address)."""
        raise NotImplementedError

    def back_url(self) -> str:
        """Where giving up leads, and saving unless the page says otherwise."""
        raise NotImplementedError

    def success_url(self, row: Any) -> str:
        return self.back_url()

    def form_options(self) -> dict[str, Any]:
        """What the form needs beside the row and the input."""
        return {}

    def context(self) -> dict[str, Any]:
        """What the page shows beside the form."""
        return {}

    def page(self, form: Any, status: int = 200) -> HttpResponse:
        context = self.context() | {
            "form": form,
            "title": self.title(),
            "crumbs": self.crumbs(),
            "back_url": self.back_url(),
        }
        return render(self.request, self.template_name, context, status=status)

    def write(self, form: EditForm) -> Any:
        """Save the form inside a transaction; the row, None with errors on the form where a rule,
        the operation or the scope forbids it."""
        try:
            with transaction.atomic():
                row = self.save(form)
                if not self.rows().filter(pk=row.pk).exists():
                    raise leaves_scope()
        except ValidationError as refusal:
            tell(form, refusal)
        except IntegrityError as failure:
            form.add_error(None, rule_broken(failure) or _("The database refuses this change."))
        else:
            return row
        return None

    def save(self, form: EditForm) -> Any:
        """Write what the valid form says; a subclass may call an operation here."""
        return form.save()


class RecordEdit(RecordPage):
    """Changes one row; what others have saved meanwhile is kept or shown (registers/editing.py)."""

    def row(self, rows: QuerySet[Any]) -> Any:
        """The row that the address names; Http404."""
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.object = self.row(versioned(self.rows()))
        return self.page(self.form_class(instance=self.object, **self.form_options()))

    @transaction.atomic
    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        rows = self.rows()
        if "check" not in request.POST:
            rows = rows.select_for_update(of=("self",), no_key=True)
        self.object = self.row(rows)
        form = self.form_class(
            request.POST, request.FILES, instance=self.object, **self.form_options()
        )
        if "check" in request.POST:
            return checked(self.request, form)
        row = self.write(form) if form.is_valid() else None
        if row is None:
            return self.page(form, status=CONFLICT if form.conflicts else UNPROCESSABLE)
        return self.saved(row, form)

    def saved(self, row: Any, form: EditForm) -> HttpResponse:
        messages.success(self.request, _("Saved."))
        if form.merged:
            fields = _(", ").join(form.merged)
            text = _("Kept as somebody else has saved it meanwhile: %(fields)s.")
            messages.info(self.request, text % {"fields": fields})
        return redirect(self.success_url(row))


class RecordCell(RecordEdit):
    """Changes one field: in the list with htmx, on a page of its own without.

    form_classes: forms of one field each, by the column that the address names
    """

    form_classes: ClassVar[Mapping[str, type[EditForm]]]

    @property
    def form_class(self) -> Any:  # type: ignore[override]
        try:
            return self.form_classes[self.kwargs["column"]]
        except KeyError:
            raise Http404 from None

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if "unchanged" in request.GET:
            return self.shown(self.row(self.rows()))
        return super().get(request, **kwargs)

    def page(self, form: Any, status: int = 200) -> HttpResponse:
        if not self.request.htmx:  # type: ignore[attr-defined]
            return super().page(form, status)
        return render(self.request, f"{CELL}#form", {"url": self.request.path, "form": form})

    def saved(self, row: Any, form: EditForm) -> HttpResponse:
        if not self.request.htmx:  # type: ignore[attr-defined]
            return super().saved(row, form)
        return self.shown(row)

    def shown(self, row: Any) -> HttpResponse:
        """The field as the list shows it."""
        described = row._meta.get_field(self.kwargs["column"])
        value = in_words(described, getattr(row, described.attname))
        return render(self.request, f"{CELL}#value", {"url": self.request.path, "value": value})


class RecordAdd(RecordPage):
    """Adds one row. The form class is a OnceMixin as well, so that a doubled click adds one."""

    def make(self) -> models.Model:
        """The new row, unsaved, with what the address says of it; Http404 outside the scope."""
        raise NotImplementedError

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(self.form_class(instance=self.make(), **self.form_options()))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form_class(
            request.POST, request.FILES, instance=self.make(), **self.form_options()
        )
        if "check" in request.POST:
            return checked(self.request, form)
        sent = once.earlier(request.POST.get("key", ""), by=request.user)
        if sent:
            return redirect(sent.url)
        url = self.added(form) if form.is_valid() else ""
        return redirect(url) if url else self.page(form, status=UNPROCESSABLE)

    def added(self, form: EditForm) -> str:
        """Write the row once; where that leads, "" with errors on the form where it is refused."""
        key = form.cleaned_data["key"]
        with transaction.atomic():
            sent = once.taken(key, by=self.request.user)
            if sent:
                return sent.url
            row = self.write(form)
            if row is None:
                transaction.set_rollback(True)
                return ""
            url = self.success_url(row)
            once.leads_to(key, url)
        messages.success(self.request, _("Saved."))
        return url


class RecordRemove(RecordPage):
    """Removes one row; its history stays. A second click finds it removed."""

    http_method_names = ["post"]

    @transaction.atomic
    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        row = self.rows().select_for_update(of=("self",)).filter(pk=self.kwargs["pk"]).first()
        if row is None:
            messages.info(request, _("This has been removed already."))
        else:
            row.delete()
            messages.success(request, _("Removed; the history keeps it."))
        return redirect(self.back_url())
