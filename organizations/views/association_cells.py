"""Single fields of an association, changed where they stand in the list."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from organizations.forms.associations import CELL_FORMS
from organizations.models import Association
from organizations.views.association_forms import association_crumbs, editable
from registers.views.records import RecordCell


class AssociationCell(RecordCell):
    permission = Permission.EDIT_ASSOCIATION
    form_classes = CELL_FORMS

    def rows(self) -> QuerySet[Association]:
        return editable(self.request.user)

    def title(self) -> str:
        return str(self.object.name)

    def crumbs(self) -> list[tuple[str, str]]:
        return association_crumbs(self.object, _("Change"))

    def back_url(self) -> str:
        return reverse("organizations:association-detail", args=[self.object.pk])
