"""Load the reference data of every app; safe to repeat."""

from typing import Any

from django.core.management.base import BaseCommand

from organizations import reference

LOADERS = (reference.load,)  # of each app, those first on which others build


class Command(BaseCommand):
    help = "Load reference data, such as divisions and departments, from fixtures; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        for load in LOADERS:
            self.stdout.write(load())
