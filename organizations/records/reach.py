"""What rows on associations may not do beyond those associations: to Party organisations that
others share, and by names that several instructors bear."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from organizations.models import Association
from organizations.records import reading
from organizations.records.assignments import Namesakes
from organizations.records.associations import added_instructors, own_associations
from organizations.records.inference import party_of_row
from organizations.records.party import beyond_scope, shared_party_organization
from registers.problems import Problem
from registers.register import Change, Record, Register

PARTY = {"has_party_organization", *reading.PARTY}
Found = int | Problem | None


class Reach:
    """Judges the records of a file that `user` imports (None: the system itself)."""

    def __init__(self, register: Register, records: Sequence[Record], user: Any) -> None:
        self.register = register
        self.user = user
        self.own = own_associations(user)
        self.columns = {key: register.column(key) for key in (*PARTY, "instructor")}
        self.namesakes = Namesakes({name for r in records for name in _instructors(r)}, user)

    def judge(self, records: Sequence[Record], found: Sequence[Found]) -> list[Found]:
        """The answers `found`, or what is wrong with a row's reach.

        What lies outside the scope is judged like a new row, so that nothing tells them apart.
        """
        judged = list(found)
        doubtful = [n for n, record in enumerate(records) if self._is_doubtful(record)]
        changes = self._changes([(records[n], found[n]) for n in doubtful])
        beyond = beyond_scope(changes, timezone.localdate().isoformat(), self.own)
        for n, change, shared in zip(doubtful, changes, beyond, strict=True):
            answer = found[n]
            if not isinstance(answer, Problem) or answer.code == "out_of_scope":
                judged[n] = self._wrong(change, shared) or answer
        return judged

    def _is_doubtful(self, record: Record) -> bool:
        reaches_party = self.own is not None and not PARTY.isdisjoint(record)
        return reaches_party or self._ambiguity(_instructors(record)) is not None

    def _wrong(self, change: Change, shared: bool) -> Problem | None:
        if shared:
            said = change.before | change.values
            return shared_party_organization(str(said.get("party_organization") or ""))
        return self._ambiguity(added_instructors(change))

    def _ambiguity(self, names: Sequence[str]) -> Problem | None:
        return next(filter(None, map(self.namesakes.ambiguity, names)), None)

    def _changes(self, rows: Sequence[tuple[Record, Found]]) -> list[Change]:
        """What each record changes, where that can reach beyond the row it names."""
        pks = [answer for _, answer in rows if isinstance(answer, int)]
        known = Association.objects.filter(pk__any_of=pks)
        before = dict(reading.associations(known, timezone.localdate())) if pks else {}
        return [self._change(record, answer, before) for record, answer in rows]

    def _change(self, record: Record, answer: Found, known: dict[int, Record]) -> Change:
        pk = answer if isinstance(answer, int) else None
        before = known.get(pk, {}) if pk else {}
        settled = self.register.settled(record, before)
        whole = before | settled
        inferred = {k: v for k, v in party_of_row(whole).items() if whole.get(k) is None}
        said = inferred | settled
        values = {
            key: said[key]
            for key, column in self.columns.items()
            if key in said and not column.same(before.get(key), said[key])
        }
        return Change(pk, values, before)


def _instructors(record: Record) -> list[str]:
    return list(record.get("instructor") or [])  # type: ignore[arg-type]
