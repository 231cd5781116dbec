"""A comparison of a roster with the registry, as a workbook: one line per difference."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from django.utils import timezone
from django.utils.formats import date_format, localize
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registers.bulk import chunks
from registers.columns import Column
from registers.personal import masked, seen_in_full
from registers.previews import Preview, ShownRow
from registers.readable import readable, vocabularies_of
from registers.reconciling import LABELS, Comparison, Part
from registers.register import Record
from registers.workbooks.writing import write_table

CHUNK = 1000
IN_ORDER = (Part.DIFFERENT, Part.ROSTER, Part.REGISTRY, Part.WRONG, Part.SAME)


class ComparisonFile:
    """Every part of a comparison, with what was compared and when."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self.register = comparison.register
        self.keys = [self.register.column(key) for key in self.register.business_keys]
        self.keys.sort(key=lambda column: not column.required)
        self.preview = Preview(comparison.batch, comparison.user)

    @property
    def name(self) -> str:
        """What the file is called."""
        return _("%(name)s – compared.xlsx") % {"name": Path(self.comparison.batch.file_name).stem}

    def write(self, out: BinaryIO, lines: Iterable[Record]) -> None:
        """Write `lines`, those of `lines()`, to `out`."""
        title = _("Roster and registry: %(register)s") % {"register": self.register.label}
        write_table(out, title, lines, self._columns(), note_lines=self._notes())

    def lines(self) -> Iterator[Record]:
        """One line per difference, in the order of the parts."""
        for part in IN_ORDER:
            rows = self.comparison.rows(part).iterator(chunk_size=CHUNK)
            for chunk in chunks(rows, CHUNK):
                yield from self._missing(chunk) if part is Part.REGISTRY else self._of(part, chunk)

    def _columns(self) -> Sequence[Column]:
        return (
            Column(key="part", label=gettext_lazy("Result"), width=18),
            *(Column(key=c.key, label=c.label, width=c.width) for c in self.keys),
            Column(key="sheet", label=gettext_lazy("Sheet of the roster"), width=18),
            Column(key="row", label=gettext_lazy("Row of the roster"), width=10),
            Column(key="field", label=gettext_lazy("Field"), width=18),
            Column(key="old", label=gettext_lazy("In the registry"), width=28),
            Column(key="new", label=gettext_lazy("In the roster"), width=28),
        )

    def _notes(self) -> list[str]:
        batch, counts = self.comparison.batch, self.comparison.counts
        checked = batch.checked_at or batch.created_at
        number = (f"{LABELS[part]} {localize(counts[part])}" for part in IN_ORDER)
        return [
            _("Roster “%(file)s”, checked on %(checked)s, beside the registry of %(day)s")
            % {
                "file": batch.file_name,
                "checked": date_format(timezone.localtime(checked), "DATETIME_FORMAT"),
                "day": date_format(self.comparison.today),
            },
            self.comparison.rule,
            _("; ").join(number),
        ]

    def _of(self, part: Part, rows: Sequence[Any]) -> Iterator[Record]:
        known = self._known([row.target for row in rows if row.target])
        for shown in self.preview.rows(rows):
            keys = known.get(shown.row.target) or self._keys_of(shown)
            line: Record = {"part": str(LABELS[part]), **keys}
            line |= {"sheet": shown.row.sheet, "row": shown.row.row}
            if part is Part.DIFFERENT:
                yield from (line | each for each in _differences(shown))
            elif part is Part.WRONG:
                yield line | {"new": "\n".join(shown.problems)}
            else:
                yield line

    def _keys_of(self, shown: ShownRow) -> Record:
        """What names a row that the registry lacks, or of which nothing may be said any more."""
        naming = self.register.naming_column.key
        values = {value.column.key: value.new for value in shown.values}
        return {column.key: values.get(column.key) for column in self.keys} | {naming: shown.name}

    def _missing(self, rows: Sequence[Any]) -> Iterator[Record]:
        for keys in self._known([row.pk for row in rows]).values():
            yield {"part": str(LABELS[Part.REGISTRY]), **keys}

    def _known(self, pks: Sequence[int]) -> dict[Any, Record]:
        """What names the rows of the registry, as far as the person may see them."""
        register, user = self.register, self.comparison.user
        rows = register.queryset(user, register.view_permission).filter(pk__in=pks)
        in_full = seen_in_full(register, pks, user, self.keys)
        vocabularies = vocabularies_of(self.keys)
        records = register.snapshot(rows, self.comparison.today, user)
        return {
            pk: {
                c.key: _shown(c, readable(c, record.get(c.key), vocabularies), pk in in_full)
                for c in self.keys
            }
            for pk, record in records
        }


def _shown(column: Column, value: Any, in_full: bool) -> Any:
    return masked(value) if column.personal and not in_full else value


def _differences(shown: ShownRow) -> Iterable[Record]:
    return [
        {"field": str(value.column.label), "old": _text(value.old), "new": _text(value.new)}
        for value in shown.values
    ]


def _text(value: Any) -> str | int | None:
    return value if value is None or isinstance(value, int) else str(value)
