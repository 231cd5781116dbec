"""A roster beside the registry."""

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from organizations.models import Association
from registers import apart
from registers.batches import discard
from registers.committing import commit
from registers.export_writing import perform
from registers.models import Export, ImportBatch
from registers.reconciling import Comparison, Part, Yardstick
from tests.factories.accounts import StaffFactory
from tests.factories.organizations import (
    AssociationFactory,
    CityFactory,
    CountyFactory,
    InstructorFactory,
    TownFactory,
)
from tests.registers.workbook_builder import CODE, NAME, PERSON, UNIT, roster, row_counts, staged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]
LEVEL = "级别"


@pytest.fixture
def reviewer(client):
    user = StaffFactory(grant__role=Role.REVIEWER)
    client.force_login(user)
    return user


def entry(name, **values):
    """An association of no department, by which it would differ from all others."""
    return AssociationFactory(name=name, industry_department=None, **values)


def compared(by, *rows, register="associations", yardstick="", **options) -> Comparison:
    batch = staged(roster(*rows, **options), register, by=by)
    batch.refresh_from_db()
    return Comparison(batch, by, yardstick)


def counts(comparison) -> dict[Part, int]:
    return {part: count for part, count in comparison.counts.items() if count}


def page(client, batch, **query):
    return client.get(reverse("registers:reconcile", args=[batch.pk]), query)


def test_every_row_stands_in_its_part(reviewer) -> None:
    entry("菏泽市甲协会")
    entry("菏泽市乙协会", legal_representative="张三")
    entry("菏泽市丁协会")
    comparison = compared(
        reviewer,
        {NAME: "菏泽市甲协会"},
        {NAME: "菏泽市乙协会", "法定代表人": "李四"},
        {NAME: "菏泽市丙协会"},
        {NAME: "菏泽市丁协会", "从业人员总数": "很多"},
    )
    assert counts(comparison) == {Part.SAME: 1, Part.DIFFERENT: 1, Part.ROSTER: 1, Part.WRONG: 1}
    (row,) = comparison.rows(Part.DIFFERENT)
    assert (row.before, row.values) == (
        {"legal_representative": "张三"},
        {"legal_representative": "李四"},
    )


def test_what_the_roster_leaves_out_is_only_in_the_registry_unless_it_has_ended(reviewer) -> None:
    entry("菏泽市甲协会")
    left_out = entry("菏泽市乙协会")
    entry("菏泽市丙协会", ended=True)
    comparison = compared(reviewer, {NAME: "菏泽市甲协会"})
    assert list(comparison.rows(Part.REGISTRY)) == [left_out]


def test_the_registry_is_narrowed_to_what_all_rows_share(reviewer) -> None:
    town = TownFactory()
    county = {"level": "county", "division": town.parent}
    entry("菏泽市甲协会")
    entry("菏泽市乙协会")
    entry("某县协会", **county)
    entry("某县别会", **county)
    entry("某县他会", level="county", division=CountyFactory())
    entry("某镇协会", level="county", division=town)
    of_city = compared(reviewer, {NAME: "菏泽市甲协会"})
    assert names(of_city) == {"菏泽市乙协会"}
    of_county = compared(reviewer, {NAME: "某县协会"})
    assert names(of_county) == {"某县别会", "某镇协会"}
    assert town.parent.name in of_county.rule
    of_both = compared(reviewer, {NAME: "菏泽市甲协会"}, {NAME: "某县协会"})
    assert names(of_both) == {"菏泽市乙协会", "某县别会", "某县他会", "某镇协会"}


def names(comparison) -> set[str]:
    return set(comparison.rows(Part.REGISTRY).values_list("name", flat=True))


def test_a_new_row_of_another_level_widens_what_is_held_against(reviewer) -> None:
    entry("菏泽市甲协会")
    entry("某县协会", level="county")
    comparison = compared(
        reviewer, {NAME: "菏泽市甲协会", LEVEL: "市级"}, {NAME: "某县新会", LEVEL: "县级"}
    )
    assert names(comparison) == {"某县协会"}


