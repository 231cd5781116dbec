"""Entering an instructor, and changing what is known of one."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from organizations.forms.instructors import InstructorForm, NewInstructorForm
from organizations.models import Instructor
from organizations.operations.instructors import editable, keep_instructor
from registers.editing import EditForm
from registers.views.records import RecordAdd, RecordEdit, RecordPage


class _InstructorPage(RecordPage):
    permission = Permission.EDIT_INSTRUCTOR

    def rows(self) -> QuerySet[Instructor]:
        return editable(self.request.user)

    def form_options(self) -> dict[str, Any]:
        return {"by": self.request.user}

    def success_url(self, row: Instructor) -> str:
        return reverse("organizations:instructor-detail", args=[row.pk])

    def save(self, form: EditForm) -> Instructor:
        return keep_instructor(instructor=form.instance, by=self.request.user)


class InstructorEdit(_InstructorPage, RecordEdit):
    form_class = InstructorForm

    def title(self) -> str:
        return _("Edit %(name)s") % {"name": self.object.name}

    def crumbs(self) -> list[tuple[str, str]]:
        above = (_("Instructors"), reverse("organizations:instructor-list"))
        return [above, (self.object.name, self.back_url()), (_("Edit"), "")]

    def back_url(self) -> str:
        return self.success_url(self.object)


class InstructorAdd(_InstructorPage, RecordAdd):
    form_class = NewInstructorForm

    def make(self) -> Instructor:
        return Instructor()

    def title(self) -> str:
        return _("New instructor")

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Instructors"), self.back_url()), (self.title(), "")]

    def back_url(self) -> str:
        return reverse("organizations:instructor-list")
