"""The forms of words: what a file's unknown words mean, and what an explained one means instead."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registers.columns import Column, Text
from registers.models import ImportBatch, LearnedAlias
from registers.register import Register
from registers.vocabularies import KnownWords, Space

WORDS_AT_ONCE = 50
BLANK = "blank"
Entry = dict[str, Any]


class WordsForm(forms.Form):
    """What each word that nobody knows means: one of the options, nothing, or still unknown."""

    def __init__(self, *args: Any, batch: ImportBatch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.register: Register = batch.register
        self.unknown = batch.unknown[:WORDS_AT_ONCE]
        columns = {entry["column"]: self.register.column(entry["column"]) for entry in self.unknown}
        self.known = KnownWords(self.register, list(columns.values()))
        self.names = {key: dict(self.known.options(column)) for key, column in columns.items()}
        for number, entry in enumerate(self.unknown):
            self.fields[f"word-{number}"] = forms.ChoiceField(
                label=_("“%(word)s” means") % {"word": entry["text"]},
                choices=_answers(entry, self.names[entry["column"]]),
                required=False,
            )

    @property
    def words(self) -> Iterator[tuple[Entry, Text, list[str], forms.BoundField]]:
        """Each word as it was found, the label of its column, names like it, and the control for
        its meaning."""
        for number, entry in enumerate(self.unknown):
            similar = [name for _value, name in _similar(entry, self.names[entry["column"]])]
            label = self.register.column(entry["column"]).label
            yield entry, label, similar, self[f"word-{number}"]

    def answers(self) -> Iterator[tuple[Column, str, Any]]:
        """(column, word, value) for each word that was answered; value None: it means nothing."""
        for entry, column, value in self._answered():
            if not self.known.knows(column, entry["text"]):
                yield column, entry["text"], value

    def overtaken(self) -> list[str]:
        """The answered words that somebody else has explained meanwhile; that meaning stays."""
        answered = self._answered()
        return [e["text"] for e, column, _value in answered if self.known.knows(column, e["text"])]

    def _answered(self) -> Iterator[tuple[Entry, Column, Any]]:
        for number, entry in enumerate(self.unknown):
            answer = self.cleaned_data[f"word-{number}"]
            if answer:
                values = {str(value): value for value in self.names[entry["column"]]}
                yield entry, self.register.column(entry["column"]), values.get(answer)


class MeaningForm(forms.Form):
    """What an explained word means instead."""

    meaning = forms.ChoiceField(label=gettext_lazy("Means"))

    def __init__(self, *args: Any, word: LearnedAlias, space: Space, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.word = word
        self.values = {str(value): value for value in space.names}
        field: Any = self.fields["meaning"]
        field.choices = [*_choices(space.names), (BLANK, _means_nothing())]
        field.initial = BLANK if word.value is None else str(word.value)

    def save(self, *, by: Any) -> None:
        """Remember the corrected meaning as explained by `by`."""
        self.word.value = self.values.get(self.cleaned_data["meaning"])
        self.word.taught_by = by
        self.word.save()


def _answers(entry: Entry, names: Mapping[Any, str]) -> list[Any]:
    similar = dict(_similar(entry, names))
    others = {value: name for value, name in names.items() if value not in similar}
    answers: list[Any] = [("", _("Leave wrong"))]
    if similar:
        answers.append((_("Similar"), _choices(similar)))
    return [*answers, (_("All"), _choices(others)), (BLANK, _means_nothing())]


def _similar(entry: Entry, names: Mapping[Any, str]) -> list[tuple[Any, str]]:
    """(value, name) of what was suggested when the word was found, as it is called here and now."""
    return [(value, names[value]) for value, _name in entry["suggestions"] if value in names]


def _choices(names: Mapping[Any, str]) -> list[tuple[str, str]]:
    return [(str(value), name) for value, name in names.items()]


def _means_nothing() -> str:
    return _("Means nothing: leave the cell blank")
