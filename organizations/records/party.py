"""Writing the Party organisation that an association's row describes."""

import datetime
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet

from organizations.models import Association, Coverage, PartyOrganization
from organizations.records.dates import first_day, first_day_from
from organizations.records.reading import PARTY
from organizations.search.pinyin import spell
from registers.bulk import copy_rows, next_ids, update_rows
from registers.problems import Problem
from registers.register import Change, Record

FIELDS = tuple(PARTY.values())
DESCRIBED = (*FIELDS, "pinyin", "extended_until", "extension_approval")
FORM = ("party_kind", "formation")
Own = QuerySet[Association] | None  # the associations in the person's scope; None: all


@dataclass(frozen=True)
class Covering:
    """The Party organisation that covers an association now, and how many it covers."""

    coverage: Coverage
    organization: PartyOrganization
    shared: bool


def write_party(changes: Iterable[Change], on: str, own: Own = None) -> None:
    """Create, change, join or end the coverage that each change describes.

    Raises Problem("shared_party_organization") where that would change a Party organisation which
    also covers associations outside `own`.
    """
    described = [c for c in changes if _describes_party(c.values)]
    _end_dissolved([c.pk for c in described if c.before], on)
    covering = _covering([c.pk for c in described if c.before], on)
    ending = [c for c in described if not _stays(c)]
    ended = [covering[c.pk].coverage.pk for c in ending if c.pk in covering]
    Coverage.objects.filter(pk__any_of=ended).end(on)
    staying = [c for c in described if _stays(c)]
    joint = _joint_organizations([c.before | c.values for c in staying], on, own)
    moved = {c.pk for c in staying if c.pk in covering and _moves(c, covering[c.pk], joint)}
    left = [covering[pk].coverage.pk for pk in moved]
    Coverage.objects.filter(pk__any_of=left).end(on)
    _cover([c for c in staying if c.pk not in covering or c.pk in moved], joint, on, own)
    kept = [(c, covering[c.pk]) for c in staying if c.pk in covering and c.pk not in moved]
    _change(kept, on, own)


def beyond_scope(changes: Sequence[Change], on: str, own: Own) -> list[bool]:
    """Whether each change would alter a Party organisation that also covers others than `own`."""
    if own is None:
        return [False] * len(changes)
    covering = _covering([c.pk for c in changes if c.before], on)
    joint = _joint_organizations([c.before | c.values for c in changes], on, own)
    joinable = PartyOrganization.objects.in_bulk(joint.values())
    named = {name: joinable[pk] for name, pk in joint.items()}
    altered = [_altered(c, covering.get(c.pk), named) for c in changes]
    shared = _shared_beyond({pk for pk in altered if pk}, own)
    return [pk in shared for pk in altered]


def _altered(
    change: Change, covering: Covering | None, joint: dict[Any, PartyOrganization]
) -> int | None:
    """The Party organisation that stands in the registry and whose fields the change sets."""
    if not _describes_party(change.values) or not _stays(change):
        return None
    if covering and not _moves(change, covering, joint):
        return None if PARTY.keys().isdisjoint(change.values) else covering.organization.pk
    record = _form(change) | change.values
    joined = joint.get(record.get("party_organization")) if is_joint(record) else None
    return joined.pk if joined and _blanks(joined, record) else None


def _stays(change: Change) -> bool:
    return change.values.get("has_party_organization") is not False


def _form(change: Change) -> Record:
    return {key: change.before.get(key) for key in FORM}


def _shared_beyond(organizations: Iterable[int], own: Own) -> set[int]:
    """Those of the Party organisations that also cover associations outside `own`."""
    if own is None:
        return set()
    covered = Coverage.objects.filter(
        party_organization__pk__any_of=organizations, valid_until=None
    ).exclude(association__in=own.order_by().values("pk"))
    return set(covered.order_by().values_list("party_organization", flat=True))


def _refuse_shared(organizations: Iterable[PartyOrganization], own: Own) -> None:
    names = {organization.pk: organization.name for organization in organizations}
    for pk in _shared_beyond(names, own):
        raise shared_party_organization(names[pk])


