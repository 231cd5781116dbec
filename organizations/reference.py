"""The reference data: divisions and departments, as fixtures/reference holds them."""

import csv
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import transaction

from organizations.models import Department, Division, Instructor
from organizations.vocabularies import departments_named


@transaction.atomic
def load() -> str:
    """Load divisions and departments from fixtures/reference; safe to repeat. What there is now."""
    directory = Path(settings.REFERENCE_DIR)
    divisions = _load_divisions(directory / "divisions.csv")
    _load_departments(directory / "departments.csv", divisions)
    _link_instructors()
    return f"{len(divisions)} divisions, {Department.objects.count()} departments"


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _load_divisions(path: Path) -> dict[str, Division]:
    """Parents stand before their children in the file."""
    divisions: dict[str, Division] = {}
    for row in _rows(path):
        divisions[row["code"]], _created = Division.objects.update_or_create(
            code=row["code"],
            defaults={
                "name": row["name"],
                "kind": row["kind"],
                "parent": divisions.get(row["parent"]),
                "aliases": _list(row["aliases"]),
                "tile_column": row["tile_column"] or None,
                "tile_row": row["tile_row"] or None,
            },
        )
    return divisions


def _load_departments(path: Path, divisions: dict[str, Division]) -> None:
    for row in _rows(path):
        Department.objects.update_or_create(
            code=row["code"],
            defaults={
                "name": row["name"],
                "short_name": row["short_name"],
                "aliases": _list(row["aliases"]),
                "division": divisions[row["division"]],
                "is_assessed": row["assessed"] == "1",
            },
        )


def _link_instructors() -> None:
    """Instructors whose units name departments that are known only now belong to these."""
    without = Instructor.objects.filter(department=None).exclude(unit="")
    named = departments_named(set(without.values_list("unit", flat=True)))
    for unit, department in named.items():
        if department:
            without.filter(unit=unit).update(department=department)


def _list(text: str) -> list[str]:
    return [part for part in text.split("|") if part]
