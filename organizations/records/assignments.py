"""Linking instructors and associations that rosters name."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from organizations.models import Assignment, Association, Instructor, UnresolvedAssignment


def assign_by_name(links: Iterable[tuple[Any, str, str]]) -> None:
    """(association's key, instructor's name, day): assign, making instructors nobody knows yet."""
    wanted = list(links)
    known = _instructors_named({name for _, name, _ in wanted})
    missing = {name: Instructor(name=name) for _, name, _ in wanted if name not in known}
    Instructor.objects.bulk_create(missing.values(), batch_size=5000)
    known |= {name: instructor.pk for name, instructor in missing.items()}
    assign((known[name], association, day) for association, name, day in wanted)


def assign(links: Iterable[tuple[int, int, str]]) -> None:
    """(instructor's key, association's key, day): assign where that doesn't hold already."""
    Assignment.objects.bulk_create(
        (
            Assignment(instructor_id=instructor, association_id=association, assigned_on=day)
            for instructor, association, day in links
        ),
        ignore_conflicts=True,
        batch_size=5000,
    )


def assign_by_association(
    links: Iterable[tuple[int, str, str | None]], on: str, within: QuerySet[Association]
) -> None:
    """(instructor's key, association's name, day): assign where `within` has an association of
    that name, else list the name as unresolved."""
    wanted = list(links)
    named = within.filter(name__in={name for _, name, _ in wanted})
    known = dict(named.values_list("name", "pk"))
    assign((pk, known[name], day or on) for pk, name, day in wanted if name in known)
    _settle({(pk, name) for pk, name, _ in wanted if name in known})
    UnresolvedAssignment.objects.bulk_create(
        (
            UnresolvedAssignment(instructor_id=pk, association_name=name, assigned_on=day)
            for pk, name, day in wanted
            if name not in known
        ),
        ignore_conflicts=True,
        batch_size=5000,
    )


def _settle(links: set[tuple[int, str]]) -> None:
    """Drop the names that are no longer unresolved: (instructor's key, association's name)."""
    listed = UnresolvedAssignment.objects.filter(
        instructor__in={pk for pk, _ in links}, association_name__in={name for _, name in links}
    )
    found = listed.values_list("pk", "instructor_id", "association_name")
    settled = [pk for pk, instructor, name in found if (instructor, name) in links]
    UnresolvedAssignment.objects.filter(pk__in=settled).delete()


def _instructors_named(names: set[str]) -> dict[str, int]:
    """Instructors by name; where several share one, the one longest known."""
    rows = Instructor.objects.filter(name__in=names).order_by("-pk")
    return dict(rows.values_list("name", "pk"))
