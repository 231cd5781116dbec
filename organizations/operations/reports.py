"""Freezing a report: its numbers and the rows behind them are written once and never again."""

import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from organizations.models import (
    Association,
    Department,
    Division,
    Report,
    ReportAssignment,
    ReportNumber,
    ReportRow,
)
from organizations.operations.days import refuse_future
from organizations.querysets.associations import AssociationQuerySet
from organizations.scoping import area_filter, areas
from organizations.statistics.periods import Period
from organizations.statistics.sources import FACTS, Source, frozen, live
from organizations.statistics.table import tabulate

ONCE = ("report_once_per_period_and_scope", "report_corrects_id")
# One statement sees one state of the registry, and takes no longer for asking row by row.
WRITE = """
WITH {source},
rows AS (
    INSERT INTO {rows} (report_id, {facts}) SELECT %s, {facts} FROM told RETURNING association
)
INSERT INTO {assignments}
    (report_id, association, instructor, instructor_name, instructor_unit)
SELECT %s, association, instructor, instructor_name, instructor_unit
FROM work WHERE association IN (SELECT association FROM rows)
"""


class AlreadyFrozen(Exception):
    """The period has a report in this scope; `report` is the one."""

    def __init__(self, report: Report) -> None:
        super().__init__(str(report))
        self.report = report


def drafted(
    *,
    period: Period,
    as_of: datetime.date,
    title: str,
    note: str = "",
    department: Department | None = None,
    division: Division | None = None,
    by: Any,
) -> Report:
    """The report that `freeze` would write, not written. Raises as `freeze` does."""
    _check_scope(department, division, by)
    _check_day(period, as_of)
    report = Report(
        title=title,
        period=period.kind,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        as_of=as_of,
        department=department,
        division=division,
        note=note,
        counts_functional=settings.COVERAGE_COUNTS_FUNCTIONAL,
        counts_dormant=settings.COVERAGE_COUNTS_DORMANT,
        frozen_by=by,
    )
    known = _known(report).first()
    if known:
        raise AlreadyFrozen(known)
    return report


def drafted_correction(
    *, report: Report, as_of: datetime.date, title: str, note: str = "", reason: str, by: Any
) -> Report:
    """The report that `correct` would write, not written. Raises as `correct` does."""
    if not Report.objects.for_user(by, Permission.FREEZE_REPORT).filter(pk=report.pk).exists():
        raise ValidationError(_("You cannot freeze reports of this scope."))
    _check_day(Period(Report.Period(report.period), report.starts_on), as_of)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the report is corrected.")})
    known = Report.objects.filter(corrects=report).first()
    if known:
        raise AlreadyFrozen(known)
    return Report(
        title=title,
        period=report.period,
        starts_on=report.starts_on,
        ends_on=report.ends_on,
        as_of=as_of,
        department=report.department,
        division=report.division,
        note=note,
        corrects=report,
        correction_reason=reason.strip(),
        counts_functional=settings.COVERAGE_COUNTS_FUNCTIONAL,
        counts_dormant=settings.COVERAGE_COUNTS_DORMANT,
        frozen_by=by,
    )


@transaction.atomic
def freeze(**asked: Any) -> Report:
    """Freeze the statistics of a period in a scope as of a day; takes what `drafted` takes.

    Raises AlreadyFrozen where that was done before, also by another click at the same moment, and
    ValidationError where the day lies outside the period or in the future, or the scope isn't one
    in which `by` may freeze reports.
    """
    return _written(drafted(**asked))


@transaction.atomic
def correct(**asked: Any) -> Report:
    """Freeze the period of a report anew, in its place; takes what `drafted_correction` takes.
    The report itself stays as it is.

    Raises AlreadyFrozen with the later version where there is one, also by another click at the
    same moment, and ValidationError where no reason is given, the day lies outside the period or
    in the future, or `by` may not freeze reports of that scope.
    """
    return _written(drafted_correction(**asked))


def previous(report: Report) -> Report | None:
    """What a report is compared with before it is frozen: the one that it corrects, else the one
    of the same scope and kind of period that came last before it."""
    if report.corrects:
        return report.corrects
    earlier = Report.objects.in_force().like(report).filter(starts_on__lt=report.starts_on)
    return earlier.order_by("-starts_on").first()


def _written(report: Report) -> Report:
    report = _begun(report)
    _write(report, live(associations_of(report), report.as_of))
    values = tabulate(frozen(report), report.as_of).values
    ReportNumber.objects.bulk_create(
        ReportNumber(report=report, line=line, column=column, value=value)
        for (line, column), value in values.items()
    )
    return report


def associations_of(report: Report) -> AssociationQuerySet:
    """The associations that lie in the scope of the report today."""
    return Association.objects.filter(area_filter(report.department_id, report.division))


def _check_scope(department: Department | None, division: Division | None, by: Any) -> None:
    wanted = (department and department.pk, division and division.pk)
    held = {(g.department_id, g.division_id) for g in areas(by, Permission.FREEZE_REPORT)}
    if wanted not in held:
        raise ValidationError(_("You cannot freeze reports of this scope."))


def _check_day(period: Period, as_of: datetime.date) -> None:
    if not period.starts_on <= as_of <= period.ends_on:
        text = _("The day of the figures must lie within the period, from %(start)s to %(end)s.")
        days = {"start": date_format(period.starts_on), "end": date_format(period.ends_on)}
        raise ValidationError({"as_of": text % days})
    refuse_future(as_of, "as_of")


def _known(report: Report) -> Any:
    """The version in force of the report that has the period and scope of `report`."""
    return Report.objects.in_force().like(report).filter(starts_on=report.starts_on)


def _begun(report: Report) -> Report:
    """The report, written; AlreadyFrozen where its period and scope have one, or where what it
    corrects has been corrected."""
    try:
        with transaction.atomic():
            report.save()
    except IntegrityError as error:
        if not any(name in str(error) for name in ONCE):
            raise
        raise AlreadyFrozen(_known(report).get()) from error
    return report


def _write(report: Report, source: Source) -> None:
    if source.empty:
        return
    statement = WRITE.format(
        source=source.sql,
        rows=ReportRow._meta.db_table,
        assignments=ReportAssignment._meta.db_table,
        facts=", ".join(FACTS),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*source.params, report.pk, report.pk])
