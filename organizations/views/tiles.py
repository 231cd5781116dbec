"""The tile map: one tile per county, roughly in place, shaded by organisation coverage."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import localize
from django.utils.translation import gettext as _

from organizations.coverage import Group

# Lower ends, in per cent, of the shades above the lightest.
STEPS = (50, 60, 70, 80)
NOTHING = 0


@dataclass(frozen=True)
class Tile:
    """What templates/_components/tile_map.html shows. share: `value` as it is written."""

    name: str
    place: str
    value: Decimal | None
    share: str
    note: str
    url: str


def tiles(counties: Sequence[Group], url_of: Callable[[Group], str]) -> list[Tile]:
    """A tile for every county that has a place on the map."""
    return [_tile(county, *county.tile, url_of(county)) for county in counties if county.tile]


def legend() -> list[dict[str, Any]]:
    """What each shade means."""
    steps = [(1, _("below %(step)s%%") % {"step": STEPS[0]})]
    pairs = zip(STEPS, (*STEPS[1:], 100), strict=True)
    steps += [(shade, f"{low}–{high}%") for shade, (low, high) in enumerate(pairs, start=2)]
    return [{"shade": shade, "label": label} for shade, label in steps]


def _tile(county: Group, column: int, row: int, url: str) -> Tile:
    share = county.tally.organisation_coverage
    shade = NOTHING if share is None else 1 + sum(share >= step for step in STEPS)
    return Tile(
        name=str(county.label),
        place=f"tile-c{column} tile-r{row} shade-{shade}",
        value=share,
        share="—" if share is None else f"{localize(share)}%",
        note=f"{localize(county.tally.covered)} ÷ {localize(county.tally.active)}",
        url=url,
    )
