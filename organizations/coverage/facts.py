"""One statement for all questions about a set of associations.

The ORM chooses and scopes the rows, SQL that it cannot write asks. To compose and compile such
querysets takes longer than to run them on a small registry. So the SQL is kept, one for every
scope and setting, and asked again with another day in it.
"""

import datetime
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.postgres.aggregates import BitOr
from django.core.exceptions import EmptyResultSet
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Least

from organizations.coverage.asking import Row, ask, statement
from organizations.coverage.months import NOW, HeldIn, month_ends
from organizations.models import Assignment, Coverage, Dormancy
from organizations.querysets.associations import AssociationQuerySet
from organizations.querysets.party import counting_nature

ANY_DAY = datetime.date.max  # stands for the day in the SQL that is kept

# What questions are asked of. work: the assignments of the day. facts: per association its place
# in every dimension, whether it is covered and served on the day, and the months in which it was
# active and covered. active: the facts of those active on the day, read from facts, where their
# months are computed once.
TABLES = """
months AS (SELECT %s::date[] AS days),
work AS ({work}),
covering AS (
    SELECT association, bit_or(held_in) AS held_in FROM ({coverages}) AS coverages GROUP BY 1
),
facts AS (
    SELECT chosen.*,
        coalesce(covering.held_in, 0) AS covered_in,
        coalesce(covering.held_in, 0) >> {now} & 1 = 1 AS covered,
        pk IN (SELECT association FROM work) AS served
    FROM ({chosen}) AS chosen
    LEFT JOIN covering ON covering.association = chosen.pk
),
active AS NOT MATERIALIZED (SELECT * FROM facts WHERE active_in >> {now} & 1 <> 0)
"""

Question = str | QuerySet[Any]


@dataclass(frozen=True)
class _Scope:
    """Associations; equal to those that the same SQL finds."""

    sql: str
    params: tuple[Any, ...]
    associations: AssociationQuerySet = field(compare=False)


def answers(
    associations: AssociationQuerySet, on: datetime.date, *questions: Question
) -> list[list[Row]]:
    """The rows that answer each question, as JSON writes them; none where the scope is empty.

    questions: SELECTs from `facts`, `active` and `work`, or querysets independent of them.
    """
    rules = (settings.COVERAGE_COUNTS_FUNCTIONAL, settings.COVERAGE_COUNTS_DORMANT)
    try:
        scope = _Scope(*associations.order_by().values("pk").query.sql_with_params(), associations)
        sql, params = _compiled(questions, scope, rules)
    except EmptyResultSet:
        return [[] for _ in questions]
    dated = [on if param == ANY_DAY else param for param in params]
    return ask(sql, [month_ends(on), *dated])


@lru_cache(maxsize=256)
def _compiled(
    questions: tuple[Question, ...], scope: _Scope, rules: tuple[bool, ...]
) -> tuple[str, list[Any]]:
    params: list[Any] = []

    def sql(rows: Question) -> str:
        if isinstance(rows, str):
            return rows
        text, given = rows.query.sql_with_params()
        params.extend(given)
        return text

    tables = TABLES.format(
        now=NOW,
        work=sql(Assignment.objects.as_of(ANY_DAY).order_by().values("instructor", "association")),
        coverages=sql(_coverages()),
        chosen=sql(_chosen(scope.associations)),
    )
    return statement(tables, [sql(question) for question in questions]), params


def _coverages() -> QuerySet[Any]:
    """Coverages that count, with the months in which they held."""
    until = Least("valid_until", "party_organization__dissolved_on")
    # Joined for their days anyway, so that the nature costs nothing to compare.
    counting = Coverage.objects.filter(counting_nature("party_organization__")).order_by()
    return counting.values("association", held_in=HeldIn(F("valid_from"), until))


def _chosen(associations: AssociationQuerySet) -> QuerySet[Any]:
    """Per association its place in every dimension and the months in which it was active."""
    return (
        associations.with_county()
        .with_members()
        .order_by()
        .values(
            "pk",
            "county",
            "level",
            "industry_department",
            "registration_type",
            "kind",
            "no_party_reason",
            "members",
            active_in=_active_in(),
        )
    )


def _active_in() -> Combinable:
    registered = HeldIn(F("registered_on"), F("ended_on"))
    if settings.COVERAGE_COUNTS_DORMANT:
        return registered
    dormancies = Dormancy.objects.filter(association=OuterRef("pk")).order_by()
    months = dormancies.values("association").values(
        months=BitOr(HeldIn(F("found_on"), F("ended_on")))
    )
    not_dormant = Coalesce(Subquery(months), 0).bitxor(-1)
    return registered.bitand(not_dormant)  # type: ignore[arg-type]  # takes expressions as well
