"""What a cell of a workbook means: pure functions from a cell to a JSON-native value.

Each returns None where the cell is blank and raises registers.problems.Problem, and nothing
else, where it cannot be read. They run once per cell of an import, so common cells take a short
way through them.
"""

from registers.cleaning.answers import ticked, yes_no
from registers.cleaning.choices import choice, choice_writings
from registers.cleaning.counts import LARGEST, count
from registers.cleaning.credit_codes import check_digit, credit_code
from registers.cleaning.dates import date
from registers.cleaning.names import name, names, normalise
from registers.cleaning.phones import phone
from registers.cleaning.texts import DITTO, blank, is_ditto, text

__all__ = [
    "DITTO",
    "LARGEST",
    "blank",
    "check_digit",
    "choice",
    "choice_writings",
    "count",
    "credit_code",
    "date",
    "is_ditto",
    "name",
    "names",
    "normalise",
    "phone",
    "text",
    "ticked",
    "yes_no",
]
