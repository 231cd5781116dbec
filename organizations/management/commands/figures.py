"""Print the headline figures."""

import datetime
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_date

from organizations.figures import FIGURES, citywide


class Command(BaseCommand):
    help = "Prints the headline figures of the whole city, computed from the records."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", metavar="DATE", help="YYYY-MM-DD; today if left out")
        parser.add_argument("--json", action="store_true", help="one object, {key: value}")

    def handle(self, *args: Any, **options: Any) -> None:
        scope = citywide(_day(options["as_of"]))
        values = {figure.key: figure.value(scope) for figure in FIGURES}
        if options["json"]:
            self.stdout.write(json.dumps(values, default=float))
            return
        width = max(map(len, values))
        for figure in FIGURES:
            value = values[figure.key]
            shown = "–" if value is None else f"{value:,}"
            self.stdout.write(f"{figure.key:<{width}}  {shown:>8} {figure.unit}")


def _day(text: str | None) -> datetime.date:
    try:
        day = parse_date(text) if text else timezone.localdate()
    except ValueError:
        day = None
    if day is None:
        raise CommandError(f"“{text}” is not a date. Write it as 2026-03-31.")
    return day
