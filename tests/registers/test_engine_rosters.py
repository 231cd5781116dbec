import json
import random

import pytest

from organizations.models import (
    Assignment,
    Association,
    Coverage,
    Inspection,
    Instructor,
    PartyOrganization,
    Rating,
    UnresolvedAssignment,
)
from registers.reports import problems_of
from registers.undo import undo
from tests.registers.sheets import ROSTERS
from tests.registers.workbook_builder import counts, imported, staged

EXPECTED = json.loads((ROSTERS / "expected.json").read_text(encoding="utf-8"))
MADE = (
    Assignment,
    UnresolvedAssignment,
    Coverage,
    Inspection,
    Rating,
    PartyOrganization,
    Association,
    Instructor,
)
ORDERS = [random.Random(seed).sample(sorted(EXPECTED), len(EXPECTED)) for seed in range(2)]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "private_files")]


@pytest.mark.parametrize("name", EXPECTED)
def test_every_record_of_a_roster_is_new_and_none_is_wrong(name: str) -> None:
    batch = staged(ROSTERS / name, EXPECTED[name]["register"])
    assert list(problems_of(batch)) == []
    assert counts(batch) == {"new": EXPECTED[name]["records"]}


@pytest.mark.parametrize("order", ORDERS)
def test_all_rosters_one_after_another_and_undone_leave_nothing(order: list[str]) -> None:
    batches = [imported(ROSTERS / name, EXPECTED[name]["register"]) for name in order]
    for batch in reversed(batches):
        assert undo(batch, by=None), batch.error
    assert [batch.kept for batch in batches] == [[]] * len(batches)
    assert [model.__name__ for model in MADE if model.objects.exists()] == []


def test_all_rosters_imported_again_change_nothing() -> None:
    for name, what in EXPECTED.items():
        imported(ROSTERS / name, what["register"])
    again = {name: counts(staged(ROSTERS / name, w["register"])) for name, w in EXPECTED.items()}
    assert again == {name: {"unchanged": what["records"]} for name, what in EXPECTED.items()}
