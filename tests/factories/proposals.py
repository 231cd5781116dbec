"""Proposals, and random problems of who goes where."""

import uuid
from random import Random

import factory
from django.utils import timezone
from hypothesis import strategies as st

from organizations.models import Proposal, ProposalRow
from organizations.proposals.problem import Limits, Person, Place, Problem
from tests.factories.accounts import UserFactory
from tests.factories.organizations import AssociationFactory, InstructorFactory

DEPARTMENTS = (None, 1, 2, 3)
COUNTIES = (0, 1, 2)

limits = st.builds(
    Limits,
    most=st.integers(1, 4),
    evenness=st.integers(0, 5),
    unit=st.integers(0, 9),
    industry=st.integers(0, 9),
    county=st.integers(0, 15),
    within_county=st.booleans(),
)


@st.composite
def problems(draw: st.DrawFn, places: int = 4, people: int = 4) -> Problem:
    """Small problems, small enough to try every answer."""
    return Problem.of(
        draw(limits),
        [
            Place(
                key,
                draw(st.sampled_from(DEPARTMENTS)),
                draw(st.sampled_from(DEPARTMENTS)),
                tuple(draw(st.lists(st.sampled_from(COUNTIES), unique=True, max_size=2))),
            )
            for key in range(1, draw(st.integers(0, places)) + 1)
        ],
        [
            Person(
                100 + key,
                draw(st.integers(0, 4)),
                draw(st.sampled_from(DEPARTMENTS)),
                draw(st.sampled_from((None, *COUNTIES))),
                draw(st.booleans()) or draw(st.booleans()),
            )
            for key in range(draw(st.integers(0, people)))
        ],
    )


def large_problem(places: int, people: int, seed: int = 1) -> Problem:
    """A city's worth of associations and instructors, the same for a seed."""
    rng = Random(seed)
    return Problem.of(
        Limits(most=5, evenness=2, unit=6, industry=6, county=12),
        [
            Place(key, rng.choice(DEPARTMENTS), rng.randrange(40), (rng.randrange(12),))
            for key in range(places)
        ],
        [
            Person(key, rng.randrange(5), rng.randrange(40), rng.randrange(12), rng.random() < 0.9)
            for key in range(10_000, 10_000 + people)
        ],
    )


class ProposalFactory(factory.django.DjangoModelFactory):
    """A proposal worked out from nothing; `ProposalRowFactory` gives it a row."""

    class Meta:
        model = Proposal

    created_by = factory.SubFactory(UserFactory)
    key = factory.LazyFunction(uuid.uuid4)
    days_left = 30
    problem = factory.LazyFunction(lambda: Problem.of(Limits(5, 6, 4, 4, 20), [], []).dump())
    prices = factory.LazyFunction(dict)
    best_left_over = 0
    best_points = 0
    milliseconds = 1
    worked_out_at = factory.LazyFunction(timezone.now)


class ProposalRowFactory(factory.django.DjangoModelFactory):
    """The one row of a proposal that was worked out for it alone."""

    class Meta:
        model = ProposalRow

    association = factory.SubFactory(AssociationFactory)
    instructor = factory.SubFactory(InstructorFactory)
    proposed = factory.SelfAttribute("instructor")
    proposal = factory.LazyAttribute(
        lambda row: ProposalFactory(
            problem=Problem.of(
                Limits(5, 6, 4, 4, 20),
                [Place(row.association.pk)],
                [Person(row.instructor.pk, load=1)],
            ).dump(),
            prices={str(row.instructor.pk): 6},
            best_points=6,
        )
    )
