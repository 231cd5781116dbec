"""Write one export apart from the request that asked for it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from registers.apart import beating
from registers.export_writing import perform
from registers.models import Export


class Command(BaseCommand):
    help = "Write export EXPORT; started by the web site."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("export", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        export = Export.objects.get(pk=options["export"])
        with translation.override(export.language or None), beating(export):
            perform(export)
