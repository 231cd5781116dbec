"""The forms of a ballot: the code, the sheet, and how many codes are printed."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.grades import WORTH
from assessments.models import Participant
from assessments.models.ballots import ROWS
from assessments.operations.ballots import MOST_CODES, is_known

MARKS = [(worth, grade.label) for grade, worth in WORTH.items()]


class CodeForm(forms.Form):
    """The code out of the room."""

    code = forms.CharField(
        label=gettext_lazy("One-time code"),
        max_length=20,
        help_text=gettext_lazy("Ten letters and digits on the slip that you were given."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not is_known(code):
            raise forms.ValidationError(
                _("This code is unknown, or a sheet has been cast with it already.")
            )
        return code


class SheetForm(forms.Form):
    """The sheet: six rows for every subject; all are rated, or nothing is cast."""

    def __init__(self, *args: Any, participants: Sequence[Participant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.participants = participants
        for participant in participants:
            for place, row in enumerate(ROWS):
                self.fields[_name(participant, place)] = forms.TypedChoiceField(
                    label=row,
                    choices=MARKS,
                    coerce=int,
                    widget=forms.RadioSelect,
                    error_messages={"required": gettext_lazy("Not rated yet.")},
                )

    @property
    def subjects(self) -> Iterator[tuple[Participant, list[forms.BoundField], bool]]:
        """Each participant with its six rows, and whether one of them is missing."""
        for participant in self.participants:
            names = [_name(participant, place) for place in range(len(ROWS))]
            yield participant, [self[name] for name in names], any(n in self.errors for n in names)

    def ratings(self) -> dict[int, list[int]]:
        """The marks of a valid sheet by the keys of the participants."""
        return {
            each.pk: [self.cleaned_data[_name(each, place)] for place in range(len(ROWS))]
            for each in self.participants
        }


class CodesForm(forms.Form):
    number = forms.IntegerField(
        label=gettext_lazy("Number of codes"), min_value=1, max_value=MOST_CODES
    )


def _name(participant: Participant, place: int) -> str:
    return f"{participant.pk}-{place}"
