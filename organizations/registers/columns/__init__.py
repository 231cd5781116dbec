"""The columns of the registers of this app, with the headings that offices write.

The Chinese words here are data: headings and cell values found on rosters, not texts of ours.
"""

from organizations.registers.columns.associations import ASSOCIATION_COLUMNS
from organizations.registers.columns.instructors import INSTRUCTOR_COLUMNS
from organizations.registers.columns.training import ATTENDANCE_COLUMNS

__all__ = ["ASSOCIATION_COLUMNS", "ATTENDANCE_COLUMNS", "INSTRUCTOR_COLUMNS"]
