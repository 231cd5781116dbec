"""How a proposal stands: what it costs as it is now, and how far that is from the best possible."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal
from functools import cached_property

from organizations.models import Proposal, ProposalRow
from organizations.proposals.problem import Cost, Problem
from organizations.proposals.solving import bound

ONE_DECIMAL = Decimal("0.1")


@dataclass(frozen=True)
class LoadStep:
    """How many instructors work with `load` associations before and after."""

    load: int
    before: int
    after: int


class Standing:
    """A proposal with its rows as they are now, those left out being no part of it."""

    def __init__(self, proposal: Proposal, rows: Iterable[ProposalRow]) -> None:
        whole = Problem.load(proposal.problem)
        self.choice: dict[int, int | None] = {
            row.association_id: row.instructor_id
            for row in rows
            if not row.dropped and row.association_id in whole.place
        }
        self.problem = whole.only(self.choice)
        self.is_whole = len(self.choice) == len(whole.places)
        self._best = Cost(proposal.best_left_over, proposal.best_points)
        self._prices = {int(key): price for key, price in proposal.prices.items()}

    @cached_property
    def cost(self) -> Cost:
        """What the proposal costs as it is now."""
        return self.problem.cost(self.choice)

    @cached_property
    def best(self) -> Cost:
        """What no answer undercuts. Where rows are left out it may lie below the best answer."""
        return self._best if self.is_whole else bound(self.problem, self._prices)

    @property
    def is_best(self) -> bool:
        """Whether it is proved that no answer costs less."""
        return self.cost == self.best

    @property
    def left_over_more(self) -> int:
        """How many more associations than at best stay without an instructor."""
        return self.cost.left_over - self.best.left_over

    @property
    def points_more(self) -> int:
        """How many points above the best, where as many are left over as at best."""
        return self.cost.points - self.best.points

    @property
    def share_more(self) -> Decimal | None:
        """`points_more` in per cent of the best, rounded up; None where the best costs nothing."""
        if not self.best.points:
            return None
        share = Decimal(100 * self.points_more) / self.best.points
        return share.quantize(ONE_DECIMAL, ROUND_UP)

    @cached_property
    def given(self) -> Counter[int]:
        """How many associations of the proposal each instructor gets."""
        return Counter(key for key in self.choice.values() if key is not None)

    def load_after(self, key: int) -> int:
        """With how many associations the instructor will work."""
        return self.problem.person[key].load + self.given[key]

    def loads(self) -> list[LoadStep]:
        """The instructors whose terms last by their loads, before and after, without gaps."""
        staying = [person for person in self.problem.people if person.stays]
        before = Counter(person.load for person in staying)
        after = Counter(self.load_after(person.key) for person in staying)
        heaviest = max((*before, *after), default=0)
        return [LoadStep(load, before[load], after[load]) for load in range(heaviest + 1)]

    def has_room(self, key: int, *, leaving: int | None = None) -> bool:
        """Whether the instructor may get one more. leaving: an association's key that goes away
        from whoever has it."""
        person = self.problem.person[key]
        given = self.given[key] - (leaving is not None and self.choice.get(leaving) == key)
        return given < self.problem.room(person)

    def change(self, association: int, key: int) -> Cost:
        """What the proposal costs if `association` gets the instructor with `key`."""
        return self.problem.cost(self.choice | {association: key})
