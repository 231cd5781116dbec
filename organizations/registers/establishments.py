"""The list of associations on their way to a Party organisation: its columns and rows."""

import datetime
from collections.abc import Iterator
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from organizations.models import Establishment, Stage
from organizations.scoping import reach
from organizations.stages import age, checks, next_move
from registers.bulk import chunks
from registers.columns import ChoiceColumn, Column, CountColumn, DateColumn, NameColumn
from registers.register import Record, Register, register

CHUNK = 1000


class Card:
    """One establishment as board and list show it on the day `on`.

    row: an Establishment `as_of` that day, `with_standing` and `with_relations`
    """

    def __init__(self, row: Any, on: datetime.date) -> None:
        self.row = row
        self.stage = Stage(row.at_stage)
        self.age = age(row.at_stage, row.at_since, on)
        current = row.at_stage == row.stage
        self.next = next_move(row) if current else None
        self.missing = [c for c in checks(row, self.next) if not c.met] if self.next else []
        self.overtaken = current and row.is_ahead and row.covered

    @property
    def ready(self) -> bool:
        return self.next is not None and not self.missing and not self.overtaken

    @property
    def next_label(self) -> str:
        return str(Stage(self.next.target).label) if self.next else ""

    @property
    def outlook(self) -> tuple[str, str]:
        """What the next step waits for, and the kind of pill in which that stands."""
        if self.overtaken:
            return _("Established by roster"), "soon"
        if self.ready:
            return _("Ready for the next step"), "done"
        return _("; ").join(f"{c.label}{_(': ')}{c.found}" for c in self.missing), ""


@register
class EstablishmentRegister(Register):
    """Associations on their way; what is known of them comes from forms, not from rosters."""

    key = "establishments"
    label = gettext_lazy("Way to a Party organisation")
    model = Establishment
    columns: ClassVar[Any] = (
        NameColumn(key="name", label=gettext_lazy("Association"), required=True, width=32),
        Column(key="division", label=gettext_lazy("Division")),
        Column(key="department", label=gettext_lazy("Industry department"), width=22),
        ChoiceColumn(key="stage", label=gettext_lazy("Stage"), choices=tuple(Stage.choices)),
        DateColumn(key="since", label=gettext_lazy("In this stage since")),
        CountColumn(key="days", label=gettext_lazy("Days in stage")),
        ChoiceColumn(
            key="formation",
            label=gettext_lazy("Planned formation"),
            choices=tuple(Establishment.Formation.choices),
            width=18,
        ),
        CountColumn(key="members", label=gettext_lazy("Full Party members")),
        NameColumn(key="instructor", label=gettext_lazy("Instructor")),
        Column(key="outlook", label=gettext_lazy("For the next step"), width=30),
        Column(key="approval_no", label=gettext_lazy("Approval document no."), width=22),
    )
    business_keys = ("name",)
    is_imported = False
    list_columns = (
        "name", "division", "department", "stage", "days", "formation", "members", "instructor",
        "outlook",
    )  # fmt: skip

    def queryset(self, user: Any, permission: Permission) -> QuerySet[Any]:
        return Establishment.objects.for_user(user, permission)

    def reach(self, user: Any, permission: Permission) -> str:
        return reach(user, permission)

    def snapshot(
        self, rows: QuerySet[Any], on: datetime.date, user: Any
    ) -> Iterator[tuple[int, Record]]:
        """Each of `rows`, which are `as_of` the day; one query a chunk."""
        asked: Any = rows
        for chunk in chunks(asked.values_list("pk", flat=True).iterator(chunk_size=CHUNK), CHUNK):
            found = Establishment.objects.as_of(on).with_standing(on).with_relations()
            cards = {row.pk: Card(row, on) for row in found.filter(pk__any_of=chunk)}
            yield from ((pk, _record(cards[pk])) for pk in chunk)


def _record(card: Card) -> dict[str, Any]:
    row = card.row
    outlook, pill = card.outlook
    return {
        "name": row.association.name,
        "division": str(row.association.division or "") or None,
        "department": str(row.association.industry_department or "") or None,
        "stage": card.stage.value,
        "since": row.at_since.isoformat(),
        "days": card.age.days,
        "formation": row.formation,
        "members": row.association.party_members,
        "instructor": row.instructor_name or None,
        "outlook": outlook or None,
        "approval_no": row.approval_no or None,
        "pills": {"days": card.age.kind, "outlook": pill},
    }
