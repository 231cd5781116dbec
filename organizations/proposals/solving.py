"""The best answer to a problem, and a proof of it that does not trust the solver.

The solver is scipy's `linear_sum_assignment`, a shortest-path method that adds, subtracts and
compares: on whole numbers below 2^53 it is exact. Each instructor stands in its table once for
every association that he or she may still be given, each time one step dearer.

The proof is a price in points for one more association of each instructor. Whatever the prices
are, `bound` is no more than any answer can cost (Lagrangian relaxation of "each instructor's
load is the number of those given"); with the right ones it is exactly what the best one costs.
docs/decisions/proposed-assignments.md says why there always are right ones.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from organizations.proposals.problem import Choice, Cost, Integers, Problem

LARGEST_TABLE = 20_000_000  # cells of 8 bytes: ten times the whole city
EXACT = 2**53  # whole numbers up to here are the same as floating-point numbers
FAR = np.int64(2**60)


class TooLarge(ValueError):
    """The table of the problem would not fit into the memory that a request may take."""


@dataclass(frozen=True)
class Solution:
    """The best choice, what it costs, and the prices (by instructor's key) that prove it."""

    choice: dict[int, int | None]
    cost: Cost
    prices: dict[int, int]


def solve(problem: Problem) -> Solution:
    """The best answer; raises TooLarge."""
    columns, steps = _chairs(problem)
    choice = _solver_s_choice(problem, columns, steps)
    return Solution(choice, problem.cost(choice), _prices(problem, choice))


def bound(problem: Problem, prices: Mapping[int, int]) -> Cost:
    """A cost that no answer to `problem` undercuts. prices: by instructor's key, in points."""
    dear = problem.left_over_points
    price = np.array([prices[person.key] for person in problem.people], dtype=np.int64)
    asked = np.where(problem.admitted, problem.misfits + price, dear)
    total = int(np.minimum(asked.min(axis=1, initial=dear), dear).sum())
    for person in problem.people:
        total += _cheapest_work(problem, person.load, problem.room(person), prices[person.key])
    return Cost(*divmod(max(total, 0), dear))


def _cheapest_work(problem: Problem, load: int, room: int, price: int) -> int:
    """The least that up to `room` more associations cost, paid for at `price` each."""
    least = total = 0
    for more in range(min(room, len(problem.places))):
        total += problem.step(load + more) - price
        least = min(least, total)
    return least


def _chairs(problem: Problem) -> tuple[Integers, Integers]:
    """One chair for each association that an instructor may be given: the instructor's column in
    the table of misfits, and the points of sitting there. Steps rise, so earlier ones fill first.
    """
    chairs = [
        (column, problem.step(person.load + more))
        for column, person in enumerate(problem.people)
        for more in range(min(problem.room(person), len(problem.places)))
    ]
    rows = len(problem.places)
    if rows * (len(chairs) + rows) > LARGEST_TABLE:
        raise TooLarge
    table = np.array(chairs, dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _solver_s_choice(problem: Problem, columns: Integers, steps: Integers) -> dict[int, int | None]:
    # Loading scipy takes a third of a second, which only who solves should wait for.
    from scipy.optimize import linear_sum_assignment

    rows, dear = len(problem.places), problem.left_over_points
    if rows * dear >= EXACT:
        raise TooLarge
    table = np.full((rows, len(columns) + rows), dear, dtype=np.float64)
    seats = problem.misfits[:, columns] + steps
    table[:, : len(columns)] = np.where(problem.admitted[:, columns], seats, np.inf)
    _rows, seated = linear_sum_assignment(table)
    return {
        place.key: problem.people[columns[seat]].key if seat < len(columns) else None
        for place, seat in zip(problem.places, seated, strict=True)
    }


def _prices(problem: Problem, choice: Choice) -> dict[int, int]:
    """Prices that prove `choice` to be the best, found by shortest paths between instructors.

    A path from one instructor to another is what it costs to pass an association on; the last
    node stands for nobody, whose price is 0.
    """
    distance = _passing_on(problem, choice)
    price = np.zeros(len(distance), dtype=np.int64)
    for _round in range(len(distance)):
        shorter = np.minimum(price, (distance + price).min(axis=1))
        if np.array_equal(shorter, price):
            break
        price = shorter
    price -= price[-1]
    return {p.key: int(price[column]) for column, p in enumerate(problem.people)}


def _passing_on(problem: Problem, choice: Choice) -> Integers:
    """distance[i, j]: by how much the price of i may exceed that of j."""
    nobody, dear = len(problem.people), problem.left_over_points
    column = {person.key: number for number, person in enumerate(problem.people)}
    asked = np.full((len(problem.places), nobody + 1), FAR, dtype=np.int64)
    asked[:, :nobody][problem.admitted] = problem.misfits[problem.admitted]
    asked[:, nobody] = dear
    distance = np.full((nobody + 1, nobody + 1), FAR, dtype=np.int64)
    given = np.zeros(nobody, dtype=np.int64)
    for row, place in enumerate(problem.places):
        key = choice[place.key]
        here = nobody if key is None else column[key]
        distance[here] = np.minimum(distance[here], asked[row] - asked[row, here])
        if key is not None:
            given[here] += 1
    _bound_by_steps(problem, given, distance)
    return distance


def _bound_by_steps(problem: Problem, given: Iterable[int], distance: Integers) -> None:
    """A price lies between the step to the last association given and that to the next one."""
    nobody = len(problem.people)
    for column, (person, count) in enumerate(zip(problem.people, given, strict=True)):
        load = person.load + int(count)
        if count < problem.room(person):
            distance[column, nobody] = min(distance[column, nobody], problem.step(load))
        if count:
            distance[nobody, column] = min(distance[nobody, column], -problem.step(load - 1))
