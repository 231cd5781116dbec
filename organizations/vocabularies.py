"""The names by which rosters call departments and divisions."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from organizations.models import Department, Division
from registers.cleaning import normalise
from registers.columns import Vocabulary


def departments() -> Vocabulary:
    """Every department by its name, short name and aliases."""
    rows = Department.objects.values_list("pk", "name", "short_name", "aliases")
    writings, names = {}, {}
    for pk, name, short, aliases in rows:
        names[pk] = short
        writings[pk] = [name, short, *aliases]
    return vocabulary(names, writings)


def departments_named(units: Iterable[str]) -> dict[str, int | None]:
    """The key of the department that each of `units` names in any writing, None where none does;
    one query for all."""
    known = departments().keys
    return {unit: known.get(normalise(unit)) for unit in units}


def divisions() -> Vocabulary:
    """Every division, also with its county's name before it (曹县庄寨镇).

    A name that two counties have (东城街道) is nobody's by itself.
    """
    rows = Division.objects.values_list(
        "pk", "name", "aliases", "parent__name", "parent__aliases", "parent__kind"
    )
    names, own, full = {}, {}, {}
    for pk, name, aliases, parent, parent_aliases, parent_kind in rows:
        names[pk] = f"{parent}{name}" if parent_kind in Division.COUNTY_KINDS else name
        own[pk] = [name, *aliases]
        parents = [parent, *parent_aliases] if parent else []
        full[pk] = [f"{above}{writing}" for above in parents for writing in own[pk]]
    return vocabulary(names, own, full)


def managing_areas() -> Vocabulary:
    """The management zones, which may look after associations of several counties."""
    rows = Division.objects.zones().values_list("pk", "name", "aliases")
    names, writings = {}, {}
    for pk, name, aliases in rows:
        names[pk] = name
        writings[pk] = [name, *aliases]
    return vocabulary(names, writings)


def vocabulary(names: dict[int, str], *tiers: Mapping[int, Iterable[str]]) -> Vocabulary:
    """The vocabulary of several tiers of writings; one that names two rows of its tier is left
    out, and an earlier tier's goes before a later one's."""
    keys: dict[str, int] = {}
    for writings in tiers:
        owners = defaultdict(set)
        for pk, texts in writings.items():
            for text in texts:
                owners[normalise(text)].add(pk)
        for key, pks in owners.items():
            if key and len(pks) == 1:
                keys.setdefault(key, pks.pop())
    return Vocabulary(keys, names)
