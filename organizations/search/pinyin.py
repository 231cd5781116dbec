"""Pinyin of names, for search and for the order of lists."""

import re
from functools import lru_cache

from pypinyin import lazy_pinyin, load_phrases_dict
from pypinyin.core import seg  # type: ignore[attr-defined]

# Place names of Heze that the dictionary reads otherwise.
load_phrases_dict({"单县": [["shan"], ["xian"]], "鄄城": [["juan"], ["cheng"]]})

# Surnames that are read otherwise than the same character in other words; the dictionary has none
# of them. Source: 现代汉语词典, entries marked (姓).
SURNAMES = {
    "曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "查": "zha", "翟": "zhai", "区": "ou",
    "朴": "piao", "盖": "ge", "缪": "miao", "覃": "qin", "乐": "yue", "召": "shao", "洗": "xian",
    "黑": "he", "折": "she", "秘": "bi", "繁": "po", "员": "yun", "都": "du", "么": "yao",
    "佴": "nai", "种": "chong", "句": "gou", "祭": "zhai", "藏": "zang", "粘": "nian", "阚": "kan",
    "卜": "bu", "隗": "wei", "能": "nai",
}  # fmt: skip
TWO_CHARACTERS = ("单于",)

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


def spell_person(name: str) -> tuple[str, str]:
    """As `spell`, of a person's name, which begins with the surname: 曾国强 → zengguoqiang, zgq."""
    surname = "" if name.startswith(TWO_CHARACTERS) else SURNAMES.get(name[:1], "")
    if not surname:
        return spell(name)
    given, initials = spell(name[1:])
    return surname + given, surname[0] + initials
