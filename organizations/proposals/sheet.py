"""A proposal as a workbook, to be passed round before it is accepted."""

from collections.abc import Iterable
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from organizations.models import Proposal
from organizations.proposals.pages import Shown
from organizations.proposals.standing import Standing
from registers.workbooks.marking_child import put_text
from registers.workbooks.writing import HEADER_FILL, RULE

WIDTHS = (34, 30, 12, 24, 10, 10, 60, 8, 16)


def proposal_workbook(
    out: Any, proposal: Proposal, standing: Standing, rows: Iterable[Shown]
) -> None:
    """Write the rows with their reasons to `out`; texts stay texts, whatever they begin with."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = _("Proposed assignments")
    put_text(sheet.cell(1, 1), str(proposal))
    sheet["A1"].font = Font(bold=True, size=14)
    put_text(sheet.cell(2, 1), _worked_out(proposal, standing))
    for column, (heading, width) in enumerate(zip(_headings(), WIDTHS, strict=True), 1):
        cell = sheet.cell(4, column)
        put_text(cell, heading)
        cell.font, cell.fill, cell.border = Font(bold=True), HEADER_FILL, RULE
        sheet.column_dimensions[get_column_letter(column)].width = width
    for number, shown in enumerate(rows, 5):
        for column, value in enumerate(_values(shown, standing), 1):
            cell = sheet.cell(number, column)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if isinstance(value, int):
                cell.value = value
            else:
                put_text(cell, value)
    sheet.freeze_panes = sheet.cell(5, 2)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    book.save(out)


def _worked_out(proposal: Proposal, standing: Standing) -> str:
    text = _("Worked out on %(time)s: %(points)s points, at best %(best)s.")
    day = date_format(localtime(proposal.worked_out_at), "DATETIME_FORMAT")
    return text % {"time": day, "points": standing.cost.points, "best": standing.best.points}


def _headings() -> list[str]:
    return [
        _("Association"),
        _("Place and industry"),
        _("Instructor"),
        _("Unit"),
        _("Works with now"),
        _("Works with then"),
        _("Why"),
        _("Points"),
        _("State"),
    ]


def _values(shown: Shown, standing: Standing) -> list[str | int]:
    row, person = shown.row, shown.instructor
    known = person is not None and person.pk in standing.problem.person
    return [
        str(row.association),
        shown.place,
        str(person) if person else "",
        person.unit if person else "",
        standing.problem.person[person.pk].load if person and known else "",
        standing.load_after(person.pk) if person and known else "",
        "；".join(fact.text for fact in shown.facts) or shown.left_over,
        shown.points,
        _state(shown),
    ]


def _state(shown: Shown) -> str:
    if shown.row.dropped:
        return _("Left out")
    if shown.row.accepted_at:
        return _("Accepted")
    return _("To decide") if shown.row.instructor_id else _("Nobody")
