"""Rows of a file, said in few words."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby

from registers.register import Place

STRETCHES_SHOWN = 20


def listed(rows: Iterable[int]) -> str:
    """Ascending row numbers, neighbours drawn together: 3–70、72."""
    stretches = list(_stretches(rows))
    shown = [f"{first}–{last}" if last > first else str(first) for first, last in stretches]
    return "、".join(shown[:STRETCHES_SHOWN]) + (" …" if len(shown) > STRETCHES_SHOWN else "")


def by_sheet(places: Iterable[Place]) -> dict[str, list[int]]:
    """The rows of each sheet."""
    rows: dict[str, list[int]] = defaultdict(list)
    for sheet, row in places:
        rows[sheet].append(row)
    return rows


def _stretches(rows: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Ascending numbers as (first, last) of each unbroken stretch."""
    for _gap, stretch in groupby(enumerate(rows), key=lambda each: each[1] - each[0]):
        numbers = [row for _position, row in stretch]
        yield numbers[0], numbers[-1]
