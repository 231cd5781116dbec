"""What follows with certainty from a row, its file and its sheet."""

import re
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from organizations.models import Association, Division, PartyOrganization
from organizations.records.reading import PARTY
from registers.register import Hints, Record

Level = Association.Level
KINDS = {
    "1": Association.Kind.ASSOCIATION,
    "2": Association.Kind.SERVICE,
    "3": Association.Kind.FOUNDATION,
}
PARTY_KINDS = (
    (re.compile("联合(党)?支部"), PartyOrganization.Kind.JOINT_BRANCH),
    (re.compile("临时(党)?支部"), PartyOrganization.Kind.PROVISIONAL_BRANCH),
    (re.compile("总支"), PartyOrganization.Kind.GENERAL_BRANCH),
    (re.compile("支部"), PartyOrganization.Kind.BRANCH),
    (re.compile("(党委|委员会)$"), PartyOrganization.Kind.COMMITTEE),
)


class Places:
    """The divisions, to be found by code or in front of a name."""

    def __init__(self) -> None:
        divisions = list(Division.objects.select_related("parent"))
        self.by_code = {d.code: d for d in divisions}
        self.by_pk = {d.pk: d for d in divisions}
        self.by_name = dict(_prefixes(divisions))
        self.lengths = sorted({len(name) for name in self.by_name}, reverse=True)

    def in_front_of(self, name: str) -> Division | None:
        """The smallest division whose full name begins `name`."""
        for length in self.lengths:
            if place := self.by_name.get(name[:length]):
                return place
        return None

    def of(self, record: Record, hints: Hints) -> Division | None:
        """Where the association is: its name's township, else its code's authority, else its
        name's county or city, else its division, else the sheet's or the title's place."""
        named = self.in_front_of(str(record.get("name") or ""))
        if named and named.kind in Division.TOWNSHIP_KINDS:
            return named
        code = str(record.get("credit_code") or "")[2:8]
        texts = (hints.sheet, *hints.preamble)
        return (
            self.by_code.get(code)
            or named
            or self.by_pk.get(record.get("division"))  # type: ignore[arg-type]
            or next(filter(None, map(self.in_front_of, texts)), None)
        )


def _prefixes(divisions: list[Division]) -> list[tuple[str, Division]]:
    """Full names of places; a township's own name only where no other place bears it."""
    pairs = []
    names = [d.name for d in divisions]
    for place in divisions:
        spellings = [place.name, *place.aliases]
        if place.kind in Division.TOWNSHIP_KINDS and place.parent:
            pairs += [(f"{place.parent.name}{spelling}", place) for spelling in spellings]
            spellings = [place.name] if names.count(place.name) == 1 else []
        pairs += [
            (spelling, place)
            for spelling in spellings
            if len(spelling) > 2 or spelling == place.name
        ]
    return pairs


def association_inferrer(hints: Hints) -> Callable[[Record], Record]:
    """A function from an association's record to what it leaves out but settles."""
    places = Places()
    today = timezone.localdate().isoformat()

    def infer(record: Record) -> Record:
        inferred = _place(record, places.of(record, hints))
        inferred |= party_of_row(record)
        if record.get("status") not in (None, Association.Status.NORMAL):
            inferred["ended_on"] = today
        kind = KINDS.get(str(record.get("credit_code") or "  ")[1])
        if kind:
            inferred["kind"] = kind
        return {key: value for key, value in inferred.items() if record.get(key) is None}

    return infer


def _place(record: Record, place: Division | None) -> Record:
    if place is None:
        return {}
    return {"division": place.pk, "level": _level(record, place)}


def _level(record: Record, place: Division) -> str:
    if record.get("registration_type") == Association.RegistrationType.CHAMBER:
        return Level.TOWNSHIP
    if place.kind in Division.TOWNSHIP_KINDS:
        return Level.TOWNSHIP
    return Level.CITY if place.kind == Division.Kind.CITY else Level.COUNTY


def party_of_row(record: Record) -> Record:
    """A named or dated Party organisation exists; its name tells its kind."""
    if not any(map(record.get, PARTY)):
        return {}
    inferred: dict[str, Any] = {"has_party_organization": True}
    name = str(record.get("party_organization") or "")
    kind = next((kind for pattern, kind in PARTY_KINDS if pattern.search(name)), None)
    if kind:
        inferred["party_kind"] = kind
    return inferred
