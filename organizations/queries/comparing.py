"""What an import of associations is compared by: what its rows share, and what they may mean."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from organizations.models import Association, Division
from organizations.queries.duplicates import matches
from registers.register import Match, Record, Shared


def shared_county(records: Sequence[Record], rows: QuerySet[Any]) -> list[Shared]:
    """The one county in which all records lie, and those of `rows` in it; none for the city."""
    keys: set[Any] = {record["division"] for record in records if "division" in record}
    known = Division.objects.select_related("parent").in_bulk(keys - {None})
    counties = {known[key].county if key in known else None for key in keys}
    county = counties.pop() if len(counties) == 1 else None
    if county is None:
        return []
    within = rows.filter(division__in=Division.objects.within(county.code).order_by().values("pk"))
    return [Shared(_("County or district"), county.name, within)]


def matches_of_rows(records: Sequence[Record], user: Any) -> list[list[Match]]:
    """For each record the registered associations that it may mean, of those `user` may change."""
    found = matches(records, user, Permission.IMPORT_REGISTER)
    keys = {pk for likely in found for pk, _likeness in likely}
    known = Association.objects.in_bulk(keys)
    return [
        [
            Match(known[pk], [e.label for e in each.evidence], each.is_very_likely)
            for pk, each in likely
            if pk in known
        ]
        for likely in found
    ]
