"""What the headings of a table mean, told by their words, their parents and the cells below."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from django.conf import settings
from django.utils import translation
from pypinyin import lazy_pinyin
from rapidfuzz.distance import OSA

from registers.cleaning import blank, is_ditto, ticked, yes_no
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
    Text,
    YearlyChoiceColumn,
    YesNoColumn,
)
from registers.problems import Problem
from registers.workbooks import marking
from registers.workbooks.cells import Cell
from registers.workbooks.layout import RUNNING_NUMBERS, Heading

SPREAD, EXACT, FILLED, SOUND, SPELLING = 1.0, 0.98, 0.92, 0.88, 0.78
SPREAD_ANSWER = 0.99  # to name a choice says more than to say yes
QUESTION = 0.7
LESSER = 0.3  # how much less sure a lesser alias is
LONGEST_HEADING = 60
LEAST_MISSPELT = 5
BY_VALUES = 0.6
ENOUGH = 0.5
MOSTLY = 0.8

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
# One of these more or less makes another word of a heading; that is no misspelling.
TELLING = frozenset(
    "非未不无没副前原女男新上下专兼总正预个单团人县市乡镇街区内外主次实本党会职离退工妇监秘银税"
)
LOOKALIKES = str.maketrans({"末": "未", "己": "已", "巳": "已", "曰": "日", "帐": "账", "藉": "籍"})
ASKED = re.compile(r"是否(?:已经?)?(?:完成|实行|属于|为)?(.+)")
TAIL = re.compile("(?:基本|设置|建设)?(?:情况|信息|概况)$")
PLAIN_PARENT = re.compile(r"^(社会组织|商会|协会|单位|组织)?(登记)?(基本|总体)?(情况|信息|概况)$")
YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)(?:年度|年)?")
YEAR_OF_TABLE = re.compile(r"(?<!\d)(20\d\d)(?:年度|年(?!\s*\d{1,2}\s*月|底|末|初|[上下]半年))")
BRACKETS = re.compile(r"[（(【\[〔][^（()）】\]〕]*[)）】\]〕]")
NUMBERING = re.compile(
    r"^(\d{1,2}[.、．)）]|[（(][\d一二三四五六七八九十]{1,2}[)）]|[一二三四五六七八九十]{1,2}[、.．])"
)


@dataclass(frozen=True)
class Match:
    """What one heading means.

    column: key of the register's column, None where it means none; choice: the code that a tick
    stands for where a choice is spread over columns ("yes" or "no" for a question); year: of a
    yearly column; confidence: 0 to 1; reason: how it was told, a short code.
    """

    heading: Heading
    column: str | None = None
    choice: str | None = None
    year: int | None = None
    confidence: float = 0.0
    reason: str = "unknown"


def match_headings(
    headings: Sequence[Heading],
    columns: Sequence[Column],
    samples: Mapping[int, Sequence[Cell]],
    preamble: Sequence[str] = (),
) -> list[Match]:
    """One match for each heading, in order.

    samples: some cells that are not blank by 0-based column; preamble: the texts above the table.
    A column is used once, save for ticked choices and for years.
    """
    words = [words_of(column) for column in columns]
    table = Table(headings, samples, year_of_table(preamble), words)
    candidates = [match for each in words for match in table.candidates(each)]
    candidates.sort(key=lambda match: (-match.confidence, match.heading.column))
    return table.settle(candidates)


def known_headings(columns: Sequence[Column]) -> Callable[[str], bool]:
    """A test whether a text is a heading of one of the columns, for finding a table's header."""
    words = [words_of(column) for column in columns]

    def is_known(text: str) -> bool:
        plain = canon(text)
        return plain in RUNNING_NUMBERS or any(
            each.closeness(plain) >= SOUND or plain in each.lesser for each in words
        )

    return lru_cache(maxsize=4096)(is_known)


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


