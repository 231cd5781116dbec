"""Yes and no, and the ticks of choices spread over several columns."""

import re
import unicodedata
from functools import lru_cache

from registers.cleaning.texts import SPACES, blank, shown, written
from registers.problems import Problem
from registers.workbooks.cells import Cell

_YES = [
    "是", "有", "对", "对勾", "已建", "已建立", "已成立", "已组建",
    "√", "✓", "✔", "☑", "✅", "v", "y", "yes",
    "true", "1",
]  # fmt: skip
_NO = [
    "否", "无", "没", "没有", "暂无", "未", "未建", "未建立", "未成立", "未组建", "不是",
    "×", "✕", "✖", "✗", "✘",
    "☒", "❌", "x", "n", "no", "false", "0",
]  # fmt: skip
# 尚未成立, 拟建, 正在筹建; 已单独建立, 已建立党支部. The domain's own words come with the column.
_SAID_NO = re.compile(r"(还|尚|暂)?未|没有?|[拟待]|正在筹?备?|筹备?").match
_SAID_YES = re.compile(r"已经?|均已|全部").match
_DONE = re.compile(
    r"(单独|联合|独立|按期|按时)?(建立?|成立|组建|设立|覆盖|完成|纳入)(了|起来)?"
    r"(党组织|(联合)?党?支部|党委|党总支)?"
).fullmatch
_ASIDE = re.compile(r"\([^()]*\)?$")
_TICKED = tuple("■●")
_UNTICKED = tuple("□☐○")
_EDGE = SPACES + "。.；;，,、（）()"


def yes_no(cell: Cell, *, yes: tuple[str, ...] = (), no: tuple[str, ...] = ()) -> bool | None:
    """The answer to a yes-or-no question. `yes` and `no` are further words for it.

    无 and 没有 mean no here; — and / leave the question open. Raises Problem yes_no_unreadable.
    """
    answer = _answer(cell, yes, no)
    if answer is None and not blank(cell):
        raise Problem("yes_no_unreadable", {"value": shown(cell)})
    return answer


def ticked(cell: Cell) -> bool:
    """Whether a column of a choice is ticked; a blank is not. Raises Problem tick_unreadable."""
    answer = _answer(cell, _TICKED, _UNTICKED)
    if answer is None and not blank(cell):
        raise Problem("tick_unreadable", {"value": shown(cell)})
    return bool(answer)


def _answer(cell: Cell, yes: tuple[str, ...], no: tuple[str, ...]) -> bool | None:
    if cell is None:
        return None
    known, mark = _answers(yes, no), _mark(written(cell))
    if mark in known:
        return known[mark]
    plain = _ASIDE.sub("", mark)
    return known[plain] if plain in known else _phrased(plain)


@lru_cache(maxsize=2**12)
def _phrased(plain: str) -> bool | None:
    """What a phrase says about something done or not done."""
    for begins, answer in ((_SAID_NO, False), (_SAID_YES, True)):
        if (begun := begins(plain)) and _DONE(plain[begun.end() :]):
            return answer
    return None


@lru_cache(maxsize=64)
def _answers(yes: tuple[str, ...], no: tuple[str, ...]) -> dict[str, bool]:
    said_no = dict.fromkeys(map(_mark, [*_NO, *no]), False)
    return said_no | dict.fromkeys(map(_mark, [*_YES, *yes]), True)


@lru_cache(maxsize=2**12)
def _mark(written_answer: str) -> str:
    return unicodedata.normalize("NFKC", written_answer).strip(_EDGE).casefold()
