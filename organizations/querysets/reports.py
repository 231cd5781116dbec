"""Frozen reports and the rows behind their numbers."""

from typing import Any, Self

from django.db import models

from accounts.permissions import Permission
from organizations.scoping import report_filter


class ReportQuerySet(models.QuerySet):
    def for_user(self, user: Any, permission: Permission) -> Self:
        """Reports whose whole scope lies in the scope of `user` for `permission`."""
        return self.filter(report_filter(user, permission))

    def in_force(self) -> Self:
        """Reports that no later version has corrected."""
        return self.filter(correction=None)

    def like(self, report: Any) -> Self:
        """Reports of the same scope and kind of period."""
        return self.filter(
            period=report.period, department=report.department, division=report.division
        )


class ReportRowQuerySet(models.QuerySet):
    def counted_in(self, line: str) -> Self:
        """The associations that count in a line of the table."""
        return self.filter(cells__contains=[line])
