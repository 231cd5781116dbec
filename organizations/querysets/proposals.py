"""Rules of assignment, proposals and their rows."""

from typing import Any, Self

from django.conf import settings
from django.db import models

from accounts.permissions import Permission
from organizations.querysets import related


class AssignmentRulesQuerySet(models.QuerySet):
    def in_force(self) -> Any:
        """The latest rules; those of the program, not saved, where the office has set none: then
        the setting INSTRUCTOR_MOST_ASSOCIATIONS is the limit."""
        first: Any = self.model(most=settings.INSTRUCTOR_MOST_ASSOCIATIONS)
        return self.order_by("-pk").first() or first


class ProposalQuerySet(models.QuerySet):
    def for_user(self, user: Any) -> Self:
        """A person's own proposals; system administrators see all."""
        return self if user.has_perm(Permission.ADMINISTER) else self.filter(created_by=user)


class ProposalRowQuerySet(models.QuerySet):
    def for_user(self, user: Any) -> Self:
        """Rows of associations to which the person may send instructors today."""
        associations = related.associations()
        within = associations.for_user(user, Permission.EDIT_INSTRUCTOR).order_by()
        return self.filter(association__in=within.values("pk"))

    def undecided(self) -> Self:
        """Rows that are neither accepted nor left out."""
        return self.filter(accepted_at=None, dropped=False)

    def acceptable(self) -> Self:
        """Undecided rows with an instructor."""
        return self.undecided().exclude(instructor=None)

    def taking_part(self) -> Self:
        """Rows that are not left out."""
        return self.filter(dropped=False)
