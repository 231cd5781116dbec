"""What happens to associations on their way to a Party organisation.

Each verb is one transaction that locks what it changes, checks scope inside, records the move and
raises ValidationError in the user's words.
"""

from organizations.operations.establishment.beginning import begin, begin_all
from organizations.operations.establishment.closing import give_up, reopen, take_over
from organizations.operations.establishment.moving import move
from organizations.operations.establishment.planning import bring_along, let_go, plan

__all__ = [
    "begin", "begin_all", "bring_along", "give_up", "let_go", "move", "plan", "reopen", "take_over",
]  # fmt: skip
