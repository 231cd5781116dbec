"""Pinyin of names, for search and for the order of lists."""

import re
from functools import lru_cache

from pypinyin import lazy_pinyin, load_phrases_dict
from pypinyin.core import seg  # type: ignore[attr-defined]

# Place names of Heze that the dictionary reads otherwise.
load_phrases_dict({"单县": [["shan"], ["xian"]], "鄄城": [["juan"], ["cheng"]]})

# Words after which the dictionary's phrases begin anew.
_WORDS = re.compile("(菏泽市|..?[县区]|行业|联合会|促进会|协会|商会|学会|[^一-龥]+)")


@lru_cache(maxsize=32768)
def _word(word: str) -> list[str]:
    return lazy_pinyin(word, errors=list)  # type: ignore[arg-type]


@lru_cache(maxsize=32768)
def _part(part: str) -> list[str]:
    """Syllables of a part of a name; names share most of their words, and reading takes long."""
    return [syllable for word in seg(part) for syllable in _word(word) if syllable]


def spell(name: str) -> tuple[str, str]:
    """The pinyin of `name` in lower case without tones or spaces, and its initials:
    林产工业 → linchangongye, lcgy."""
    syllables = [
        syllable
        for part in _WORDS.split(name)
        for syllable in (part if part.isascii() else _part(part))
    ]
    return "".join(syllables).lower(), "".join(s[0] for s in syllables).lower()