def test_the_whole_scope_can_be_chosen_instead(client, reviewer) -> None:
    entry("菏泽市甲协会")
    entry("某县协会", level="county")
    comparison = compared(reviewer, {NAME: "菏泽市甲协会"})
    assert page(client, comparison.batch).context["comparison"].yardstick == Yardstick.SHARED
    whole = page(client, comparison.batch, against="scope", part="registry")
    assert "某县协会" in whole.text


def test_the_scope_limits_what_is_only_in_the_registry(client) -> None:
    CityFactory()
    county = CountyFactory(name="曹县")
    by = StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county)
    client.force_login(by)
    entry("曹县甲协会", level="county", division=county)
    entry("曹县乙协会", level="county", division=county)
    entry("单县丙协会", level="county")
    comparison = compared(by, {NAME: "曹县甲协会"}, {NAME: "单县丙协会"})
    assert counts(comparison) == {Part.SAME: 1, Part.REGISTRY: 1}
    text = page(client, comparison.batch, part="registry", against="scope").text
    assert ("曹县乙协会" in text, "单县丙协会" in text) == (True, False)


def test_instructors_are_reconciled_by_what_their_rows_share(reviewer) -> None:
    InstructorFactory(name="张三", unit="市司法局")
    left_out = InstructorFactory(name="李四", unit="市司法局")
    InstructorFactory(name="王五", unit="市教育局")
    comparison = compared(reviewer, {PERSON: "张三", UNIT: "市司法局"}, register="instructors")
    assert list(comparison.rows(Part.REGISTRY)) == [left_out]
    assert "市司法局" in comparison.rule


@pytest.mark.parametrize("part", list(Part))
def test_looking_writes_nothing(client, reviewer, part) -> None:
    entry("菏泽市甲协会")
    batch = compared(reviewer, {NAME: "菏泽市乙协会"}).batch
    before = row_counts()
    assert page(client, batch, part=part.value).status_code == 200
    assert row_counts() == before
    batch.refresh_from_db()
    assert batch.status == ImportBatch.Status.STAGED


def test_a_written_roster_can_still_be_compared(client, reviewer) -> None:
    entry("菏泽市甲协会")
    batch = compared(reviewer, {NAME: "菏泽市乙协会"}).batch
    assert commit(batch, mode="all", by=reviewer)
    comparison = page(client, batch).context["comparison"]
    assert counts(comparison) == {Part.ROSTER: 1, Part.REGISTRY: 1}


def test_a_roster_not_checked_yet_cannot_be_compared(client, reviewer) -> None:
    batch = compared(reviewer, {NAME: "菏泽市乙协会"}).batch
    ImportBatch.objects.filter(pk=batch.pk).update(status=ImportBatch.Status.UPLOADED)
    assert page(client, batch).status_code == 404


@pytest.mark.parametrize("part", list(Part))
def test_the_number_of_queries_does_not_grow_with_the_rows(client, reviewer, part) -> None:
    for name in "甲乙丙":
        entry(f"菏泽市{name}协会", legal_representative="张三")
        entry(f"菏泽市{name}商会")

    def rows(of: str) -> list[dict]:
        return [
            row
            for name in of
            for row in (
                {NAME: f"菏泽市{name}协会", "法定代表人": "李四"},
                {NAME: f"菏泽市{name}新会"},
                {NAME: f"菏泽市{name}错会", "评估等级": "九级"},
            )
        ]

    page(client, compared(reviewer, *rows("甲")).batch, part=part.value)
    few, many = compared(reviewer, *rows("甲")).batch, compared(reviewer, *rows("甲乙丙")).batch
    assert queries(client, few, part) == queries(client, many, part)


def queries(client, batch, part) -> int:
    with CaptureQueriesContext(connection) as captured:
        page(client, batch, part=part.value)
    return len(captured)


def exported(client, batch) -> list[tuple]:
    response = client.get(reverse("registers:reconcile-export", args=[batch.pk]))
    sheet = openpyxl.load_workbook(io.BytesIO(response.getvalue())).active
    return list(sheet.iter_rows(values_only=True))


