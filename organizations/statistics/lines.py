"""The lines of the national statistics table, and what an association must be to count in each.

Source: the national form 社会组织法人单位建立党的基层组织情况. A line counts associations, or what
belongs to those that count in it: people, Party organisations, instructors.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.members import DUE, UNCOVERED, Part
from organizations.models import Association

TOTAL = "total"
COLUMNS: dict[str, str | Promise] = {
    TOTAL: pgettext_lazy("statistics", "All"),
    **{
        kind.value: kind.label
        for kind in (Association.Kind.ASSOCIATION, Association.Kind.FOUNDATION,
                     Association.Kind.SERVICE)
    },
}  # fmt: skip
"""The columns of the form, in its order; all but the first are kinds of association."""
KINDS = [column for column in COLUMNS if column != TOTAL]
ASSOCIATIONS = "organizations:association-list"
UNITS = pgettext_lazy("unit", "units")
PEOPLE = pgettext_lazy("unit", "persons")
WITHOUT = "is_joint IS NULL"


class Shown(StrEnum):
    """Where a line stands: on the form; beside it, where something is not recorded; in neither."""

    FORM = "form"
    GAP = "gap"
    HEADLINE = "headline"


@dataclass(frozen=True)
class Line:
    """One line.

    rule: SQL over the facts of an association (statistics/sources.py): whether it counts here
    depth: how far the line is set in under the one that it is part of
    within, gap: the lines whose numbers say of how many the answer is wanted and is missing
    query: the filters of the list that shows its rows, `list_name`
    decided_by: the facts on which it depends
    of_work: whether it needs recorded assignments of instructors
    measured: what is added up or told apart; "" where associations are counted
    """

    key: str
    label: str | Promise
    rule: str
    unit: str | Promise = UNITS
    depth: int = 0
    within: str = ""
    gap: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    list_name: str = ASSOCIATIONS
    decided_by: tuple[str, ...] = ()
    of_work: bool = False
    measured: str = ""
    shown: Shown = Shown.FORM


STANDING = ("party_organization", "is_joint")
KIND = (*STANDING, "party_kind")
MEMBERS = (*STANDING, "party_members")


def _standalone(key: str, label: str | Promise, rule: str, party_kind: str) -> Line:
    """A kind of Party organisation that associations have for themselves."""
    return Line(
        key,
        label,
        f"NOT is_joint AND party_kind {rule}",
        depth=1,
        within="standalone",
        gap="kind_unknown",
        query={"organised": "standalone", "party_kind": party_kind},
        decided_by=KIND,
    )


def _uncovered(key: str, label: str | Promise, part: Part) -> Line:
    """One part of the associations without a Party organisation."""
    return Line(
        key,
        label,
        f"{WITHOUT} AND {part.sql}",
        depth=1,
        within="uncovered",
        gap="members_unknown",
        query={"members": part.key},
        decided_by=MEMBERS,
    )


def _gap(
    key: str,
    label: str | Promise,
    rule: str,
    query: Mapping[str, str],
    decided_by: tuple[str, ...],
    depth: int = 1,
) -> Line:
    """Associations of which something is not recorded."""
    return Line(key, label, rule, depth=depth, query=query, decided_by=decided_by, shown=Shown.GAP)


def _headline(key: str, label: str | Promise, rule: str, query: Mapping[str, str]) -> Line:
    """What the headline figures of coverage are made of."""
    decided_by = (*STANDING, "served", "registration_type")
    return Line(
        key, label, rule, query=query, decided_by=decided_by, shown=Shown.HEADLINE,
        of_work=key == "with_instructor",
    )  # fmt: skip


LINES: dict[str, Line] = {
    line.key: line
    for line in (
        Line("units", _("Number of units"), "TRUE"),
        Line(
            "standalone",
            _("With a Party organisation of their own"),
            "NOT is_joint",
            query={"organised": "standalone"},
            decided_by=STANDING,
        ),
        _standalone("committee", _("with a Party committee"), "= 'committee'", "committee"),
        _standalone(
            "general_branch", _("with a general branch"), "= 'general_branch'", "general_branch"
        ),
        _standalone("branch", _("with a branch"), "IN ('branch', 'provisional_branch')", "branch"),
        _gap(
            "kind_unknown",
            _("kind of Party organisation not recorded"),
            "NOT is_joint AND party_kind = ''",
            {"organised": "standalone", "party_kind": "unknown"},
            KIND,
        ),
        Line(
            "joint",
            _("In a joint Party branch"),
            "is_joint",
            query={"organised": "joint"},
            decided_by=STANDING,
        ),
        Line(
            "joint_enough",
            _("with three or more Party members"),
            f"is_joint AND {DUE.sql}",
            depth=1,
            within="joint",
            gap="joint_unknown",
            query={"organised": "joint", "members": "enough"},
            decided_by=MEMBERS,
        ),
        _gap(
            "joint_unknown",
            _("number of Party members not recorded"),
            "is_joint AND party_members IS NULL",
            {"organised": "joint", "missing": "party_members"},
            MEMBERS,
        ),
        Line(
            "joint_organizations",
            _("number of joint Party branches"),
            "is_joint",
            depth=1,
            list_name="organizations:joint-organizations",
            decided_by=STANDING,
            measured="party_organization",
        ),
        Line(
            "uncovered",
            pgettext_lazy("statistics", "Without a Party organisation"),
            WITHOUT,
            query={"coverage": "uncovered"},
            decided_by=STANDING,
        ),
        _uncovered("due", _("ought to have one, not yet established"), DUE),
        Line(
            "party_group",
            _("of these with a Party group"),
            f"{WITHOUT} AND {DUE.sql} AND has_party_group",
            depth=2,
            within="due",
            gap="group_unknown",
            query={"members": "due", "party_group": "yes"},
            decided_by=(*MEMBERS, "has_party_group"),
        ),
        _gap(
            "group_unknown",
            _("Party group not recorded"),
            f"{WITHOUT} AND {DUE.sql} AND has_party_group IS NULL",
            {"members": "due", "party_group": "unknown"},
            (*MEMBERS, "has_party_group"),
            depth=2,
        ),
        _uncovered("too_few", _("with single Party members only"), UNCOVERED["too_few"]),
        _uncovered("no_members", _("without Party members"), UNCOVERED["none"]),
        _gap(
            "members_unknown",
            _("number of Party members not recorded"),
            f"{WITHOUT} AND {UNCOVERED['unknown'].sql}",
            {"members": "unknown"},
            MEMBERS,
        ),
        Line(
            "uncovered_served",
            _("with a Party-building instructor sent"),
            f"{WITHOUT} AND served",
            depth=1,
            query={"coverage": "uncovered", "instructor": "with"},
            decided_by=(*STANDING, "served"),
            of_work=True,
        ),
        Line(
            "staff",
            _("Staff"),
            "staff IS NOT NULL",
            unit=PEOPLE,
            within="units",
            gap="staff_unknown",
            query={"recorded": "staff", "sort": "-staff_total"},
            decided_by=("staff",),
            measured="staff",
        ),
        _gap(
            "staff_unknown",
            _("number of staff not recorded"),
            "staff IS NULL",
            {"missing": "staff"},
            ("staff",),
        ),
        Line(
            "members",
            _("Party members"),
            "party_members IS NOT NULL",
            unit=PEOPLE,
            within="units",
            gap="all_members_unknown",
            query={"recorded": "party_members", "sort": "-party_members"},
            decided_by=("party_members",),
            measured="party_members",
        ),
        _gap(
            "all_members_unknown",
            _("number of Party members not recorded"),
            "party_members IS NULL",
            {"missing": "party_members"},
            ("party_members",),
        ),
        Line(
            "not_transferred",
            _("of these registered elsewhere"),
            "members_not_transferred IS NOT NULL",
            unit=PEOPLE,
            depth=1,
            within="units",
            gap="transfer_unknown",
            query={"recorded": "members_not_transferred"},
            decided_by=("members_not_transferred",),
            measured="members_not_transferred",
        ),
        _gap(
            "transfer_unknown",
            _("number of members registered elsewhere not recorded"),
            "members_not_transferred IS NULL",
            {"missing": "members_not_transferred"},
            ("members_not_transferred",),
        ),
        Line(
            "instructors",
            _("Party-building instructors"),
            "served",
            unit=PEOPLE,
            query={"assigned": "yes"},
            list_name="organizations:instructor-list",
            decided_by=("served",),
            of_work=True,
            measured="instructor",
        ),
        _headline(
            "covered",
            _("Covered by a Party organisation"),
            "is_joint IS NOT NULL",
            {"coverage": "covered"},
        ),
        _headline(
            "work_covered",
            _("Covered by a Party organisation or served by an instructor"),
            "is_joint IS NOT NULL OR served",
            {"coverage": "work_covered"},
        ),
        _headline("with_instructor", _("With an instructor"), "served", {"instructor": "with"}),
        _headline(
            "chambers",
            _("Township and street chambers"),
            "registration_type = 'chamber'",
            {"registration_type": "chamber"},
        ),
        _headline(
            "chambers_covered",
            _("Township and street chambers covered by a Party organisation"),
            "registration_type = 'chamber' AND is_joint IS NOT NULL",
            {"registration_type": "chamber", "coverage": "covered"},
        ),
    )
}
FORM = [line for line in LINES.values() if line.shown is Shown.FORM]
SUPPLEMENT = ("staff", "members", "not_transferred", "instructors")
"""The lines of the form under 补充资料."""
