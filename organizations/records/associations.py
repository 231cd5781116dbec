"""Writing records into associations and what their rows carry along."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Q, QuerySet

from accounts.permissions import Permission
from organizations.models import Association, Inspection, Rating
from organizations.records.assignments import assign_by_name
from organizations.records.dates import first_day, first_day_from
from organizations.records.party import write_party
from organizations.records.reading import PLAIN
from organizations.scoping import is_citywide
from organizations.search.keys import DERIVED, derived
from registers.bulk import array_literal, copy_rows, next_ids, update_rows
from registers.register import Change, Record

FIELDS = [*(field.removesuffix("_id") for field in PLAIN.values()), *DERIVED]
UNSAID: Record = (
    dict.fromkeys(PLAIN)
    | {
        key: ""
        for key, field in PLAIN.items()
        if not Association._meta.get_field(field.removesuffix("_id")).null
    }
    | {"kind": Association.Kind.ASSOCIATION, "status": Association.Status.NORMAL}
)


def write_associations(changes: Sequence[Change], on: str, by: Any = None) -> list[int]:
    """Write each change; new associations get their keys. Returns the keys in order.

    by: the person who writes, None for the system itself; a row reaches no Party organisation and
        no instructor outside their scope
    Raises Problem where a row would change a Party organisation that isn't theirs alone, or where
    its instructor has namesakes.
    """
    fresh = iter(next_ids(Association, sum(change.pk is None for change in changes)))
    pks = [next(fresh) if change.pk is None else change.pk for change in changes]
    new = [(pk, c.values) for pk, c in zip(pks, changes, strict=True) if c.pk is None]
    old = [
        (pk, c.before | c.values)
        for pk, c in zip(pks, changes, strict=True)
        if c.pk is not None and not PLAIN.keys().isdisjoint(c.values)
    ]
    copy_rows(Association, ["id", *FIELDS], (_row(pk, record) for pk, record in new))
    if old:
        update_rows(Association, FIELDS, (_row(pk, record) for pk, record in old))
    keyed = [replace(change, pk=pk) for pk, change in zip(pks, changes, strict=True)]
    write_party(keyed, on, own_associations(by))
    _write_inspections(keyed)
    _write_ratings(keyed, on)
    assign_by_name(
        [(c.pk, name, c.data_on or on) for c in keyed for name in added_instructors(c)], by
    )
    return pks


def own_associations(by: Any) -> QuerySet[Association] | None:
    """The associations that `by` may write; None where no scope limits them."""
    if by is None or is_citywide(by, Permission.IMPORT_REGISTER):
        return None
    return Association.objects.for_user(by, Permission.IMPORT_REGISTER)


def added_instructors(change: Change) -> list[str]:
    """The names that are new; a present instructor may have namesakes."""
    present = change.before.get("instructor") or []
    return [name for name in change.values.get("instructor") or [] if name not in present]  # type: ignore[operator, union-attr]


def _row(pk: int, record: Record) -> Sequence[Any]:
    said = {key: value for key, value in record.items() if key in PLAIN and value is not None}
    values = UNSAID | said
    values["registered_on"] = registered_on = first_day(said.get("registered_on"))
    values["ended_on"] = first_day_from(said.get("ended_on"), registered_on)
    spelt, first_letters, keys = derived(str(values["name"]), str(values["credit_code"]))
    return (pk, *values.values(), spelt, first_letters, array_literal(keys))


def refresh_derived(pks: Sequence[int]) -> None:
    """Bring what is derived from names and codes up to them."""
    rows = Association.objects.filter(pk__in=pks).values_list("pk", "name", "credit_code")
    update_rows(Association, DERIVED, (_derived_row(*row) for row in rows))


def _derived_row(pk: int, name: str, credit_code: str) -> Sequence[Any]:
    spelt, first_letters, keys = derived(name, credit_code)
    return pk, spelt, first_letters, array_literal(keys)


def _write_inspections(changes: Iterable[Change]) -> None:
    results = [
        Inspection(
            association_id=change.pk,  # type: ignore[misc]
            year=int(year),
            regime=Inspection.regime_of(result),
            result=result,
        )
        for change in changes
        for year, result in (change.values.get("inspection") or {}).items()  # type: ignore[union-attr]
    ]
    Inspection.objects.bulk_create(
        results,
        update_conflicts=True,
        unique_fields=["association", "year"],
        update_fields=["regime", "result"],
        batch_size=5000,
    )


def _write_ratings(changes: Iterable[Change], on: str) -> None:
    """A new grade replaces one without a beginning or of this day, and ends one of an earlier day.

    It holds for five years, or until another that is known to begin before; without a beginning
    nobody knows its end.
    """
    today = datetime.date.fromisoformat(on)
    graded: dict[Any, Change] = {c.pk: c for c in changes if c.values.get("rating")}
    regraded = [pk for pk, change in graded.items() if change.before.get("rating")]
    held = Rating.objects.filter(association__in=regraded).exclude(valid_until__lte=on)
    replaced: dict[Any, Rating] = {
        rating.association_id: rating
        for rating in held.filter(Q(valid_from=None) | Q(valid_from=on))
    }
    dated = [pk for pk in regraded if pk not in replaced]
    later = held.filter(association__in=dated, valid_from__gt=on).order_by("-valid_from")
    until = dict(later.values_list("association", "valid_from"))
    held.filter(association__in=dated, valid_from__lt=on).update(valid_until=on)
    for pk, rating in replaced.items():
        rating.grade = str(graded[pk].values["rating"])
    Rating.objects.bulk_update(replaced.values(), ["grade"], batch_size=2000)
    Rating.objects.bulk_create(
        (
            Rating(
                association_id=pk,
                grade=str(c.values["rating"]),
                valid_from=on if pk in dated else None,
                valid_until=Rating.end(today, until.get(pk)) if pk in dated else None,
            )
            for pk, c in graded.items()
            if pk not in replaced
        ),
        batch_size=5000,
    )
