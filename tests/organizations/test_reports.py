"""Frozen reports: numbers and rows that stay, and why the registry differs later."""

import datetime
import uuid
from random import Random
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import Role
from organizations.models import (
    Association,
    Coverage,
    Merger,
    Report,
    ReportAssignment,
    ReportNumber,
    ReportRow,
)
from organizations.operations.reports import (
    AlreadyFrozen,
    associations_of,
    correct,
    freeze,
    previous,
)
from organizations.statistics.differences import Explainer, Move, differing, moves
from organizations.statistics.lines import COLUMNS, LINES, TOTAL
from organizations.statistics.periods import Period, latest_ended
from organizations.statistics.sources import frozen, live
from organizations.statistics.table import as_frozen, cells, table, tabulate
from tests.factories.accounts import GrantFactory, StaffFactory
from tests.factories.organizations import (
    AssignmentFactory,
    AssociationFactory,
    CountyFactory,
    CoverageFactory,
    DepartmentFactory,
)
from tests.factories.registry import random_registry
from tests.factories.reports import ReportFactory

pytestmark = pytest.mark.django_db

QUARTER = Period(Report.Period.QUARTER, datetime.date(2026, 1, 1))
AS_OF = datetime.date(2026, 3, 31)
LATER = datetime.date(2026, 6, 30)
REFUSED = r"stays as it is|append-only"


@pytest.fixture
def reviewer(db: None) -> User:
    return StaffFactory(grant__role=Role.REVIEWER)


@pytest.fixture
def reviewing(client: Client, reviewer: User) -> Client:
    client.force_login(reviewer)
    return client


def frozen_report(by: User, **kwargs: Any) -> Report:
    given = {"period": QUARTER, "as_of": AS_OF, "title": "报表", "by": by} | kwargs
    return freeze(**given)


def corrected(report: Report, by: User, **kwargs: Any) -> Report:
    given = {"as_of": report.as_of, "title": report.title, "reason": "少报三家", "by": by} | kwargs
    return correct(report=report, **given)


def changed(report: Report, line: str, on: datetime.date = AS_OF) -> list[tuple[str, str]]:
    """The names that make a cell differ, and how."""
    pairs = differing(report, live(associations_of(report), on))
    return [(pair.name, str(move)) for pair, move in moves(pairs, LINES[line], TOTAL)]


def reason(report: Report, line: str, on: datetime.date = AS_OF) -> tuple[str, bool]:
    """Why the only association that makes a cell differ does so, and whether that came later."""
    scope = associations_of(report)
    [(pair, _move)] = moves(differing(report, live(scope, on)), LINES[line], TOTAL)
    [found] = Explainer(report, [pair], scope, on).reasons(pair, LINES[line])
    return f"{found.text}|{found.before}|{found.after}", found.later


def test_numbers_are_those_of_the_day_and_stay_while_the_registry_moves_on(reviewer: User) -> None:
    random_registry(Random(1), associations=30)
    before = table(Association.objects.all(), AS_OF)
    report = frozen_report(reviewer)
    Coverage.objects.all().delete()
    Association.objects.update(party_members=None, members_not_transferred=None)
    assert as_frozen(report).values == before.values


def test_every_number_is_that_of_its_rows(reviewer: User) -> None:
    random_registry(Random(2), associations=30)
    report = frozen_report(reviewer)
    numbers = as_frozen(report)
    assert tabulate(frozen(report), AS_OF).values == numbers.values
    for line, column in cells():
        rows = report.rows.counted_in(line)
        rows = rows if column == TOTAL else rows.filter(kind=column)
        if not LINES[line].measured:
            assert (numbers.number(line, column) or 0) == rows.count(), (line, column)


def test_rows_keep_names_and_codes_of_associations_deleted_since(reviewer: User) -> None:
    association = CoverageFactory(party_organization__name="老支部").association
    AssignmentFactory(association=association, instructor__name="老王")
    report = frozen_report(reviewer)
    name, code = association.name, association.credit_code
    association.delete()
    row = report.rows.get()
    assert (row.name, row.credit_code, row.party_organization_name) == (name, code, "老支部")
    assert report.assignments.get().instructor_name == "老王"


