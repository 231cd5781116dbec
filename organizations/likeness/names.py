"""What is left of an association's name without the place before it and the ending behind it.

曹县木业协会, 菏泽市曹县木业商会 and 山东省曹县木业行业协会（筹） are all 木业 of 曹县.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from organizations.models import Division
from registers.cleaning import normalise

PROVINCE = re.compile("^(山东省|山东)(?=.)")
# Endings between which offices change for one and the same association, 工会 being the usual slip
# for 公会. 学会, 研究会 and 促进会 are associations of their own kind and stay part of the name.
ENDINGS = (
    "行业协会商会", "协会商会", "商会协会", "商协会", "行业联合会", "行业协会", "行业商会",
    "产业协会", "产业商会", "产业联合会", "同业公会", "同业工会", "同业协会", "联合会", "协会",
    "商会", "公会", "工会",
)  # fmt: skip
IN_PREPARATION = ("筹备委员会", "筹备组", "筹备处", "筹备", "筹建", "筹")
# Names of places by themselves end so; shorter ones (曹, 牡丹) are words of other names too.
PLACE = re.compile("(市|县|区|镇|乡|街道|办事处|街道办|菏泽)$")


@dataclass(frozen=True)
class Name:
    """A name taken apart. writing: letters and digits of the whole; place: key of the smallest
    division in front; rest: what follows it; core: the rest without its ending; preparing: whether
    it said that the association was only being founded."""

    writing: str
    place: int | None
    rest: str
    core: str
    preparing: bool


class Names:
    """Takes names apart by the divisions of the registry; one query."""

    def __init__(self) -> None:
        self.parents: dict[int, int | None] = {}
        self.counties: dict[int, int] = {}
        self.owners: dict[str, list[int]] = defaultdict(list)
        for place in Division.objects.select_related("parent"):
            self.parents[place.pk] = place.parent_id
            self.counties[place.pk] = (place.county or place).pk
            for writing in {normalise(each) for each in (place.name, *place.aliases)}:
                if PLACE.search(writing):
                    self.owners[writing].append(place.pk)
        self.lengths: dict[str, list[int]] = defaultdict(list)  # by the first character
        for writing in sorted(self.owners, key=len, reverse=True):
            if len(writing) not in self.lengths[writing[0]]:
                self.lengths[writing[0]].append(len(writing))
        self.taken_apart = lru_cache(maxsize=2**17)(self._taken_apart)

    def apart(self, name: str) -> Name:
        """`name` taken apart; what it comes to is the same for every width and spacing."""
        return self.taken_apart(normalise(name))

    def county(self, place: int | None) -> int | None:
        """The county in which a place lies; the city for itself, None for no place."""
        return None if place is None else self.counties.get(place, place)

    def _taken_apart(self, writing: str) -> Name:
        place, rest = self._without_place(PROVINCE.sub("", writing))
        finished = _stripped(IN_PREPARATION, rest)
        return Name(writing, place, finished, self._core(finished), finished != rest)

    def _core(self, rest: str) -> str:
        """Without its endings, and without what these held back."""
        while True:
            shorter = _stripped(ENDINGS, _stripped(IN_PREPARATION, rest))
            _place, shorter = self._without_place(PROVINCE.sub("", shorter))
            if shorter == rest:
                return rest
            rest = shorter

    def _without_place(self, writing: str) -> tuple[int | None, str]:
        place: int | None = None
        while True:
            found = self._in_front(writing, place)
            if found is None:
                return place, writing
            place, length = found
            writing = writing[length:]

    def _in_front(self, writing: str, within: int | None) -> tuple[int, int] | None:
        """(key, length) of the longest place in front that lies in `within`, None for none."""
        for length in self.lengths.get(writing[:1], ()):
            owners = self.owners.get(writing[:length], ())
            inside = [pk for pk in owners if within is None or self._lies_in(pk, within)]
            if len(inside) == 1:
                return inside[0], length
        return None

    def _lies_in(self, place: int | None, whole: int) -> bool:
        while place is not None:
            if place == whole:
                return True
            place = self.parents.get(place)
        return False


def _stripped(endings: tuple[str, ...], text: str) -> str:
    """`text` without the first of `endings` that it has; a longer one stands before its own end."""
    if not text.endswith(endings):
        return text
    return text.removesuffix(next(ending for ending in endings if text.endswith(ending)))
