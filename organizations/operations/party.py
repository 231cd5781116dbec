"""Elections, extensions and the end of Party organisations."""

import datetime
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from organizations.models import Association, Coverage, PartyOrganization
from organizations.operations.days import refuse_future
from organizations.terms import MOST_YEARS_OFF, years_after
from registers.reversal import Earlier, states_before
from registers.timeline import states

FOUNDING_ELECTION = datetime.timedelta(60)  # at most so long after the establishment


def check_election(
    organization: PartyOrganization, *, elected_on: datetime.date | None, approval: str
) -> None:
    """Raises ValidationError, by field, for an election day that cannot be.

    An election before the regular end of the term takes an approval, and is not more than a year
    early; a late one is recorded as it was. With none on record yet, one held soon after the
    establishment is the founding one, with which the first term begins.
    """
    if elected_on is None:
        raise ValidationError({"last_election_on": _("Say on which day the election was.")})
    refuse_future(elected_on, "last_election_on")
    last = organization.last_election_on or organization.established_on
    if last and elected_on < last:
        text = _("The term before began later than this day.")
        raise ValidationError({"last_election_on": text})
    if _is_founding(organization, elected_on):
        return
    end = organization.regular_term_end
    if end is None or elected_on in (organization.last_election_on, None) or elected_on >= end:
        return
    if elected_on < years_after(end, -MOST_YEARS_OFF):
        text = _("An election may be one year early at most; the term ends on %(end)s.")
        raise ValidationError({"last_election_on": text % {"end": end.isoformat()}})
    if not approval:
        text = _("An election before the end of the term needs the document that approves it.")
        raise ValidationError({"election_approval": text})


def _is_founding(organization: PartyOrganization, elected_on: datetime.date) -> bool:
    since = organization.established_on
    if since is None or organization.last_election_on:
        return False
    return elected_on <= since + FOUNDING_ELECTION


@transaction.atomic
def keep_particulars(
    *, organization: PartyOrganization, values: Mapping[str, Any], by: Any
) -> PartyOrganization:
    """Write `values`, by the names of fields; where they move the regular end of the term, its
    extension is over."""
    row = _standing(organization, by)
    row.describe(values)
    return _saved(row)


@transaction.atomic
def record_election(
    *,
    organization: PartyOrganization,
    elected_on: datetime.date,
    secretary: str,
    secretary_source: str,
    approval: str,
    by: Any,
) -> PartyOrganization:
    """Begin a new term on the day `elected_on`, under the secretary elected; an extension of the
    old one is over. approval: of an early election, as check_election says."""
    row = _standing(organization, by)
    check_election(row, elected_on=elected_on, approval=approval)
    row.describe(
        {
            "last_election_on": elected_on,
            "election_approval": approval,
            "secretary": secretary,
            "secretary_source": secretary_source,
        }
    )
    return _saved(row)


@transaction.atomic
def extend_term(
    *, organization: PartyOrganization, until: datetime.date | None, approval: str, by: Any
) -> PartyOrganization:
    """Put the end of the term off by a year at most, with the document that approves it; None
    takes an extension back."""
    row = _standing(organization, by)
    row.extended_until, row.extension_approval = until, approval
    return _saved(row)


@transaction.atomic
def dissolve(*, organization: PartyOrganization, on: datetime.date, by: Any) -> PartyOrganization:
    """Dissolve a Party organisation on the day `on`: from then on it covers nothing. What it would
    have covered from that very day on, it never covered.

    Raises ValidationError where that has happened already, the day is still to come, or an election
    was held or a coverage began later.
    """
    row = _standing(organization, by)
    refuse_future(on, "dissolved_on")
    _refuse_later_coverage(row, on)
    if row.last_election_on and on < row.last_election_on:
        said = _("An election was held on %(day)s; the dissolution cannot lie before it.")
        day = date_format(row.last_election_on)
        raise ValidationError({"dissolved_on": said % {"day": day}})
    row.dissolved_on = on
    with pghistory.context():  # one origin, by which `restore` finds what ended with it
        _saved(row)
        Coverage.objects.filter(party_organization=row).unended(on).end(on)
    return row


def _refuse_later_coverage(row: PartyOrganization, on: datetime.date) -> None:
    began = row.coverages.filter(valid_from__gt=on).select_related("association")
    if later := began.order_by("-valid_from").first():
        said = _("It covers %(association)s since %(day)s; the dissolution cannot lie before it.")
        params = {"association": later.association, "day": date_format(later.valid_from)}
        raise ValidationError({"dissolved_on": said % params})


@transaction.atomic
def restore(*, organization: PartyOrganization, by: Any) -> PartyOrganization:
    """Take back a dissolution recorded by mistake: what it ended holds again, unless somebody has
    changed it since or another Party organisation covers the association by now. Asked for again,
    it answers the same."""
    row = _locked(organization, by)
    if row.dissolved_on is None:
        return row
    ended = _ended_with(row)
    row.dissolved_on = None
    _saved(row)
    for each in ended:
        _hold_again(each)
    return row


def _ended_with(row: PartyOrganization) -> list[Earlier]:
    """The coverages that the dissolution of `row` ended, as they were before it."""
    recorded = states(PartyOrganization).filter(pgh_obj=row.pk)
    standing = recorded.filter(dissolved_on=None).order_by("-pgh_id").values("pgh_id")[:1]
    dissolved = recorded.filter(pgh_id__gt=standing).order_by("pgh_id").first()
    origin = dissolved.pgh_context_id if dissolved else None
    written = states_before(Coverage, origin) if origin else []
    return [
        each
        for each in written
        if each.before and each.before["party_organization_id"] == row.pk and not each.changed_since
    ]


def _hold_again(ended: Earlier) -> None:
    if ended.before is None:
        return
    coverage = Coverage(pk=ended.pk, **ended.before)
    if Association.objects.filter(pk=coverage.association_id).exists():
        with suppress(IntegrityError), transaction.atomic():  # covered by another by now
            coverage.save(force_insert=ended.gone, force_update=not ended.gone)


def _standing(organization: PartyOrganization, by: Any) -> PartyOrganization:
    """The row for this transaction alone; ValidationError where it was dissolved."""
    row = _locked(organization, by)
    if row.dissolved_on:
        said = _("%(organization)s was dissolved on %(day)s.")
        day = date_format(row.dissolved_on)
        raise ValidationError(said % {"organization": row, "day": day})
    return row


def _locked(organization: PartyOrganization, by: Any) -> PartyOrganization:
    """The row for this transaction alone; ValidationError outside what `by` may change."""
    rows = PartyOrganization.objects.for_user(by, Permission.EDIT_ASSOCIATION)
    row = rows.select_for_update(of=("self",), no_key=True).filter(pk=organization.pk).first()
    if row is None:
        raise ValidationError(_("You may not change this Party organisation."))
    return row


def _saved(row: PartyOrganization) -> PartyOrganization:
    """The row as the database has it; ValidationError where a rule forbids it."""
    row.full_clean()
    row.save()
    row.refresh_from_db()
    return row
