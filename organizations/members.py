"""What the number of full Party members asks of an association (domain.md, Party organisations)."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

# From how many full members on it must have a Party organisation of its own, a general branch, a
# committee.
MEMBERS_TO_ORGANISE = 3
MEMBERS_OF_GENERAL_BRANCH = 50
MEMBERS_OF_COMMITTEE = 100


@dataclass(frozen=True)
class Part:
    """Some of the uncovered associations, by their full members today; their number has no
    validity dates.

    key: of the lists' filter; count: of their number in a coverage tally
    least, most: full members; without least their number is not recorded, without most any more
    label: a heading; rule: who they are; named: the same where it stands without the label
    """

    key: str
    count: str
    least: int | None
    most: int | None
    label: str | Promise
    rule: str | Promise
    named: str | Promise = ""

    @property
    def description(self) -> str | Promise:
        """Who they are, without the label beside it."""
        return self.named or self.rule

    @property
    def condition(self) -> Q:
        """The rule on Association, without that it is uncovered."""
        if self.least is None:
            return Q(party_members=None)
        if self.most is None:
            return Q(party_members__gte=self.least)
        return Q(party_members__gte=self.least, party_members__lte=self.most)

    def holds_for(self, members: int) -> bool:
        """Whether an association with so many full members is of this part."""
        if self.least is None:
            return False
        return self.least <= members and (self.most is None or members <= self.most)

    @property
    def sql(self) -> str:
        """The condition on a table with the column party_members."""
        if self.least is None:
            return "party_members IS NULL"
        if self.most is None:
            return f"party_members >= {self.least}"
        return f"party_members BETWEEN {self.least} AND {self.most}"


FEW = MEMBERS_TO_ORGANISE - 1
UNCOVERED = {
    part.key: part
    for part in (
        Part(
            "due",
            "due",
            MEMBERS_TO_ORGANISE,
            None,
            _("Ought to organise"),
            format_lazy(
                _("Not covered, {least} or more full Party members"), least=MEMBERS_TO_ORGANISE
            ),
            format_lazy(
                _("Ought to organise: not covered, {least} or more full Party members"),
                least=MEMBERS_TO_ORGANISE,
            ),
        ),
        Part(
            "too_few",
            "too_few",
            1,
            FEW,
            format_lazy(_("1 to {most} members"), most=FEW),
            format_lazy(_("Not covered, 1 to {most} full Party members"), most=FEW),
        ),
        Part(
            "none",
            "without_members",
            0,
            0,
            _("No members"),
            _("Not covered, no full Party members"),
        ),
        Part(
            "unknown",
            "members_unknown",
            None,
            None,
            _("Members not recorded"),
            _("Not covered, number of full Party members not recorded"),
        ),
    )
}
"""The uncovered, split without remainder."""
DUE = UNCOVERED["due"]
# The reasons for having no Party organisation that say how many members there are, each with the
# part of the uncovered that it is true of; values of Association.NoPartyReason.
REASONS = {
    "no_members": UNCOVERED["none"],
    "too_few": UNCOVERED["too_few"],
    "due": UNCOVERED["due"],
}


def reason_fits(reason: str, members: int | None) -> bool:
    """Whether the reason can be true with so many full members; where nobody knows, any can."""
    if reason not in REASONS or members is None:
        return True
    return REASONS[reason].holds_for(members)


ENOUGH = format_lazy(
    _("{least} or more full Party members, covered or not"), least=MEMBERS_TO_ORGANISE
)
