"""The day that a page or a command is asked for."""

import datetime
from argparse import ArgumentParser, ArgumentTypeError

from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

EARLIEST = datetime.date(1950, 1, 1)


def requested_day(text: str | None) -> tuple[datetime.date, str]:
    """The day that `text` (YYYY-MM-DD) names and what is wrong with it; today where it is."""
    if not text:
        return timezone.localdate(), ""
    try:
        return known_day(text), ""
    except ArgumentTypeError as problem:
        said = _("%(problem)s You see today's figures.") % {"problem": problem}
        return timezone.localdate(), said


def add_as_of(parser: ArgumentParser) -> None:
    """Give a command the option --as-of; `as_of` is None where it is left out."""
    parser.add_argument(
        "--as-of", metavar="DATE", type=known_day, help="YYYY-MM-DD; today if left out"
    )


def known_day(text: str) -> datetime.date:
    """The day YYYY-MM-DD; ArgumentTypeError, in a sentence, where `text` names none that records
    can speak of."""
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None or day < EARLIEST:
        wrong = _("“%(text)s” is not a date. Write it as 2026-03-31.")
        raise ArgumentTypeError(wrong % {"text": text})
    if day > timezone.localdate():
        raise ArgumentTypeError(_("The day asked for is still to come."))
    return day