class Table:
    """The headings of one table with what stands around and below them."""

    def __init__(
        self,
        headings: Sequence[Heading],
        samples: Mapping[int, Sequence[Cell]],
        year: int | None,
        words: Sequence[HeadingWords],
    ) -> None:
        self.headings = headings
        self.samples = {
            column: [cell for cell in cells if not is_nothing(cell)]
            for column, cells in samples.items()
        }
        self.year = year
        self.words = words
        leaves = Counter(canon(heading.leaf) for heading in headings)
        self.owners = {
            leaf: [each for each in words if each.under and leaf in each.aliases] for leaf in leaves
        }
        self.ambiguous = {
            leaf for leaf in leaves if leaves[leaf] > 1 or needs_context(leaf, leaves, words)
        }

    def candidates(self, words: HeadingWords) -> Iterator[Match]:
        for position, heading in enumerate(self.headings):
            match = (
                self.spread(heading, words)
                or self.question(position, heading, words)
                or self.single(position, heading, words)
            )
            if match:
                yield match

    def single(self, position: int, heading: Heading, words: HeadingWords) -> Match | None:
        """The heading as a column of its own."""
        column, cells = words.column, self.samples.get(heading.column, [])
        surroundings = self.surroundings(position, heading)
        confidence, reason = self.by_words(heading, words, cells)
        if confidence and not words.allows(surroundings, canon(heading.leaf, keep_brackets=True)):
            return Match(heading, confidence=0.02, reason="elsewhere")
        if confidence and contradicts(column, cells):
            return Match(heading, confidence=0.03, reason="values_contradict")
        if not confidence and not self.by_values(words, surroundings, cells):
            return None
        confidence, reason = (confidence, reason) if confidence else (BY_VALUES, "values")
        confidence -= doubt(column, cells)
        return Match(heading, column.key, None, self.year_for(heading, column), confidence, reason)

    def by_words(
        self, heading: Heading, words: HeadingWords, cells: Sequence[Cell]
    ) -> tuple[float, str]:
        leaf, above = heading.leaf, heading.path[:-1]
        if above and YEAR.fullmatch(leaf):
            leaf, above = above[-1], above[:-1]
        texts = [canon(leaf), canon(without_year(leaf)), canon(leaf, keep_brackets=True)]
        if above:
            parent = canon(without_year(above[-1]))
            texts += [canon(parent + leaf), canon(TAIL.sub("", parent) + leaf)]
        confidence = max(words.closeness(text) for text in texts)
        if confidence > SPELLING:
            return confidence, "alias" if confidence > SOUND else "spelling"
        lesser = max(words.either(leaf), *map(words.lesser_closeness, texts))
        shown = evidence(words.column, cells) if confidence or lesser else 0
        if shown is not None and shown < ENOUGH:
            return 0, "unknown"
        return (confidence, "spelling") if confidence else (lesser, "lesser_alias")

    def by_values(
        self, words: HeadingWords, surroundings: Sequence[str], cells: Sequence[Cell]
    ) -> bool:
        """Whether the cells alone tell: codes, or names with the words that such names have."""
        column = words.column
        telling = isinstance(column, CreditCodeColumn) or (column.required and column.like)
        if not telling or any(word in text for word in words.not_under for text in surroundings):
            return False
        distinct = len({str(cell) for cell in cells})
        return distinct >= 2 and (evidence(column, cells) or 0) >= MOSTLY

    def spread(self, heading: Heading, words: HeadingWords) -> Match | None:
        """The heading as one of the ticked columns that a choice is spread over."""
        column = words.column
        if len(heading.path) < 2 or not isinstance(column, ChoiceColumn | YesNoColumn):
            return None
        choice = choice_named(column, heading.leaf)
        if choice is None or not self.stands_under(heading, words):
            return None
        if not only_ticks(self.samples.get(heading.column, ()), heading.leaf):
            return None
        sure = SPREAD if isinstance(column, ChoiceColumn) else SPREAD_ANSWER
        return Match(heading, column.key, choice, self.year_for(heading, column), sure, "spread")

    def stands_under(self, heading: Heading, words: HeadingWords) -> bool:
        parent = canon(without_year(heading.path[-2]))
        others = getattr(words.column, "spread_under", ())
        if parent in map(canon, others):
            return True
        above = [canon(text) for text in reversed(heading.path[:-2])]
        named = max(map(words.closeness, [parent, *(text + parent for text in above[:1])]))
        return named >= SOUND and words.allows(above, parent)

    def question(self, position: int, heading: Heading, words: HeadingWords) -> Match | None:
        """The heading as a question about one choice (是否脱钩) that is answered by yes or no."""
        column, cells = words.column, self.samples.get(heading.column, [])
        if type(column) is not ChoiceColumn or not cells:
            return None
        asked = ASKED.fullmatch(canon(heading.leaf))
        choice = column.known.get(asked[1]) if asked else None
        if choice is None or not only_ticks(cells, heading.leaf):
            return None
        if not words.allows(self.surroundings(position, heading), ""):
            return None
        return Match(heading, column.key, choice, None, QUESTION, "question")

    def surroundings(self, position: int, heading: Heading) -> list[str]:
        """The headings above, nearest first; for an ambiguous one without any, those before."""
        leaf = canon(heading.leaf)
        above = [canon(text, keep_brackets=True) for text in reversed(heading.path[:-1])]
        before = [] if above else self.headings[max(0, position - 3) : position]
        beside = [canon(other.leaf) for other in reversed(before)]
        for words in self.owners.get(leaf, ()):
            if telling := [text for text in beside if words.allows([text], "")]:
                return telling[:1]
        if beside and leaf in self.ambiguous:
            return beside
        return [*map(canon_inside, BRACKETS.findall(heading.leaf)), *above]

    def year_for(self, heading: Heading, column: Column) -> int | None:
        if not isinstance(column, YearlyChoiceColumn):
            return None
        years = [int(found) for text in heading.path for found in YEAR.findall(text)]
        return years[-1] if years else self.year

    def settle(self, candidates: Sequence[Match]) -> list[Match]:
        """The best candidate of each heading; what another heading already means is not meant."""
        settled: dict[int, Match] = {}
        taken: set[tuple[str, int | None, str | None]] = set()
        whole: set[tuple[str, int | None]] = set()
        left: dict[int, Match] = {}
        for match in candidates:
            place = match.heading.column
            if place in settled:
                continue
            if match.column is None or (
                self.clashes(match, taken, whole) and not self.adds(match, settled)
            ):
                reason = match.reason if match.column is None else "taken"
                left.setdefault(place, Match(match.heading, reason=reason))
                continue
            settled[place] = match
            taken.add((match.column, match.year, match.choice))
            whole.add((match.column, match.year))
        return [
            settled.get(h.column) or left.get(h.column) or Match(h, reason=self.why_not(h))
            for h in self.headings
        ]

    @staticmethod
    def clashes(
        match: Match,
        taken: set[tuple[str, int | None, str | None]],
        whole: set[tuple[str, int | None]],
    ) -> bool:
        """Whether the column is used: as a whole, or (for a ticked choice) by a whole column."""
        key = (str(match.column), match.year)
        if match.choice is None:
            return key in whole
        return (*key, None) in taken

    def adds(self, match: Match, settled: Mapping[int, Match]) -> bool:
        """Whether a name that stands in several columns has one of its parts only here."""
        column = next(each.column for each in self.words if each.column.key == match.column)
        same = [other.heading.leaf for other in settled.values() if other.column == match.column]
        return isinstance(column, LookupColumn) and column.in_parts([*same, match.heading.leaf])

    def why_not(self, heading: Heading) -> str:
        if canon(heading.leaf) in RUNNING_NUMBERS:
            return "running_number"
        beside = [other for other in self.headings if other.column >= heading.column]
        return "marks" if all(other.leaf in marks() for other in beside) else "unknown"