@pytest.mark.parametrize("model", [Report, ReportNumber, ReportRow, ReportAssignment])
@pytest.mark.parametrize(
    "statement", ["UPDATE {0} SET id = id", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"]
)
def test_nothing_frozen_can_be_changed_or_removed(
    reviewer: User, model: Any, statement: str
) -> None:
    AssignmentFactory()
    frozen_report(reviewer)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match=REFUSED):
        cursor.execute(statement.format(model._meta.db_table))


def test_nothing_can_be_added_to_a_report_later() -> None:
    report = ReportFactory(frozen_at=timezone.now() - datetime.timedelta(days=1))
    with pytest.raises(DatabaseError, match="cannot add"), transaction.atomic():
        ReportNumber.objects.create(report=report, line="units", column=TOTAL, value=9)


def test_a_period_is_frozen_once_for_a_scope(reviewer: User) -> None:
    first = frozen_report(reviewer)
    with pytest.raises(AlreadyFrozen) as known:
        frozen_report(reviewer, title="又一份")
    assert known.value.report == first
    with pytest.raises(IntegrityError, match="report_once"), transaction.atomic():
        ReportFactory()
    ReportFactory(division=CountyFactory())


def test_a_corrected_version_has_the_numbers_of_now_and_leaves_the_old_ones(reviewer: User) -> None:
    AssociationFactory()
    first = frozen_report(reviewer)
    AssociationFactory()
    second = corrected(first, reviewer)
    assert [as_frozen(report).number("units") for report in (first, second)] == [1, 2]
    third = corrected(second, reviewer)
    assert list(Report.objects.in_force()) == [third]


def test_a_report_is_corrected_once_and_then_its_corrected_version(reviewer: User) -> None:
    first = frozen_report(reviewer)
    second = corrected(first, reviewer)
    with pytest.raises(AlreadyFrozen) as known:
        corrected(first, reviewer)
    assert known.value.report == second
    with pytest.raises(AlreadyFrozen) as known:
        frozen_report(reviewer)
    assert known.value.report == second
    with pytest.raises(IntegrityError, match="corrects_id"), transaction.atomic():
        ReportFactory(corrects=first, correction_reason="又一次")


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_corrected_version_has_a_reason(reviewer: User, reason: str) -> None:
    first = frozen_report(reviewer)
    with pytest.raises(ValidationError):
        corrected(first, reviewer, reason=reason)
    with pytest.raises(IntegrityError, match="for_a_reason"), transaction.atomic():
        ReportFactory(corrects=first)
    with pytest.raises(IntegrityError, match="for_a_reason"), transaction.atomic():
        ReportFactory(starts_on=datetime.date(2025, 1, 1), correction_reason="无")


@pytest.mark.parametrize("other", ["starts_on", "period", "division"])
def test_a_corrected_version_is_of_the_same_period_and_scope(reviewer: User, other: str) -> None:
    first = frozen_report(reviewer)
    different = {
        "starts_on": datetime.date(2026, 2, 1),
        "period": Report.Period.MONTH,
        "division": CountyFactory() if other == "division" else None,
    }
    with pytest.raises(DatabaseError, match="what it corrects"), transaction.atomic():
        ReportFactory(corrects=first, correction_reason="错", **{other: different[other]})


def test_who_may_not_freeze_in_a_scope_may_not_correct_there(reviewer: User, leader: User) -> None:
    report = frozen_report(reviewer)
    county = StaffFactory(grant__role=Role.REVIEWER, grant__division=CountyFactory())
    for person in (leader, county):
        with pytest.raises(ValidationError):
            corrected(report, person)


