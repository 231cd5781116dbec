"""A proposal of assignments in the demo, waiting for a decision."""

from typing import Any
from uuid import UUID

from organizations.operations.proposals import propose
from organizations.proposals.reading import Asked

KEY = UUID("37172100-0000-4000-8000-000000000001")
CAOXIAN = "371721"


def propose_for_demo(by: Any) -> None:
    """Propose who goes to the associations of Caoxian; asked for again, it makes none anew."""
    propose(by=by, asked=Asked(county=CAOXIAN), key=KEY)
