"""Words that stand for one of a column's choices."""

import re
from collections.abc import Iterable, Mapping, Sequence

from django.utils import translation
from django.utils.functional import Promise

from registers.cleaning.names import normalise
from registers.cleaning.texts import blank, within, written, zero
from registers.problems import Problem
from registers.workbooks.cells import Cell

CHOICE_LENGTH = 200
# 5A（2023年）, 社会团体（行业协会）: what stands in brackets explains the choice.
_REMARK = re.compile(r"[（(][^（）()]*[）)]")


def choice_writings(
    choices: Sequence[tuple[str, str | Promise]], synonyms: Mapping[str, str]
) -> dict[str, str]:
    """Every normalised writing of `choices` (code, label) → code.

    The labels in Chinese and English, the codes themselves, then `synonyms` (word → code); what
    comes first wins.
    """
    writings: dict[str, str] = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            _add(writings, ((str(label), code) for code, label in choices))
    _add(writings, ((code, code) for code, _label in choices))
    _add(writings, synonyms.items())
    return writings


def _add(writings: dict[str, str], words: Iterable[tuple[str, str]]) -> None:
    for word, code in words:
        if key := normalise(word):
            writings.setdefault(key, code)


def choice(cell: Cell, known: Mapping[str, str], labels: Sequence[str]) -> str | None:
    """The code of the choice that the cell names. `known`: see choice_writings.

    Raises Problem unknown_choice, which lists `labels` and holds the whole word, as that is what
    people explain; too_long for what is no word.
    """
    if cell is None:
        return None
    value = written(cell)
    code = known.get(normalise(value)) or known.get(normalise(_REMARK.sub("", value)))
    if code is None and not blank(value) and not zero(value):
        word = within(value, CHOICE_LENGTH)
        raise Problem("unknown_choice", {"value": word, "choices": "、".join(labels)})
    return code