def test_a_report_is_compared_with_the_last_in_force_of_its_kind_and_scope(reviewer: User) -> None:
    county = CountyFactory()
    earlier = Period(Report.Period.QUARTER, datetime.date(2025, 10, 1))
    first = frozen_report(reviewer, period=earlier, as_of=earlier.ends_on)
    ReportFactory(period="month", starts_on=datetime.date(2025, 12, 1), as_of=earlier.ends_on)
    ReportFactory(division=county, starts_on=earlier.starts_on, as_of=earlier.ends_on)
    latest = corrected(first, reviewer)
    report = frozen_report(reviewer)
    assert previous(report) == latest
    assert previous(first) is None
    assert previous(latest) == first


def test_day_lies_in_the_period_and_has_come(reviewer: User) -> None:
    for day in (datetime.date(2025, 12, 31), datetime.date(2026, 4, 1)):
        with pytest.raises(ValidationError):
            frozen_report(reviewer, as_of=day)
    today = timezone.localdate()
    year = Period(Report.Period.YEAR, datetime.date(today.year, 1, 1))
    with pytest.raises(ValidationError):
        frozen_report(reviewer, period=year, as_of=today + datetime.timedelta(days=1))
    with pytest.raises(IntegrityError, match="within_period"), transaction.atomic():
        ReportFactory(as_of=datetime.date(2026, 4, 1))


def test_a_report_belongs_to_the_scope_in_which_it_was_frozen(reviewer: User) -> None:
    county, other = CountyFactory.create_batch(2)
    own = AssociationFactory(level="county", division=county)
    AssociationFactory(level="county", division=other)
    by = StaffFactory(grant__role=Role.REVIEWER, grant__division=county)
    report = frozen_report(by, division=county)
    assert [row.association for row in report.rows.all()] == [own.pk]
    with pytest.raises(ValidationError):
        frozen_report(by, division=other)
    with pytest.raises(ValidationError):
        frozen_report(by)
    citywide = frozen_report(reviewer)
    seen = {
        person: set(Report.objects.for_user(person, Permission.VIEW_REGISTRY))
        for person in (
            reviewer,
            by,
            StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=other),
        )
    }
    assert list(seen.values()) == [{report, citywide}, {report}, set()]


def test_freezing_takes_no_statement_per_row(reviewer: User) -> None:
    counts = []
    for month in (1, 2, 3):
        AssignmentFactory()
        CoverageFactory()
        period = Period(Report.Period.MONTH, datetime.date(2026, month, 1))
        reviewer.__dict__.pop("_grants_in_force", None)
        with CaptureQueriesContext(connection) as captured:
            frozen_report(reviewer, period=period, as_of=period.ends_on)
        counts.append(len(captured))
    assert len(set(counts)) == 1


