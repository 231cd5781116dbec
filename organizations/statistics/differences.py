"""How the registry of today differs from a frozen report, cell by cell and association by
association, and why."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from organizations.coverage.asking import Row
from organizations.models import Association, Merger, PartyOrganization, Report
from organizations.querysets.associations import AssociationQuerySet
from organizations.statistics.lines import TOTAL, Line
from organizations.statistics.sources import FACTS, Source, frozen, frozen_rows, live
from registers.timeline import states

COMPARED = [fact for fact in FACTS if fact not in ("association", "pinyin", "covered_since")]
CHANGED = """
SELECT row_to_json(was) AS was, row_to_json(now) AS now
FROM ({was}) AS was FULL JOIN told AS now USING (association)
WHERE was.association IS NULL OR now.association IS NULL
    OR ({was_facts}) IS DISTINCT FROM ({now_facts})
ORDER BY coalesce(now.pinyin, was.pinyin), association
"""


class Move(StrEnum):
    """What became of an association in a cell."""

    CAME = "came"
    LEFT = "left"
    STAYED = "stayed"  # and something that the cell adds up is different


@dataclass(frozen=True)
class Pair:
    """The facts of an association as frozen and now; None where it did or does not count."""

    was: Row | None
    now: Row | None

    @property
    def association(self) -> int:
        return (self.now or self.was or {})["association"]

    @property
    def name(self) -> str:
        return (self.now or self.was or {})["name"]

    def move(self, line: Line, column: str) -> Move | None:
        """What became of it in a cell; None where nothing did."""
        then, today = _counts(self.was, line, column), _counts(self.now, line, column)
        if then != today:
            return Move.CAME if today else Move.LEFT
        if then and self.was and self.now:
            measured = self.was.get(line.measured) != self.now.get(line.measured)
            return Move.STAYED if measured else None
        return None


def _counts(facts: Row | None, line: Line, column: str) -> bool:
    return bool(facts) and line.key in facts["cells"] and column in (TOTAL, facts["kind"])  # type: ignore[index]


def differing(report: Report, now: Source) -> list[Pair]:
    """Every association that is counted differently in `now` than in the report, or has other
    facts; one statement."""
    if now.empty:
        rows = frozen(report).ask("SELECT row_to_json(told) AS was, NULL AS now FROM told")[0]
        return [Pair(row["was"], None) for row in rows]
    was, params = frozen_rows(report).query.sql_with_params()
    question = CHANGED.format(
        was=was,
        was_facts=", ".join(f"was.{fact}" for fact in COMPARED),
        now_facts=", ".join(f"now.{fact}" for fact in COMPARED),
    )
    rows = Source(now.sql, (*now.params, *params)).ask(question)[0]
    return [Pair(row["was"], row["now"]) for row in rows]


def moves(pairs: Iterable[Pair], line: Line, column: str) -> list[tuple[Pair, Move]]:
    """The associations that make a cell differ, and how."""
    found = ((pair, pair.move(line, column)) for pair in pairs)
    return [(pair, move) for pair, move in found if move]


@dataclass(frozen=True)
class Reason:
    """Why an association counts differently.

    later: it came about after the report's day; else the records of that day were completed or
    corrected after it was frozen
    """

    text: str
    before: str = ""
    after: str = ""
    later: bool = False


class Explainer:
    """Says why some associations count differently; the same few queries for however many."""

    def __init__(
        self, report: Report, pairs: Iterable[Pair], scope: AssociationQuerySet, on: datetime.date
    ) -> None:
        keys = [pair.association for pair in pairs]
        self.report, self.on = report, on
        rows = Association.objects.filter(pk__in=keys)
        self.known = {a.pk: a for a in rows}
        self.in_scope = set(scope.filter(pk__in=keys).values_list("pk", flat=True))
        mergers = Merger.objects.filter(absorbed__in=keys, survivor__in=scope.values("pk"))
        self.merged = dict(mergers.order_by("at").values_list("absorbed", "survivor__name"))
        events = states(Association).filter(pgh_obj__in=keys, pgh_label="insert")
        self.recorded = dict(events.order_by("-pgh_id").values_list("pgh_obj", "pgh_created_at"))
        same_day = live(scope.filter(pk__in=keys), report.as_of)
        self.then = {row["association"]: row for row in same_day.ask("SELECT * FROM told")[0]}

    def reasons(self, pair: Pair, line: Line) -> list[Reason]:
        """Why `pair` counts differently in a line."""
        if pair.now is None:
            return [self._gone(pair)]
        if pair.was is None:
            return [self._come(pair)]
        facts = ("kind", *line.decided_by)
        found = [self._changed(pair.was, pair.now, fact) for fact in facts]
        return [reason for reason in found if reason] or [
            Reason(_("The rule of counting or the units of the line have changed."))
        ]

    def _gone(self, pair: Pair) -> Reason:
        association = self.known.get(pair.association)
        if association is None and pair.association in self.merged:
            kept = self.merged[pair.association]
            return Reason(_("Merged with “%(name)s” as one and the same.") % {"name": kept})
        if association is None:
            return Reason(_("Removed from the registry since."))
        if association.ended_on and association.ended_on <= self.on:
            text = _("%(status)s on %(day)s.") % {
                "status": association.get_status_display(),
                "day": date_format(association.ended_on),
            }
            return Reason(text, later=association.ended_on > self.report.as_of)
        if association.registered_on and association.registered_on > self.on:
            day = date_format(association.registered_on)
            return Reason(_("The day of registration was corrected to %(day)s.") % {"day": day})
        if association.pk not in self.in_scope:
            return Reason(_("No longer in the scope of this report."))
        return Reason(_("Found dormant; dormant ones do not count."))

    def _come(self, pair: Pair) -> Reason:
        association, recorded = self.known[pair.association], self.recorded.get(pair.association)
        if association.registered_on and association.registered_on > self.report.as_of:
            day = date_format(association.registered_on)
            return Reason(_("Newly registered on %(day)s.") % {"day": day}, later=True)
        if recorded and recorded > self.report.frozen_at:
            day = date_format(timezone.localtime(recorded))
            return Reason(_("Entered into the registry on %(day)s only.") % {"day": day})
        return Reason(_("It exists for longer; what kept it from counting was corrected since."))

    def _changed(self, was: Row, now: Row, fact: str) -> Reason | None:
        if was.get(fact) == now.get(fact) or (fact == "is_joint" and not _both(was, now)):
            return None
        same_day = self.then.get(now["association"])
        later = same_day is not None and same_day.get(fact) == was.get(fact)
        if fact == "party_organization":
            return self._organisation(was, now, later)
        return Reason(LABELS[fact](), _said(fact, was[fact]), _said(fact, now[fact]), later)

    def _organisation(self, was: Row, now: Row, later: bool) -> Reason:
        before, after = _organisation_of(was), _organisation_of(now)
        if not now["party_organization"]:
            return Reason(_("No longer covered by a Party organisation"), before, "", later)
        day = date_format(datetime.date.fromisoformat(now["covered_since"]))
        text = _("Covered by a Party organisation since %(day)s") % {"day": day}
        return Reason(text, before, after, later)


def _both(was: Row, now: Row) -> bool:
    return was["is_joint"] is not None and now["is_joint"] is not None


def _organisation_of(facts: Row) -> str:
    if not facts["party_organization"]:
        return ""
    return facts["party_organization_name"] or str(_("Party organisation without a name"))


LABELS: Mapping[str, Any] = {
    "kind": lambda: _("Kind of association"),
    "registration_type": lambda: _("Registration type"),
    "is_joint": lambda: _("Formation of the Party organisation"),
    "party_kind": lambda: _("Kind of Party organisation"),
    "party_members": lambda: _("Full Party members"),
    "members_not_transferred": lambda: _("Party members registered elsewhere"),
    "has_party_group": lambda: _("Party group set up"),
    "staff": lambda: _("Staff"),
    "served": lambda: _("Party-building instructor assigned"),
}
CHOICES: dict[str, Any] = {
    "kind": Association.Kind,
    "registration_type": Association.RegistrationType,
    "party_kind": PartyOrganization.Kind,
}


def _said(fact: str, value: Any) -> str:
    if value is None or value == "":
        return str(_("Not recorded"))
    if fact == "is_joint":
        return str(_("Joint") if value else _("Standalone"))
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    return str(CHOICES[fact](value).label) if fact in CHOICES else str(value)