def shared_party_organization(name: str) -> Problem:
    """What is wrong where a row changes a Party organisation that isn't the person's alone."""
    return Problem("shared_party_organization", {"column": "party_organization", "value": name})


def is_joint(record: Record) -> bool:
    """Whether the record's Party organisation serves several associations."""
    is_branch = record.get("party_kind") == PartyOrganization.Kind.JOINT_BRANCH
    return is_branch or record.get("formation") in PartyOrganization.JOINT_FORMATIONS


def _describes_party(values: Record) -> bool:
    return "has_party_organization" in values or not PARTY.keys().isdisjoint(values)


def _moves(change: Change, covering: Covering, joint: Container[Any]) -> bool:
    """Whether a new name means another organisation: the old one is shared, the new one joint.

    Else it is a renaming.
    """
    name = change.values.get("party_organization")
    if not name or covering.shared:
        return bool(name)
    return is_joint(change.before | change.values) and (
        name in joint or not is_joint(change.before)
    )


def _covering(associations: list[Any], on: str) -> dict[Any, Covering]:
    """What covers the associations without an end, be it only from a later day on."""
    unended = Coverage.objects.filter(association__pk__any_of=associations, valid_until=None)
    coverages = list(
        unended.exclude(party_organization__dissolved_on__lte=on).select_related(
            "party_organization"
        )
    )
    organizations = [coverage.party_organization_id for coverage in coverages]
    sizes = Counter(
        Coverage.objects.filter(party_organization__in=organizations, valid_until=None).values_list(
            "party_organization", flat=True
        )
    )
    return {
        c.association_id: Covering(c, c.party_organization, sizes[c.party_organization_id] > 1)
        for c in coverages
    }


def _end_dissolved(associations: list[Any], on: str) -> None:
    """End the coverages that their Party organisation's dissolution has left open."""
    stale = Coverage.objects.filter(
        association__pk__any_of=associations,
        valid_until=None,
        party_organization__dissolved_on__lte=on,
    ).select_related("party_organization")
    stale.filter(valid_from__gte=F("party_organization__dissolved_on")).delete()  # never held
    ended = list(stale)
    for coverage in ended:
        coverage.valid_until = coverage.party_organization.dissolved_on
    Coverage.objects.bulk_update(ended, ["valid_until"], batch_size=2000)


def _cover(changes: list[Change], joint: dict[Any, int], on: str, own: Own) -> None:
    """Cover associations by new Party organisations, or by a joint one of the same name."""
    fresh = iter(next_ids(PartyOrganization, len(changes)))
    made: dict[int, Record] = {}
    joined: dict[int, Record] = {}
    coverages = []
    earliest = _last_ends([change.pk for change in changes if change.before])
    for change in changes:
        record = _form(change) | change.values
        name = record.get("party_organization") if is_joint(record) else None
        pk = joint.get(name) if name else None
        if pk is None:
            pk = next(fresh)
            made[pk] = record
            if name:
                joint[name] = pk
        else:
            same = made if pk in made else joined
            same[pk] = record | _filled(same.get(pk, {}))
        since = max(_since(change, on), earliest.get(change.pk, ""))
        coverages.append((pk, change.pk, since))
    rows = (_row(pk, record) for pk, record in made.items())
    copy_rows(PartyOrganization, ["id", *FIELDS, "nature", "subordination", "pinyin"], rows)
    copy_rows(Coverage, ["party_organization", "association", "valid_from"], coverages)
    _complete(joined, own)


def _last_ends(associations: list[Any]) -> dict[Any, str]:
    """The day on which the latest ended coverage of each association ended."""
    ended = Coverage.objects.filter(association__pk__any_of=associations).exclude(valid_until=None)
    ends = ended.order_by("valid_until").values_list("association", "valid_until")
    return {association: str(day) for association, day in ends}


def _since(change: Change, on: str) -> str:
    """Since the establishment, else since the file's day; who moves is covered from now on."""
    if change.before.get("has_party_organization"):
        return on
    established = first_day(change.values.get("established_on"))
    return min(established or change.data_on or on, on)