@cache
def marks() -> set[str]:
    """The heading of the column in which a marked workbook says its problems, in any language."""
    return set(in_every_language(marking.HEADING))


def needs_context(leaf: str, leaves: Iterable[str], words: Sequence[HeadingWords]) -> bool:
    """Whether a heading alone doesn't tell its column: its only one stands under certain words,
    or several claim it, and one of these has another heading in this table."""
    claiming = [each for each in words if leaf in each.aliases]
    if len(claiming) < 2:
        return any(each.under for each in claiming)
    return any(other in each.aliases for each in claiming for other in leaves if other != leaf)


@lru_cache(maxsize=16384)
def canon(text: str, keep_brackets: bool = False) -> str:
    """A heading without what does not change its meaning: width, spaces, numbering, brackets."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = NUMBERING.sub("", "".join(text.split()))
    bare = text if keep_brackets else BRACKETS.sub("", text)
    return re.sub(r"[^\w]|_", "", bare or text)


def canon_inside(brackets: str) -> str:
    return canon(brackets[1:-1])


def without_year(text: str) -> str:
    return YEAR.sub("", unicodedata.normalize("NFKC", text)) or text


def year_of_table(preamble: Sequence[str]) -> int | None:
    """The year that a title speaks of (2024年度…台账); a date of filling in says nothing."""
    for text in preamble:
        found = YEAR_OF_TABLE.search(unicodedata.normalize("NFKC", text))
        if found and not re.search(r"填[报表]|截[至止]|日期|时间", text[: found.start()]):
            return int(found[1])
    return None


def in_every_language(text: Text) -> Iterator[str]:
    """What `text` says in each language of the site."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            yield str(text)


@lru_cache(maxsize=8192)
def sound(text: str) -> tuple[str, ...]:
    """How a text sounds; 为参检 sounds like 未参检, which is how headings come to be mistyped."""
    return tuple(lazy_pinyin(text.translate(LOOKALIKES), errors="ignore")) or (text,)


def misspells(text: str, alias: str) -> bool:
    """Whether one letter more, less, other or exchanged makes the text the alias."""
    if len(text) < LEAST_MISSPELT or abs(len(text) - len(alias)) > 1:
        return False
    if text.isascii() != alias.isascii() or OSA.distance(text, alias, score_cutoff=1) > 1:
        return False
    changed = set(text) ^ set(alias)
    return not changed & TELLING and (len(text) != len(alias) or len(text) >= 6)


def is_nothing(cell: Cell) -> bool:
    return blank(cell) or is_ditto(cell) or str(cell).strip() == "0"


