"""Pinyin of names, for search and for the order of lists."""

import re
from functools import lru_cache

from pypinyin import lazy_pinyin, load_phrases_dict

# Place names of Heze that the dictionary reads otherwise.
load_phrases_dict({"单县": [["shan"], ["xian"]], "鄄城": [["juan"], ["cheng"]]})

# Names share most of their words, and reading a word takes long: words are read once.
_WORDS = re.compile("(菏泽市|..?[县区]|行业|联合会|促进会|协会|商会|学会|[^一-龥]+)")


@lru_cache(maxsize=32768)
def _reading(word: str) -> tuple[str, ...]:
    return tuple(lazy_pinyin(word, errors=lambda text: list(text)))


def _syllables(name: str) -> list[str]:
    return [syllable for word in _WORDS.split(name) if word for syllable in _reading(word)]


def spelling(name: str) -> str:
    """The pinyin of `name` in lower case without tones or spaces: 林产工业 → linchangongye."""
    return "".join(_syllables(name)).lower()


def initials(name: str) -> str:
    """The first letter of each syllable: 林产工业 → lcgy."""
    return "".join(syllable[0] for syllable in _syllables(name) if syllable).lower()
