"""What can be wrong with a row about associations, and how it is said to people."""

from django.utils.translation import gettext_lazy as _

from registers.problems import Problem
from registers.register import Record

MESSAGES = {
    "code_of_other": _(
        "The code %(value)s belongs to “%(name)s” in the registry. Check code and name; if the "
        "association has a new name, change it in the registry first."
    ),
    "name_of_other": _(
        "“%(name)s” stands in the registry with the code %(code)s, not %(value)s. Compare the "
        "code with the registration certificate; if the registry is wrong, correct the code there "
        "first, then check again."
    ),
    "ambiguous_instructor": _(
        "There are several instructors named %(value)s, from: %(units)s. Add the unit of the one "
        "that is meant."
    ),
    "shared_party_organization": _(
        "The Party organisation “%(value)s” also covers associations that you cannot change, so "
        "its particulars stay as they are. Clear them in this row, or ask the city to change them."
    ),
    "shared_instructor": _(
        "%(value)s belongs to another office or also works with associations that you cannot "
        "change, so the particulars stay as they are. Leave only the name, the unit and your "
        "associations in this row, or ask the city to change the rest."
    ),
    "instructor_of_others": _(
        "%(value)s is not in your scope, and neither is an association in this row. Name an "
        "association of yours that the instructor works with, or ask the city to enter this row."
    ),
    "unknown_association": _(
        "“%(value)s” is not an association that you can see. Correct the name, or clear the cell."
    ),
    "more_than_staff": _(
        "%(value)s is more than the total staff of %(whole_value)s. Correct one of the two."
    ),
    "more_than_members": _(
        "%(value)s is more than the number of full Party members (%(whole_value)s), of whom these "
        "are a part. Correct one of the two."
    ),
    "ended_before_registered": _(
        "“Date of ending” (%(value)s) must not lie before “Registered on” (%(earlier_value)s). "
        "Correct one of the two."
    ),
    "elected_before_established": _(
        "“Last election on” (%(value)s) must not lie before “Party organisation established on” "
        "(%(earlier_value)s). Correct one of the two."
    ),
    "term_ends_before_it_begins": _(
        "“Term ends on” (%(value)s) must not lie before “Term begins on” (%(earlier_value)s). "
        "Correct one of the two."
    ),
    "session_ends_before_it_begins": _(
        "“Last day” (%(value)s) must not lie before “Held on” (%(earlier_value)s). Correct one of "
        "the two."
    ),
    "ended_while_registered": _(
        "The association ended on %(value)s, but its status says that it is registered. Change "
        "the status, or clear the date."
    ),
    "members_without_whole": _(
        "%(value)s Party members are registered elsewhere, but the number of all full Party "
        "members is missing. Write it, too."
    ),
    "term_without_beginning": _(
        "The term ends on %(value)s, but the day on which it began is missing. Write it, too, or "
        "clear the end."
    ),
    "direct_with_supervisor": _(
        "A directly registered association has no supervising unit. Clear the unit, or correct "
        "the registration type."
    ),
}


def not_in_scope(record: Record) -> Problem:
    """What is wrong with a row that finds what lies outside the scope; it says no more than the row
    itself does."""
    said = record.get("name") or record.get("credit_code")
    return Problem("out_of_scope", {"column": "name", "value": said})
