"""A roster beside the registry: what both say, what only one of them has. Nothing is written.

The comparison is that of the check (registers/staging.py); only what is missing from the roster is
looked up now. Nothing in the registry ends because a roster leaves it out.
"""

from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registers.models import ImportBatch, ImportRow
from registers.outside import within
from registers.readable import readable, vocabularies_of
from registers.register import Record, Shared

Action = ImportRow.Action
Text = str | Promise


class Part(StrEnum):
    """Where a comparison puts a row."""

    DIFFERENT = "different"
    ROSTER = "roster"
    REGISTRY = "registry"
    SAME = "same"
    WRONG = "wrong"


LABELS: dict[Part, Text] = {
    Part.DIFFERENT: gettext_lazy("In both, different"),
    Part.ROSTER: gettext_lazy("Only in the roster"),
    Part.REGISTRY: gettext_lazy("Only in the registry"),
    Part.SAME: gettext_lazy("In both, the same"),
    Part.WRONG: gettext_lazy("Not compared"),
}
KEPT = Q(action=Action.UNCHANGED) & ~Q(newer={})  # different, and nothing to write
ROWS = {
    Part.DIFFERENT: Q(action=Action.CHANGED) | KEPT,
    Part.ROSTER: Q(action=Action.NEW),
    Part.SAME: Q(action=Action.UNCHANGED, newer={}),
    Part.WRONG: Q(action=Action.WRONG),
}
COMPARED = (ImportBatch.Status.STAGED, ImportBatch.Status.COMMITTED)


class Yardstick(StrEnum):
    """What of the registry the roster is held against."""

    SHARED = "shared"  # what is like all rows of the roster
    SCOPE = "scope"


class Comparison:
    """The roster of a checked `batch` beside the registry as `user` may change it.

    yardstick: which part of the registry; without it the narrowest that makes sense
    """

    def __init__(self, batch: ImportBatch, user: Any, yardstick: str = "") -> None:
        self.batch = batch
        self.register = batch.register
        self.user = user
        self.asked = yardstick
        self.today = timezone.localdate()

    @cached_property
    def yardstick(self) -> Yardstick:
        whole = self.asked == Yardstick.SCOPE or not self.shared
        return Yardstick.SCOPE if whole else Yardstick.SHARED

    @cached_property
    def shared(self) -> list[Shared]:
        """What all rows of the roster have in common, by the register's own columns for that."""
        return self.register.shared(list(self._combinations()), self._scope)

    @cached_property
    def counts(self) -> dict[Part, int]:
        """How many rows each part has."""
        return {part: self.rows(part).count() for part in Part}

    def rows(self, part: Part) -> QuerySet[Any]:
        """The rows of a part: of the registry for REGISTRY, else of the roster."""
        if part is Part.REGISTRY:
            return self._missing
        return within(self.batch.rows.filter(ROWS[part])).order_by("pk")

    @property
    def unmatched(self) -> int:
        """How many wrong rows name nothing that could be found: it may stand among the missing."""
        return int(self.rows(Part.WRONG).filter(target=None).count())

    @property
    def rule(self) -> str:
        """What of the registry the roster was held against, in a sentence."""
        of = self.register.expected_rule
        if self.yardstick is Yardstick.SCOPE:
            return _("Held against: %(rows)s in your scope.") % {"rows": of}
        return _(
            "Held against: %(rows)s in your scope with what all rows of the roster share "
            "(%(values)s)."
        ) % {"rows": of, "values": self.in_common}

    @property
    def in_common(self) -> str:
        """What all rows of the roster share, in words; "" for nothing."""
        columns = [each.column for each in self.shared if each.column]
        vocabularies = vocabularies_of(columns)
        values = (
            readable(each.column, each.value, vocabularies) if each.column else each.value
            for each in self.shared
        )
        pairs = zip(self.shared, values, strict=True)
        return _("; ").join(
            _("%(label)s %(value)s") % {"label": each.label, "value": value}
            for each, value in pairs
        )

    @cached_property
    def _scope(self) -> QuerySet[Any]:
        mine = self.register.queryset(self.user, self.register.write_permission)
        return self.register.expected(mine, self.today)

    @cached_property
    def _missing(self) -> QuerySet[Any]:
        named = ImportRow.objects.filter(batch=self.batch, target=OuterRef("pk"))
        rows = self._scope
        if self.yardstick is Yardstick.SHARED:
            for each in self.shared:
                rows = rows.filter(pk__in=each.rows.order_by().values("pk"))
        return rows.filter(~Exists(named))

    def _combinations(self) -> Iterator[Record]:
        """The combinations of values of the register's `shared_fields` that occur: in the registry
        where the roster names a row, and as the roster itself writes them."""
        fields = self.register.shared_fields
        if not fields:
            return
        good = self.batch.rows.exclude(action=Action.WRONG).order_by()
        named = good.filter(target=OuterRef("pk"))
        known = self.register.model._default_manager.filter(Exists(named)).order_by()
        for values in known.values_list(*fields.values()).distinct():
            yield dict(zip(fields, values, strict=True))
        written = good.exclude(action=Action.UNCHANGED).annotate(
            **{f"said_{key}": F(f"values__{key}") for key in fields}
        )
        for action, *values in written.values_list(
            "action", *(f"said_{key}" for key in fields)
        ).distinct():
            said = dict(zip(fields, values, strict=True))
            blank = action == Action.NEW  # of a known row, what is left out stays as it is
            yield {key: value for key, value in said.items() if blank or value is not None}
