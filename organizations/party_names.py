"""How Party organisations of associations are called, by their kinds."""

from organizations.models import PartyOrganization
from organizations.models.associations import Association

PARTY = "中共"
Kind = PartyOrganization.Kind
# The longer ones first: each ends as the shortest does.
ENDINGS = {
    Kind.JOINT_BRANCH.value: "联合支部委员会",
    Kind.PROVISIONAL_BRANCH.value: "临时支部委员会",
    Kind.GENERAL_BRANCH.value: "总支部委员会",
    Kind.BRANCH.value: "支部委员会",
    Kind.COMMITTEE.value: "委员会",
}


def usual_name(association: Association, kind: str) -> str:
    """The full name of `association`'s Party organisation of that kind; a branch's without one."""
    return f"{PARTY}{association.name}{ENDINGS.get(kind, ENDINGS[Kind.BRANCH.value])}"


def kind_named(name: str) -> str:
    """The kind that the ending of `name` says, "" where it says none."""
    return next((kind for kind, ending in ENDINGS.items() if name.endswith(ending)), "")
