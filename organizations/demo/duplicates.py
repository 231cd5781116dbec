"""Entries of the demo that look like others, so that there is something to merge.

Entries that exist are rewritten, because the number of associations is a figure of the article; and
none that the article names.
"""

from typing import NamedTuple

from django.db import transaction

from organizations.models import Association


class Double(NamedTuple):
    """An entry, the one that it becomes much like, and the name that it gets. same_people: whether
    legal representative and phone are the same, too."""

    entry: str
    like: str
    name: str
    same_people: bool


DOUBLES = (
    Double("曹县机械制造协会", "曹县门窗幕墙协会", "曹县门窗幕墙行业协会", same_people=True),
    Double("曹县水貂养殖商会", "曹县电梯协会", "菏泽市曹县电梯协会", same_people=False),
    Double("曹县五金商会", "曹县无人机商会", "曹县无人机协会（筹）", same_people=False),
    Double("单县无人机联合会", "单县戏曲协会", "山东省菏泽市单县戏曲协会", same_people=True),
    Double("菏泽市机动车检测联合会", "菏泽市公证商会", "菏泽市公证协会", same_people=True),
)


@transaction.atomic
def make_likely_duplicates() -> None:
    """Rewrite the entries that are still as the workbooks have them; safe to repeat."""
    names = {name for double in DOUBLES for name in (double.entry, double.like)}
    known = {each.name: each for each in Association.objects.filter(name__in=names, ended_on=None)}
    for double in DOUBLES:
        entry, like = known.get(double.entry), known.get(double.like)
        if entry is None or like is None:
            continue
        entry.name, entry.credit_code = double.name, ""
        if double.same_people:
            entry.legal_representative, entry.phone = like.legal_representative, like.phone
        entry.save()
