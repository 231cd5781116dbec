"""The register of associations."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db.models import F, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from organizations.models import Assignment, Association, Coverage, Instructor, PartyOrganization
from organizations.operations.duplicates import learn_name, tell_name_apart
from organizations.problems import not_in_scope
from organizations.queries.comparing import matches_of_rows, shared_county
from organizations.records import reading
from organizations.records.associations import refresh_derived, write_associations
from organizations.records.checks import check_association, following_total
from organizations.records.inference import association_inferrer
from organizations.records.party import refresh_pinyin
from organizations.records.reach import Reach
from organizations.registers.columns import ASSOCIATION_COLUMNS
from organizations.scoping import admits, is_citywide, reach
from registers.problems import Problem
from registers.register import Change, Hints, Match, Part, Record, Register, Shared, register

Found = int | Problem | None
OF_UNCOVERED = ("has_party_organization", "no_party_reason")
FOUND = ("pk", "name", "credit_code", "status", "former")


@register
class AssociationRegister(Register):
    """Associations, with the Party organisation, secretary and instructor that a row carries."""

    key = "associations"
    label = _("Associations")
    model = Association
    columns = ASSOCIATION_COLUMNS
    business_keys = ("credit_code", "name")
    list_columns = (
        "name",
        "credit_code",
        "level",
        "division",
        "industry_department",
        "party_members",
        "has_party_organization",
        "party_organization",
        "instructor",
    )
    constant_columns = (
        "level",
        "division",
        "registration_type",
        "industry_department",
        "registration_authority",
    )
    write_permission = Permission.IMPORT_REGISTER
    shared_fields = {
        "level": "level",
        "registration_type": "registration_type",
        "kind": "kind",
        "industry_department": "industry_department_id",
        "registration_authority": "registration_authority_id",
        "supervising_unit": "supervising_unit_id",
        "division": "division_id",
    }
    expected_rule = _("registered associations")
    own_fields = reading.PLAIN
    agreeing = (
        frozenset({"registration_type", "supervising_unit"}),
        frozenset({"registered_on", "status", "ended_on"}),
        frozenset(
            {
                "staff_full_time",
                "staff_part_time",
                "staff_total",
                "party_members",
                "members_not_transferred",
            }
        ),
    )
    knows_matches = True
    linked = (
        Part(PartyOrganization, link=(Coverage, "party_organization_id", "association_id")),
        Part(Instructor, link=(Assignment, "instructor_id", "association_id")),
    )

    def queryset(self, user: Any, permission: Permission) -> QuerySet[Association]:
        return Association.objects.for_user(user, permission)

    def reach(self, user: Any, permission: Permission) -> str:
        return reach(user, permission)

    def snapshot(
        self, rows: QuerySet[Any], on: datetime.date, user: Any
    ) -> Iterator[tuple[int, Record]]:
        return reading.associations(rows, on)

    def settled(self, record: Record, before: Record, data_on: str | None = None) -> Record:
        """Particulars left over beside "no Party organisation" describe none, and of a Party
        organisation that came or went only after its day a row says nothing; a total of staff in
        the registry follows the parts in the row; the name is the registry's."""
        none = record.get("has_party_organization") is False
        overtaken = data_on is not None and data_on < _party_since(before, none)
        unsaid = {
            *(reading.PARTY if none or overtaken else ()),
            *(OF_UNCOVERED if overtaken else ()),
        }
        if not unsaid.isdisjoint(record):
            record = {key: value for key, value in record.items() if key not in unsaid}
        if before and record.get("name"):
            record = record | {"name": before["name"]}  # a former name finds it and renames nothing
        return following_total(before, record) | record

    def inferrer(self, hints: Hints) -> Callable[[Record], Record]:
        return association_inferrer(hints)

    def check(self, record: Record) -> list[tuple[str, Problem]]:
        return check_association(record)

    def expected(self, rows: QuerySet[Any], on: datetime.date) -> QuerySet[Any]:
        return rows.as_of(on)  # type: ignore[attr-defined]

    def shared(self, records: Sequence[Record], rows: QuerySet[Any]) -> list[Shared]:
        """Places count by county: the rows of a county's roster lie in its townships, too."""
        values = [{k: v for k, v in record.items() if k != "division"} for record in records]
        return [*super().shared(values, rows), *shared_county(records, rows)]

    def matches(self, records: Sequence[Record], user: Any) -> list[list[Match]]:
        return matches_of_rows(records, user)

    def learn_same(self, name: str, pk: int, user: Any) -> None:
        learn_name(name=name, association=pk, by=user)

    def learn_different(self, name: str, pk: int, user: Any) -> None:
        tell_name_apart(name=name, association=pk, by=user)

    def find(self, records: Sequence[Record], user: Any) -> list[Found]:
        finder = _AssociationFinder(records, user, self.write_permission)
        found = [finder.find(record) for record in records]
        return Reach(self, records, user).judge(records, found)

    def is_citywide(self, user: Any, permission: Permission) -> bool:
        return is_citywide(user, permission)

    def in_scope(self, user: Any) -> Callable[[Record], bool]:
        return admits(user, self.write_permission)

    def apply(self, changes: Sequence[Change], on: datetime.date, by: Any) -> list[int]:
        return write_associations(changes, on.isoformat(), by)

    def restored(self, pks: Sequence[int]) -> None:
        refresh_derived(pks)
        refresh_pinyin(pks)


