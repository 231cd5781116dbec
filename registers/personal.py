"""Personal data in registers: who sees it, and what stands in its place for the others."""

import re
from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Model, QuerySet

from registers import register as registry
from registers.columns import Column
from registers.register import Register

MOBILE = re.compile(r"(1\d{2})\d{4}(\d{4})")


def masked(value: Any) -> Any:
    """Phone numbers as people without need of them see them: 138****1234；****."""
    if not value:
        return value
    return "；".join(_masked_number(each) for each in str(value).split("；"))


def _masked_number(number: str) -> str:
    mobile = MOBILE.fullmatch(number)
    return f"{mobile[1]}****{mobile[2]}" if mobile else "****"


def personal_fields(model: type[Model]) -> set[str]:
    """The fields of a register's `model` that hold personal data: its personal columns say which,
    each being named as its field."""
    registers = [register for register in registry.all_registers() if register.model is model]
    return {column.key for register in registers for column in register.columns if column.personal}


def seen_in_full(
    register: Register, pks: Collection[int], user: Any, columns: Sequence[Column]
) -> set[int]:
    """Those of the rows `pks` whose personal `columns` the person may read unmasked."""
    if not any(column.personal for column in columns):
        return set()
    seen = register.queryset(user, register.personal_permission)
    return set(seen.filter(pk__in=pks).values_list("pk", flat=True))


def exportable_columns(
    register: Register, rows: QuerySet[Any], user: Any, columns: Sequence[Column]
) -> list[Column]:
    """`columns` without personal ones unless the person may see these on every one of `rows`.

    A masked value would come back as a change when the file is imported: it is left out instead.
    """
    if not any(column.personal for column in columns):
        return list(columns)
    seen = register.queryset(user, register.personal_permission)
    if not rows.exclude(pk__in=seen.order_by().values("pk")).exists():
        return list(columns)
    return [column for column in columns if not column.personal]
