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


@dataclass(frozen=True)
class Covering:
    """The Party organisation that covers an association now, and how many it covers."""

    coverage: Coverage
    organization: PartyOrganization
    shared: bool


def write_party(changes: Iterable[Change], on: str) -> None:
    """Create, change, join or end the coverage that each change describes."""
    described = [c for c in changes if _describes_party(c.values)]
    covering = _covering([c.pk for c in described if c.before.get("has_party_organization")], on)
    ending = [c for c in described if c.values.get("has_party_organization") is False]
    _end([covering[c.pk].coverage.pk for c in ending if c.pk in covering], on)
    staying = [c for c in described if c.values.get("has_party_organization") is not False]
    moving = [c for c in staying if c.pk in covering and _moves(c, covering[c.pk])]
    _end([covering[c.pk].coverage.pk for c in moving], on)
    moved = {c.pk for c in moving}
    _cover([c for c in staying if c.pk not in covering or c.pk in moved], on)
    _change([(c, covering[c.pk]) for c in staying if c.pk in covering and c.pk not in moved])


def is_joint(record: Record) -> bool:
    """Whether the record's Party organisation serves several associations."""
    return record.get("party_kind") == PartyOrganization.Kind.JOINT_BRANCH or str(
        record.get("formation") or ""
    ).startswith("joint")


def _describes_party(values: Record) -> bool:
    return "has_party_organization" in values or not PARTY.keys().isdisjoint(values)


def _moves(change: Change, covering: Covering) -> bool:
    """A new name on a shared organisation means another organisation; else it is a renaming."""
    return covering.shared and "party_organization" in change.values


def _covering(associations: list[Any], on: str) -> dict[Any, Covering]:
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


def _cover(changes: list[Change], on: str) -> None:
    """Cover associations by new Party organisations, or by a joint one of the same name."""
    joint = _joint_organizations([c.values for c in changes])
    fresh = iter(next_ids(PartyOrganization, len(changes)))
    organizations, coverages = [], []
    for change in changes:
        values = change.values
        name = values.get("party_organization") if is_joint(values) else None
        pk = joint.get(name) if name else None
        if pk is None:
            pk = next(fresh)
            organizations.append(_row(pk, values))
            if name:
                joint[name] = pk
        since = first_day(values.get("established_on")) or on  # type: ignore[arg-type]
        coverages.append((pk, change.pk, min(since, on)))
    copy_rows(PartyOrganization, ["id", *FIELDS, "nature", "subordination"], organizations)
    copy_rows(Coverage, ["party_organization", "association", "valid_from"], coverages)


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


def _change(pairs: list[tuple[Change, Covering]]) -> None:
    """Set the described fields; coverage known only since the import follows a found date."""
    coverages = []
    for change, covering in pairs:
        stored = _stored(change.before | change.values)
        for name in FIELDS:
            setattr(covering.organization, name, stored[name])
        if "established_on" in change.values and not covering.shared:
            covering.coverage.valid_from = stored["established_on"] or covering.coverage.valid_from
            coverages.append(covering.coverage)
    PartyOrganization.objects.bulk_update(
        {c.organization.pk: c.organization for _, c in pairs}.values(), FIELDS, batch_size=1000
    )
    Coverage.objects.bulk_update(coverages, ["valid_from"], batch_size=2000)
