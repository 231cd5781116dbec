"""Personal data in free texts: found before something is published, blotted out in public pages."""

import re
from collections.abc import Iterable

BLOT = "＊＊＊"
# Mobile and land-line numbers, identity-card numbers (GB 11643), e-mail addresses and accounts of
# messengers. A credit code is no identity-card number: no birthday stands in it.
PATTERNS = (
    r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)",
    r"(?<!\d)0\d{2,3}[-—－ ]?\d{7,8}(?!\d)",
    r"(?<![0-9A-Za-z])\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]"
    r"(?![0-9A-Za-z])",
    r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
    r"(?:微信|[Qq]{2}|[Vv][Xx])号?[:：是为 ]*[A-Za-z0-9_-]{5,}",
)
PERSONAL = re.compile("|".join(PATTERNS))


def personal_parts(text: str, names: Iterable[str] = ()) -> list[str]:
    """What in `text` is personal data, in its order; names: of people who must not be named."""
    named = [re.escape(name) for name in names if len(name.strip()) > 1]
    sought = re.compile("|".join([*PATTERNS, *named]))
    return [found.group().strip() for found in sought.finditer(text)]


def blotted(text: str) -> str:
    """`text` with whatever is personal data in it made unreadable."""
    return PERSONAL.sub(BLOT, text)
