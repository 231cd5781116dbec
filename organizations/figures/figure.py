"""A figure: a value, the rule that gives it and the rows behind it."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise

from accounts.permissions import Permission
from organizations.coverage import percentage
from organizations.models import Association, Department, Instructor
from organizations.querysets.associations import AssociationQuerySet
from organizations.querysets.departments import DepartmentQuerySet
from organizations.querysets.instructors import InstructorQuerySet


@dataclass(frozen=True)
class Scope:
    """What figures are computed over: a day, and what `user` may see (None: everything)."""

    on: datetime.date
    user: Any

    def of(self, rows: Any, permission: Permission = Permission.VIEW_REGISTRY) -> Any:
        """The part of the queryset `rows` on which the person may exercise `permission`."""
        return rows if self.user is None else rows.for_user(self.user, permission)

    @cached_property
    def associations(self) -> AssociationQuerySet:
        return self.of(Association.objects.all())

    @cached_property
    def instructors(self) -> InstructorQuerySet:
        return self.of(Instructor.objects.all())

    @cached_property
    def departments(self) -> DepartmentQuerySet:
        """City departments."""
        return self.of(Department.objects.at_city_level())

    @property
    def active(self) -> AssociationQuerySet:
        return self.associations.active(self.on)

    @property
    def chambers(self) -> AssociationQuerySet:
        return self.active.filter(registration_type=Association.RegistrationType.CHAMBER)


@dataclass(frozen=True)
class Figure:
    """One headline figure.

    rows: the queryset behind it. whole: for percentages, the queryset that `rows` is part of.
    among: the rows of its kind, where not every scope has some; without any the figure says
    nothing. list_name, parameters: the list (the full name of its URL) that shows exactly these
    rows.
    """

    key: str
    system: str
    label: str | Promise
    unit: str | Promise
    definition: str | Promise
    rows: Callable[[Scope], QuerySet[Any]]
    list_name: str
    parameters: dict[str, Any]
    whole: Callable[[Scope], QuerySet[Any]] | None = None
    among: Callable[[Scope], QuerySet[Any]] | None = None

    def concerns(self, scope: Scope) -> bool:
        """Whether `scope` has rows of the figure's kind."""
        return self.among is None or self.among(scope).exists()

    def value(self, scope: Scope) -> int | Decimal | None:
        """The number; per cent with one decimal where the figure is a share."""
        number = self.rows(scope).count()
        return percentage(number, self.whole(scope).count()) if self.whole else number

    def url(self, on: datetime.date) -> str:
        """Where the rows behind the figure are listed."""
        return list_url(on, self.list_name, **self.parameters)


def list_url(
    on: datetime.date, list_name: str = "organizations:association-list", **parameters: Any
) -> str:
    """A list (the full name of its URL) as of the day `on`, filtered by `parameters`."""
    query = urlencode({"as_of": on.isoformat(), **parameters}, doseq=True)
    return f"{_path(list_name)}?{query}"


@cache
def _path(list_name: str) -> str:
    """A dashboard links to hundreds of lists, all at the same few addresses."""
    return reverse(list_name)


@dataclass(frozen=True)
class Measured:
    """A figure with its value in one scope."""

    figure: Figure
    value: int | Decimal | None
    url: str

    def card(self) -> dict[str, Any]:
        """The headline card of _components/figures.html; a share has a bar."""
        return {
            "label": self.figure.label,
            "value": self.value,
            "unit": "" if self.value is None else self.figure.unit,
            "rule": self.figure.definition,
            "url": self.url,
            "bar": self.value if self.figure.whole else None,
        }


def measure(scope: Scope, figures: Iterable[Figure]) -> list[Measured]:
    """`figures` over `scope`."""
    return [Measured(figure, figure.value(scope), figure.url(scope.on)) for figure in figures]


def citywide(on: datetime.date) -> Scope:
    """Everything, for the public and for `manage.py figures`."""
    return Scope(on, None)
