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

ONCE = "report_once_per_period_and_scope"
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


@transaction.atomic
def freeze(
    *,
    period: Period,
    as_of: datetime.date,
    title: str,
    note: str = "",
    department: Department | None = None,
    division: Division | None = None,
    by: Any,
) -> Report:
    """Freeze the statistics of `period` in a scope as of the day `as_of`.

    Raises AlreadyFrozen where that was done before, also by another click at the same moment, and
    ValidationError where the day lies outside the period or in the future, or the scope isn't one
    in which `by` may freeze reports.
    """
    _check_scope(department, division, by)
    _check_day(period, as_of)
    report = _begun(
        Report(
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
    )
    _write(report, live(associations_of(report), as_of))
    values = tabulate(frozen(report), as_of).values
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


def _begun(report: Report) -> Report:
    """The report, written; AlreadyFrozen where its period and scope have one."""
    try:
        with transaction.atomic():
            report.save()
    except IntegrityError as error:
        if ONCE not in str(error):
            raise
        raise AlreadyFrozen(
            Report.objects.get(
                period=report.period,
                starts_on=report.starts_on,
                department=report.department,
                division=report.division,
            )
        ) from error
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
