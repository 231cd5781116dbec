"""The headline figures of the article that this app owns."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.permissions import Permission
from assessments.models import Brand, Cycle, Result
from organizations.figures import Figure, Scope
from organizations.models import Association

LIST, BRANDS = "assessments:latest-results", "assessments:brand-list"


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


def _concerned(scope: Scope) -> QuerySet[Any]:
    """The departments that could be assessed, for who may read assessments."""
    user, known = scope.user, supervising(scope)
    return known if user is None or user.has_perm(Permission.VIEW_ASSESSMENT) else known.none()


def _brands(level: Brand.Level) -> Callable[[Scope], QuerySet[Any]]:
    """The brands of that level in force on the scope's day."""

    def rows(scope: Scope) -> QuerySet[Any]:
        known = scope.of(Brand.objects.filter(level=level), Permission.VIEW_ASSESSMENT)
        return known.in_force(scope.on)

    return rows


FIGURES = [
    Figure(
        key="assessed_departments",
        system="management",
        label=_("Industry departments assessed"),
        unit=pgettext_lazy("unit", "departments"),
        definition=_("Graded in the assessment cycle published last."),
        rows=graded,
        among=_concerned,
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
        among=_concerned,
        list_name=LIST,
        parameters={},
    ),
    Figure(
        key="industry_brands",
        system="support",
        label=_("Industry Party-building brands"),
        unit=pgettext_lazy("unit", "brands"),
        definition=_("Industry brands named by that day whose validity is not over."),
        rows=_brands(Brand.Level.INDUSTRY),
        among=_brands(Brand.Level.INDUSTRY),
        list_name=BRANDS,
        parameters={"level": Brand.Level.INDUSTRY.value, "state": "in_force"},
    ),
    Figure(
        key="demonstration_sites",
        system="support",
        label=_("Party-building demonstration sites"),
        unit=pgettext_lazy("unit", "sites"),
        definition=_("Demonstration sites named by that day whose validity is not over."),
        rows=_brands(Brand.Level.SITE),
        among=_brands(Brand.Level.SITE),
        list_name=BRANDS,
        parameters={"level": Brand.Level.SITE.value, "state": "in_force"},
    ),
]
