import json
import random

import pytest

from organizations.models import (
    Assignment,
    Association,
    Coverage,
    Division,
    Inspection,
    Instructor,
    PartyOrganization,
    Rating,
    UnresolvedAssignment,
)
from registers.reports import problems_of
from registers.undo import undo
from tests.registers.sheets import ROSTERS
from tests.registers.workbook_builder import (
    NAME,
    PERSON,
    SERVED,
    UNIT,
    codes,
    counts,
    imported,
    only_row,
    roster,
    staged,
)

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


@pytest.mark.parametrize("repeated", [{PERSON: "王明", UNIT: "市民政局"}, {}])
def test_rows_that_only_add_names_to_the_one_above_are_one_record(repeated: dict) -> None:
    first = {PERSON: "王明", UNIT: "市民政局", SERVED: "菏泽市木业协会"}
    rows = [first, *({**repeated, SERVED: name} for name in ("菏泽市酒业商会", "菏泽市物流协会"))]
    other = {PERSON: "李华", UNIT: "市民政局", SERVED: "菏泽市酒业商会"}
    batch = staged(roster(*rows, other), "instructors")
    assert list(problems_of(batch)) == []
    assert [row.values["associations"] for row in batch.rows.order_by("row")] == [
        ["菏泽市木业协会", "菏泽市酒业商会", "菏泽市物流协会"],
        ["菏泽市酒业商会"],
    ]


def test_row_that_repeats_the_one_above_or_contradicts_it_is_wrong() -> None:
    first = {PERSON: "王明", UNIT: "市民政局", "职务": "科长", SERVED: "菏泽市木业协会"}
    again = first | {"职务": "主任", SERVED: "菏泽市酒业商会"}
    batch = staged(roster(first, first, again), "instructors")
    assert codes(batch) == [(4, "name", "duplicate_in_file"), (5, "name", "duplicate_in_file")]


@pytest.mark.parametrize(
    ("county", "township", "place"),
    [
        ("牡丹区", "东城街道", "371702001"),
        ("曹县", "曹县庄寨镇", "371721101"),
        ("曹县", "", "371721"),
        ("", "庄寨镇", "371721101"),
    ],
)
def test_county_and_township_in_two_columns_name_one_place(
    county: str, township: str, place: str
) -> None:
    batch = staged(roster({NAME: "木业商会", "乡镇（街道）": township, "县（区）": county}))
    assert list(problems_of(batch)) == []
    assert Division.objects.get(pk=only_row(batch).values["division"]).code == place


def test_township_that_is_in_no_county_is_unknown() -> None:
    batch = staged(roster({NAME: "木业商会", "县（区）": "牡丹区", "乡镇（街道）": "无名镇"}))
    assert [entry["text"] for entry in batch.unknown] == ["无名镇"]


def test_all_rosters_imported_again_change_nothing() -> None:
    for name, what in EXPECTED.items():
        imported(ROSTERS / name, what["register"])
    again = {name: counts(staged(ROSTERS / name, w["register"])) for name, w in EXPECTED.items()}
    assert again == {name: {"unchanged": what["records"]} for name, what in EXPECTED.items()}
