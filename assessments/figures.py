"""The headline figures of the article that this app owns."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessments.models import Cycle, Result
from organizations.figures import Figure, Scope
from organizations.models import Association

LIST = "assessments:latest-results"


def graded(scope: Scope) -> QuerySet[Any]:
    """Departments of the scope with a grade in the cycle published last by its day."""
    latest = Cycle.objects.published_by(scope.on).values("pk")[:1]
    results = Result.objects.counting().filter(calculation__cycle__in=latest).exclude(grade="")
    return scope.departments.filter(pk__in=results.order_by().values("participant__department"))


def supervising(scope: Scope) -> QuerySet[Any]:
    """Departments of the scope that are the industry department of an active association at city
    level."""
    city = Association.objects.active(scope.on).filter(level=Association.Level.CITY)
    return scope.departments.filter(pk__in=city.order_by().values("industry_department"))


FIGURES = [
    Figure(
        key="assessed_departments",
        system="management",
        label=_("Industry departments assessed"),
        unit=pgettext_lazy("unit", "departments"),
        definition=_("Graded in the assessment cycle published last."),
        rows=graded,
        among=supervising,
        list_name=LIST,
        parameters={},
    ),
    Figure(
        key="assessment_coverage",
        system="management",
        label=_("Assessment coverage"),
        unit="%",
        definition=_(
            "Departments graded in the cycle published last ÷ industry departments of active "
            "associations at city level."
        ),
        rows=lambda scope: graded(scope).filter(pk__in=supervising(scope).values("pk")),
        whole=supervising,
        among=supervising,
        list_name=LIST,
        parameters={},
    ),
]
