"""What can be wrong with a cell, a row or a file, and how it is said to people.

Every sentence names what was found and what would be right. The names in its placeholders are
the keys of `Problem.params`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

MESSAGES: dict[str, str | Promise] = {
    # Cells
    "required": _("This must be filled in."),
    "too_long": _("This has %(length)s characters; at most %(maximum)s fit. Shorten it."),
    "error_value": _(
        "The cell shows the error %(value)s instead of a value. Correct its formula, or type the "
        "value itself."
    ),
    "formula_without_value": _(
        "The cell holds a formula without a stored result (%(value)s). Open the workbook in "
        "Excel or WPS and save it, or type the value itself."
    ),
    "control_characters": _(
        "“%(value)s” contains control characters that cannot be seen. Delete the content of the "
        "cell and type it again."
    ),
    # Credit codes
    "code_as_number": _(
        "The spreadsheet has turned the code into the number %(value)s, and digits are lost. "
        "Format the column as text and type all 18 characters of the code again."
    ),
    "code_length": _(
        "“%(value)s” has %(length)s characters; a unified social credit code has 18. Compare it "
        "with the registration certificate."
    ),
    "code_character": _(
        "“%(value)s” has “%(character)s” at position %(position)s. Positions 3 to 8 of a credit "
        "code are digits; elsewhere the letters I, O, S, V and Z do not occur (often 1, 0, 5 or "
        "2 is meant)."
    ),
    "code_check": _(
        "The check digit of “%(value)s” is wrong: after these first 17 characters, position "
        "%(position)s must be “%(expected)s”. Compare the whole code with the registration "
        "certificate."
    ),
    "code_organisation_check": _(
        "The organisation code inside “%(value)s” (positions 9 to 17) is wrong: after these 8 "
        "characters, position %(position)s must be “%(expected)s”. Compare the whole code with "
        "the registration certificate."
    ),
    # Phones, dates, counts
    "phone_as_number": _(
        "The spreadsheet has turned the phone number into the number %(value)s. Format the "
        "column as text and type the number again."
    ),
    "phone_characters": _(
        "“%(value)s” is not a phone number. Write digits, with + - ( ) where needed and a "
        "semicolon between several numbers, as in 0530-5612345; 13800001111."
    ),
    "date_ambiguous": _(
        "%(value)s can mean January, or October whose 0 the spreadsheet has dropped. Write "
        "%(year)s-01 or %(year)s-10, as text."
    ),
    "month_out_of_range": _(
        "“%(value)s” names month %(month)s; months go from 1 to 12. Write it as in 2021-03-01 "
        "or 2021-03."
    ),
    "no_such_day": _(
        "“%(value)s” does not exist: month %(month)s of %(year)s has no day %(day)s. Write it as "
        "in 2021-03-01, or only the month, as in 2021-03."
    ),
    "year_out_of_range": _(
        "“%(value)s” gives the year %(year)s; years from %(first)s to %(last)s are possible."
    ),
    "date_unreadable": _(
        "“%(value)s” cannot be read as a date. Write it as in 2021-03-01, 2021-03 or 2021."
    ),
    "date_to_come": _("%(value)s is still to come; this has already happened. Check the date."),
    "count_negative": _("A count cannot be below zero (%(value)s); write 0 or more."),
    "count_fraction": _("%(value)s is not a whole number; a count is a number such as 12."),
    "count_too_large": _("%(value)s is too large; at most %(maximum)s is possible here."),
    "count_unreadable": _("“%(value)s” is not a number. Write a whole number such as 12."),
    # Answers, choices, names of other rows
    "yes_no_unreadable": _(
        "“%(value)s” is neither yes nor no. Write yes or no (√ and × are understood as well)."
    ),
    "tick_unreadable": _(
        "“%(value)s” is not a tick. Write √ where the column applies and leave it blank or write "
        "× where it does not."
    ),
    "unknown_choice": _("“%(value)s” is none of the possible answers: %(choices)s."),
    "unknown_lookup": _("“%(value)s” is not known here. Similar names: %(suggestions)s."),
    "out_of_scope": _(
        "“%(value)s” is not among the entries that you can change. Check the name and the code."
    ),
    # Rows
    "duplicate_in_file": _("“%(value)s” also stands in %(other_place)s. Keep one of the two rows."),
    "two_ticks": _(
        "A second column of the same choice is ticked. Leave only the tick that applies."
    ),
    "sum_mismatch": _(
        "The total is given as %(value)s, but its parts add up to %(sum)s. Correct one of them."
    ),
    # Batches
    "undo_outside_scope": _(
        "The import holds entries that you can no longer change. Nothing was changed; ask the city "
        "to undo it."
    ),
    "wrong_rows": _(
        "%(count)s rows are wrong, so nothing was written. Correct them, or import only the good "
        "rows."
    ),
    "registry_changed": _(
        "The registry has changed since the preview: %(place)s no longer matches. Nothing was "
        "written; look at the new preview and confirm again."
    ),
    "left_scope": _(
        "The import would move entries out of those that you can change. Nothing was written; "
        "correct where they belong."
    ),
    "refused_by_database": _(
        "A row breaks a rule of the registry: %(rule)s Nothing was written; correct the row and "
        "upload the file again."
    ),
    "undo_refused": _("The import cannot be undone: %(rule)s Nothing was changed."),
    "try_again": _(
        "The database was interrupted, or other work stood in the way. Nothing was changed; try "
        "again."
    ),
}


def declare(messages: Mapping[str, str | Promise]) -> None:
    """Add the sentences of a domain's own problems; called once, from its registers module.

    Raises ValueError for a code that has a sentence already.
    """
    if repeated := MESSAGES.keys() & messages.keys():
        raise ValueError(f"These problems are declared already: {', '.join(sorted(repeated))}.")
    MESSAGES.update(messages)


# The sentences where nothing similar is known, and where the broken rule has none of its own.
WITHOUT_SUGGESTIONS = _(
    "“%(value)s” is not known here. Check the full name; explain a short one under “Explain the "
    "words”, once for all files."
)
WITHOUT_RULE = {
    "refused_by_database": _(
        "A row breaks a rule of the registry. Nothing was written; correct the row and upload "
        "the file again."
    ),
    "undo_refused": _(
        "The import cannot be undone because later records refer to what it made. Nothing was "
        "changed."
    ),
}


@dataclass(eq=False)
class Problem(Exception):
    """One thing that is wrong: a code of MESSAGES and the values its sentence needs.

    The values are JSON-native; a list is said as an enumeration.
    """

    code: str
    params: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return message(self.code, self.params)


def message(code: str, params: dict[str, Any]) -> str:
    """The sentence for `code` in the active language; KeyError for a code or value it lacks."""
    sentence = MESSAGES[code]
    if code == "unknown_lookup" and not params.get("suggestions"):
        sentence = WITHOUT_SUGGESTIONS
    if code in WITHOUT_RULE and not params.get("rule"):
        sentence = WITHOUT_RULE[code]
    return str(sentence) % ({key: _said(value) for key, value in params.items()} | _places(params))


def _places(params: dict[str, Any]) -> dict[str, str]:
    """Where the rows stand that a sentence speaks of; a text file has no sheets."""
    return {
        f"{which}place": _place(params.get(f"{which}sheet", ""), params[f"{which}row"])
        for which in ("", "other_")
        if f"{which}row" in params
    }


def _place(sheet: str, row: int) -> str:
    if not sheet:
        return gettext("row %(row)s") % {"row": row}
    return gettext("row %(row)s of sheet “%(sheet)s”") % {"row": row, "sheet": sheet}


def enumeration(items: Iterable[Any]) -> str:
    """`items` one after the other, as the active language writes it."""
    return gettext(", ").join(map(str, items))


def _said(value: Any) -> Any:
    return enumeration(value) if isinstance(value, list | tuple) else value
