"""The headings that mean a column, put into canonical writing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache

from registers.columns import (
    ChoiceColumn,
    Column,
    CountColumn,
    CreditCodeColumn,
    DateColumn,
    LookupColumn,
    NameColumn,
    NamesColumn,
    PhoneColumn,
    YearlyChoiceColumn,
    YesNoColumn,
)
from registers.headings.writing import (
    LEAST_MISSPELT,
    canon,
    in_every_language,
    misspells,
    sound,
)

PLAIN_PARENT = re.compile(r"^(社会组织|商会|协会|单位|组织)?(登记)?(基本|总体)?(情况|信息|概况)$")

LONGEST_HEADING = 60
LESSER = 0.3  # how much less sure a lesser alias is
SPREAD, EXACT, FILLED, SOUND, SPELLING = 1.0, 0.98, 0.92, 0.88, 0.78


# Words that say nothing about a heading's meaning.
FILLERS = (
    "社会组织",
    "行业协会商会",
    "行业协会",
    "协会商会",
    "商会",
    "协会",
    "本",
    "的",
    "该",
    "其中",
    "所在",
    "具体",
    "详细",
    "现任",
    "目前",
    "情况",
    "信息",
    "填写",
    "现有",
    "登记",
    "全市",
)
FILLERS_OF: dict[type[Column], tuple[str, ...]] = {
    CountColumn: ("人数", "数量", "总数", "个数", "总量", "数", "合计", "总计", "人"),
    DateColumn: ("时间", "日期", "年月日", "年月", "年月份"),
    PhoneColumn: ("号码", "号", "方式"),
    CreditCodeColumn: ("号码", "号", "编码"),
    NameColumn: ("姓名", "名称", "全称", "名字"),
    NamesColumn: ("姓名", "名称", "名单", "名字"),
    LookupColumn: ("名称", "全称"),
    ChoiceColumn: ("结果", "结论", "类型"),
    YearlyChoiceColumn: ("结果", "结论", "年度"),
    YesNoColumn: ("是否", "有无", "与否", "已"),
}
# Endings that say the same: 成立时间 or 成立日期, 支部名称 or 支部全称.
ENDINGS: dict[type[Column], tuple[str, ...]] = {
    DateColumn: ("时间|日期|年月日?|年份",),
    NameColumn: ("名称|全称|姓名|名字",),
    NamesColumn: ("名称|全称|姓名|名单",),
    CountColumn: ("总?人?数量?|[家个]数",),
    PhoneColumn: ("(?:联系)?(?:电话|手机|方式)(?:号码?)?",),
    LookupColumn: ("(?:部门|单位|机关|机构)(?:名称|全称)?",),
    ChoiceColumn: ("类型|类别|种类", "方式|形式", "状态|状况"),
}


@lru_cache(maxsize=512)
def words_of(column: Column) -> HeadingWords:
    """The column's headings, put into canonical writing once."""
    return HeadingWords(column)


class HeadingWords:
    """One column's headings in every writing, and how close a text comes to them."""

    def __init__(self, column: Column) -> None:
        self.column = column
        self.aliases = frozenset(
            canon(text) for text in (*in_every_language(column.label), *column.aliases)
        )
        self.lesser = frozenset(map(canon, column.lesser_aliases)) - self.aliases
        self.under = tuple(map(canon, column.under))
        self.not_under = tuple(map(canon, column.not_under))
        # The same headings come again on every sheet of a workbook.
        self.closeness = lru_cache(maxsize=2048)(self._closeness)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return self.filled(self.aliases)

    @cached_property
    def lesser_pattern(self) -> re.Pattern[str]:
        return self.filled(self.lesser)

    def filled(self, aliases: frozenset[str]) -> re.Pattern[str]:
        """An alias with words around it that add nothing."""
        fillers = "|".join(map(re.escape, (*FILLERS, *FILLERS_OF.get(type(self.column), ()))))
        words = "|".join(map(re.escape, sorted((a for a in aliases if len(a) > 1), key=len)))
        return re.compile(f"(?:{fillers})*(?:{words})(?:{fillers})*" if words else r"(?!)")

    @cached_property
    def by_length(self) -> Mapping[int, list[str]]:
        """The aliases that are long enough to be recognised when misspelt."""
        found = defaultdict(list)
        for alias in self.aliases:
            if len(alias) >= LEAST_MISSPELT:
                found[len(alias)].append(alias)
        return found

    @cached_property
    def sounds(self) -> frozenset[tuple[str, ...]]:
        return frozenset(sound(alias) for alias in self.aliases if len(alias) > 1)

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(map(self.stem, self.aliases)) - {""}

    @cached_property
    def lesser_stems(self) -> frozenset[str]:
        return frozenset(map(self.stem, self.lesser)) - {""}

    def stem(self, plain: str) -> str:
        """The text with its ending put for all that mean the same; empty where it has none."""
        for ending in ENDINGS.get(type(self.column), ()):
            stem = re.sub(f"(?:{ending})$", "", plain)
            if 1 < len(stem) < len(plain):
                return f"{stem} {ending}"
        return ""

    def _closeness(self, plain: str) -> float:
        """How surely a canonical text is one of the column's own headings, 0 to 1."""
        if plain in self.aliases:
            return EXACT
        if len(plain) > LONGEST_HEADING:
            return 0
        if self.pattern.fullmatch(plain) or self.stem(plain) in self.stems:
            return FILLED
        if len(plain) > 1 and sound(plain) in self.sounds:
            return SOUND
        lengths = range(len(plain) - 1, len(plain) + 2)
        near = (alias for length in lengths for alias in self.by_length.get(length, ()))
        return SPELLING if any(misspells(plain, alias) for alias in near) else 0

    def lesser_closeness(self, plain: str) -> float:
        if not self.lesser:
            return 0
        if plain in self.lesser:
            return EXACT - LESSER
        alike = self.lesser_pattern.fullmatch(plain) or self.stem(plain) in self.lesser_stems
        return FILLED - LESSER if alike else 0

    def either(self, leaf: str) -> float:
        """How surely a heading that names alternatives (法定代表人/负责人) means the column."""
        named = [canon(text) for text in re.split("[/／或]", leaf)]
        sure = [max(self.closeness(text), self.lesser_closeness(text)) for text in named]
        return min(min(sure), FILLED - LESSER) if len(named) > 1 else 0

    def allows(self, surroundings: Sequence[str], leaf: str) -> bool:
        """Whether the headings above, nearest first, let the column stand here."""
        if self.under and any(word in leaf for word in self.under):
            return True
        for text in surroundings:
            if any(word in text for word in self.not_under):
                return False
            if self.under and any(word in text for word in self.under):
                return True
            if PLAIN_PARENT.match(text):
                break
        return not self.under


def needs_context(leaf: str, leaves: Iterable[str], words: Sequence[HeadingWords]) -> bool:
    """Whether a heading alone doesn't tell its column: its only one stands under certain words,
    or several claim it, and one of these has another heading in this table."""
    claiming = [each for each in words if leaf in each.aliases]
    if len(claiming) < 2:
        return any(each.under for each in claiming)
    return any(other in each.aliases for each in claiming for other in leaves if other != leaf)
