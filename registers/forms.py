"""The forms of an import: the file, and what its columns mean."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registers.columns import (
    ChoiceColumn,
    Column,
    LookupColumn,
    Text,
    YearlyChoiceColumn,
    YesNoColumn,
)
from registers.day_field import DayField
from registers.detection import Plan
from registers.editing import BLANK
from registers.models import ImportBatch
from registers.register import Register
from registers.vocabularies import KnownWords
from registers.workbooks.unreadable import MESSAGES

FORMATS = ".xlsx,.xls,.ods,.csv"
FIRST_YEAR, YEARS_AHEAD = 1990, 1
OPEN = (ImportBatch.Status.UPLOADED, ImportBatch.Status.STAGED)
REASONS = {
    "alias": gettext_lazy("by its heading"),
    "spelling": gettext_lazy("by a heading much like it"),
    "lesser_alias": gettext_lazy("by its heading and its values"),
    "values": gettext_lazy("by its values"),
    "spread": gettext_lazy("ticked columns of one choice"),
    "question": gettext_lazy("a question about one choice"),
    "chosen": gettext_lazy("chosen by you"),
    "running_number": gettext_lazy("running number"),
    "marks": gettext_lazy("problems marked here earlier"),
    "taken": gettext_lazy("another column already means this"),
    "elsewhere": gettext_lazy("stands under a heading of something else"),
    "values_contradict": gettext_lazy("its values do not fit its heading"),
    "unknown": gettext_lazy("unknown heading"),
}


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Workbook"),
        widget=forms.FileInput(attrs={"accept": FORMATS}),
        error_messages={
            "required": gettext_lazy("Choose a file first."),
            "empty": MESSAGES["empty_file"],
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "Excel or WPS workbooks (.xlsx, .xls), .ods and .csv up to %(size)s. "
            "Titles above the table, merged headings, totals and notes may stay."
        ) % {"size": filesizeformat(settings.IMPORT_UPLOAD_BYTES)}

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        limit = settings.IMPORT_UPLOAD_BYTES
        if upload.size > limit:
            megabytes = 1024 * 1024
            params = {"found": -(-upload.size // megabytes), "limit": limit // megabytes}
            raise forms.ValidationError(MESSAGES["upload_too_big"], params=params)
        return upload


@dataclass
class SourceColumn:
    """A column of the file with the controls for what it means."""

    plan: Plan
    meaning: forms.BoundField
    year: forms.BoundField | None

    @property
    def heading(self) -> str:
        return " / ".join(self.plan["path"])

    @property
    def last_heading(self) -> str:
        return str(self.plan["path"][-1])

    @property
    def group(self) -> tuple[Any, ...]:
        """What columns ticked for one choice have in common; nothing for a column alone."""
        if self.plan["choice"] is None:
            return (self.plan["index"],)
        return (self.plan["column"], *self.plan["path"][:-1])

    @property
    def reason(self) -> Text:
        return REASONS.get(self.plan["reason"], "")

    @property
    def samples(self) -> Sequence[str]:
        return self.plan.get("samples", ())

    @property
    def loses_data(self) -> bool:
        return loses_data(self.plan)


@dataclass
class SourceSheets:
    """Sheets with the same columns, mapped together."""

    plans: list[Plan]
    used: list[forms.BoundField]
    columns: list[SourceColumn]

    def __iter__(self) -> Iterator[list[SourceColumn]]:
        """The columns in lines: one for each, and one for all that a choice is spread over."""
        lines: dict[Any, list[SourceColumn]] = defaultdict(list)
        for column in self.columns:
            lines[column.group].append(column)
        yield from lines.values()

    @property
    def name(self) -> str:
        return "、".join(plan["name"] for plan in self.plans)

    @property
    def header_rows(self) -> Sequence[int]:
        return self.plans[0]["header_rows"]

    @property
    def is_open(self) -> bool:
        return any(plan["used"] for plan in self.plans)

    @property
    def ignored(self) -> list[str]:
        return [column.heading for column in self.columns if column.loses_data]


class ColumnsForm(forms.Form):
    """Which sheets are used, what their columns mean, what holds for the whole file."""

    def __init__(self, *args: Any, batch: ImportBatch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.batch = batch
        self.register: Register = batch.register
        self.groups = same_columns(batch.plan)
        self.meanings = meanings(self.register)
        for plans in self.groups:
            self._add_sheets(plans)
        self._add_constants()
        self.fields["data_on"] = DayField(
            label=_("Data as of"),
            help_text=_("What the file gives without a date counts from this day; blank: today."),
            required=False,
            initial=batch.data_on,
            until_today=True,
        )

    def _add_sheets(self, plans: list[Plan]) -> None:
        for plan in plans:
            self.fields[f"used-{plan['position']}"] = forms.BooleanField(
                label=_used_label(plan), required=False, initial=plan["used"]
            )
        for column in plans[0]["columns"]:
            heading = " / ".join(column["path"])
            self.fields[_name("meaning", plans, column)] = forms.ChoiceField(
                label=_("“%(heading)s” means") % {"heading": heading},
                choices=self.meanings,
                initial=_meaning(column),
                required=False,
                widget=forms.Select(attrs={"class": "input"}),
            )
            if self._is_yearly(column["column"]):
                self.fields[_name("year", plans, column)] = forms.IntegerField(
                    label=_("Year of “%(heading)s”") % {"heading": heading},
                    min_value=FIRST_YEAR,
                    max_value=timezone.localdate().year + YEARS_AHEAD,
                    initial=column["year"],
                    localize=False,
                    widget=forms.NumberInput(attrs={"class": "input"}),
                )

    def _add_constants(self) -> None:
        columns = [self.register.column(key) for key in self.register.constant_columns]
        words = KnownWords(self.register, columns)
        self.options = {column.key: dict(_by_text(words, column)) for column in columns}
        for column in columns:
            values = {value: text for text, value in self.options[column.key].items()}
            labels = dict(words.options(column))
            self.fields[f"constant-{column.key}"] = forms.ChoiceField(
                label=column.label,  # type: ignore[arg-type]
                choices=[BLANK, *((text, labels[value]) for value, text in values.items())],
                initial=values.get(self.batch.constants.get(column.key), ""),
                required=False,
            )

    def _is_yearly(self, key: str | None) -> bool:
        return key is not None and isinstance(self.register.column(key), YearlyChoiceColumn)

    @property
    def sheets(self) -> list[SourceSheets]:
        return [self._sheets(plans) for plans in self.groups]

    def _sheets(self, plans: list[Plan]) -> SourceSheets:
        return SourceSheets(
            plans,
            [self[f"used-{plan['position']}"] for plan in plans],
            [
                SourceColumn(
                    column,
                    self[_name("meaning", plans, column)],
                    self[name] if (name := _name("year", plans, column)) in self.fields else None,
                )
                for column in plans[0]["columns"]
            ],
        )

    @property
    def without_header(self) -> list[str]:
        """Sheets in which no table was found."""
        return [p["name"] for p in self.batch.plan if not p["columns"] and p.get("has_data")]

    @property
    def constants(self) -> list[forms.BoundField]:
        return [self[f"constant-{key}"] for key in self.register.constant_columns]

    def clean(self) -> dict[str, Any]:
        used = [plans for plans in self.groups if any(self._used(plan) for plan in plans)]
        if not used:
            raise forms.ValidationError(_("Choose at least one sheet to import."))
        for plans in used:
            self._clean_sheets(plans)
        return self.cleaned_data

    def _used(self, plan: Plan) -> bool:
        return bool(self.cleaned_data.get(f"used-{plan['position']}"))

    def _clean_sheets(self, plans: list[Plan]) -> None:
        taken: dict[Any, Plan] = {}
        for column in self._mapped(plans):
            other = taken.setdefault((column["column"], column["year"]), column)
            both_ticked = column["choice"] is not None and other["choice"] is not None
            if other is not column and not both_ticked and not self._are_parts(column, other):
                self._refuse_second(plans, column, other)
        if not {key for key, _year in taken} & set(self.register.business_keys):
            keys = [str(self.register.column(key).label) for key in self.register.business_keys]
            self.add_error(
                None,
                _(
                    "Sheet “%(sheet)s” needs a column for one of: %(columns)s. Without it nobody "
                    "can tell whose the rows are."
                )
                % {"sheet": plans[0]["name"], "columns": "、".join(keys)},
            )

    def _are_parts(self, *plans: Plan) -> bool:
        """Whether the columns hold different parts of one name, as county and township do."""
        column = self.register.column(plans[0]["column"])
        leaves = [plan["path"][-1] for plan in plans]
        return isinstance(column, LookupColumn) and column.in_parts(leaves)

    def _refuse_second(self, plans: list[Plan], column: Plan, other: Plan) -> None:
        params = {
            "other": " / ".join(other["path"]),
            "column": self.register.column(column["column"]).label,
        }
        self.add_error(
            _name("meaning", plans, column),
            _("“%(other)s” already means “%(column)s”. Choose one of the two columns.") % params,
        )

    def _mapped(self, plans: list[Plan]) -> Iterator[Plan]:
        """The columns as chosen, without those that are ignored."""
        for column in plans[0]["columns"]:
            chosen = self._chosen(plans, column)
            if chosen["column"] is not None:
                yield chosen

    def _chosen(self, plans: list[Plan], column: Plan) -> Plan:
        meaning = self.cleaned_data.get(_name("meaning", plans, column), "")
        key, _colon, choice = meaning.partition(":")
        if meaning == _meaning(column):
            year = self.cleaned_data.get(_name("year", plans, column), column["year"])
            return column | {"year": year}
        year = timezone.localdate().year - 1 if self._is_yearly(key or None) else None
        chosen = {"column": key or None, "choice": choice or None, "year": year}
        return column | chosen | {"reason": "chosen"}

    def save(self) -> bool:
        """Write the answers into the batch's plan and constants, unless it is being worked on.

        Until the rows are checked anew nothing can be written; False where that came too late.
        """
        for plans in self.groups:
            columns = [self._chosen(plans, column) for column in plans[0]["columns"]]
            for plan in plans:
                plan["used"] = self._used(plan)
                samples = [column.get("samples", []) for column in plan["columns"]]
                plan["columns"] = [
                    column | {"samples": own} for column, own in zip(columns, samples, strict=True)
                ]
        self.batch.constants = {
            key: self.options[key][text]
            for key in self.register.constant_columns
            if (text := self.cleaned_data[f"constant-{key}"])
        }
        self.batch.data_on = self.cleaned_data["data_on"]
        return ImportBatch.objects.filter(pk=self.batch.pk).move(
            to=ImportBatch.Status.UPLOADED,
            expected=OPEN,
            plan=self.batch.plan,
            constants=self.batch.constants,
            data_on=self.batch.data_on,
        )


def same_columns(plan: Sequence[Plan]) -> list[list[Plan]]:
    """The sheets in which a table was found, those with the same columns together."""
    groups: dict[str, list[Plan]] = defaultdict(list)
    for sheet in plan:
        if sheet["columns"]:
            columns = [(c["index"], c["path"], _meaning(c), c["year"]) for c in sheet["columns"]]
            groups[json.dumps([sheet["header_rows"], columns])].append(sheet)
    return list(groups.values())


def loses_data(column: Plan) -> bool:
    """Whether a column of the file holds data that the import leaves out."""
    ignored = column["column"] is None and column["reason"] not in ("running_number", "marks")
    return ignored and bool(column.get("samples"))


def meanings(register: Register) -> list[Any]:
    """What a source column can mean: nothing, a column, or (where it is ticked) a choice."""
    columns = [(column.key, column.label) for column in register.columns]
    ticked = [
        (f"{column.key}:{code}", format_lazy("{}: {}", column.label, label))
        for column in register.columns
        for code, label in _ticks(column)
    ]
    return [
        ("", _("Ignore")),
        (_("Columns of the register"), columns),
        (_("Ticked (√) for"), ticked),
    ]


def _ticks(column: Column) -> Sequence[tuple[str, Text]]:
    if isinstance(column, YesNoColumn):
        return [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]
    return column.choices if isinstance(column, ChoiceColumn) else []


def _meaning(column: Plan) -> str:
    if column["choice"] is None:
        return column["column"] or ""
    return f"{column['column']}:{column['choice']}"


def _name(what: str, plans: Sequence[Plan], column: Plan) -> str:
    return f"{what}-{plans[0]['position']}-{column['index']}"


def _used_label(plan: Plan) -> str:
    name = plan["name"] or _("The table")
    return _("%(sheet)s (hidden sheet)") % {"sheet": name} if plan["hidden"] else name


def _by_text(words: KnownWords, column: Column) -> Iterator[tuple[str, Any]]:
    """The column's possible values by the text that stands for them in a form."""
    for value, _label in words.options(column):
        yield str(value), value