def test_the_export_says_what_was_compared_and_lists_every_difference(client, reviewer) -> None:
    known = entry("菏泽市乙协会", legal_representative="张三", phone="19900000001")
    left_out = entry("菏泽市丁协会")
    batch = compared(
        reviewer,
        {NAME: "菏泽市乙协会", "法定代表人": "李四", "联系电话": "19900000002"},
        {NAME: "@SUM(1)协会"},
    ).batch
    rows = exported(client, batch)
    assert batch.file_name in rows[1][0]
    lines = [row[1:] for row in rows[5:]]
    assert lines == [
        ("菏泽市乙协会", known.credit_code, "Sheet1", 3, "法定代表人", "张三", "李四"),
        ("菏泽市乙协会", known.credit_code, "Sheet1", 3, "联系电话", "19900000001", "19900000002"),
        ("@SUM（1）协会", None, "Sheet1", 4, None, None, None),
        ("菏泽市丁协会", left_out.credit_code, None, None, None, None, None),
    ]


def test_nothing_of_a_record_that_left_the_scope_is_said(client) -> None:
    CityFactory()
    county = CountyFactory(name="曹县")
    by = StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county)
    client.force_login(by)
    gone = entry("曹县甲协会", division=county, legal_representative="密电人")
    batch = compared(by, {NAME: "曹县甲协会", "法定代表人": "李四"}).batch
    Association.objects.filter(pk=gone.pk).update(division=CountyFactory())
    assert "密电人" not in page(client, batch, part="different").text
    assert "密电人" not in str(exported(client, batch))


def test_codes_are_matched_under_any_name(reviewer) -> None:
    known = entry("菏泽市甲协会")
    comparison = compared(reviewer, {NAME: "菏泽市甲协会", CODE: known.credit_code})
    assert counts(comparison) == {Part.SAME: 1}


def begun(client, batch) -> Export:
    """The export that a long comparison leads to."""
    response = client.get(reverse("registers:reconcile-export", args=[batch.pk]))
    export = Export.objects.latest("pk")
    assert response.url == reverse("registers:export-detail", args=[export.pk])
    return export


@pytest.fixture
def only_short_ones(settings, tmp_path, monkeypatch) -> None:
    """Comparisons of more than one row are written apart; no process is started for that."""
    settings.EXPORT_INLINE_ROWS = 1
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(apart, "spawn", lambda export: None)


def test_a_long_comparison_is_written_apart_and_is_the_same(
    client, reviewer, only_short_ones, settings
) -> None:
    entry("菏泽市丁协会")
    batch = compared(reviewer, {NAME: "菏泽市乙协会"}, {NAME: "菏泽市丙协会"}).batch
    export = begun(client, batch)
    waiting = client.get(reverse("registers:export-detail", args=[export.pk])).text
    assert reverse("registers:reconcile", args=[batch.pk]) in waiting
    perform(export)
    download = client.get(reverse("registers:export-download", args=[export.pk]))
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(download.streaming_content))).active
    settings.EXPORT_INLINE_ROWS = 100
    assert list(sheet.iter_rows(values_only=True)) == exported(client, batch)


@pytest.mark.parametrize("meanwhile", [{"status": "undone"}, {"created_by": None}])
def test_a_comparison_that_is_none_any_more_is_not_written(
    client, reviewer, only_short_ones, meanwhile
) -> None:
    batch = compared(reviewer, {NAME: "菏泽市乙协会"}, {NAME: "菏泽市丙协会"}).batch
    export = begun(client, batch)
    undone = {"committed_at": timezone.now(), "undone_at": timezone.now()}
    ImportBatch.objects.filter(pk=batch.pk).update(**undone, **meanwhile)
    perform(export)
    export.refresh_from_db()
    assert (export.status, bool(export.file)) == (Export.Status.REFUSED, False)


def test_the_file_of_a_comparison_goes_with_its_roster(client, reviewer, only_short_ones) -> None:
    batch = compared(reviewer, {NAME: "菏泽市乙协会"}, {NAME: "菏泽市丙协会"}).batch
    export = begun(client, batch)
    perform(export)
    export.refresh_from_db()
    discard(batch)
    assert not export.file.storage.exists(export.file.name)
    assert not Export.objects.exists()
