"""The Party organisation that comes out of an establishment, and how a mistaken one goes again."""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from organizations.models import Coverage, Establishment, PartyOrganization, Stage
from organizations.models.establishment import stages_before
from organizations.operations.coverage import put_under
from organizations.operations.establishment.rows import save


def found(
    rows: list[Establishment], on: datetime.date, facts: Mapping[str, str]
) -> PartyOrganization:
    """A new Party organisation, established on the day `on`, that covers the associations of
    `rows` from then on; within the caller's transaction."""
    lead = rows[0]
    standalone = lead.formation == Establishment.Formation.STANDALONE
    formations = PartyOrganization.Formation
    joint = facts.get("joint_formation") or formations.JOINT
    organization = PartyOrganization(
        name=facts["name"],
        kind=facts["kind"],
        formation=formations.STANDALONE if standalone else joint,
        established_on=on,
        # The committee elected for it takes office with it; its term runs from then.
        last_election_on=on,
        superior=facts.get("superior", ""),
        secretary=facts["secretary"],
        secretary_source=facts.get("secretary_source", ""),
        approval_no=lead.approval_no,
        approved_on=lead.approved_on,
    )
    organization.full_clean()
    organization.save()
    for row in rows:
        put_under(organization, row.association, on)
    return organization


def join(row: Establishment, on: datetime.date) -> PartyOrganization:
    """The joint branch that `row` joins; it covers its association from the day `on`."""
    joins: Any = row.joins_id
    branch = PartyOrganization.objects.select_for_update(no_key=True).get(pk=joins)
    put_under(branch, row.association, on)
    return branch


def undo_founding(rows: list[Establishment]) -> Callable[[], None]:
    """Take back what establishing `rows` has made, unless somebody has worked with it since.

    Deletes their coverages. Returns what deletes the Party organisation, to be called when no row
    names it any more. Raises ValidationError naming what stands in the way.
    """
    lead = rows[0]
    coverages = [_own_coverage(row) for row in rows]
    organization: Any = lead.party_organization
    joined = lead.formation == Establishment.Formation.JOIN
    if not joined:
        # Whoever lets it cover or be joined by somebody else waits here, and finds it gone then.
        PartyOrganization.objects.select_for_update().get(pk=organization.pk)
        _let_go_given_up(organization)
        _refuse_worked_with(organization, rows)
    for coverage in coverages:
        coverage.delete()

    def delete() -> None:
        if not joined:
            organization.delete()

    return delete


def _own_coverage(row: Establishment) -> Coverage:
    """The coverage that establishing `row` has made, untouched since."""
    since: Any = row.established_on
    made = row.association.coverages.filter(
        party_organization=row.party_organization, valid_from=since, valid_until=None
    )
    coverage = made.select_for_update(no_key=True).first()
    if coverage is None or _changed(coverage):
        said = _("The coverage of %(association)s has been changed since; correct it there.")
        raise ValidationError(said % {"association": row.association})
    return coverage


def _let_go_given_up(organization: PartyOrganization) -> None:
    """Those that planned to join it and gave up before they asked for it no longer name it."""
    given_up = organization.joining.exclude(closed_on=None)
    for row in given_up.filter(stage__in=stages_before(Stage.REQUESTED)):
        row.joins = None
        save(row)


def _refuse_worked_with(organization: Any, rows: list[Establishment]) -> None:
    said = _("%(organization)s has been worked with since: %(what)s. Settle that first.")
    what = _worked_with(organization, rows)
    if what:
        raise ValidationError(said % {"organization": organization, "what": _(", ").join(what)})


def _worked_with(organization: Any, rows: list[Establishment]) -> list[str]:
    """What has been recorded of the Party organisation beside its establishment."""
    found = [str(_("its own record was changed"))] if _changed(organization) else []
    own = {(Coverage, "party_organization"), (Establishment, "party_organization")}
    for relation in organization._meta.related_objects:
        model: Any = relation.related_model
        if hasattr(model, "pgh_tracked_model") or relation.many_to_many:
            continue
        name = relation.field.name
        made = len(rows) if (model, name) in own else 0
        if model._default_manager.filter(**{name: organization}).count() > made:
            found.append(str(model._meta.verbose_name_plural))
    return found


def _changed(row: models.Model) -> bool:
    """Whether history knows more of `row` than that it was made."""
    events: Any = type(row).pgh_event_model  # type: ignore[attr-defined]
    return bool(events.objects.filter(pgh_obj_id=row.pk).exclude(pgh_label="insert").exists())