class TestDifferences:
    def test_unchanged_registry_differs_nowhere(self, reviewer: User) -> None:
        random_registry(Random(3), associations=30)
        report = frozen_report(reviewer)
        assert differing(report, live(associations_of(report), AS_OF)) == []

    def test_covered_since(self, reviewer: User) -> None:
        association = AssociationFactory(party_members=3)
        report = frozen_report(reviewer)
        day = datetime.date(2026, 5, 1)
        CoverageFactory(association=association, valid_from=day, party_organization__name="新支部")
        assert changed(report, "standalone") == []
        assert changed(report, "standalone", LATER) == [(association.name, Move.CAME)]
        assert changed(report, "due", LATER) == [(association.name, Move.LEFT)]
        text, later = reason(report, "standalone", LATER)
        assert "2026年5月1日" in text and text.endswith("|新支部") and later

    def test_coverage_recorded_afterwards(self, reviewer: User) -> None:
        association = AssociationFactory()
        report = frozen_report(reviewer)
        CoverageFactory(association=association)
        for on in (AS_OF, LATER):
            assert changed(report, "covered", on) == [(association.name, Move.CAME)]
            assert reason(report, "covered", on)[1] is False

    def test_newly_registered(self, reviewer: User) -> None:
        report = frozen_report(reviewer)
        AssociationFactory(registered_on=datetime.date(2026, 5, 6))
        assert changed(report, "units") == []
        text, later = reason(report, "units", LATER)
        assert "2026年5月6日" in text and later

    def test_ended(self, reviewer: User) -> None:
        association = AssociationFactory()
        report = frozen_report(reviewer)
        association.status, association.ended_on = "deregistered", datetime.date(2026, 5, 7)
        association.save()
        assert changed(report, "units") == []
        assert changed(report, "units", LATER) == [(association.name, Move.LEFT)]
        text, later = reason(report, "units", LATER)
        assert text.startswith("2026年5月7日注销") and later

    def test_deleted(self, reviewer: User) -> None:
        association = AssociationFactory()
        report = frozen_report(reviewer)
        association.delete()
        assert changed(report, "units") == [(association.name, Move.LEFT)]
        assert reason(report, "units")[1] is False

    def test_merged_with_another(self, reviewer: User) -> None:
        kept, absorbed = AssociationFactory(name="菏泽市甲协会"), AssociationFactory()
        report = frozen_report(reviewer)
        Merger.objects.create(
            survivor=kept, absorbed=absorbed.pk, absorbed_name=absorbed.name, context=uuid.uuid4()
        )
        absorbed.delete()
        assert changed(report, "units") == [(absorbed.name, Move.LEFT)]
        assert "菏泽市甲协会" in reason(report, "units")[0]

    def test_number_of_members_corrected(self, reviewer: User) -> None:
        association = AssociationFactory(party_members=2)
        report = frozen_report(reviewer)
        association.party_members = 3
        association.save()
        assert changed(report, "too_few") == [(association.name, Move.LEFT)]
        assert changed(report, "due") == [(association.name, Move.CAME)]
        assert changed(report, "members") == [(association.name, Move.STAYED)]
        assert reason(report, "members")[0].endswith("|2|3")

    def test_moved_to_another_kind(self, reviewer: User) -> None:
        association = AssociationFactory()
        report = frozen_report(reviewer)
        association.kind = "foundation"
        association.save()
        pairs = differing(report, live(associations_of(report), AS_OF))
        moved = {column: moves(pairs, LINES["units"], column) for column in COLUMNS}
        assert [move for _pair, move in moved["foundation"]] == [Move.CAME]
        assert [move for _pair, move in moved["association"]] == [Move.LEFT]
        assert moved[TOTAL] == []

    @pytest.mark.parametrize("seed", [4, 5])
    def test_came_less_left_is_the_difference(self, reviewer: User, seed: int) -> None:
        """Whatever happens to a registry: the explanation accounts for all of the difference."""
        rng = Random(seed)
        random_registry(rng, associations=30)
        report = frozen_report(reviewer)
        for association in rng.sample(list(Association.objects.all()), 12):
            association.party_members = rng.choice([0, 2, 5])
            association.members_not_transferred = None
            association.staff_total = association.staff_full_time = None
            association.kind = rng.choice(Association.Kind.values)
            association.save()
        counted = list(report.rows.values_list("association", flat=True))
        Association.objects.filter(pk__in=rng.sample(counted, 3)).delete()
        source = live(associations_of(report), LATER)
        was, now = as_frozen(report), tabulate(source, LATER)
        pairs = differing(report, source)
        for line, column in cells():
            if not LINES[line].measured:
                found = [move for _pair, move in moves(pairs, LINES[line], column)]
                step = (now.number(line, column) or 0) - (was.number(line, column) or 0)
                assert found.count(Move.CAME) - found.count(Move.LEFT) == step, (line, column)


