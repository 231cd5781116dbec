"""The question that a proposal answers, in plain values, and what each answer costs.

Costs are whole points, so that they can be added up by hand: the fewer, the better. An association
costs the weights of what does not fit, an instructor's first association nothing more, the second
`evenness` points, the third twice as many, and so on: the same associations spread evenly cost
less. That it stays without an instructor costs more than everything else together.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Choice = Mapping[int, int | None]  # association's key → instructor's, None for nobody


@dataclass(frozen=True)
class Limits:
    """What the office has set: the limit of associations per instructor, and the weights in points.

    within_county: nobody is sent into another county, nor where the county is not known
    """

    most: int
    evenness: int
    unit: int
    industry: int
    county: int
    within_county: bool = False


@dataclass(frozen=True)
class Place:
    """An association: keys of its supervising unit and industry department, None where it has
    none, and of the counties in which it lies or which manage it."""

    key: int
    unit: int | None = None
    industry: int | None = None
    counties: tuple[int, ...] = ()


@dataclass(frozen=True)
class Person:
    """An instructor: how many associations he or she works with already, the keys of the
    department and of the county, None where not known, and whether the term lasts."""

    key: int
    load: int = 0
    department: int | None = None
    county: int | None = None
    stays: bool = True


@dataclass(frozen=True)
class Part:
    """One reason for the cost of a choice. name: unit, industry, county or evenness."""

    name: str
    fits: bool
    points: int


@dataclass(frozen=True, order=True)
class Cost:
    """What an answer costs; fewer associations left over go before fewer points."""

    left_over: int
    points: int


@dataclass(frozen=True)
class Problem:
    """Associations to be given an instructor each, and the instructors that there are.

    Both stand in the order of their keys, so that the same question always has the same answer.
    """

    limits: Limits
    places: tuple[Place, ...]
    people: tuple[Person, ...]

    @classmethod
    def of(cls, limits: Limits, places: Iterable[Place], people: Iterable[Person]) -> "Problem":
        """The problem, with associations and instructors in the order of their keys."""
        by_key = [sorted(each, key=lambda one: one.key) for each in (places, people)]
        return cls(limits, tuple(by_key[0]), tuple(by_key[1]))  # type: ignore[arg-type]

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> "Problem":
        """What `dump` gave, read back."""
        places = (
            Place(**place | {"counties": tuple(place["counties"])}) for place in stored["places"]
        )
        people = (Person(**person) for person in stored["people"])
        return cls(Limits(**stored["limits"]), tuple(places), tuple(people))

    def dump(self) -> dict[str, Any]:
        """The problem as JSON can hold it."""
        return asdict(self)

    @cached_property
    def place(self) -> Mapping[int, Place]:
        """Associations by their keys."""
        return {place.key: place for place in self.places}

    @cached_property
    def person(self) -> Mapping[int, Person]:
        """Instructors by their keys."""
        return {person.key: person for person in self.people}

    @cached_property
    def left_over_points(self) -> int:
        """What an association without an instructor costs: more than all others can together."""
        limits = self.limits
        dearest = limits.unit + limits.industry + limits.county + limits.evenness * limits.most
        return len(self.places) * dearest + 1

    def only(self, keys: Iterable[int]) -> "Problem":
        """The same problem for the associations with these keys alone."""
        wanted = set(keys)
        return replace(self, places=tuple(p for p in self.places if p.key in wanted))

    def given(self, choice: Mapping[int, int]) -> "Problem":
        """What remains to be answered where `choice` is settled already."""
        more = Counter(choice.values())
        people = tuple(replace(p, load=p.load + more[p.key]) for p in self.people)
        rest = tuple(p for p in self.places if p.key not in choice)
        return replace(self, places=rest, people=people)

    def room(self, person: Person) -> int:
        """How many more associations the instructor may be given."""
        return max(0, self.limits.most - person.load) if person.stays else 0

    def admits(self, place: Place, person: Person) -> bool:
        """Whether the instructor may be sent there at all, however much he or she has to do."""
        return person.stays and (not self.limits.within_county or _same_county(place, person))

    def fit(self, place: Place, person: Person) -> list[Part]:
        """What fits and what does not. What the association does not have cannot be missed."""
        limits, parts = self.limits, []
        if place.unit is not None:
            parts.append(_part("unit", place.unit == person.department, limits.unit))
        if place.industry is not None:
            parts.append(_part("industry", place.industry == person.department, limits.industry))
        if place.counties:
            parts.append(_part("county", _same_county(place, person), limits.county))
        return parts

    def misfit(self, place: Place, person: Person) -> int:
        """The points of what does not fit."""
        return sum(part.points for part in self.fit(place, person))

    def step(self, load: int) -> int:
        """The points of one more association for somebody who has `load`."""
        return self.limits.evenness * load

    def cost(self, choice: Choice) -> Cost:
        """What `choice`, which names every association, costs: added up one by one."""
        loads = {person.key: person.load for person in self.people}
        left_over = points = 0
        for place in self.places:
            key = choice[place.key]
            if key is None:
                left_over += 1
                continue
            points += self.misfit(place, self.person[key]) + self.step(loads[key])
            loads[key] += 1
        return Cost(left_over, points)

    @cached_property
    def misfits(self) -> Integers:
        """`misfit` of every association (rows) and instructor (columns)."""
        departments = _numbers(person.department for person in self.people)
        same_county, limits = self._same_county, self.limits
        table = np.zeros((len(self.places), len(self.people)), dtype=np.int64)
        for row, place in enumerate(self.places):
            if place.unit is not None:
                table[row] += limits.unit * (departments != place.unit)
            if place.industry is not None:
                table[row] += limits.industry * (departments != place.industry)
            if place.counties:
                table[row] += limits.county * ~same_county[row]
        return table

    @cached_property
    def admitted(self) -> NDArray[np.bool_]:
        """`admits` of every association (rows) and instructor (columns)."""
        stay = np.array([person.stays for person in self.people], dtype=bool)
        allowed = np.broadcast_to(stay, (len(self.places), len(self.people)))
        return allowed & self._same_county if self.limits.within_county else allowed

    @cached_property
    def _same_county(self) -> NDArray[np.bool_]:
        counties = _numbers(person.county for person in self.people)
        same = np.zeros((len(self.places), len(self.people)), dtype=bool)
        for row, place in enumerate(self.places):
            same[row] = np.isin(counties, place.counties)
        return same


def _part(name: str, fits: bool, points: int) -> Part:
    return Part(name, fits, 0 if fits else points)


def _same_county(place: Place, person: Person) -> bool:
    return person.county in place.counties


def _numbers(keys: Iterable[int | None]) -> Integers:
    """Keys as numbers; -1, which is nobody's key, where there is none."""
    return np.array([-1 if key is None else key for key in keys], dtype=np.int64)
