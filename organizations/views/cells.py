"""Rows and cells of the coverage tables.

A page has hundreds of them, and template tags for each cost more than all its queries: so they
are joined here, and a bar, which looks the same wherever its share is the same, is rendered once.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from html import escape

from django.template.loader import render_to_string
from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

LANGUAGES = 2
SHARES = 1_001 * LANGUAGES  # from 0.0 to 100.0
COUNTS = 4_096
QUERIES = 64


def table_rows(
    rows: Iterable[tuple[str | Promise, SafeString]], *, on_one_line: bool = False
) -> SafeString:
    """Rows of a table from their labels and cells. on_one_line: labels are not broken."""
    opened = '<tr><th class="nowrap" scope="row">' if on_one_line else '<tr><th scope="row">'
    lines = (f"{opened}{escape(str(label))}</th>{cells}</tr>" for label, cells in rows)
    return mark_safe("\n".join(lines))  # noqa: S308  # labels are escaped, cells are markup


def number_cells(
    url: str, counts: Mapping[str, int], shares: Iterable[Decimal | None] = ()
) -> SafeString:
    """A cell per count, linked to `url` narrowed by the count's key, a query string; then a bar
    with its per cent per share, a dash where there is none."""
    language, start = get_language(), f'<td class="number"><a href="{escape(url)}'
    cells = [
        f'{start}{_escaped(query)}">{_written(count, language)}</a></td>'
        if count
        else '<td class="number">0</td>'
        for query, count in counts.items()
    ]
    cells += (_bar_cell(share, language) for share in shares)
    return mark_safe("".join(cells))  # noqa: S308  # addresses are escaped, the rest are numbers


def share_cells(shares: Iterable[Decimal | None]) -> list[SafeString]:
    """A cell with per cent for each share; a dash where there is none."""
    language = get_language()
    return [_share_cell(share, language) for share in shares]


def heading_cells(counts: Iterable[str | Promise], bars: Iterable[str]) -> SafeString:
    """The headings over number cells: of the counts, then of the bars."""
    cells = [format_html('<th scope="col" class="number">{}</th>', each) for each in counts]
    cells += (format_html('<th scope="col">{}</th>', each) for each in bars)
    return mark_safe("".join(cells))  # noqa: S308  # each is escaped


@lru_cache(maxsize=QUERIES)
def _escaped(query: str) -> str:
    return escape(query)


@lru_cache(maxsize=COUNTS)
def _written(count: int, language: str) -> str:
    return localize(count)


@lru_cache(maxsize=SHARES)
def _share_cell(share: Decimal | None, language: str) -> SafeString:
    written = "—" if share is None else f"{localize(share)}%"
    return format_html('<td class="number">{}</td>', written)


@lru_cache(maxsize=SHARES)
def _bar_cell(share: Decimal | None, language: str) -> SafeString:
    return render_to_string("_components/bar_cell.html", {"value": share})
