"""How headings are written: what changes their meaning, and what does not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from django.conf import settings
from django.utils import translation
from pypinyin import lazy_pinyin
from rapidfuzz.distance import OSA

from registers.columns import Text

LEAST_MISSPELT = 5

# One of these more or less makes another word of a heading; that is no misspelling.
TELLING = frozenset(
    "非未不无没副前原女男新上下专兼总正预个单团人县市乡镇街区内外主次实本党会职离退工妇监秘银税"
)
LOOKALIKES = str.maketrans({"末": "未", "己": "已", "巳": "已", "曰": "日", "帐": "账", "藉": "籍"})
YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)(?:年度|年)?")
YEAR_OF_TABLE = re.compile(r"(?<!\d)(20\d\d)(?:年度|年(?!\s*\d{1,2}\s*月|底|末|初|[上下]半年))")
BRACKETS = re.compile(r"[（(【\[〔][^（()）】\]〕]*[)）】\]〕]")
NUMBERING = re.compile(
    r"^(\d{1,2}[.、．)）]|[（(][\d一二三四五六七八九十]{1,2}[)）]|[一二三四五六七八九十]{1,2}[、.．])"
)


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
