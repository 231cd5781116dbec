"""Frozen reports for the demo, and what has been corrected since, so that a difference shows."""

import datetime
from typing import Any

from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from organizations.members import MEMBERS_TO_ORGANISE
from organizations.models import Association, Report
from organizations.operations.reports import AlreadyFrozen, correct, freeze
from organizations.statistics.periods import Period, latest_ended

CORRECTED = 3
EVERY = 3  # one association in so many


def freeze_demo_reports(by: Any) -> None:
    """Freeze last year and the last quarter, then correct a few numbers; once, if repeated."""
    today = timezone.localdate()
    year = Period(Report.Period.YEAR, datetime.date(today.year - 1, 1, 1))
    if Report.objects.filter(period=year.kind, starts_on=year.starts_on).exists():
        return
    _record_what_rosters_leave_out()
    for period in (year, latest_ended(today)):
        _freeze(period, by)
    _correct_members()
    _correct_report(Report.objects.get(period=year.kind, starts_on=year.starts_on), by)


def _correct_report(report: Report, by: Any) -> None:
    """Freeze the year anew with the corrected numbers; the quarter goes on to differ."""
    correct(
        report=report,
        as_of=report.as_of,
        title=report.title,
        reason=f"定稿后核实，{CORRECTED}家协会商会的正式党员数少报，按核实后的人数更正。",
        by=by,
    )


def _freeze(period: Period, by: Any) -> None:
    with translation.override("zh-hans"):
        title = _("Party-building statistics, %(period)s") % {"period": period}
    try:
        freeze(period=period, as_of=period.ends_on, title=title, by=by)
    except AlreadyFrozen:
        return


def _record_what_rosters_leave_out() -> None:
    """Party groups and members registered elsewhere, of some and not of all."""
    rows = Association.objects.annotate(turn=F("pk") % EVERY)
    due = rows.filter(party_members__gte=MEMBERS_TO_ORGANISE, coverages=None)
    for turn, answer in enumerate((True, False)):
        keys = list(due.filter(turn=turn).values_list("pk", flat=True))
        Association.objects.filter(pk__in=keys).update(has_party_group=answer)
    keys = list(rows.filter(party_members__gt=0).exclude(turn=0).values_list("pk", flat=True))
    part = F("party_members") / EVERY
    Association.objects.filter(pk__in=keys).update(members_not_transferred=part)


def _correct_members() -> None:
    """A few covered associations turn out to have one member more, one to have a Party group."""
    covered = Association.objects.covered(timezone.localdate())
    rows = covered.with_staff().filter(party_members__gt=0, party_members__lt=F("staff"))
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:CORRECTED])
    Association.objects.filter(pk__in=keys).update(party_members=F("party_members") + 1)
    due = Association.objects.ought_to_organise(timezone.localdate()).order_by("pk")
    for association in due.filter(has_party_group=None)[:1]:
        association.has_party_group = True
        association.save(update_fields=["has_party_group"])
