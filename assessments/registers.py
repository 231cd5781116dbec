"""The register of brands; they come from declarations, not from rosters."""

import datetime
from collections.abc import Iterator
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.permissions import Permission
from assessments.models import Brand, BrandStage
from organizations.scoping import reach
from registers.bulk import chunks
from registers.columns import ChoiceColumn, Column, DateColumn, NameColumn
from registers.register import Record, Register, register

CHUNK = 1000


@register
class BrandRegister(Register):
    key = "brands"
    label = _("Brands")
    model = Brand
    columns: ClassVar[Any] = (
        NameColumn(key="title", label=_("Name of the brand"), required=True, width=32),
        ChoiceColumn(
            key="level", label=_("Level of the brand"), choices=tuple(Brand.Level.choices)
        ),
        Column(key="department", label=_("Industry department"), width=24),
        Column(key="association", label=_("Association"), width=32),
        ChoiceColumn(key="stage", label=_("Stage"), choices=tuple(BrandStage.choices)),
        DateColumn(key="since", label=_("In this stage since")),
        DateColumn(key="named_on", label=_("Named on")),
        Column(key="naming_no", label=_("Document of the naming"), width=24),
        DateColumn(key="valid_until", label=_("Valid until")),
        Column(key="mark", label=pgettext_lazy("brand", "Mark"), width=30),
        Column(key="meaning", label=pgettext_lazy("brand", "Meaning"), width=40),
        Column(key="vehicle", label=pgettext_lazy("brand", "Vehicle"), width=40),
        Column(key="effect", label=pgettext_lazy("brand", "Effect"), width=40),
    )
    business_keys = ("title",)
    is_imported = False
    view_permission = Permission.VIEW_ASSESSMENT
    list_columns = ("title", "level", "department", "association", "stage", "named_on")

    def queryset(self, user: Any, permission: Permission) -> QuerySet[Any]:
        return Brand.objects.for_user(user, permission)

    def reach(self, user: Any, permission: Permission) -> str:
        return reach(user, permission)

    def snapshot(
        self, rows: QuerySet[Any], on: datetime.date, user: Any
    ) -> Iterator[tuple[int, Record]]:
        """Each of `rows` as it is now; one query a chunk."""
        for chunk in chunks(rows.values_list("pk", flat=True).iterator(chunk_size=CHUNK), CHUNK):
            found = Brand.objects.select_related("department", "association").in_bulk(list(chunk))
            yield from ((pk, _record(found[pk])) for pk in chunk)


def _record(row: Brand) -> dict[str, Any]:
    days = ("since", "named_on", "valid_until")
    texts = ("title", "level", "stage", "naming_no", *Brand.HAVES[1:])
    return {
        **{name: getattr(row, name) or None for name in texts},
        **{day: value.isoformat() if (value := getattr(row, day)) else None for day in days},
        "department": str(row.department),
        "association": row.association.name if row.association else None,
    }