class TestPages:
    @pytest.fixture
    def asked(self) -> dict[str, str]:
        today = timezone.localdate()
        return {"period": Period(Report.Period.YEAR, today.replace(month=1, day=1)).key}

    def scope(self, user: User) -> str:
        return str(user.grants.get().pk)

    def test_a_doubled_click_freezes_once(
        self, reviewing: Client, reviewer: User, asked: dict[str, str]
    ) -> None:
        AssociationFactory()
        path = reverse("organizations:report-freeze")
        data = asked | {"scope": self.scope(reviewer), "freeze": "1"}
        answers = [reviewing.post(path, data) for _ in range(2)]
        report = Report.objects.get()
        assert {a.url for a in answers} == {
            reverse("organizations:report-detail", args=[report.pk])
        }
        assert (report.as_of, report.rows.count()) == (timezone.localdate(), 1)

    def test_the_first_button_shows_the_numbers_and_freezes_nothing(
        self, reviewing: Client, reviewer: User, asked: dict[str, str]
    ) -> None:
        AssociationFactory()
        last = Period(Report.Period.YEAR, timezone.localdate().replace(month=1, day=1))
        last = Period(last.kind, last.starts_on.replace(year=last.starts_on.year - 1))
        before = frozen_report(reviewer, period=last, as_of=last.ends_on)
        AssociationFactory(registered_on=timezone.localdate())
        data = asked | {"scope": self.scope(reviewer), "note": "说明一"}
        response = reviewing.post(reverse("organizations:report-freeze"), data)
        assert Report.objects.get() == before
        assert response.context["report"].as_of == timezone.localdate()
        rows = {row.label: row for row in response.context["rows"]}
        units = rows[str(LINES["units"].label)]
        number = as_frozen(before).number("units")
        assert (units.now, units.before, units.difference) == (number + 1, number, "+1")
        assert dict(response.context["settled"])["as_of"] == timezone.localdate().isoformat()

    def test_the_numbers_shown_can_be_gone_back_from_with_what_was_typed(
        self, reviewing: Client, reviewer: User, asked: dict[str, str]
    ) -> None:
        data = asked | {"scope": self.scope(reviewer), "note": "说明一", "change": "1"}
        response = reviewing.post(reverse("organizations:report-freeze"), data)
        assert response.context["form"]["note"].value() == "说明一"
        assert not Report.objects.exists()

    def test_a_frozen_period_leads_to_its_latest_version(
        self, reviewing: Client, reviewer: User, asked: dict[str, str]
    ) -> None:
        today = timezone.localdate()
        year = Period(Report.Period.YEAR, today.replace(month=1, day=1))
        first = frozen_report(reviewer, period=year, as_of=today)
        second = corrected(first, reviewer)
        response = reviewing.post(
            reverse("organizations:report-freeze"), asked | {"scope": self.scope(reviewer)}
        )
        assert response.url == reverse("organizations:report-detail", args=[second.pk])

    def test_a_doubled_click_corrects_once(self, reviewing: Client, reviewer: User) -> None:
        report = frozen_report(reviewer)
        path = reverse("organizations:report-correct", args=[report.pk])
        shown = reviewing.post(path, {"reason": "少报"})
        assert shown.context["report"].pk is None
        assert not Report.objects.exclude(corrects=None).exists()
        answers = [reviewing.post(path, {"reason": "少报", "freeze": "1"}) for _ in range(2)]
        later = Report.objects.get(corrects=report)
        url = reverse("organizations:report-detail", args=[later.pk])
        assert {answer.url for answer in answers} == {url}
        assert (later.as_of, later.title, later.correction_reason) == (AS_OF, "报表", "少报")

    def test_both_versions_say_which_holds_and_why(self, reviewing: Client, reviewer: User) -> None:
        report = frozen_report(reviewer)
        later = corrected(report, reviewer)
        old = reverse("organizations:report-detail", args=[report.pk])
        new = reverse("organizations:report-detail", args=[later.pk])
        pages = {path: reviewing.get(path) for path in (old, new)}
        assert [version["url"] for version in pages[old].context["versions"]] == [new]
        assert [version["url"] for version in pages[new].context["versions"]] == [old]
        assert all("少报三家" in page.content.decode() for page in pages.values())
        assert [pages[old].context["may_correct"], pages[new].context["may_correct"]] == [
            False,
            True,
        ]
        listed = reviewing.get(reverse("organizations:report-list")).content.decode()
        assert listed.count("少报三家") == 2

    def test_leaders_are_not_offered_to_correct(
        self, client: Client, leader: User, reviewer: User
    ) -> None:
        report = frozen_report(reviewer)
        client.force_login(leader)
        page = client.get(reverse("organizations:report-detail", args=[report.pk]))
        assert page.context["may_correct"] is False

    def test_the_list_takes_the_same_statements_for_any_number_of_versions(
        self, reviewing: Client, reviewer: User
    ) -> None:
        counts = []
        for _ in range(3):
            report = Report.objects.in_force().first()
            _made = corrected(report, reviewer) if report else frozen_report(reviewer)
            path = reverse("organizations:report-list")
            reviewing.get(path)
            with CaptureQueriesContext(connection) as captured:
                reviewing.get(path)
            counts.append(len(captured))
        assert len(set(counts)) == 1

    def test_a_refused_form_keeps_what_was_typed(
        self, reviewing: Client, reviewer: User, asked: dict[str, str]
    ) -> None:
        data = asked | {"scope": self.scope(reviewer), "as_of": "2020-01-01", "note": "说明一"}
        response = reviewing.post(reverse("organizations:report-freeze"), data)
        assert response.context["form"].errors["as_of"]
        assert "说明一" in response.content.decode()
        assert not Report.objects.exists()

    def test_the_period_offered_first_is_not_frozen_yet_and_a_frozen_one_says_so(
        self, reviewing: Client, reviewer: User
    ) -> None:
        path = reverse("organizations:report-freeze")

        def offered() -> tuple[str, dict[str, str]]:
            form = reviewing.get(path).context["form"]
            return form["period"].initial, dict(form.fields["period"].choices)

        first, labels = offered()
        assert "已定稿" not in labels[first]
        period = latest_ended(timezone.localdate())
        assert first == period.key
        frozen_report(reviewer, period=period, as_of=period.ends_on)
        then, labels = offered()
        assert then != first
        assert "已定稿" in labels[first]
        assert "已定稿" not in labels[then]

    def test_a_number_that_stayed_is_not_counted_as_different(
        self, reviewing: Client, reviewer: User
    ) -> None:
        first, second = AssociationFactory.create_batch(2, party_members=3)
        instructor = AssignmentFactory(association=first).instructor
        CoverageFactory(association=first)
        report = frozen_report(reviewer)
        Coverage.objects.all().delete()
        CoverageFactory(association=second)
        page = reviewing.get(reverse("organizations:report-differences", args=[report.pk]))
        lines = {line.line.key: line for line in page.context["lines"]}
        assert (lines["standalone"].moved, lines["standalone"].differs) == (True, False)
        assert lines["standalone"].cells[0].difference == "+0"
        assert not lines["instructors"].moved
        assert page.context["number"] == sum(line.differs for line in lines.values()) == 1
        assert lines["uncovered_served"].differs
        assert page.context["inside"] > 0
        assert instructor.name not in page.content.decode()

    def test_the_line_of_instructors_leads_to_people(
        self, reviewing: Client, reviewer: User
    ) -> None:
        association = AssociationFactory(name="甲协会")
        stays = AssignmentFactory(association=association).instructor
        left = AssignmentFactory(association=association, instructor__name="走人")
        report = frozen_report(reviewer)
        left.delete()
        AssignmentFactory(association=AssociationFactory(name="乙协会"), instructor__name="来人")
        AssignmentFactory(association=AssociationFactory(), instructor=stays)
        differences = reviewing.get(reverse("organizations:report-differences", args=[report.pk]))
        line = next(x for x in differences.context["lines"] if x.line.key == "instructors")
        assert (line.moved, line.differs) == (True, False)
        path = reverse("organizations:report-changes", args=[report.pk, "instructors"])
        page = reviewing.get(path)
        told = [(w.name, w.move, w.was, w.now) for w in page.context["page_obj"]]
        assert told == [("来人", "came", [], ["乙协会"]), ("走人", "left", ["甲协会"], [])]
        assert stays.name not in page.content.decode()
        workbook = reviewing.get(f"{path}?format=xlsx")
        assert workbook.getvalue()  # read to its end, which closes the file

    def test_leaders_may_look_but_not_freeze(self, client: Client, leader: User) -> None:
        client.force_login(leader)
        assert client.get(reverse("organizations:report-list")).status_code == 200
        assert client.post(reverse("organizations:report-freeze")).status_code == 403

    def test_pages_and_workbooks_open(self, reviewing: Client, reviewer: User) -> None:
        random_registry(Random(6), associations=10)
        report = frozen_report(reviewer)
        Association.objects.filter(pk=report.rows.first().association).delete()
        detail = reverse("organizations:report-detail", args=[report.pk])
        rows = reverse("organizations:report-rows", args=[report.pk, "units"])
        changes = reverse("organizations:report-changes", args=[report.pk, "units"])
        differences = reverse("organizations:report-differences", args=[report.pk])
        for path in (
            detail,
            f"{detail}?format=xlsx",
            rows,
            f"{rows}?kind=foundation&format=xlsx",
            differences,
            f"{differences}?against=today",
            changes,
            f"{changes}?against=today&kind=foundation",
            f"{differences}?format=xlsx",
            f"{changes}?against=today&format=xlsx",
        ):
            response = reviewing.get(path)
            assert response.getvalue()  # read to its end, which closes a file
            assert response.status_code == 200, path
        assert reviewing.get(f"{rows[:-6]}nothing/").status_code == 404

    def test_the_headline_is_compared_as_well(self, reviewing: Client, reviewer: User) -> None:
        AssociationFactory()
        report = frozen_report(reviewer)
        CoverageFactory(association=Association.objects.get())
        page = reviewing.get(reverse("organizations:report-differences", args=[report.pk]))
        coverage = page.context["figures"][0]
        assert (coverage["value"], coverage["rule"]) == (0, "现为100.0%：1 ÷ 1")

    def test_a_file_takes_the_ability_to_export_in_the_scope_of_the_report(
        self, client: Client
    ) -> None:
        county = CountyFactory()
        person = StaffFactory(grant__role=Role.INSTRUCTOR, grant__division=county)
        elsewhere = DepartmentFactory()
        GrantFactory(user=person, role=Role.DEPARTMENT_STAFF, department=elsewhere)
        own, other = ReportFactory(department=elsewhere), ReportFactory(division=county)
        client.force_login(person)
        for report, expected in ((own, 200), (other, 404)):
            path = reverse("organizations:report-detail", args=[report.pk])
            assert client.get(path).status_code == 200
            answer = client.get(path, {"format": "xlsx"})
            assert answer.getvalue()  # read to its end, which closes a file
            assert answer.status_code == expected

    @pytest.mark.parametrize("page", ["rows", "changes", "people"])
    def test_statements_do_not_grow_with_rows(
        self, reviewing: Client, reviewer: User, page: str
    ) -> None:
        counts, lines = [], {"rows": "units", "changes": "members", "people": "instructors"}
        for month in (1, 2, 3):
            AssignmentFactory()
            period = Period(Report.Period.MONTH, datetime.date(2026, month, 1))
            report = frozen_report(reviewer, period=period, as_of=period.ends_on)
            Association.objects.update(party_members=None if month % 2 else 4)
            for association in Association.objects.all():
                association.party_members = month
                association.save()
            path = reverse(
                f"organizations:report-{'rows' if page == 'rows' else 'changes'}",
                args=[report.pk, lines[page]],
            )
            reviewing.get(path)
            with CaptureQueriesContext(connection) as captured:
                reviewing.get(path)
            counts.append(len(captured))
        assert len(set(counts)) == 1
