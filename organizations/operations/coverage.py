"""Which associations a Party organisation covers: from a day, until another."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from organizations.models import Association, Coverage, Establishment, PartyOrganization
from organizations.operations.days import refuse_future
from organizations.scoping import is_citywide

ABILITY = Permission.MOVE_ESTABLISHMENT


def joint_branches(by: Any) -> Any:
    """The joint branches that associations in the scope of `by` may join: those that cover one of
    them already, all where `by` is responsible for the whole city."""
    own = None if is_citywide(by, ABILITY) else Association.objects.for_user(by, ABILITY)
    return PartyOrganization.objects.joinable(own, timezone.localdate())


def coverable(by: Any) -> Any:
    """The registered associations in the scope of `by`, which a joint branch may cover."""
    return Association.objects.for_user(by, ABILITY).as_of(timezone.localdate())


@transaction.atomic
def cover(
    *,
    party_organization: PartyOrganization,
    association: Association,
    since: datetime.date,
    by: Any,
) -> Coverage:
    """Let a joint branch cover `association` from the day `since` on.

    Raises ValidationError where `by` may change neither, the association's registration has ended,
    the day is impossible, or another Party organisation covers the association on it.
    """
    own = coverable(by).select_for_update(of=("self",), no_key=True)
    if own.filter(pk=association.pk).first() is None:
        raise ValidationError(_("You cannot change this association."))
    branches = joint_branches(by).select_for_update(of=("self",), no_key=True)
    branch = branches.filter(pk=party_organization.pk).first()
    if branch is None:
        raise ValidationError(_("This is not one of the joint branches that you can change."))
    return put_under(branch, association, since)


@transaction.atomic
def uncover(*, coverage: Coverage, until: datetime.date, by: Any) -> None:
    """End `coverage` by a joint branch: the day `until` is the first on which it no longer holds.

    One that began today and ends today was entered by mistake: it held on no day and is deleted.
    Raises ValidationError where it has ended already, the day is impossible (an earlier one on
    which it began as well), an establishment has made it, the association isn't one that `by` may
    change, or what covers it is no joint branch.
    """
    own = Association.objects.for_user(by, ABILITY).order_by().values("pk")
    rows = Coverage.objects.joint().filter(association__in=own)
    row = rows.select_for_update(of=("self",), no_key=True).filter(pk=coverage.pk).first()
    if row is None:
        raise ValidationError(_("You cannot change this association."))
    if row.valid_until is not None:
        said = _("This coverage has ended on %(day)s already.")
        raise ValidationError(said % {"day": date_format(row.valid_until)})
    refuse_future(until, "valid_until")
    if row.valid_from == until == timezone.localdate():
        _delete_mistaken(row)
        return
    row.valid_until = until
    row.validate_constraints()
    row.save(update_fields=["valid_until"])


def _delete_mistaken(row: Coverage) -> None:
    made_by = Establishment.objects.filter(
        association=row.association_id, party_organization=row.party_organization_id, closed_on=None
    )
    if made_by.exists():
        said = _("The establishment of %(association)s has made this coverage; step back there.")
        raise ValidationError(said % {"association": row.association})
    row.delete()


def put_under(
    organization: PartyOrganization, association: Association, since: datetime.date
) -> Coverage:
    """A coverage from the day `since` on, within the caller's transaction, which has checked who
    asks; ValidationError where the day or another coverage stands in the way."""
    refuse_future(since, "valid_from")
    refuse_ended(association)
    if organization.established_on and since < organization.established_on:
        said = _("%(organization)s was established on %(day)s; it covers nothing before.")
        day = date_format(organization.established_on)
        raise ValidationError(said % {"organization": organization, "day": day})
    if organization.dissolved_on and since >= organization.dissolved_on:
        said = _("%(organization)s was dissolved on %(day)s.")
        day = date_format(organization.dissolved_on)
        raise ValidationError(said % {"organization": organization, "day": day})
    row = Coverage(party_organization=organization, association=association, valid_from=since)
    row.validate_constraints()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:  # somebody else's coverage came between
        said = _("A Party organisation already covers this association at that time.")
        raise ValidationError(said) from error
    return row


def refuse_ended(association: Association) -> None:
    """ValidationError for an association that has ended by now."""
    ended = Association.objects.filter(pk=association.pk).exclude(ended_on=None).first()
    if ended and ended.ended_on:
        said = _("%(association)s ended on %(day)s; nothing more happens to it.")
        day = date_format(ended.ended_on)
        raise ValidationError(said % {"association": ended, "day": day})