def _party_since(before: Record, none: bool) -> str:
    """The day since which the registry's record describes what Party organisation there is; "" for
    always. none: compared with a row that says there is none, which covering alone refutes.

    A Party organisation whose founding date nobody knows may be the very one that a row describes.
    """
    since = before.get("covered_since" if none else "established_on")
    return str(since or before.get("dissolved_on") or "")


class _AssociationFinder:
    """Matches records by credit code, else by name; what lies outside the scope isn't told."""

    def __init__(self, records: Sequence[Record], user: Any, permission: Permission) -> None:
        codes = {record["credit_code"] for record in records if record.get("credit_code")}
        names = {record["name"] for record in records if record.get("name")}
        rows = Association.objects.order_by()
        known = (
            rows.filter(credit_code__any_of=codes)
            .annotate(former=Value(""))
            .union(
                rows.filter(name__any_of=names).annotate(former=Value("")),
                rows.filter(former_names__name__any_of=names).annotate(
                    former=F("former_names__name")
                ),
            )
        )
        self.by_code: dict[Any, Any] = {}
        self.by_name: dict[Any, list[Any]] = defaultdict(list)
        self.by_former: dict[Any, Any] = {}
        for association in known.values_list(*FOUND, named=True):
            if association.former:
                self.by_former[association.former] = association
                continue
            self.by_code[association.credit_code] = association
            self.by_name[association.name].append(association)
        self.by_code.pop("", None)
        pks = [a.pk for found in self.by_name.values() for a in found]
        pks += [a.pk for a in self.by_former.values()]
        self.visible = _visible(pks, user, permission)

    def find(self, record: Record) -> Found:
        name, code = record.get("name"), record.get("credit_code")
        match = self.by_code.get(code) if code else None
        if match and name and match.name != name and not self._is_former(name, match):
            problem = Problem(
                "code_of_other", {"column": "credit_code", "value": code, "name": match.name}
            )
            return self._judge(match, problem, record)
        match = match or self._by_name(name, code)
        if match is None:
            return None
        if code and match.credit_code not in ("", code):
            params = {
                "column": "credit_code",
                "value": code,
                "name": name,
                "code": match.credit_code,
            }
            return self._judge(match, Problem("name_of_other", params), record)
        return self._judge(match, match.pk, record)

    def _by_name(self, name: Any, code: Any) -> Any:
        """The registered association of that name, else the one that once bore it, else an ended
        one unless the codes differ."""
        if name not in self.by_name and name not in self.by_former:
            return None
        candidates = self.by_name.get(name, [])
        registered = [a for a in candidates if a.status == Association.Status.NORMAL]
        ended = [
            a
            for a in candidates
            if a not in registered and a.credit_code in ("", code or a.credit_code)
        ]
        former = [a for a in [self.by_former.get(name)] if a is not None]
        return next(iter(registered + former + ended), None)

    def _is_former(self, name: Any, match: Any) -> bool:
        former = self.by_former.get(name)
        return former is not None and bool(former.pk == match.pk)

    def _judge(self, match: Any, answer: Found, record: Record) -> Found:
        return answer if match.pk in self.visible else not_in_scope(record)


def _visible(pks: Sequence[int], user: Any, permission: Permission) -> set[int]:
    if user is None or is_citywide(user, permission):
        return set(pks)
    rows = Association.objects.for_user(user, permission).filter(pk__any_of=pks)
    return set(rows.values_list("pk", flat=True))
