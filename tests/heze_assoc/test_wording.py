"""What people read in Chinese beside our own messages: Django's words, numbers and dates."""

import datetime
from pathlib import Path

import django
import import_export
import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation

from heze_assoc import wording

DJANGO = Path(django.__file__).parent
CATALOGUES = [
    DJANGO / "conf/locale/en",
    DJANGO / "contrib/admin/locale/en",
    DJANGO / "contrib/auth/locale/en",
    Path(import_export.__file__).parent / "locale/zh_Hans",
]
KEYWORDS = {"_": None, "ngettext_lazy": (1, 2)}


def said_by_packages() -> set[str]:
    said = set()
    for folder in CATALOGUES:
        with (folder / "LC_MESSAGES/django.po").open("rb") as file:
            said |= {m.id[0] if m.pluralizable else m.id for m in read_po(file)}
    return said


def test_every_reworded_message_is_still_said_by_django_or_a_package() -> None:
    reworded = {
        message if isinstance(message, str) else message[0]
        for _line, message, *_rest in extract_from_file("python", wording.__file__, KEYWORDS)
    }
    assert reworded
    assert reworded - said_by_packages() == set()


def test_numbers_in_text_are_grouped_by_thousands() -> None:
    assert Template("{{ n }}").render(Context({"n": 1234567})) == "1,234,567"


def test_numbers_in_form_controls_are_not_grouped() -> None:
    class CountForm(forms.Form):
        count = forms.IntegerField(initial=1234567)

    assert 'value="1234567"' in CountForm().as_p()


def test_dates_are_typed_as_they_are_shown_in_form_controls() -> None:
    class DayForm(forms.Form):
        day = forms.DateField()

    day = datetime.date(2026, 3, 1)
    assert 'value="2026-03-01"' in DayForm(initial={"day": day}).as_p()
    for typed in ("2026-03-01", "2026/3/1", "2026.3.1", "2026年3月1日"):
        assert DayForm({"day": typed}).fields["day"].clean(typed) == day


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (datetime.date(2026, 3, 1), None, "since March 1, 2026"),
        (datetime.date(2026, 3, 1), datetime.date(2027, 3, 1), "March 1, 2026 – March 1, 2027"),
        (None, datetime.date(2027, 3, 1), "until March 1, 2027"),
        (None, None, "—"),
    ],
)
def test_period_without_an_end_is_said_to_last(
    start: datetime.date | None, end: datetime.date | None, said: str
) -> None:
    with translation.override("en"):
        text = render_to_string("_components/period.html", {"start": start, "end": end})
    assert text.strip() == said
