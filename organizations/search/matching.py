"""Search of associations by name, part of a name, pinyin, initials or credit code."""

import re
import unicodedata
from typing import Any

from django.db import models
from django.db.models import Case, Q, Value, When

from organizations.search.keys import bigrams
from registers.cleaning.credit_codes import ALPHABET, LENGTH

# People paste a column of names out of a worksheet into the search box.
BETWEEN_NAMES = re.compile(r"[\r\n\t,;、]+")
MOST_NAMES = 500
WHOLE_CODE = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}", re.IGNORECASE)


def matches(text: str) -> Q:
    """Associations that `text` finds: any of the names in it, by all the words of that name."""
    wanted: list[Any] = [Q.create([_contains(word) for word in words]) for words in _names(text)]
    return Q.create(wanted, Q.OR)


def people(text: str) -> Q:
    """Persons whom `text` finds, as `matches` finds associations: by part of a name, by pinyin or
    by initials."""
    wanted: list[Any] = [Q.create([_called(word) for word in words]) for words in _names(text)]
    return Q.create(wanted, Q.OR)


def _called(word: str) -> Q:
    return Q(name__icontains=word) | Q(pinyin__contains=word) | Q(initials__contains=word)


def relevance(text: str) -> Case:
    """How well an association answers `text`, 0 best: code, name, its beginning, a part of it,
    initials, pinyin; of several words the first counts."""
    names = _names(text)
    word = names[0][0] if names else ""
    whole = " ".join(names[0]) if names else ""
    order = [
        Q(credit_code=word.upper()),
        Q(name__iexact=whole),
        Q(name__istartswith=word),
        Q(name__icontains=word),
        Q(initials__startswith=word),
        Q(pinyin__startswith=word),
        Q(initials__contains=word),
    ]
    return Case(
        *(When(condition, then=Value(rank)) for rank, condition in enumerate(order)),
        default=Value(len(order)),
        output_field=models.SmallIntegerField(),
    )


def number_of_names(text: str) -> int:
    """How many names `text` asks for; those beyond MOST_NAMES are not looked for."""
    return len(_all_names(text))


def _names(text: str) -> list[list[str]]:
    return _all_names(text)[:MOST_NAMES]


def _all_names(text: str) -> list[list[str]]:
    """The names asked for, each as its words; full-width characters as their plain ones."""
    plain = unicodedata.normalize("NFKC", text).replace("\0", " ").lower()
    names = [name.split() for name in BETWEEN_NAMES.split(plain)]
    return [words for words in names if words]


def _contains(word: str) -> Q:
    """The index on pairs of characters finds candidates, the comparison of the text decides.

    A whole credit code is found by itself: its pairs of digits stand in most other codes as well.
    """
    if WHOLE_CODE.fullmatch(word):
        return Q(credit_code=word.upper())
    found = Q(search_text__contains=word)
    pairs = [pair for pair in bigrams(word) if len(pair) == 2]
    return found & Q(search_keys__contains=pairs) if pairs else found
