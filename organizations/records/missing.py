"""What an instructors' roster leaves open: associations that it names and the registry lacks."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rapidfuzz import process

from organizations.models import Association
from organizations.records.assignments import by_any_name
from registers.register import Note, OpenName, Place, Record

LEAST_LIKENESS = 75
CANDIDATES = 3
NAMES_SHOWN = 50


def missing_associations(
    rows: Iterable[tuple[Place, Record]], within: QuerySet[Association]
) -> list[Note]:
    """One note on the associations named in `rows` that `within` lacks; none where it has all."""
    named: dict[str, list[Place]] = defaultdict(list)
    for place, record in rows:
        for name in record.get("associations") or []:  # type: ignore[union-attr]
            named[name].append(place)
    known = by_any_name(named, within)
    missing = {name: places for name, places in named.items() if name not in known}
    return [_note(missing, within)] if missing else []


def likeliest(name: str, names: Sequence[str], limit: int = CANDIDATES) -> list[str]:
    """Those of `names` that `name` may be meant for, the likeliest first."""
    found = process.extract(name, names, limit=limit, score_cutoff=LEAST_LIKENESS)
    return [candidate for candidate, _score, _index in found]


def _note(missing: dict[str, list[Place]], within: QuerySet[Association]) -> Note:
    names = list(within.order_by("name").values_list("name", flat=True))
    shown = list(missing.items())[:NAMES_SHOWN]
    title = ngettext(
        "%(count)s association named here is not in the registry",
        "%(count)s associations named here are not in the registry",
        len(missing),
    )
    return Note(
        title=title % {"count": len(missing)},
        text=_(
            "The rows are not wrong, and the instructors are imported all the same. Afterwards say "
            "under “Associations to identify” which association is meant; or import the "
            "associations first and check this file again."
        ),
        names=[OpenName(name, places, likeliest(name, names)) for name, places in shown],
        more=len(missing) - len(shown),
    )
