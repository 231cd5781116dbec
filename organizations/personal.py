"""Personal data in free texts: found before something is published, blotted out in public pages.

Texts are read as people read them: in whatever width their characters are written, and with
whatever stands between the digits of a number.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

BLOT = "＊＊＊"
_GAP = r"[\s./~·•_()\[\]【】〔〕‐-―-]{0,3}"
_DIGIT = rf"{_GAP}\d"
_DAY = r"(?:19|20)\d{2}[./-]\d{1,2}[./-]\d{1,2}(?!\d)"
_BIRTHDAY = (
    rf"{_GAP}(?:1{_GAP}9|2{_GAP}0)(?:{_DIGIT}){{2}}{_GAP}(?:0{_GAP}[1-9]|1{_GAP}[0-2])"
    rf"{_GAP}(?:0{_GAP}[1-9]|[12]{_DIGIT}|3{_GAP}[01])"
)
_MESSENGER = r"(?:微信|威信|[Vv]信|扣扣|(?<![A-Za-z])(?i:wechat|weixin|wx|vx|qq))"
# Mobile and land-line numbers, identity-card numbers (GB 11643), e-mail addresses and accounts of
# messengers. A credit code is no identity-card number: no birthday stands in it. Nor is a span of
# days a mobile number: 1990.1.1-2000.1.1.
PATTERNS = (
    rf"(?<!\d)(?!{_DAY})(?:\+?\(?86{_GAP})?\(?1{_GAP}[3-9](?:{_DIGIT}){{9}}(?!\d)",
    rf"(?<!\d)(?<!\d[.-])\(?0\d{{2,3}}{_GAP}[2-9]\d{{2,3}}{_GAP}\d{{4}}(?!\d)",
    rf"(?<![0-9A-Za-z])[1-9](?:{_DIGIT}){{5}}{_BIRTHDAY}(?:{_DIGIT}){{3}}{_GAP}[\dXx]"
    r"(?![0-9A-Za-z])",
    r"[A-Za-z0-9_.+-]+\s?@\s?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
    rf"{_MESSENGER}\s*(?:也?是?同一?个?(?:手机号?码?|电话号?码?|号码?)"
    rf"|(?:[号群]|号码|[账帐]号|ID|id)?[\s:是为()\[\]【】“”\"'-]*[A-Za-z0-9][A-Za-z0-9_-]{{4,}})",
)
_INVISIBLE = "Cf"  # zero-width characters, soft hyphens, directions
_BLANK = re.compile("[\u034f\u115f\u1160\u2800\u3164\ufe00-\ufe0f\uffa0]")  # seen as nothing, too


def personal_parts(text: str, names: Iterable[str] = ()) -> list[str]:
    """What in `text` is personal data, in its order; names: of people who must not be named."""
    return [text[start:end].strip() for start, end in _spans(text, _sought(names))]


def blotted(text: str, names: Iterable[str] = ()) -> str:
    """`text` with whatever is personal data in it made unreadable; names: as in personal_parts."""
    sought = _sought(names)
    while found := list(_spans(text, sought)):  # what is gone may have hidden something
        for start, end in reversed(found):
            text = text[:start] + BLOT + text[end:]
    return text


def _sought(names: Iterable[str]) -> re.Pattern[str]:
    named = [re.escape(_read(name.strip())[0]) for name in names if len(name.strip()) > 1]
    return re.compile("|".join([*PATTERNS, *named]))


def _spans(text: str, sought: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Where in `text` stands what `sought` finds in it as it is read."""
    read, places = _read(text)
    for found in sought.finditer(read):
        yield places[found.start()], places[found.end() - 1] + 1


def _read(text: str) -> tuple[str, list[int]]:
    """`text` in compatibility form without what nobody sees, and for each of its characters the
    place in `text` from which it comes."""
    read, places = [], []
    for place, character in enumerate(text):
        if unicodedata.category(character) == _INVISIBLE or _BLANK.match(character):
            continue
        plain = unicodedata.normalize("NFKC", character)
        read.append(plain)
        places += [place] * len(plain)
    return "".join(read), places
