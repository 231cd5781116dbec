"""What must agree between the columns of one association's or instructor's row."""

from collections.abc import Iterator

from organizations.models import Association
from organizations.records.dates import is_before
from registers.problems import Problem
from registers.register import Record

SEQUENCES = (
    ("registered_on", "ended_on", "ended_before_registered"),
    ("established_on", "last_election_on", "elected_before_established"),
)


def check_association(record: Record) -> list[tuple[str, Problem]]:
    """What is wrong, as (column key, problem); the database holds the same as constraints."""
    return [
        *_staff(record),
        *_members(record),
        *_dates(record),
        *_status(record),
        *_supervisor(record),
    ]


def check_instructor(record: Record) -> list[tuple[str, Problem]]:
    """What is wrong with an instructor's term, as (column key, problem)."""
    begins, ends = record.get("term_from"), record.get("term_until")
    if ends and not begins:
        return [("term_until", Problem("term_without_beginning", {"value": ends}))]
    if is_before(ends, begins):
        params = {"value": ends, "earlier_value": begins}
        return [("term_until", Problem("term_ends_before_it_begins", params))]
    return []


def following_total(before: Record, record: Record) -> Record:
    """The total of staff that newly written parts make of a known one the row leaves out."""
    parts = ("staff_full_time", "staff_part_time")
    if before.get("staff_total") is None or record.keys().isdisjoint(parts):
        return {}
    full, part = ((before | record).get(key) for key in parts)
    return {"staff_total": full + part} if isinstance(full, int) and isinstance(part, int) else {}


def _staff(record: Record) -> Iterator[tuple[str, Problem]]:
    full, part, total, members = (
        record.get(key)
        for key in ("staff_full_time", "staff_part_time", "staff_total", "party_members")
    )
    if isinstance(full, int) and isinstance(part, int):
        if isinstance(total, int) and total != full + part:
            yield "staff_total", Problem("sum_mismatch", {"value": total, "sum": full + part})
        total = full + part if total is None else total
    for key, value in (
        ("staff_full_time", full),
        ("staff_part_time", part),
        ("party_members", members),
    ):
        if isinstance(value, int) and isinstance(total, int) and value > total:
            yield key, Problem("more_than_staff", {"value": value, "whole_value": total})


def _members(record: Record) -> Iterator[tuple[str, Problem]]:
    part, whole = record.get("members_not_transferred"), record.get("party_members")
    if isinstance(part, int) and not isinstance(whole, int):
        yield "members_not_transferred", Problem("members_without_whole", {"value": part})
    elif isinstance(part, int) and isinstance(whole, int) and part > whole:
        params = {"value": part, "whole_value": whole}
        yield "members_not_transferred", Problem("more_than_members", params)


def _dates(record: Record) -> Iterator[tuple[str, Problem]]:
    for earlier, later, code in SEQUENCES:
        if is_before(record.get(later), record.get(earlier)):
            params = {"value": record[later], "earlier_value": record[earlier]}
            yield later, Problem(code, params)


def _status(record: Record) -> Iterator[tuple[str, Problem]]:
    status = record.get("status") or Association.Status.NORMAL
    if record.get("ended_on") and status == Association.Status.NORMAL:
        yield "ended_on", Problem("ended_while_registered", {"value": record["ended_on"]})


def _supervisor(record: Record) -> Iterator[tuple[str, Problem]]:
    direct = record.get("registration_type") == Association.RegistrationType.DIRECT
    if direct and record.get("supervising_unit"):
        yield "supervising_unit", Problem("direct_with_supervisor")
