"""What the headings of a table mean, told by their words, their parents and the cells below."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from registers.columns import (
    ChoiceColumn,
    Column,
    CreditCodeColumn,
    LookupColumn,
    YearlyChoiceColumn,
    YesNoColumn,
)
from registers.headings.cells import (
    MOSTLY,
    choice_named,
    contradicts,
    doubt,
    evidence,
    is_nothing,
    only_ticks,
)
from registers.headings.words import SOUND, SPELLING, SPREAD, HeadingWords, needs_context, words_of
from registers.headings.writing import (
    BRACKETS,
    YEAR,
    canon,
    canon_inside,
    in_every_language,
    without_year,
    year_of_table,
)
from registers.workbooks import marking
from registers.workbooks.cells import Cell
from registers.workbooks.layout import RUNNING_NUMBERS, Heading

TAIL = re.compile("(?:基本|设置|建设)?(?:情况|信息|概况)$")
ASKED = re.compile(r"是否(?:已经?)?(?:完成|实行|属于|为)?(.+)")

ENOUGH = 0.5
BY_VALUES = 0.6
QUESTION = 0.7
SPREAD_ANSWER = 0.99  # to name a choice says more than to say yes


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
