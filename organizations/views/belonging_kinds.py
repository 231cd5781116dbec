"""The kinds of rows that belong to one association and are kept row by row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organizations.forms.belongings import (
    AbnormalListingForm,
    BelongingForm,
    DocumentForm,
    DormancyForm,
    InspectionForm,
    LeadershipTermForm,
    NewDocumentForm,
    NewLeadershipTermForm,
    RatingForm,
)
from organizations.models import Association


@dataclass(frozen=True)
class Belonging:
    """One kind of rows.

    key: its name in addresses; section: the tab that it stands under; columns: what is shown of
    a row; add_form: where a new row takes another form than an old one
    """

    key: str
    section: str
    title: str | Promise
    add: str | Promise
    form: type[BelongingForm]
    columns: Sequence[str]
    add_form: type[BelongingForm] | None = None

    @property
    def model(self) -> Any:
        return self.form._meta.model

    def rows_of(self, association: Association) -> QuerySet[Any]:
        """The rows of one association, in the model's order."""
        return self.model._default_manager.filter(association=association)

    def cells(self, row: Any) -> list[Any]:
        """A row's shown values in words."""
        return [_value(row, self.model._meta.get_field(name)) for name in self.columns]

    @property
    def headings(self) -> list[str]:
        return [str(self.model._meta.get_field(name).verbose_name) for name in self.columns]


def _value(row: Any, field: Any) -> Any:
    if field.choices:
        return getattr(row, f"get_{field.name}_display")()
    value = getattr(row, field.attname)
    return str(value) if field.name == "year" else value


BELONGINGS = {
    belonging.key: belonging
    for belonging in (
        Belonging(
            "leadership-terms",
            "leadership",
            _("Leadership terms"),
            _("Add a leadership term"),
            LeadershipTermForm,
            ("post", "name", "valid_from", "valid_until"),
            add_form=NewLeadershipTermForm,
        ),
        Belonging(
            "inspections",
            "inspection",
            _("Annual inspections and reports"),
            _("Add a year's result"),
            InspectionForm,
            ("year", "regime", "result"),
        ),
        Belonging(
            "ratings",
            "inspection",
            _("Ratings"),
            _("Add a rating"),
            RatingForm,
            ("grade", "valid_from", "valid_until"),
        ),
        Belonging(
            "abnormal-listings",
            "inspection",
            _("Abnormal and unlawful lists"),
            _("Add an entry"),
            AbnormalListingForm,
            ("list", "entered_on", "entry_reason", "removed_on"),
        ),
        Belonging(
            "dormancies",
            "inspection",
            _("Dormant"),
            _("Record as dormant"),
            DormancyForm,
            ("reason", "found_on", "disposal", "ended_on"),
        ),
        Belonging(
            "documents",
            "documents",
            _("Documents"),
            _("Add a document"),
            DocumentForm,
            ("kind", "title", "issued_on"),
            add_form=NewDocumentForm,
        ),
    )
}
