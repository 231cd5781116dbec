"""The list of Party organisations: its columns, rows and filters.

It is exported and not imported: what a roster says of a Party organisation stands on the rows of
its associations (AssociationRegister), which know whom it covers and since when.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from organizations.models import Association, Coverage, PartyOrganization, WeakListing
from organizations.models.party import TERM_STATES
from organizations.querysets.party import PartyOrganizationQuerySet
from organizations.scoping import reach
from registers.bulk import chunks
from registers.columns import (
    ChoiceColumn,
    Column,
    CountColumn,
    DateColumn,
    NameColumn,
    NamesColumn,
    TextColumn,
    YesNoColumn,
)
from registers.register import Record, Register, register

CHUNK = 2000
Rows = PartyOrganizationQuerySet
PLAIN = (
    "kind", "nature", "formation", "committee_form", "subordination", "superior", "approval_no",
    "approved_on", "established_on", "last_election_on", "extended_until", "term_ends_on",
    "secretary", "secretary_source", "dissolved_on",
)  # fmt: skip
COLUMNS: tuple[Column, ...] = (
    NameColumn(key="name", label=gettext_lazy("Party organisation"), required=True, width=40),
    ChoiceColumn(
        key="kind", label=gettext_lazy("Kind"), choices=tuple(PartyOrganization.Kind.choices)
    ),
    ChoiceColumn(
        key="nature", label=gettext_lazy("Nature"), choices=tuple(PartyOrganization.Nature.choices)
    ),
    ChoiceColumn(
        key="formation",
        label=gettext_lazy("Formation"),
        choices=tuple(PartyOrganization.Formation.choices),
    ),
    NamesColumn(key="associations", label=gettext_lazy("Covered associations"), width=40),
    CountColumn(key="covered", label=gettext_lazy("Number covered")),
    NameColumn(key="secretary", label=gettext_lazy("Secretary")),
    ChoiceColumn(
        key="secretary_source",
        label=gettext_lazy("Secretary's source"),
        choices=tuple(PartyOrganization.SecretarySource.choices),
    ),
    DateColumn(key="established_on", label=gettext_lazy("Established on")),
    DateColumn(key="last_election_on", label=gettext_lazy("Last election on")),
    DateColumn(key="term_ends_on", label=gettext_lazy("Term ends on")),
    ChoiceColumn(
        key="term", label=gettext_lazy("State of the term"), choices=tuple(TERM_STATES.items())
    ),
    DateColumn(key="extended_until", label=gettext_lazy("Term extended until")),
    TextColumn(key="approval_no", label=gettext_lazy("Approval document no.")),
    DateColumn(key="approved_on", label=gettext_lazy("Approved on")),
    ChoiceColumn(
        key="subordination",
        label=gettext_lazy("Subordination"),
        choices=tuple(PartyOrganization.Subordination.choices),
    ),
    NameColumn(key="superior", label=gettext_lazy("Superior Party organisation"), width=32),
    TextColumn(key="host_department", label=gettext_lazy("Hosted by department"), width=24),
    ChoiceColumn(
        key="committee_form",
        label=gettext_lazy("Form of the department's committee"),
        choices=tuple(PartyOrganization.CommitteeForm.choices),
        width=24,
    ),
    YesNoColumn(key="weak", label=gettext_lazy("On the list of weak organisations")),
    DateColumn(key="dissolved_on", label=gettext_lazy("Dissolved on")),
)


@register
class PartyOrganizationRegister(Register):
    """Party organisations, as the list and its export show them."""

    key = "party_organizations"
    label = gettext_lazy("Party organisations")
    model = PartyOrganization
    columns = COLUMNS
    business_keys = ("name",)
    is_imported = False
    list_columns = (
        "name",
        "kind",
        "formation",
        "covered",
        "secretary",
        "secretary_source",
        "last_election_on",
        "term_ends_on",
        "term",
    )

    def queryset(self, user: Any, permission: Permission) -> QuerySet[Any]:
        return PartyOrganization.objects.for_user(user, permission)

    def reach(self, user: Any, permission: Permission) -> str:
        return reach(user, permission)

    def snapshot(
        self, rows: QuerySet[Any], on: datetime.date, user: Any
    ) -> Iterator[tuple[int, Record]]:
        """Each with the associations in scope that it covers on the day; three queries a chunk."""
        organizations = rows.select_related("host_department").iterator(chunk_size=CHUNK)
        for chunk in chunks(organizations, CHUNK):
            pks = [each.pk for each in chunk]
            names, weak = _covered(pks, on, user), _weak(pks, on)
            for each in chunk:
                record = _plain(each)
                record["name"] = str(each)
                record["host_department"] = each.host_department and str(each.host_department)
                record["term"] = each.term_state(on)
                record["weak"] = each.pk in weak
                record["associations"] = names[each.pk] or None
                record["covered"] = len(names[each.pk])
                yield each.pk, record


def _plain(organization: PartyOrganization) -> dict[str, Any]:
    values = {name: getattr(organization, name) for name in PLAIN}
    return {
        name: value.isoformat() if isinstance(value, datetime.date) else value or None
        for name, value in values.items()
    }


def _covered(pks: list[int], on: datetime.date, user: Any) -> dict[int, list[str]]:
    own = Association.objects.for_user(user, Permission.VIEW_REGISTRY)
    held = Coverage.objects.as_of(on).with_associations(own)
    held = held.filter(party_organization__pk__any_of=pks).order_by("association__pinyin", "pk")
    names: dict[int, list[str]] = defaultdict(list)
    for organization, name in held.values_list("party_organization", "association__name"):
        names[organization].append(name)
    return names


def _weak(pks: list[int], on: datetime.date) -> set[int]:
    listed = WeakListing.objects.open(on).filter(party_organization__pk__any_of=pks)
    return set(listed.order_by().values_list("party_organization", flat=True))
