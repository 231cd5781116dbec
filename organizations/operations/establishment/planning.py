"""How the Party organisation is to come about, and who moves along with whom."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from organizations.models import Association, Establishment, PartyOrganization
from organizations.operations.coverage import joint_branches, refuse_ended
from organizations.operations.establishment.beginning import begin
from organizations.operations.establishment.rows import (
    ABILITY,
    lock_in_order,
    locked,
    refuse_closed,
    save,
)
from organizations.stages import Formation


@transaction.atomic
def plan(
    *,
    establishment: Establishment,
    formation: str,
    by: Any,
    kind: str = "",
    joins: PartyOrganization | None = None,
) -> None:
    """Say how the Party organisation is to come about; until the request it may change."""
    row = locked(establishment, by)
    refuse_closed(row)
    if not row.is_early:
        raise ValidationError(_("The request has been made; its plan no longer changes."))
    if formation != row.formation and (row.lead_id or row.companions.exists()):
        raise ValidationError(
            _("Others move along. Let them go first, then choose another formation.")
        )
    if formation == Formation.STANDALONE and not kind:
        raise ValidationError({"kind": _("Choose the kind that is to be established.")})
    if joins and not joint_branches(by).filter(pk=joins.pk).exists():
        raise ValidationError(_("This is not one of the joint branches that you can change."))
    row.formation = Formation(formation)
    row.joins = joins if formation == Formation.JOIN else None
    row.kind = kind if formation == Formation.STANDALONE else PartyOrganization.Kind.JOINT_BRANCH
    save(row)


@transaction.atomic
def bring_along(*, establishment: Establishment, association: Association, by: Any) -> None:
    """Let `association` found the joint branch together with `establishment`: from now on it
    moves along. It is set on its way where it isn't yet."""
    known = Establishment.objects.for_user(by, ABILITY).open().filter(association=association)
    found_row = known.first() or begin(association=association, by=by)
    lock_in_order(establishment, found_row)
    row, other = locked(establishment, by), locked(found_row, by)
    if row.formation != Formation.FOUND or row.lead_id or not row.is_early or row.closed_on:
        raise ValidationError(_("Others can join only before the request for a joint branch."))
    refuse_ended(other.association)
    if other.closed_on:
        said = _(
            "The way of %(association)s was given up on %(day)s. Take it up again first, or begin "
            "it anew."
        )
        named = {"association": association, "day": date_format(other.closed_on)}
        raise ValidationError(said % named)
    if other.pk == row.pk or other.lead_id == row.pk:
        said = _("%(association)s takes part already.")
        raise ValidationError(said % {"association": association})
    if other.lead_id or other.companions.exists() or not other.is_early:
        said = _("%(association)s is on a way of its own; end that first.")
        raise ValidationError(said % {"association": association})
    other.lead, other.formation, other.joins = row, Formation.FOUND, None
    other.kind = PartyOrganization.Kind.JOINT_BRANCH
    save(other)


@transaction.atomic
def let_go(*, establishment: Establishment, by: Any) -> None:
    """Let one that moves along with another go its own way, from the stage where it stands."""
    row = locked(establishment, by)
    if row.lead_id is None:
        raise ValidationError(_("It moves along with no other."))
    if not row.is_ahead:
        raise ValidationError(_("The joint branch is established; end the coverage instead."))
    row.lead = None
    save(row)
