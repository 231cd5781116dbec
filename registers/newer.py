"""What the registry has learnt since the day of which a roster speaks.

A value is newer than the roster where its last recorded change is of a later day: of what an import
wrote the day of which its file spoke, of all else the local day on which it was recorded. What an
undo gives back is as old as it was before.
"""

import datetime
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import ngettext

from registers.models import ImportBatch
from registers.register import Register
from registers.timeline import states

Days = dict[str, datetime.date]  # by column key
BLANK = ("", None)


def newer_than(
    day: datetime.date, register: Register, asked: Mapping[int, Iterable[str]]
) -> dict[int, Days]:
    """The days since which the registry holds values that are newer than `day`; one query.

    asked: keys of the register's `own_fields` by the key of the row; answered are those alone, and
        only where there is something to say
    """
    fields = {key: register.own_fields[key] for keys in asked.values() for key in keys}
    events = _events(register.model, list(asked), set(fields.values()), day)
    found = {}
    for pk, of_row in groupby(events.iterator(), key=lambda event: event["pgh_obj_id"]):
        days = _last_changes(of_row, set(fields.values()))
        newer = {key: days[fields[key]] for key in asked[pk] if fields[key] in days}
        found[pk] = {key: changed for key, changed in newer.items() if changed > day}
    return {pk: days for pk, days in found.items() if days}


def _events(
    model: Any, pks: list[int], fields: set[str], day: datetime.date
) -> QuerySet[Any, dict[str, Any]]:
    """The recorded states of the rows that anybody wrote after `day`, with their origins."""
    morrow = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time.min)
    of_rows = states(model).filter(pgh_obj__pk__any_of=pks)
    written_since = (
        of_rows.filter(pgh_created_at__gte=timezone.make_aware(morrow)).order_by().values("pgh_obj")
    )
    batches = ImportBatch.objects.filter(pk=Cast(OuterRef("batch"), BigIntegerField()))
    return (
        of_rows.filter(pgh_obj__in=written_since)
        .annotate(
            batch=KeyTextTransform("batch", "pgh_context__metadata"),
            undone=KeyTextTransform("undone_batch", "pgh_context__metadata"),
            said_on=Subquery(batches.order_by().values("data_on")),
        )
        .order_by("pgh_obj_id", "pgh_id")
        .values("pgh_obj_id", "pgh_created_at", "batch", "undone", "said_on", *fields)
    )


def _last_changes(events: Iterable[Mapping[str, Any]], fields: Iterable[str]) -> Days:
    """The day of the last change of each field, by the states of one row, the oldest first; of a
    field that never held anything none."""
    held: dict[str, Any] = dict.fromkeys(fields)
    days: Days = {}
    before: dict[str, Days] = {}  # a batch wrote, by its key
    for event in events:
        if event["batch"]:
            before.setdefault(event["batch"], dict(days))
        changed = {name for name, value in held.items() if _differ(value, event[name])}
        held |= {name: event[name] for name in changed}
        if event["undone"] in before:
            given_back = before[event["undone"]]
            days = {name: day for name, day in days.items() if name not in changed}
            days |= {name: given_back[name] for name in changed & given_back.keys()}
        else:
            recorded = timezone.localdate(event["pgh_created_at"])
            days |= dict.fromkeys(changed, event["said_on"] or recorded)
    return days


def _differ(old: Any, new: Any) -> bool:
    return bool(old != new and not (old in BLANK and new in BLANK))


def decision(batch: ImportBatch) -> str:
    """What becomes, or became, of the values in the registry that are newer than the batch's file,
    in a sentence; "" where there are none."""
    number = batch.newer.get("values", 0)
    if not number:
        return ""
    if batch.keeps_newer:
        text = ngettext(
            "%(count)s value that the registry has changed since the day of the file is kept.",
            "%(count)s values that the registry has changed since the day of the file are kept.",
            number,
        )
    else:
        text = ngettext(
            "%(count)s value that the registry has changed since the day of the file is written "
            "over by the file.",
            "%(count)s values that the registry has changed since the day of the file are written "
            "over by the file.",
            number,
        )
    return text % {"count": number}
