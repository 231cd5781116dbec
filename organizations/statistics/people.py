"""The instructors whom a frozen report counts and the registry of now does not, and the other way
round."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from organizations.coverage.asking import Row
from organizations.models import Report
from organizations.search.pinyin import spell_person
from organizations.statistics.differences import Move
from organizations.statistics.lines import TOTAL
from organizations.statistics.sources import Source, frozen

AT_WORK = """
SELECT instructor, instructor_name, instructor_unit, kind, name
FROM work JOIN told USING (association) ORDER BY pinyin, association
"""


@dataclass(frozen=True)
class Worker:
    """An instructor with the associations that make him or her count, as frozen and now."""

    pk: int
    name: str
    unit: str
    was: list[str] = field(default_factory=list)
    now: list[str] = field(default_factory=list)

    @property
    def move(self) -> Move:
        """Whether the instructor came or left; only those of whom one is true are told."""
        return Move.CAME if self.now else Move.LEFT


@dataclass(frozen=True)
class Workers:
    """Who works with whom, as frozen and as `now` tells; two statements."""

    was: list[Row]
    now: list[Row]

    @classmethod
    def of(cls, report: Report, now: Source) -> "Workers":
        return cls(frozen(report).ask(AT_WORK)[0], now.ask(AT_WORK)[0])

    def moved(self, column: str) -> list[Worker]:
        """Who counts in a column then or now and not both times, by the order of names."""
        then, today = _by_person(self.was, column), _by_person(self.now, column)
        found = [_worker(rows, []) for pk, rows in then.items() if pk not in today]
        found += [_worker([], rows) for pk, rows in today.items() if pk not in then]
        return sorted(found, key=lambda worker: (spell_person(worker.name), worker.pk))


def _by_person(rows: list[Row], column: str) -> Mapping[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        if column in (TOTAL, row["kind"]):
            found.setdefault(row["instructor"], []).append(row)
    return found


def _worker(was: list[Row], now: list[Row]) -> Worker:
    known = (was or now)[0]
    return Worker(
        known["instructor"],
        known["instructor_name"],
        known["instructor_unit"],
        [row["name"] for row in was],
        [row["name"] for row in now],
    )
