"""`manage.py erase_contacts`: delete senders' contacts whose time is over; once a day is enough."""

from typing import Any

from django.core.management.base import BaseCommand

from organizations.operations.suggestions import erase_contacts


class Command(BaseCommand):
    help = "Delete the contacts of senders of suggestions settled SUGGESTION_CONTACT_DAYS ago."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{erase_contacts()} contacts deleted")
