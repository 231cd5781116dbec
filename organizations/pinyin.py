"""Pinyin of names, for search and for the order of lists."""

from functools import lru_cache

from pypinyin import lazy_pinyin, load_phrases_dict

# Place names of Heze that the dictionary reads otherwise.
load_phrases_dict({"单县": [["shan"], ["xian"]], "鄄城": [["juan"], ["cheng"]]})


@lru_cache(maxsize=4096)
def _syllables(name: str) -> tuple[str, ...]:
    return tuple(lazy_pinyin(name, errors=lambda text: list(text)))


def spelling(name: str) -> str:
    """The pinyin of `name` in lower case without tones or spaces: 林产工业 → linchangongye."""
    return "".join(_syllables(name)).lower()


def initials(name: str) -> str:
    """The first letter of each syllable: 林产工业 → lcgy."""
    return "".join(syllable[0] for syllable in _syllables(name) if syllable).lower()
