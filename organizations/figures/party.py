"""What the head of the list of Party organisations says: each number with its rule and its list."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.figures import Figure, Scope
from organizations.models import PartyOrganization
from organizations.querysets.party import PartyOrganizationQuerySet

LIST = "organizations:partyorganization-list"
ASSOCIATIONS = "organizations:association-list"


def existing(scope: Scope) -> PartyOrganizationQuerySet:
    """Party organisations of the scope that exist on its day."""
    rows: PartyOrganizationQuerySet = scope.of(PartyOrganization.objects.all())
    return rows.existing(scope.on)


STANDING = [
    Figure(
        key="party_organizations",
        system="organization",
        label=_("Party organisations"),
        unit=pgettext_lazy("unit", "organisations"),
        definition=_("Established by that day and not dissolved by then."),
        rows=existing,
        list_name=LIST,
        parameters={},
    ),
    Figure(
        key="terms_ending",
        system="organization",
        label=_("Terms ending within six months"),
        unit=pgettext_lazy("unit", "organisations"),
        definition=_(
            "Committees are elected for five years, branches for three; extensions count."
        ),
        rows=lambda scope: existing(scope).term_ending(scope.on),
        list_name=LIST,
        parameters={"term": "ending", "sort": "term_ends_on"},
    ),
    Figure(
        key="terms_overdue",
        system="organization",
        label=_("Terms overdue"),
        unit=pgettext_lazy("unit", "organisations"),
        definition=_("The term ended before that day, and no election is recorded since."),
        rows=lambda scope: existing(scope).term_overdue(scope.on),
        list_name=LIST,
        parameters={"term": "overdue", "sort": "term_ends_on"},
    ),
    Figure(
        key="weak_organizations",
        system="organization",
        label=_("Weak organisations on the list"),
        unit=pgettext_lazy("unit", "organisations"),
        definition=_("Listed by that day and not yet delisted then."),
        rows=lambda scope: existing(scope).weak(scope.on),
        list_name=LIST,
        parameters={"weak": "yes"},
    ),
    Figure(
        key="cross_appointment",
        system="organization",
        label=_("President is the secretary"),
        unit="%",
        definition=_(
            "Active associations whose president is the Party secretary ÷ covered ones of which "
            "both are recorded. Without a recorded term the legal representative counts as "
            "president if the secretary's source is the association's leader."
        ),
        rows=lambda scope: scope.active.cross_appointed(scope.on),
        whole=lambda scope: scope.active.with_both_leaders(scope.on),
        list_name=ASSOCIATIONS,
        parameters={"status": "active", "appointment": "president"},
    ),
]
