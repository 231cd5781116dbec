"""Exports of long lists and comparisons, written apart from the request that asks for them."""

from typing import Any

from django.http import QueryDict
from django.utils import timezone, translation

from registers import apart
from registers.models import Export, ImportBatch


def begin(
    register_key: str, query: QueryDict, *, by: Any, roster: ImportBatch | None = None
) -> Export:
    """The export of what the list, or the comparison with `roster`, shows for `query`; one on its
    way already is not begun twice."""
    discard_old()
    asked = {
        "register_key": register_key,
        "roster": roster,
        "query": _lasting(query),
        "language": translation.get_language() or "",
        "created_by": by,
    }
    for export in Export.objects.filter(**asked, status__in=Export.AT_WORK):
        if not interrupted(export):
            return export
    export = Export.objects.create(**asked)
    apart.spawn(export)
    return export


def restart(export: Export) -> bool:
    """Begin an interrupted export anew; False where it is not interrupted (any more)."""
    if not export.at_work or not apart.taken_up(export):
        return False
    apart.spawn(export)
    return True


def interrupted(export: Export) -> bool:
    """Whether the export was on its way and its process is gone."""
    return export.at_work and apart.lost(export)


def discard_old() -> None:
    """Delete the exports whose time is over, with their files."""
    for export in Export.objects.filter(created_at__lt=timezone.now() - Export.KEPT):
        export.file.delete(save=False)
        export.delete()


def _lasting(query: QueryDict) -> str:
    """The query string without what only this answer was to be: its format and page."""
    lasting = query.copy()
    for name in ("format", "page"):
        lasting.pop(name, None)
    return lasting.urlencode()
