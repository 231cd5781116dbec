"""Settling that associations are two, and by which other names rosters call one."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from organizations.models import Association, DistinctName, FormerName, NotDuplicate
from organizations.models.duplicates import in_order
from organizations.queries.duplicates import MERGE


@transaction.atomic
def tell_apart(*, one: Association, other: Association, by: Any, reason: str = "") -> NotDuplicate:
    """Remember that the two are two; said twice it stays said once.

    Raises ValidationError where one of them is gone or no longer in the scope of `by`.
    """
    low, high = locked_pair(one.pk, other.pk, by)
    settled, _made = NotDuplicate.objects.get_or_create(
        low=low, high=high, defaults={"by": by, "reason": reason[:200]}
    )
    return settled


@transaction.atomic
def take_back(*, settled: NotDuplicate | DistinctName, by: Any) -> None:
    """Forget what was remembered: the pair is proposed again. Taken back already, nothing is left
    to do."""
    model = type(settled)
    model._default_manager.for_user(by, MERGE).filter(pk=settled.pk).delete()


@transaction.atomic
def tell_name_apart(*, name: str, association: int, by: Any) -> None:
    """Remember that `name` on a roster does not mean the `association` of that key.

    Raises ValidationError where that is gone or outside the scope of `by`.
    """
    row = _importable(association, by)
    DistinctName.objects.get_or_create(association=row, name=name, defaults={"by": by})


@transaction.atomic
def learn_name(*, name: str, association: int, by: Any) -> None:
    """Remember that `name` on a roster means the `association` of that key.

    Raises ValidationError where the association is gone or outside the scope of `by`, or where the
    name already leads or belongs to another.
    """
    row = _importable(association, by)
    borne = Association.objects.filter(name=name, ended_on=None).exclude(pk=row.pk)
    known, _made = FormerName.objects.get_or_create(name=name, defaults={"association": row})
    if borne.exists() or known.association_id != row.pk:
        raise ValidationError(_("“%(name)s” already means another association.") % {"name": name})
    DistinctName.objects.filter(association=row, name=name).delete()


@transaction.atomic
def forget_name(*, former: FormerName, by: Any) -> None:
    """Let the name lead to its association no longer; forgotten already, nothing is left to do."""
    FormerName.objects.for_user(by, MERGE).filter(pk=former.pk).delete()


def locked_pair(one: int, other: int, by: Any) -> tuple[Association, Association]:
    """Both associations in the order of their keys, for this transaction alone.

    Raises ValidationError where one is gone, has ended or is outside the scope of `by`.
    """
    rows = Association.objects.for_user(by, MERGE).filter(pk__in={one, other}, ended_on=None)
    found = list(rows.order_by("pk").select_for_update(of=("self",)))
    if len(found) != 2:
        raise no_longer_two()
    return in_order(*found)


def no_longer_two() -> ValidationError:
    """What the second of two people is told."""
    return ValidationError(
        _("One of the two is no longer in the registry; somebody has settled this pair already.")
    )


def _importable(pk: int, by: Any) -> Association:
    rows = Association.objects.for_user(by, Permission.IMPORT_REGISTER).filter(ended_on=None)
    row = rows.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
    if row is None:
        raise ValidationError(_("The association that was meant is no longer among yours."))
    return row