def _filled(record: Record) -> Record:
    return {key: value for key, value in record.items() if value is not None}


def _locked(pks: Iterable[int]) -> dict[int, PartyOrganization]:
    """The Party organisations as they are now, kept from others until the transaction ends."""
    rows = PartyOrganization.objects.filter(pk__any_of=set(pks)).order_by("pk")
    return {each.pk: each for each in rows.select_for_update(no_key=True)}


def _complete(records: dict[int, Record], own: Own) -> None:
    """Fill in what is still blank on joint organisations that rows have joined."""
    organizations = []
    for organization in _locked(records).values():
        blanks = _blanks(organization, records[organization.pk])
        organization.describe(blanks)
        if blanks:
            organizations.append(organization)
    _refuse_shared(organizations, own)
    PartyOrganization.objects.bulk_update(organizations, DESCRIBED, batch_size=1000)


def _blanks(organization: PartyOrganization, record: Record) -> dict[str, Any]:
    """Field values out of the record for what is still blank on the organisation."""
    stored = _stored(record)
    return {
        name: stored[name] for name in FIELDS if stored[name] and not getattr(organization, name)
    }


def _joint_organizations(records: Iterable[Record], on: str, own: Own) -> dict[Any, int]:
    """The joint organisations that the records name, by name; only those that cover one of `own`.

    Where several share a name, the one longest known.
    """
    names = {record.get("party_organization") for record in records if is_joint(record)} - {None}
    joinable = PartyOrganization.objects.joinable(own, datetime.date.fromisoformat(on))
    known = joinable.filter(name__in=names).order_by("-pk")
    return dict(known.values_list("name", "pk"))


def _row(pk: int, record: Record) -> tuple[Any, ...]:
    values = _stored(record)
    spelt, _initials = spell(values["name"])
    return (pk, *(values[name] for name in FIELDS), PartyOrganization.Nature.ENTITY, "", spelt)


def refresh_pinyin(associations: Iterable[int]) -> None:
    """Bring the order of what covers or covered `associations` up to its names."""
    covering = Coverage.objects.filter(association__pk__any_of=associations).order_by()
    rows = PartyOrganization.objects.filter(pk__in=covering.values("party_organization"))
    spelt = ((pk, spell(name)[0]) for pk, name in rows.order_by("pk").values_list("pk", "name"))
    update_rows(PartyOrganization, ["pinyin"], spelt)


def _stored(record: Record) -> dict[str, Any]:
    """Field values of a Party organisation out of a record."""
    values: dict[str, Any] = {field: record.get(key) or "" for key, field in PARTY.items()}
    established = first_day(record.get("established_on"))
    values["established_on"] = established
    values["last_election_on"] = first_day_from(record.get("last_election_on"), established)
    return values


def _change(pairs: list[tuple[Change, Covering]], on: str, own: Own) -> None:
    """Set the described fields; coverage known only since the import follows a found date."""
    organizations = _locked(
        covering.organization.pk
        for change, covering in pairs
        if not PARTY.keys().isdisjoint(change.values)
    )
    coverages = []
    earliest = _last_ends([change.pk for change, _ in pairs])
    for change, covering in pairs:
        stored = _stored(change.before | change.values)
        if fields := [PARTY[key] for key in PARTY.keys() & change.values.keys()]:
            organizations[covering.organization.pk].describe(
                {name: stored[name] for name in fields}
            )
        since = _corrected_since(change, covering, stored["established_on"], on)
        if since:
            covering.coverage.valid_from = max(since, earliest.get(change.pk, ""))
            coverages.append(covering.coverage)
    _refuse_shared(organizations.values(), own)
    PartyOrganization.objects.bulk_update(organizations.values(), DESCRIBED, batch_size=1000)
    Coverage.objects.bulk_update(coverages, ["valid_from"], batch_size=2000)


def _corrected_since(
    change: Change, covering: Covering, established: str | None, on: str
) -> str | None:
    """The day since which the coverage holds, where the change says something about that."""
    if "established_on" in change.values and established and not covering.shared:
        return min(established, on)
    return min(change.data_on or on, on) if "has_party_organization" in change.values else None
