"""What is known of duplicates, as workbooks: likely pairs, what was settled, what was merged."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.likeness.pairs import Pair
from organizations.models import Association
from registers.columns import Column, DateColumn
from registers.downloads import EXPORT, day_and_number, table_response
from registers.register import Record

PAIRS = (
    Column(key="one", label=gettext_lazy("Association"), width=36),
    Column(key="one_code", label=gettext_lazy("Credit code"), width=22),
    Column(key="other", label=gettext_lazy("Probably the same"), width=36),
    Column(key="other_code", label=gettext_lazy("Its credit code"), width=22),
    Column(key="likelihood", label=gettext_lazy("How likely"), width=18),
    Column(key="evidence", label=gettext_lazy("Why"), width=48),
)
SETTLED = (
    Column(key="settled", label=gettext_lazy("What was settled"), width=28),
    Column(key="name", label=gettext_lazy("Name"), width=36),
    Column(key="association", label=gettext_lazy("Association"), width=36),
    Column(key="reason", label=gettext_lazy("Reason"), width=28),
    Column(key="by", label=gettext_lazy("Settled by")),
    DateColumn(key="on", label=gettext_lazy("Day")),
)
MERGERS = (
    Column(key="absorbed", label=gettext_lazy("Entry taken in"), width=36),
    Column(key="survivor", label=gettext_lazy("Now part of"), width=36),
    Column(key="by", label=gettext_lazy("Merged by")),
    Column(key="at", label=gettext_lazy("Merged at"), width=20),
)


def pairs_file(pairs: Iterable[Pair], user: Any) -> HttpResponse:
    """Those of the likely `pairs` of which the person may export both."""
    known = Association.objects.for_user(user, EXPORT).order_by()
    names = {pk: (name, code) for pk, name, code in known.values_list("pk", "name", "credit_code")}
    listed = [pair for pair in pairs if names.keys() >= set(pair.keys)]
    records = (_pair(pair, names) for pair in listed)
    rule = _("Registered associations in your scope that are probably one, entered twice.")
    notes = [day_and_number(timezone.localdate(), len(listed)), rule]
    return table_response(_("Likely duplicates"), PAIRS, records, notes)


def _pair(pair: Pair, names: dict[int, tuple[str, str]]) -> Record:
    likely = pair.likeness.is_very_likely
    one, other = names[pair.low], names[pair.high]
    return {
        "one": one[0],
        "one_code": one[1],
        "other": other[0],
        "other_code": other[1],
        "likelihood": _("Very likely the same") if likely else _("Perhaps the same"),
        "evidence": _("; ").join(str(each.label) for each in pair.likeness.evidence),
    }


def settled_file(pairs: Any, distinct: Any, former: Any) -> HttpResponse:
    """What was decided about names: which pairs are two, what names mean."""
    records = list(_settled(pairs, distinct, former))
    notes = [day_and_number(timezone.localdate(), len(records))]
    return table_response(_("Settled names and pairs"), SETTLED, records, notes)


def _settled(pairs: Any, distinct: Any, former: Any) -> Iterator[Record]:
    for each in pairs:
        yield {
            "settled": _("Not duplicates"),
            "name": each.low.name,
            "association": each.high.name,
            **_judged(each),
        }
    for each in distinct:
        yield {
            "settled": _("Does not mean"),
            "name": each.name,
            "association": each.association.name,
            **_judged(each),
        }
    for each in former:
        yield {
            "settled": _("Stands for"),
            "name": each.name,
            "association": each.association.name,
            "on": each.since.isoformat(),
        }


def _judged(judgement: Any) -> dict[str, str]:
    return {
        "reason": judgement.reason,
        "by": str(judgement.by or ""),
        "on": timezone.localdate(judgement.at).isoformat(),
    }


def mergers_file(rows: Any) -> HttpResponse:
    """Which entries became part of which."""
    records = (
        {
            "absorbed": row.absorbed_name,
            "survivor": row.survivor.name,
            "by": str(row.by or ""),
            "at": date_format(timezone.localtime(row.at), "DATETIME_FORMAT"),
        }
        for row in rows
    )
    notes = [day_and_number(timezone.localdate(), rows.count())]
    return table_response(_("Merged entries"), MERGERS, records, notes)
