import itertools
import random
from collections import Counter
from dataclasses import replace

import pytest
import scipy.optimize  # noqa: F401  # loaded here, so that no test is timed with it
from hypothesis import given
from hypothesis import strategies as st

from organizations.proposals import solving
from organizations.proposals.problem import Cost, Limits, Person, Place, Problem
from organizations.proposals.solving import TooLarge, bound, solve
from tests.factories.proposals import large_problem, problems


def every_answer(problem: Problem):
    """All choices that the rules and limits admit."""
    for answer in itertools.product((None, *problem.people), repeat=len(problem.places)):
        pairs = list(zip(problem.places, answer, strict=True))
        given = Counter(person for person in answer if person)
        if all(problem.admits(place, person) for place, person in pairs if person) and all(
            number <= problem.room(person) for person, number in given.items()
        ):
            yield {place.key: person and person.key for place, person in pairs}


@given(problems())
def test_the_answer_costs_what_the_best_of_all_answers_costs(problem) -> None:
    assert solve(problem).cost == min(map(problem.cost, every_answer(problem)))


@given(problems())
def test_its_prices_prove_the_answer_the_best(problem) -> None:
    solution = solve(problem)
    assert bound(problem, solution.prices) == solution.cost


@given(problems(places=3, people=3), st.data())
def test_whatever_the_prices_no_answer_costs_less_than_the_bound(problem, data) -> None:
    prices = {p.key: data.draw(st.integers(-30, 30)) for p in problem.people}
    lowest = bound(problem, prices)
    assert all(lowest <= problem.cost(answer) for answer in every_answer(problem))


@given(problems(places=3, people=3))
def test_with_rows_left_out_the_old_prices_still_bound_the_rest(problem) -> None:
    rest = problem.only([place.key for place in problem.places[1:]])
    assert bound(rest, solve(problem).prices) <= solve(rest).cost


@given(problems())
def test_tables_and_single_answers_agree(problem) -> None:
    for row, place in enumerate(problem.places):
        for column, person in enumerate(problem.people):
            assert problem.misfits[row, column] == problem.misfit(place, person)
            assert problem.admitted[row, column] == problem.admits(place, person)


@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_the_question_does_not_change_the_answer(problem, rng) -> None:
    places, people = list(problem.places), list(problem.people)
    rng.shuffle(places)
    rng.shuffle(people)
    assert solve(Problem.of(problem.limits, places, people)) == solve(problem)


@given(problems())
def test_a_stored_problem_is_read_back_as_it_was(problem) -> None:
    assert Problem.load(problem.dump()) == problem


@pytest.mark.parametrize("size", [(300, 300), (600, 120), (1000, 600)])
def test_at_the_size_of_a_city_limits_hold_and_the_proof_too(size) -> None:
    problem = large_problem(*size)
    solution = solve(problem)
    given_to = Counter(solution.choice.values())
    assert solution.choice.keys() == problem.place.keys()
    for person in problem.people:
        assert given_to[person.key] <= problem.room(person)
    for key, chosen in solution.choice.items():
        assert chosen is None or problem.admits(problem.place[key], problem.person[chosen])
    room = sum(map(problem.room, problem.people))
    assert solution.cost.left_over == max(0, len(problem.places) - room)
    assert bound(problem, solution.prices) == solution.cost


def test_a_swap_or_a_move_never_makes_a_large_answer_better() -> None:
    problem = large_problem(120, 80)
    solution, rng = solve(problem), random.Random(7)
    for _ in range(300):
        key, person = rng.choice(problem.places).key, rng.choice(problem.people)
        if solution.choice[key] == person.key or not person.stays:
            continue
        used = Counter(solution.choice.values())[person.key]
        if used < problem.room(person):
            assert problem.cost(solution.choice | {key: person.key}) >= solution.cost


def test_work_is_spread_before_it_is_heaped() -> None:
    limits = Limits(most=5, evenness=2, unit=0, industry=0, county=0)
    problem = Problem.of(limits, map(Place, range(4)), [Person(10), Person(11, load=2)])
    given_to = Counter(solve(problem).choice.values())
    assert given_to == {10: 3, 11: 1}


def test_a_county_s_own_people_go_first_until_they_are_full() -> None:
    limits = Limits(most=2, evenness=1, unit=0, industry=0, county=50)
    places = [Place(key, counties=(7,)) for key in range(3)]
    problem = Problem.of(limits, places, [Person(10, county=7), Person(11, county=8)])
    solution = solve(problem)
    assert Counter(solution.choice.values()) == {10: 2, 11: 1}
    within = replace(problem, limits=replace(limits, within_county=True))
    assert solve(within).cost == Cost(left_over=1, points=1)


def test_what_would_not_fit_into_memory_is_refused(monkeypatch) -> None:
    monkeypatch.setattr(solving, "LARGEST_TABLE", 100)
    with pytest.raises(TooLarge):
        solve(large_problem(10, 10))
