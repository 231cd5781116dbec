"""What the search index keeps of an association: all pairs of neighbouring characters.

A GIN index over these pairs finds the rows that may contain a text; the text itself decides.
"""

import re

from organizations.search.pinyin import spell

DERIVED = ("pinyin", "initials", "search_keys")
_RUNS = re.compile(r"[^\W_]+")


def bigrams(text: str) -> list[str]:
    """The distinct pairs of neighbouring letters, digits or characters in `text`, in lower case."""
    runs = _RUNS.findall(text.lower())
    return sorted({run[at : at + 2] for run in runs for at in range(max(len(run) - 1, 1))})


def derived(name: str, credit_code: str) -> tuple[str, str, list[str]]:
    """The values of DERIVED: pinyin, initials and search keys of an association."""
    spelt, first_letters = spell(name)
    return spelt, first_letters, bigrams(f"{name} {credit_code} {spelt} {first_letters}")
