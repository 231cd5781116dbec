"""What a register exports, it imports unchanged."""

import datetime
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker

from organizations.models import (
    Association,
    Department,
    Division,
    Inspection,
    PartyOrganization,
    Rating,
)
from registers import register as registry
from registers.reports import problems_of
from tests.factories.organizations import (
    AssociationFactory,
    CoverageFactory,
    InspectionFactory,
    InstructorFactory,
    RatingFactory,
    credit_code,
)
from tests.registers.sheets import ROSTERS
from tests.registers.workbook_builder import counts, imported, staged

EXPECTED = json.loads((ROSTERS / "expected.json").read_text(encoding="utf-8"))
DEMO = ROSTERS.parent / "demo"
LANGUAGES = ["zh-hans", "en"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "private_files")]


@pytest.fixture(scope="module")
def filled(
    reference: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """The registry with all rosters and the demo workbooks in it."""
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("f")):
        for name, what in EXPECTED.items():
            imported(ROSTERS / name, what["register"])
        for path in sorted(DEMO.glob("*.xlsx")):
            register = "instructors" if "指导员" in path.name else "associations"
            imported(path, register, mode="good")  # two associations stand in both, otherwise


def exported(register: str, directory: Path) -> Path:
    path = directory / "导出.xlsx"
    call_command("export_register", register, str(path), stdout=io.StringIO())
    return path


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("register", ["associations", "instructors"])
def test_what_is_exported_imports_unchanged(
    filled: None, register: str, language: str, tmp_path: Path
) -> None:
    with translation.override(language):
        batch = staged(exported(register, tmp_path), register)
    assert list(problems_of(batch)) == []
    total = registry.get(register).model._default_manager.count()
    assert counts(batch) == {"unchanged": total}


NAME_LETTERS = st.text("甲乙丙丁曹牡丹荷·（）AZ09", min_size=1, max_size=8)
TEXTS = st.one_of(
    st.just(""),
    st.sampled_from(
        ["=1+1", "+86", "-甲", "@甲", "_x0041_", "1e5", "0012", "甲 乙", "<a&b>", "'甲"]
    ),
    st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=12),
)
DAYS = st.dates(datetime.date(1950, 1, 1), timezone.localdate())
COUNTS = st.one_of(st.none(), st.integers(0, 1_000_000))


@st.composite
def associations(draw: st.DrawFn) -> dict[str, Any]:
    """Field values of an association, as forms that clean like the register would store them."""
    register = registry.get("associations")
    begun, ended = sorted([draw(DAYS), draw(DAYS)])
    over = draw(st.booleans())
    full, part = draw(st.integers(0, 500)), draw(st.integers(0, 500))
    return {
        "name": f"菏泽市{draw(NAME_LETTERS).strip('·（）') or '甲'}协会",
        "registered_on": begun,
        "ended_on": ended if over else None,
        "status": draw(st.sampled_from(["revoked", "withdrawn"])) if over else "normal",
        "registration_type": draw(st.sampled_from(["", "decoupled", "not_decoupled", "chamber"])),
        "level": draw(st.sampled_from(Association.Level.values)),
        "kind": draw(st.sampled_from(Association.Kind.values)),
        "staff_full_time": full,
        "staff_part_time": part,
        "party_members": draw(st.integers(0, full + part)),
        "unit_members": draw(COUNTS),
        "address": register.column("address").clean(draw(TEXTS)) or "",
        "remark": register.column("remark").clean(draw(TEXTS)) or "",
        "business_scope": register.column("business_scope").clean(draw(TEXTS)) or "",
        "no_party_reason": draw(st.sampled_from(["", *Association.NoPartyReason.values])),
    }


@given(st.lists(associations(), min_size=5, max_size=15, unique_by=lambda row: row["name"]))
@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_lawful_association_comes_back_unchanged(
    tmp_path: Path, rows: list[dict[str, Any]]
) -> None:
    Association.objects.all().delete()
    city, department = Division.objects.get(code="371700"), Department.objects.first()
    for number, row in enumerate(rows):
        made = AssociationFactory(
            **row,
            credit_code=credit_code(number),
            division=city,
            industry_department=department,
        )
        InspectionFactory(association=made, year=2020 + number % 4)
        RatingFactory(association=made, grade=Rating.Grade.values[number % 5])
        if number % 2:
            CoverageFactory(association=made, party_organization__secretary="王五")
    for language in LANGUAGES:
        with translation.override(language):
            batch = staged(exported("associations", tmp_path))
        assert list(problems_of(batch)) == []
        assert {r.row: (r.values, r.before) for r in batch.rows.exclude(action="unchanged")} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_choice_comes_back_unchanged(language: str, tmp_path: Path) -> None:
    for status in Association.Status.values:
        AssociationFactory(status=status, ended_on=None if status == "normal" else "2024-01-01")
    for kind in PartyOrganization.Kind.values:
        CoverageFactory(party_organization__kind=kind)
    for formation in PartyOrganization.Formation.values:
        CoverageFactory(party_organization__formation=formation)
    for source in PartyOrganization.SecretarySource.values:
        CoverageFactory(party_organization__secretary_source=source)
    for result in Inspection.Result.values:
        regime = "report" if "reported" in result else "inspection"
        InspectionFactory(result=result, regime=regime)
    for reason in Association.NoPartyReason.values:
        AssociationFactory(no_party_reason=reason)
    with translation.override(language):
        batch = staged(exported("associations", tmp_path))
    assert list(problems_of(batch)) == []
    assert {r.row: (r.values, r.before) for r in batch.rows.exclude(action="unchanged")} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_instructor_comes_back_unchanged(language: str, tmp_path: Path) -> None:
    for engagement in ("full_time", "part_time", ""):
        for gender in ("male", "female", ""):
            InstructorFactory(engagement=engagement, gender=gender, in_pool=not gender)
    InstructorFactory(name="同名", unit="甲局")
    InstructorFactory(name="同名", unit="")
    with translation.override(language):
        batch = staged(exported("instructors", tmp_path), "instructors")
    assert list(problems_of(batch)) == []
    assert {r.row: (r.values, r.before) for r in batch.rows.exclude(action="unchanged")} == {}
