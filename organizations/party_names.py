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
# As people write them short, again the longer ones first.
SHORT_ENDINGS = (
    ("联合党支部", Kind.JOINT_BRANCH.value),
    ("联合支部", Kind.JOINT_BRANCH.value),
    ("临时党支部", Kind.PROVISIONAL_BRANCH.value),
    ("临时支部", Kind.PROVISIONAL_BRANCH.value),
    ("总支部", Kind.GENERAL_BRANCH.value),
    ("党总支", Kind.GENERAL_BRANCH.value),
    ("支部", Kind.BRANCH.value),
    ("党委", Kind.COMMITTEE.value),
)


def usual_name(association: Association, kind: str) -> str:
    """The full name of `association`'s Party organisation of that kind; a branch's without one."""
    return f"{PARTY}{association.name}{ENDINGS.get(kind, ENDINGS[Kind.BRANCH.value])}"


def kind_named(name: str) -> str:
    """The kind that the ending of `name` says, "" where it says none."""
    full = ((ending, kind) for kind, ending in ENDINGS.items())
    return next((kind for ending, kind in (*full, *SHORT_ENDINGS) if name.endswith(ending)), "")


def other_kind_named(name: str, kind: str) -> str:
    """The kind that `name` says, where it is another one than `kind`; else ""."""
    said = kind_named(name)
    return said if said != kind else ""
