"""What the demo shows of the assessment; each step is safe to repeat."""

from collections.abc import Iterator, Mapping

from accounts.models import User
from assessments.demo.brands import load_brands
from assessments.demo.cycles import load_cycles

WORKBOOKS = ()


def complete(people: Mapping[str, User]) -> Iterator[str]:
    """A whole cycle of last year, published, and this year's in preparation; says what was done.

    people: the demo's log-ins by their names
    """
    yield f"{load_brands(people['reviewer'], people['department'])} brands and sites in force"
    evaluators = [people[name] for name in ("leader", "reviewer", "evaluator")]
    yield f"{load_cycles(people['reviewer'], evaluators)} departments assessed"
