"""Merging two entries of one association, and taking that back.

The entry that is kept takes in everything that refers to the other, then the other is deleted: it
never was an association. Its history stays, its name leads to the kept entry from then on, and all
that the merger changed is recorded under one origin, by which it is undone.
"""

from collections.abc import Collection, Mapping
from typing import Any

import pghistory
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from organizations.models import Association, DistinctName, FormerName, Merger, NotDuplicate
from organizations.operations.duplicates import locked_pair
from organizations.queries.duplicates import MERGE
from organizations.queries.merging import ABSORBED, Merging
from organizations.records.associations import refresh_derived
from registers.reversal import Earlier, states_before


def merge(
    *,
    kept: Association,
    absorbed: Association,
    take: Collection[str],
    answers: Mapping[str, str],
    version: str,
    by: Any,
) -> Merger:
    """Merge `absorbed` into `kept`.

    take: names of the fields whose value the absorbed entry gives; answers: for each conflict, by
    its key, whether the rows KEPT or ABSORBED stand; version: what the person looked at
    (Merging.version)
    Raises ValidationError where one of the two is gone or outside the scope, where anything changed
    since, where a conflict has no answer, or where the values chosen do not go together.
    """
    try:
        with transaction.atomic(), pghistory.context(user=by.pk, merged=absorbed.name) as origin:
            pair = {row.pk: row for row in locked_pair(kept.pk, absorbed.pk, by)}
            merging = Merging(pair[kept.pk], pair[absorbed.pk])
            _require(merging, answers, version)
            return _merge(merging, take, answers, by, origin.id)
    except IntegrityError as refusal:
        raise ValidationError(
            _("Something was entered for one of the two just now. Look at both once more.")
        ) from refusal


def _require(merging: Merging, answers: Mapping[str, str], version: str) -> None:
    if version != merging.version:
        raise ValidationError(
            _("One of the two was changed while you looked at it. Here is how they stand now.")
        )
    if merging.stuck:
        raise ValidationError(merging.stuck)
    open_ones = [c for c in merging.conflicts if answers.get(c.key) not in c.answers]
    if open_ones:
        raise ValidationError(_("Say for each conflict which of the two stands."))


def _merge(
    merging: Merging, take: Collection[str], answers: Mapping[str, str], by: Any, context: Any
) -> Merger:
    kept, absorbed = merging.kept, merging.absorbed
    name, key = absorbed.name, absorbed.pk
    names = {kept.name, absorbed.name}
    for choice in merging.fields:
        if choice.name in take:
            setattr(kept, choice.name, getattr(absorbed, choice.name))
    _move_judgements(kept, absorbed)
    for move in merging.moves:
        moved = [row.pk for row in move.free]
        for conflict in move.conflicts:
            losing = conflict.kept
            if answers[conflict.key] == ABSORBED:
                moved += [row.pk for row in conflict.moved]
            else:
                losing = conflict.moved
            _delete(losing)
        rows = move.relation.model._default_manager.filter(pk__in=moved)
        rows.update(**{move.relation.field: kept})
        _delete(move.same)
    absorbed.delete()
    kept.full_clean(exclude=["pinyin", "initials", "search_keys"])
    kept.save()
    _learn(names - {kept.name}, kept)
    if not Association.objects.for_user(by, MERGE).filter(pk=kept.pk).exists():
        raise ValidationError(_("With these values the association would leave your scope."))
    return Merger.objects.create(
        survivor=kept, absorbed=key, absorbed_name=name, by=by, context=context
    )


def _delete(rows: Collection[Any]) -> None:
    for row in rows:
        row.delete()


def _learn(names: Collection[str], kept: Association) -> None:
    """Rosters that still write the other name find the entry that is kept."""
    FormerName.objects.filter(name=kept.name).delete()
    for name in names:
        FormerName.objects.update_or_create(name=name, defaults={"association": kept})
    DistinctName.objects.filter(association=kept, name__in=names).delete()


def _move_judgements(kept: Association, absorbed: Association) -> None:
    """What was found different from the one is different from the other; of the two themselves
    somebody has thought better."""
    pairs = NotDuplicate.objects.filter(models.Q(low=absorbed) | models.Q(high=absorbed))
    for pair in pairs:
        other = pair.high if pair.low_id == absorbed.pk else pair.low
        pair.delete()
        if other.pk != kept.pk:
            low, high = sorted((kept.pk, other.pk))
            NotDuplicate.objects.get_or_create(
                low_id=low, high_id=high, defaults={"by": pair.by, "reason": pair.reason}
            )
    known = DistinctName.objects.filter(association=kept).values("name")
    absorbed.distinct_names.exclude(name__in=list(known.values_list("name", flat=True))).update(
        association=kept
    )


@transaction.atomic
def undo_merger(*, merger: Merger, by: Any) -> Association:
    """Make two entries of one again, each with what it had; the entry that comes back.

    Raises ValidationError where the merger is undone already or outside the scope of `by`, or where
    rows that it changed were changed since: nothing of later work is overwritten.
    """
    rows = Merger.objects.for_user(by, MERGE).select_for_update(of=("self",))
    found = rows.filter(pk=merger.pk).first()
    if found is None:
        raise ValidationError(_("This merger has been undone already."))
    list(Association.objects.filter(pk=found.survivor_id).select_for_update(no_key=True))
    try:
        with transaction.atomic(), pghistory.context(user=by.pk, unmerged=found.absorbed_name):
            _reverse(found)
    except (IntegrityError, models.ProtectedError) as refusal:
        raise _worked_on() from refusal
    back = Association.objects.for_user(by, MERGE).filter(pk=found.absorbed).first()
    if back is None:
        raise ValidationError(_("What would come back is not in your scope."))
    return back


def _reverse(merger: Merger) -> None:
    """Every row as it was before the merger, from history: first goes what it made, then what it
    changed is as before, then what it deleted comes back."""
    changed = [
        each
        for model in apps.get_models()
        if hasattr(model, "pgh_event_model")
        for each in states_before(model, merger.context)
    ]
    if any(each.changed_since for each in changed):
        raise _worked_on()
    ours = [each for each in changed if each.model not in (Merger,)]
    merger.delete()
    for each in ours:
        if each.before is None:
            each.model._default_manager.filter(pk=each.pk).delete()
    for each in sorted(ours, key=lambda each: each.model is not Association):
        if each.before is not None and not each.gone:
            each.model._default_manager.filter(pk=each.pk).update(**each.before)
    for each in sorted(ours, key=lambda each: each.model is not Association):
        if each.before is not None and each.gone:
            _bring_back(each)
    refresh_derived([merger.survivor_id, merger.absorbed])


def _bring_back(gone: Earlier) -> None:
    """Make a deleted row anew as it was, also where its fields set themselves."""
    before: dict[str, Any] = gone.before or {}
    rows = gone.model._default_manager
    rows.bulk_create([gone.model(pk=gone.pk, **before)])
    rows.filter(pk=gone.pk).update(**before)


def _worked_on() -> ValidationError:
    return ValidationError(
        _(
            "The merger can no longer be undone as a whole: what it changed has been worked on "
            "since. Correct the kept entry by hand, or enter the other one anew."
        )
    )
