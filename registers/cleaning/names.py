"""Names in canonical writing, and the form in which names and headings are compared."""

import re
import unicodedata
from functools import lru_cache

from registers.cleaning.texts import SPACES, ZERO_WIDTH, blank, within, written
from registers.workbooks.cells import Cell

NAME_LENGTH = 120
_clean = re.compile(r"[\u4e00-\u9fffA-Za-z0-9（）·]+").fullmatch
_CJK = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
_SPACE_BESIDE_CJK = re.compile(rf"(?<={_CJK}) | (?={_CJK})")
_WRITINGS = str.maketrans(
    {"(": "（", ")": "）"} | dict.fromkeys("•‧∙⋅・", "·") | dict.fromkeys(ZERO_WIDTH, None)
)
_EDGE = SPACES + "；;，,。．.、:：_"
_PARTNER = dict(zip("“”‘’「」『』\"'", "”“’‘」「』『\"'", strict=True))
_NOT_IN_WORDS = re.compile(r"[\W_]+")
_SPACED_SLASH = re.compile(r"\s[/／]\s")
_PIECES = re.compile(r"(?:[（(][^（）()]*[）)]|[^；;，,、\n\r\t|｜])+")
# 1.…2.… or ①…②… in one cell; names set apart by spaces alone.
_ITEM = re.compile(r"(?:^|(?<=[\s；;，,。]))[（(]?\d{1,2}[.．、)）](?!\d)\s*|[①-⑳]")
_SPACED = re.compile(
    r"[\u4e00-\u9fff（）()]+[会盟](?:[ \u3000]+[\u4e00-\u9fff（）()]+[会盟])+"
    r"|[\u4e00-\u9fff]{2,3}(?:[ \u3000]+[\u4e00-\u9fff]{2,3})+"
).fullmatch
_NUMBERING = re.compile(r"\s*[（(]?\d{1,2}(?:[.．)）]\s*|\s*$)")


def name(cell: Cell, *, max_length: int = NAME_LENGTH) -> str | None:
    """A name in its canonical writing; name(name(x)) == name(x).

    NFKC, no space beside a Chinese character, parentheses （）, no stray punctuation, quotes or
    zero-width characters around it.
    """
    if not cell:
        return None
    canonical = written(cell)
    if not _clean(canonical):
        canonical = _canonical(canonical)
    if blank(canonical) or canonical == "0":
        return None
    return within(canonical, max_length)


@lru_cache(maxsize=2**14)
def _canonical(value: str) -> str:
    # What one round removes can let the next compose or strip further characters.
    while (tidied := _tidied(value)) != value:
        value = tidied
    return value


def _tidied(value: str) -> str:
    folded = unicodedata.normalize("NFKC", value).translate(_WRITINGS)
    spaced = _SPACE_BESIDE_CJK.sub("", " ".join(folded.split()))
    return _without_stray_quotes(spaced.strip(_EDGE))


def _without_stray_quotes(value: str) -> str:
    """Quotes around the whole are dropped; those around a word, as in “两新”协会, stay."""
    if value[:1] in _PARTNER and _PARTNER[value[0]] not in value[1:-1]:
        value = value[1:]
    if value[-1:] in _PARTNER and _PARTNER[value[-1]] not in value[:-1]:
        value = value[:-1]
    return value


@lru_cache(maxsize=2**16)
def normalise(value: str) -> str:
    """Letters and digits only, in NFKC and casefolded; normalise(normalise(x)) == normalise(x).

    Empty for text without any letter or digit.
    """
    while (folded := _folded(value)) != value:
        value = folded
    return value


def _folded(value: str) -> str:
    casefolded = unicodedata.normalize("NFKC", value).casefold()
    return _NOT_IN_WORDS.sub("", unicodedata.normalize("NFKC", casefolded))


def names(cell: Cell, *, max_length: int = NAME_LENGTH) -> list[str] | None:
    """The names in a cell, in order, each once. Commas inside parentheses separate nothing."""
    if isinstance(cell, str) and _clean(cell):
        return None if (only := name(cell, max_length=max_length)) is None else [only]
    if blank(cell):
        return None
    listed = _ITEM.sub("\n", _SPACED_SLASH.sub("\n", written(cell))).strip(SPACES)
    pieces = listed.split() if _SPACED(listed) else _PIECES.findall(listed)
    found = (name(_NUMBERING.sub("", p, count=1), max_length=max_length) for p in pieces)
    return list(dict.fromkeys(filter(None, found))) or None
