"""The rules of an association's way to a Party organisation, declared once.

Operations, forms, pages and tests read the same table: which moves there are, which facts each
records, and what must hold before it (domain.md, Party organisations).
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from organizations.members import (
    MEMBERS_OF_COMMITTEE,
    MEMBERS_OF_GENERAL_BRANCH,
    MEMBERS_TO_ORGANISE,
)
from organizations.models.establishment import (
    STAGES,
    Establishment,
    Stage,
    stages_before,
)
from organizations.models.party import PartyOrganization

Formation = Establishment.Formation
Kind = PartyOrganization.Kind
EVERY = tuple(Formation)
OWN = (Formation.STANDALONE, Formation.FOUND)  # these make a Party organisation
FOUNDING = ("name", "kind", "joint_formation", "superior", "secretary", "secretary_source")
# The field that records the day on which a stage was reached.
DAY_OF = {
    Stage.REQUESTED: "requested_on",
    Stage.APPROVED: "approved_on",
    Stage.ELECTED: "elected_on",
    Stage.ESTABLISHED: "established_on",
    Stage.GRANTED: "granted_on",
    Stage.CONSOLIDATED: "consolidated_on",
}


@dataclass(frozen=True)
class Move:
    """A move from a stage to another, for establishments of some formations.

    needs: keys of NEEDS that must be met; facts: what is recorded with it beside its day, of which
    those in OPTIONAL may be left out
    """

    source: Stage
    target: Stage
    needs: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    formations: tuple[Formation, ...] = EVERY

    @property
    def is_backward(self) -> bool:
        """Whether it takes back what was recorded; that needs a reason."""
        return STAGES.index(self.target) < STAGES.index(self.source)


OPTIONAL = ("joint_formation", "superior", "secretary_source")
FORWARD = (
    Move(Stage.SURVEYED, Stage.CULTIVATING, needs=("instructor",)),
    Move(Stage.CULTIVATING, Stage.REQUESTED, needs=("members", "joint_branch")),
    Move(Stage.REQUESTED, Stage.APPROVED, facts=("approval_no",)),
    Move(Stage.APPROVED, Stage.ELECTED, formations=OWN),
    Move(Stage.ELECTED, Stage.ESTABLISHED, facts=FOUNDING, formations=OWN),
    # The joint branch has its committee already.
    Move(Stage.APPROVED, Stage.ESTABLISHED, formations=(Formation.JOIN,)),
    Move(Stage.ESTABLISHED, Stage.GRANTED, formations=OWN),
    # A joint branch gets its start-up funds once, not for each association that joins it later.
    Move(Stage.ESTABLISHED, Stage.CONSOLIDATED),
    Move(Stage.GRANTED, Stage.CONSOLIDATED, formations=OWN),
)
BACKWARD = (
    *(Move(s, t) for s in Establishment.AHEAD for t in stages_before(s)),
    Move(Stage.ESTABLISHED, Stage.ELECTED, formations=OWN),
    Move(Stage.ESTABLISHED, Stage.APPROVED, formations=(Formation.JOIN,)),
    Move(Stage.GRANTED, Stage.ESTABLISHED, formations=OWN),
    Move(Stage.CONSOLIDATED, Stage.GRANTED, formations=OWN),
    Move(Stage.CONSOLIDATED, Stage.ESTABLISHED),
)
MOVES = (*FORWARD, *BACKWARD)


def moves_from(establishment: Establishment) -> list[Move]:
    """The moves that `establishment` may make, those forward first."""
    if establishment.closed_on or establishment.lead_id:
        return []
    rows = [m for m in MOVES if m.source == establishment.stage]
    rows = [m for m in rows if establishment.formation in m.formations]
    return [m for m in rows if not (m.is_backward and establishment.from_roster)]


def move_to(establishment: Establishment, target: str) -> Move | None:
    """The move of `establishment` to the stage `target`; None where there is none."""
    return next((m for m in moves_from(establishment) if m.target == target), None)


def next_move(establishment: Establishment) -> Move | None:
    """The usual next move."""
    return next((m for m in moves_from(establishment) if not m.is_backward), None)


@dataclass(frozen=True)
class Check:
    """Something that a move needs. met: None where nothing recorded tells; found: what there is,
    in words; where: the place to put it right, "instructor", "members" or "plan"."""

    key: str
    label: str | Promise
    met: bool | None
    found: str
    where: str


def checks(establishment: Establishment, move: Move) -> list[Check]:
    """What `move` needs and whether it is there; `establishment` comes `with_standing`."""
    found = [NEEDS[key](establishment) for key in move.needs]
    return [check for check in found if check is not None]


def _instructor(establishment: Any) -> Check:
    name = establishment.instructor_name
    return Check(
        "instructor",
        gettext_lazy("Instructor sent"),
        bool(name),
        name or _("nobody is assigned"),
        "instructor",
    )


def _members(establishment: Any) -> Check:
    """Unknown is not none: what is recorded may suffice, else the number must be filled in."""
    known, missing = establishment.members_known, establishment.members_missing
    enough = known >= MEMBERS_TO_ORGANISE
    label = gettext_lazy("Three full Party members")
    if establishment.formation != Formation.STANDALONE:
        label = gettext_lazy("Three full Party members together")
    if missing and not enough:
        return Check("members", label, None, _("not recorded"), "members")
    said = ngettext("%(n)s full member", "%(n)s full members", known) % {"n": known}
    return Check("members", label, enough, said, "members")


def _joint_branch(establishment: Any) -> Check | None:
    if establishment.formation != Formation.JOIN:
        return None
    label = gettext_lazy("Joint branch chosen")
    branch = establishment.joins
    return Check(
        "joint_branch", label, bool(branch), str(branch) if branch else _("none chosen"), "plan"
    )


NEEDS: dict[str, Callable[[Any], Check | None]] = {
    "instructor": _instructor,
    "members": _members,
    "joint_branch": _joint_branch,
}


def too_many_units(establishment: Any) -> str:
    """The warning where a joint branch would cover more associations than is usual, else ""."""
    if establishment.formation == Formation.STANDALONE or not establishment.is_ahead:
        return ""
    if establishment.units <= settings.JOINT_BRANCH_UNITS:
        return ""
    said = _("The joint branch would cover %(units)s associations; at most %(most)s are usual.")
    return said % {"units": establishment.units, "most": settings.JOINT_BRANCH_UNITS}


def fitting_formation(members: int | None) -> Formation:
    """Fewer than three full members join a joint branch; where nobody knows, the survey tells."""
    few = members is not None and members < MEMBERS_TO_ORGANISE
    return Formation.JOIN if few else Formation.STANDALONE


def fitting_kind(formation: Formation, members: int | None) -> Kind:
    """By the number of full members; members: None where it is not known."""
    if formation != Formation.STANDALONE:
        return Kind.JOINT_BRANCH
    if (members or 0) >= MEMBERS_OF_COMMITTEE:
        return Kind.COMMITTEE
    is_general = (members or 0) >= MEMBERS_OF_GENERAL_BRANCH
    return Kind.GENERAL_BRANCH if is_general else Kind.BRANCH


@dataclass(frozen=True)
class Age:
    """How long something has been in its stage. limit: days that it should take, None for ever;
    kind: "overdue", "soon" or ""."""

    days: int
    limit: int | None
    kind: str


def age(stage: str, since: datetime.date, on: datetime.date) -> Age:
    """The age on the day `on` of what came to `stage` on the day `since`."""
    days, limit = (on - since).days, settings.ESTABLISHMENT_DAYS.get(stage)
    if limit is None:
        return Age(days, None, "")
    if days > limit:
        return Age(days, limit, "overdue")
    return Age(days, limit, "soon" if days > int(limit * settings.ESTABLISHMENT_SOON_SHARE) else "")


def skipped(establishment: Establishment) -> set[Stage]:
    """The stages that `establishment` doesn't pass."""
    if establishment.formation == Formation.JOIN:
        return {Stage.ELECTED, Stage.GRANTED}
    return set()


def steps(establishment: Establishment) -> list[tuple[Stage, Stage]]:
    """The usual way, as pairs of stages."""
    return list(pairwise(s for s in STAGES if s not in skipped(establishment)))
