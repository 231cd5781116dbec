"""What the table is made from: the facts of every association that counts.

Two SELECTs of the same columns. `told` is one row per association with the lines in which it
counts (`cells`), `work` is which instructor works with which association. The registry is read as
of a day, a frozen report as it was written. The ORM chooses and scopes, SQL puts together.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import BooleanField, ExpressionWrapper, F, QuerySet

from organizations.coverage.asking import Row, ask, statement
from organizations.models import (
    Assignment,
    Coverage,
    Report,
    ReportAssignment,
    ReportRow,
)
from organizations.querysets.associations import AssociationQuerySet
from organizations.querysets.party import joint_formation
from organizations.statistics.lines import LINES

# Read from an association's own row, and what holds of it on the day.
OF_ASSOCIATION = (
    "name",
    "pinyin",
    "credit_code",
    "kind",
    "registration_type",
    "registered_on",
    "party_members",
    "members_not_transferred",
    "has_party_group",
)
OF_DAY = (
    "party_organization",
    "party_organization_name",
    "party_kind",
    "is_joint",
    "covered_since",
    "served",
)
FACTS = ("association", *OF_ASSOCIATION, "staff", *OF_DAY, "cells")
"""Columns of `told`; the fields of ReportRow have the same names."""
CELLS = ", ".join(f"CASE WHEN {line.rule} THEN '{line.key}' END" for line in LINES.values())
LIVE = """
covering AS ({covering}),
work AS ({work}),
facts AS (
    SELECT chosen.*, covering.party_organization,
        coalesce(covering.party_organization_name, '') AS party_organization_name,
        coalesce(covering.party_kind, '') AS party_kind, covering.is_joint, covering.covered_since,
        chosen.association IN (SELECT association FROM work) AS served
    FROM ({chosen}) AS chosen
    LEFT JOIN covering ON covering.covered = chosen.association
),
told AS (SELECT facts.*, array_remove(ARRAY[{cells}], NULL) AS cells FROM facts)
"""
FROZEN = "told AS ({told}), work AS ({work})"


@dataclass(frozen=True)
class Source:
    """SQL of the common table expressions `told` and `work`; empty: there is nothing in scope."""

    sql: str
    params: tuple[Any, ...]
    empty: bool = False

    def ask(self, *questions: str) -> list[list[Row]]:
        """The rows that answer each question, a SELECT, as JSON writes them; one statement."""
        if self.empty:
            return [[] for _ in questions]
        return ask(statement(self.sql, questions), self.params)


def live(associations: AssociationQuerySet, on: datetime.date) -> Source:
    """The active ones of `associations` (already scoped) as of the day `on`."""
    try:
        return _put_together(
            LIVE, covering=_covering(on), work=_work(on), chosen=_chosen(associations, on)
        )
    except EmptyResultSet:
        return Source("", (), empty=True)


def frozen_rows(report: Report) -> QuerySet[Any]:
    """The facts of every association as they were frozen."""
    return ReportRow.objects.filter(report=report).order_by().values(*FACTS)


def frozen(report: Report) -> Source:
    """What was written when the report was frozen."""
    work = ReportAssignment.objects.filter(report=report).order_by()
    return _put_together(
        FROZEN,
        told=frozen_rows(report),
        work=work.values("association", "instructor", "instructor_name", "instructor_unit"),
    )


def _put_together(template: str, **parts: QuerySet[Any]) -> Source:
    compiled = {name: rows.query.sql_with_params() for name, rows in parts.items()}
    params = tuple(param for _sql, given in compiled.values() for param in given)
    return Source(
        template.format(cells=CELLS, **{name: sql for name, (sql, _) in compiled.items()}), params
    )


def _chosen(associations: AssociationQuerySet, on: datetime.date) -> QuerySet[Any]:
    active = associations.active(on).with_staff().order_by()
    return active.values(*OF_ASSOCIATION, "staff", association=F("pk"))


def _covering(on: datetime.date) -> QuerySet[Any]:
    """At most one per association: coverages of the same one never overlap."""
    path = "party_organization__"
    return (
        Coverage.objects.existing(on)
        .counting()
        .order_by()
        .annotate(is_joint=ExpressionWrapper(joint_formation(path), BooleanField()))
        .values(
            "is_joint",
            "party_organization",
            covered=F("association"),
            covered_since=F("valid_from"),
            party_organization_name=F(f"{path}name"),
            party_kind=F(f"{path}kind"),
        )
    )


def _work(on: datetime.date) -> QuerySet[Any]:
    names: dict[str, Any] = {
        "instructor_name": F("instructor__name"),
        "instructor_unit": F("instructor__unit"),
    }
    return Assignment.objects.as_of(on).order_by().values("association", "instructor", **names)
