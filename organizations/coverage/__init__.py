"""How far Party organisations and instructors reach, as of any day, by any dimension."""

from organizations.coverage.report import CoverageReport, coverage
from organizations.coverage.tally import Group, Tally, percentage

__all__ = ["CoverageReport", "Group", "Tally", "coverage", "percentage"]
