"""What the benchmarks measure is what they say: rows that import, numbers that agree."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from bench.dashboard import run_statement
from bench.population import populate
from bench.roster import Roster, write_roster
from bench.ways import WAYS
from organizations.coverage import coverage
from organizations.models import Association
from tests.factories.accounts import StaffFactory

WRITTEN = ("name", "credit_code", "level", "registration_type", "industry_department__name")
TALLIED = (
    "active",
    "covered",
    "served",
    "work_covered",
    "due",
    "too_few",
    "without_members",
    "members_unknown",
)
WHOLE = str(2**6 - 1)


@pytest.fixture(autouse=True)
def reference(db: None, tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    call_command("load_reference", verbosity=0)
    StaffFactory(username="bench", grant__role="reviewer")


@pytest.mark.parametrize("way", WAYS)
def test_every_way_writes_every_row(way, tmp_path):
    assert WAYS[way](write_roster(tmp_path / "roster.xlsx", 12)) == 12


def test_ours_and_the_stock_way_write_the_same(tmp_path):
    roster = write_roster(tmp_path / "roster.xlsx", 12)
    WAYS["stock"](roster)
    stock = list(Association.objects.order_by("name").values_list(*WRITTEN))
    Association.objects.all().delete()
    WAYS["ours"](roster)
    assert list(Association.objects.order_by("name").values_list(*WRITTEN)) == stock


def test_names_and_credit_codes_occur_once():
    rows = list(Roster().rows(2000))
    assert len({row.name for row in rows}) == len({row.credit_code for row in rows}) == 2000


def test_the_hand_written_statement_agrees_with_the_dashboard():
    populate(300)
    total = coverage(Association.objects.all(), timezone.localdate()).total
    whole = next(row for row in run_statement() if row[0] == WHOLE)
    assert list(whole[2:]) == [getattr(total, name) for name in TALLIED]


def test_the_hand_written_statement_agrees_with_the_trend():
    populate(300)
    trend = coverage(Association.objects.all(), timezone.localdate()).trend
    months = sorted(row[1:4] for row in run_statement() if row[0] == "month")
    assert [(str(m.on), m.active, m.covered) for m in trend] == months
