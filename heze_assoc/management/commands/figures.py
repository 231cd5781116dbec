"""Print the headline figures."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from heze_assoc.contributions import FIGURES
from organizations.figures import citywide
from registers.days import add_as_of


class Command(BaseCommand):
    help = "Prints the headline figures of the whole city, computed from the records."

    def add_arguments(self, parser: CommandParser) -> None:
        add_as_of(parser)
        parser.add_argument("--json", action="store_true", help="one object, {key: value}")

    def handle(self, *args: Any, **options: Any) -> None:
        scope = citywide(options["as_of"] or timezone.localdate())
        values = {figure.key: figure.value(scope) for figure in FIGURES}
        if options["json"]:
            self.stdout.write(json.dumps(values, default=float))
            return
        width = max(map(len, values))
        for figure in FIGURES:
            value = values[figure.key]
            shown = "–" if value is None else f"{value:,}"
            self.stdout.write(f"{figure.key:<{width}}  {shown:>8} {figure.unit}")