def answers(cell: Cell) -> bool:
    """Whether a cell is a tick or says yes or no, in something else than digits."""
    try:
        return not str(cell).isdigit() and yes_no(cell) is not None
    except Problem:
        return False


def shape(cell: Cell) -> str:
    """What sort of thing a cell holds, as far as its characters tell."""
    if isinstance(cell, datetime.date | datetime.time):
        return "date"
    text = "".join(unicodedata.normalize("NFKC", str(cell)).split())
    text = text.removesuffix(".0")
    if answers(text):
        return "answer"
    if re.fullmatch(r"[0-9A-Za-z]{15,20}", text) and re.search(r"\d{4}", text):
        return "code"
    if re.fullmatch(r"(\+?86-?)?1\d{10}|0\d{2,3}-?\d{7,8}", text):
        return "phone"
    if re.fullmatch(r"(19|20)\d\d([-./年]\d{1,2}([-./月]\d{1,2}日?)?月?|年)|(19|20)\d{6}", text):
        return "date"
    if re.fullmatch(r"-?\d+(\.\d+)?[人个家名]?", text):
        return "small" if abs(float(re.sub("[人个家名]", "", text))) < 1900 else "number"
    return "mixed" if re.search(r"\d", text) else "word"


NO_NAME = frozenset({"small", "number", "answer", "date", "code", "phone"})
NEVER: dict[type[Column], frozenset[str]] = {
    NameColumn: NO_NAME,
    NamesColumn: NO_NAME,
    LookupColumn: NO_NAME,
    CreditCodeColumn: frozenset({"word", "small", "answer", "date", "phone"}),
    DateColumn: frozenset({"word", "small", "answer", "code", "phone"}),
    CountColumn: frozenset({"word", "answer", "date", "code", "phone"}),
    PhoneColumn: frozenset({"word", "small", "answer", "date", "code"}),
    ChoiceColumn: NO_NAME,
    YearlyChoiceColumn: NO_NAME,
    YesNoColumn: frozenset({"number", "date", "code", "phone"}),
}


def contradicts(column: Column, cells: Sequence[Cell]) -> bool:
    """Whether nearly all cells are of a sort that the column never holds."""
    least = 1 if isinstance(column, NameColumn | NamesColumn) else 2
    if len(cells) < least:
        return False
    never = NEVER.get(type(column), frozenset())
    said = [cell for cell in cells if not column.says_nothing(cell)]
    foreign = [cell for cell in said if shape(cell) in never]
    if isinstance(column, ChoiceColumn):
        foreign = [cell for cell in foreign if not fits(column, cell)]
    return bool(said) and len(foreign) >= MOSTLY * len(said)


def evidence(column: Column, cells: Sequence[Cell]) -> float | None:
    """The share of cells that look like the column's, None where cells can't tell."""
    if not cells:
        return None
    if column.like:
        pattern = re.compile(column.like)
        return sum(pattern.search(str(cell)) is not None for cell in cells) / len(cells)
    if isinstance(column, CreditCodeColumn):
        return sum(shape(cell) == "code" for cell in cells) / len(cells)
    if isinstance(column, ChoiceColumn | YesNoColumn | DateColumn | CountColumn | PhoneColumn):
        return sum(fits(column, cell) for cell in cells) / len(cells)
    return None


def doubt(column: Column, cells: Sequence[Cell]) -> float:
    """How much less sure the cells make a heading."""
    shown = evidence(column, cells)
    if shown == 0 and len(cells) > 2:
        return 0.5
    return 0.0 if shown is None else 0.05 * (1 - shown)


def fits(column: Column, cell: Cell) -> bool:
    try:
        column.clean(cell)
    except Problem:
        return False
    return True


def choice_named(column: ChoiceColumn | YesNoColumn, text: str) -> str | None:
    """The code of the choice that a heading names, "yes" or "no" for a question's answer."""
    if isinstance(column, YesNoColumn):
        return answer_named(column, canon(text))
    try:
        return str(ChoiceColumn.clean(column, text) or "") or None
    except Problem:
        sounds = defaultdict(set)
        for writing, code in column.known.items():
            sounds[sound(writing)].add(code)
        codes = sounds.get(sound(canon(text)), set())
        return codes.pop() if len(codes) == 1 else None


def answer_named(column: YesNoColumn, text: str) -> str | None:
    try:
        answer = column.clean(text)
    except Problem:
        return None
    return None if answer is None else "yes" if answer else "no"


def only_ticks(cells: Sequence[Cell], leaf: str) -> bool:
    """Whether the cells tick a choice: a mark, 1, 是, or the choice's own name."""
    ticks = sum(is_tick(cell) or canon(str(cell)) == canon(leaf) for cell in cells)
    return ticks >= MOSTLY * len(cells)


def is_tick(cell: Cell) -> bool:
    try:
        ticked(cell)
    except Problem:
        return False
    return True
