"""Writing the Party organisation that an association's row describes."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from organizations.models import Coverage, PartyOrganization
from organizations.records.dates import first_day, first_day_from
from organizations.records.reading import PARTY
from registers.bulk import copy_rows, next_ids
from registers.register import Change, Record

FIELDS = tuple(PARTY.values())
FORM = ("party_kind", "formation")


@dataclass(frozen=True)
class Covering:
    """The Party organisation that covers an association now, and how many it covers."""

    coverage: Coverage
    organization: PartyOrganization
    shared: bool


def write_party(changes: Iterable[Change], on: str) -> None:
    """Create, change, join or end the coverage that each change describes."""
    described = [c for c in changes if _describes_party(c.values)]
    covering = _covering([c.pk for c in described if c.before])
    ending = [c for c in described if c.values.get("has_party_organization") is False]
    _end([covering[c.pk].coverage.pk for c in ending if c.pk in covering], on)
    staying = [c for c in described if c.values.get("has_party_organization") is not False]
    joint = _joint_organizations([c.before | c.values for c in staying])
    moved = {c.pk for c in staying if c.pk in covering and _moves(c, covering[c.pk], joint)}
    _end([covering[pk].coverage.pk for pk in moved], on)
    _cover([c for c in staying if c.pk not in covering or c.pk in moved], joint, on)
    _change([(c, covering[c.pk]) for c in staying if c.pk in covering and c.pk not in moved], on)


def is_joint(record: Record) -> bool:
    """Whether the record's Party organisation serves several associations."""
    return record.get("party_kind") == PartyOrganization.Kind.JOINT_BRANCH or str(
        record.get("formation") or ""
    ).startswith("joint")


def _describes_party(values: Record) -> bool:
    return "has_party_organization" in values or not PARTY.keys().isdisjoint(values)


def _moves(change: Change, covering: Covering, joint: dict[Any, int]) -> bool:
    """Whether a new name means another organisation: the old one is shared, the new one joint.

    Else it is a renaming.
    """
    name = change.values.get("party_organization")
    if not name or covering.shared:
        return bool(name)
    return is_joint(change.before | change.values) and (
        name in joint or not is_joint(change.before)
    )


def _covering(associations: list[Any]) -> dict[Any, Covering]:
    """What covers the associations without an end, be it only from a later day on."""
    coverages = list(
        Coverage.objects.filter(association__in=associations, valid_until=None).select_related(
            "party_organization"
        )
    )
    organizations = [coverage.party_organization_id for coverage in coverages]  # type: ignore[attr-defined]
    sizes = Counter(
        Coverage.objects.filter(party_organization__in=organizations, valid_until=None).values_list(
            "party_organization", flat=True
        )
    )
    return {
        c.association_id: Covering(c, c.party_organization, sizes[c.party_organization_id] > 1)  # type: ignore[attr-defined]
        for c in coverages
    }


def _end(coverages: list[int], on: str) -> None:
    """End coverages on the day `on`; one that began later never held."""
    ended = Coverage.objects.filter(pk__in=coverages)
    ended.filter(valid_from__gt=on).delete()
    ended.filter(valid_from__lte=on).update(valid_until=on)


def _cover(changes: list[Change], joint: dict[Any, int], on: str) -> None:
    """Cover associations by new Party organisations, or by a joint one of the same name."""
    fresh = iter(next_ids(PartyOrganization, len(changes)))
    made: dict[int, Record] = {}
    joined: dict[int, Record] = {}
    coverages = []
    for change in changes:
        record = {key: change.before.get(key) for key in FORM} | change.values
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
        coverages.append((pk, change.pk, _since(change, on)))
    rows = (_row(pk, record) for pk, record in made.items())
    copy_rows(PartyOrganization, ["id", *FIELDS, "nature", "subordination"], rows)
    copy_rows(Coverage, ["party_organization", "association", "valid_from"], coverages)
    _complete(joined)


def _since(change: Change, on: str) -> str:
    """Since the establishment; who moves from elsewhere is covered from now on."""
    established = first_day(change.values.get("established_on"))  # type: ignore[arg-type]
    return on if change.before.get("has_party_organization") else min(established or on, on)


def _filled(record: Record) -> Record:
    return {key: value for key, value in record.items() if value is not None}


def _complete(records: dict[int, Record]) -> None:
    """Fill in what is still blank on joint organisations that rows have joined."""
    organizations = list(PartyOrganization.objects.filter(pk__in=records))
    for organization in organizations:
        stored = _stored(records[organization.pk])
        for name in FIELDS:
            if not getattr(organization, name):
                setattr(organization, name, stored[name])
    PartyOrganization.objects.bulk_update(organizations, FIELDS, batch_size=1000)


def _joint_organizations(records: Iterable[Record]) -> dict[Any, int]:
    names = {record.get("party_organization") for record in records if is_joint(record)} - {None}
    known = PartyOrganization.objects.filter(name__in=names, dissolved_on=None)
    return dict(known.order_by("-pk").values_list("name", "pk"))


def _row(pk: int, record: Record) -> tuple[Any, ...]:
    values = _stored(record)
    return (pk, *(values[name] for name in FIELDS), PartyOrganization.Nature.ENTITY, "")


def _stored(record: Record) -> dict[str, Any]:
    """Field values of a Party organisation out of a record."""
    values: dict[str, Any] = {field: record.get(key) or "" for key, field in PARTY.items()}
    established = first_day(record.get("established_on"))  # type: ignore[arg-type]
    values["established_on"] = established
    values["last_election_on"] = first_day_from(record.get("last_election_on"), established)  # type: ignore[arg-type]
    return values


def _change(pairs: list[tuple[Change, Covering]], on: str) -> None:
    """Set the described fields; coverage known only since the import follows a found date."""
    organizations: dict[int, PartyOrganization] = {}
    coverages = []
    for change, covering in pairs:
        organization = organizations.setdefault(covering.organization.pk, covering.organization)
        stored = _stored(change.before | change.values)
        for key in PARTY.keys() & change.values.keys():
            setattr(organization, PARTY[key], stored[PARTY[key]])
        since = _corrected_since(change, covering, stored["established_on"], on)
        if since:
            covering.coverage.valid_from = since  # type: ignore[assignment]
            coverages.append(covering.coverage)
    PartyOrganization.objects.bulk_update(organizations.values(), FIELDS, batch_size=1000)
    Coverage.objects.bulk_update(coverages, ["valid_from"], batch_size=2000)


def _corrected_since(
    change: Change, covering: Covering, established: str | None, on: str
) -> str | None:
    """The day since which the coverage holds, where the change says something about that."""
    if "established_on" in change.values and established and not covering.shared:
        return min(established, on)
    return on if "has_party_organization" in change.values else None
