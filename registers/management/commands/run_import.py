"""Carry out one step of an import apart from the request that asked for it."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from registers.apart import beating
from registers.jobs import Step, perform
from registers.models import ImportBatch


class Command(BaseCommand):
    help = "Carry out STEP of import BATCH; started by the web site."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("batch", type=int)
        parser.add_argument("step", type=Step, choices=list(Step))
        parser.add_argument("--as", dest="username")
        parser.add_argument("--language", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        batch = ImportBatch.objects.get(pk=options["batch"])
        users = get_user_model()._default_manager.filter(is_active=True)
        by = users.get(username=options["username"]) if options["username"] else None
        with translation.override(options["language"] or None), beating(batch):
            perform(batch, options["step"], by=by)
