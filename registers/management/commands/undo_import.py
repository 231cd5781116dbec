"""Undo a whole import."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from registers.models import ImportBatch
from registers.reports import problem_message
from registers.undo import undo


class Command(BaseCommand):
    help = "Undo the import BATCH; rows edited since are kept and listed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("batch", type=int)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        batch = ImportBatch.objects.filter(pk=options["batch"]).first()
        if batch is None:
            raise CommandError(f"There is no import {options['batch']}.", returncode=2)
        if not undo(batch, by=None):
            reason = problem_message(**batch.error) if batch.error else batch.get_status_display()
            raise CommandError(str(reason), returncode=1)
        report = {"batch": batch.pk, "undone": True, "kept": batch.kept}
        if options["json"]:
            self.stdout.write(json.dumps(report))
        else:
            self.stdout.write(f"Import {batch.pk} undone; {len(batch.kept)} rows kept.")
