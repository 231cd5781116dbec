"""Board, table, file and the pages of one establishment."""

import datetime
import io
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from organizations.forms.establishment import MoveForm
from organizations.models import (
    Association,
    Coverage,
    Document,
    Establishment,
    PartyOrganization,
)
from organizations.party_names import kind_named
from organizations.stages import move_to
from tests.factories.accounts import StaffFactory
from tests.factories.organizations import (
    AssignmentFactory,
    AssociationFactory,
    CommitteeFactory,
    CountyFactory,
    CoverageFactory,
    EstablishmentFactory,
    JointBranchFactory,
    LeadershipTermFactory,
    PartyOrganizationFactory,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
TOMORROW = TODAY + datetime.timedelta(1)
BOARD, TABLE = "organizations:establishment-board", "organizations:establishment-list"


@pytest.fixture
def reviewer(client):
    user = StaffFactory(grant__role=Role.REVIEWER)
    client.force_login(user)
    return user


def start(**fields) -> Establishment:
    association = AssociationFactory(party_members=5, **fields)
    AssignmentFactory(association=association)
    return EstablishmentFactory(association=association)


@pytest.mark.parametrize("name", [BOARD, TABLE, "organizations:establishment-not-begun"])
def test_queries_do_not_grow_with_rows(client, reviewer, name) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(reverse(name)).status_code == 200
        return len(asked)

    for _ in range(2):  # what is kept between requests is there
        start()
        AssociationFactory(party_members=4)
        one = queries()
    for _ in range(3):
        start()
        AssociationFactory(party_members=4)
    assert queries() == one


def test_the_board_counts_what_the_table_lists(client, reviewer) -> None:
    for _ in range(14):
        start()
    column = client.get(reverse(BOARD)).context["columns"][0]
    page = client.get(reverse(TABLE), {"stage": "surveyed"}).context["page_obj"]
    assert (column["count"], len(column["cards"])) == (14, 12)
    assert page.paginator.count == 14


def test_the_file_says_the_same_as_the_table(client, reviewer) -> None:
    start(name="=1+1协会")
    EstablishmentFactory(since=TODAY)
    answer = client.get(reverse(TABLE), {"format": "xlsx", "ageing": "overdue"})
    book = openpyxl.load_workbook(io.BytesIO(answer.getvalue()))
    rows = list(book.active.iter_rows(values_only=True))
    assert [row[0] for row in rows if row[0] and "协会" in str(row[0])][-1] == "=1+1协会"
    assert any("阶段时限" in str(row[0]) for row in rows)
    assert book.active.cell(len(rows), 1).data_type != "f"


def test_other_counties_stand_on_no_page(client) -> None:
    own, other = CountyFactory(), CountyFactory()
    start(name="本县协会", level="county", division=own)
    start(name="外县协会", level="county", division=other)
    AssociationFactory(name="外县应建协会", level="county", division=other, party_members=9)
    client.force_login(StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=own))
    for name in (BOARD, TABLE, "organizations:establishment-not-begun"):
        text = client.get(reverse(name)).text
        assert "外县" not in text, name
    assert "本县协会" in client.get(reverse(BOARD)).text


def test_the_chosen_ones_begin_and_others_do_not(client, reviewer) -> None:
    chosen, left = AssociationFactory(party_members=4), AssociationFactory(party_members=4)
    url = reverse("organizations:establishment-not-begun")
    for _twice in range(2):
        client.post(url, {"association": [chosen.pk]})
    assert [row.association for row in Establishment.objects.all()] == [chosen]
    page = client.get(url).context["page_obj"]
    assert list(page.object_list) == [left]


def test_nobody_is_chosen_until_somebody_chooses(client, reviewer) -> None:
    AssociationFactory(party_members=4)
    url = reverse("organizations:establishment-not-begun")
    assert " checked" not in client.get(url).text
    assert "请至少选择一家协会商会" in client.post(url, {}, follow=True).text
    assert not Establishment.objects.exists()


def test_all_chosen_begin_on_the_day_of_their_survey(client, reviewer) -> None:
    both = [AssociationFactory(party_members=4).pk for _ in range(2)]
    url = reverse("organizations:establishment-not-begun")
    before = TODAY - datetime.timedelta(40)
    for day in (TOMORROW.isoformat(), "1899-12-31", "昨天"):
        client.post(url, {"association": both, "on": day})
    assert not Establishment.objects.exists()
    client.post(url, {"association": both, "on": before.isoformat()})
    begun = Establishment.objects.all()
    assert {(row.since, row.moves.get().on) for row in begun} == {(before, before)}
    assert len(begun) == 2


def test_who_may_only_look_begins_nothing(client) -> None:
    client.force_login(StaffFactory(grant__role=Role.LEADER))
    association = AssociationFactory(party_members=4)
    url = reverse("organizations:establishment-not-begun")
    assert client.post(url, {"association": [association.pk]}).status_code == 403
    assert not Establishment.objects.exists()


def test_a_form_asks_for_what_its_move_records(client, reviewer) -> None:
    row = EstablishmentFactory(stage="requested", requested_on=TODAY, since=TODAY)
    url = reverse("organizations:establishment-move", args=[row.pk, "approved"])
    form = client.get(url).context["form"]
    assert list(form.fields) == ["on", "approval_no", "document", "note"]
    refused = client.post(url, {"on": TODAY.isoformat(), "approval_no": ""})
    assert refused.context["form"].errors.keys() == {"approval_no"}
    client.post(url, {"on": TODAY.isoformat(), "approval_no": "1号"})
    row.refresh_from_db()
    assert (row.stage, row.approval_no) == ("approved", "1号")


def test_what_a_move_lacks_is_said_in_its_form(client, reviewer) -> None:
    row = EstablishmentFactory(association__party_members=None)
    url = reverse("organizations:establishment-move", args=[row.pk, "cultivating"])
    answer = client.post(url, {"on": TODAY.isoformat()})
    assert "尚未选派" in str(answer.context["form"].non_field_errors())


def test_a_roster_s_party_organisation_is_confirmed_by_one_click(client, reviewer) -> None:
    row = start()
    CoverageFactory(association=row.association)
    page = client.get(reverse(TABLE), {"overtaken": "yes"}).context["page_obj"]
    assert page.paginator.count == 1
    url = reverse("organizations:establishment-act", args=[row.pk])
    client.post(url, {"verb": "take-over"})
    row.refresh_from_db()
    assert row.stage == "established"


def test_a_joint_branch_takes_in_and_lets_go_with_a_day(client, reviewer) -> None:
    branch, association = JointBranchFactory(), AssociationFactory()
    url = reverse("organizations:joint-branch", args=[branch.pk])
    before = TODAY - datetime.timedelta(1)
    client.post(url, {"association": association.name, "day": before.isoformat()})
    coverage = Coverage.objects.get(association=association)
    client.post(url, {"coverage": coverage.pk, "day": before.isoformat()})
    coverage.refresh_from_db()
    assert coverage.valid_until is None  # a coverage of no day is none
    client.post(url, {"coverage": coverage.pk, "day": TODAY.isoformat()})
    coverage.refresh_from_db()
    assert (coverage.valid_from, coverage.valid_until) == (before, TODAY)


def test_a_coverage_removed_by_a_doubled_click_is_said_to_be_gone(client) -> None:
    own = CountyFactory()
    coverage = CoverageFactory(
        party_organization=JointBranchFactory(),
        association__level="county",
        association__division=own,
        valid_from=TODAY,
    )
    url = reverse("organizations:joint-branch", args=[coverage.party_organization_id])
    sent = {"coverage": coverage.pk, "day": TODAY.isoformat()}
    client.force_login(StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=own))
    assert client.post(url, sent, follow=True).status_code == 200
    assert not Coverage.objects.exists()
    again = client.post(url, sent, follow=True)
    assert (again.status_code, "该覆盖关系已移除" in again.text) == (200, True)
    foreign = StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=CountyFactory())
    client.force_login(foreign)
    assert client.post(url, sent).status_code == 404


@pytest.mark.parametrize("factory", [PartyOrganizationFactory, CommitteeFactory])
def test_what_is_no_joint_branch_has_no_page_of_one(client, reviewer, factory) -> None:
    coverage = CoverageFactory(party_organization=factory())
    url = reverse("organizations:joint-branch", args=[coverage.party_organization_id])
    asked = {"coverage": coverage.pk, "day": TODAY.isoformat()}
    assert [client.get(url).status_code, client.post(url, asked).status_code] == [404, 404]
    coverage.refresh_from_db()
    assert coverage.valid_until is None


@pytest.mark.parametrize(
    "day", ["", "2026-13-45", "0001-01-01", "1899-12-31", "2101-01-01", "9999-12-31", "昨天"]
)
def test_a_joint_branch_takes_in_on_no_impossible_day(client, reviewer, day) -> None:
    branch, association = JointBranchFactory(established_on=None), AssociationFactory()
    url = reverse("organizations:joint-branch", args=[branch.pk])
    assert client.post(url, {"association": association.name, "day": day}).status_code == 302
    assert not Coverage.objects.exists()


@pytest.mark.parametrize("key", ["²", "٣", "9" * 30, "-1", "1 "])
def test_a_key_that_is_none_chooses_nothing(client, reviewer, key) -> None:
    AssociationFactory(party_members=5)
    url = reverse("organizations:establishment-not-begun")
    assert client.post(url, {"association": key, "next": "detail"}).status_code == 302
    branch = reverse("organizations:joint-branch", args=[JointBranchFactory().pk])
    assert client.post(branch, {"coverage": key, "day": TODAY.isoformat()}).status_code == 302
    assert not Establishment.objects.exists()


@pytest.mark.parametrize("reason", ["", "很长" * 101, "x" * 5000])
def test_a_reason_that_does_not_fit_is_refused(client, reviewer, reason) -> None:
    row = start()
    url = reverse("organizations:establishment-act", args=[row.pk])
    assert client.post(url, {"verb": "give-up", "reason": reason}).status_code == 302
    row.refresh_from_db()
    assert row.closed_on is None


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", TOMORROW.isoformat()])
def test_a_move_happens_on_no_impossible_day(client, reviewer, day) -> None:
    row = start()
    url = reverse("organizations:establishment-move", args=[row.pk, "cultivating"])
    answer = client.post(url, {"on": day})
    assert "on" in answer.context["form"].errors


def test_the_reason_is_changed_on_the_association_s_page(client, reviewer) -> None:
    association = AssociationFactory()
    url = reverse("organizations:no-party-reason", args=[association.pk])
    client.post(url, {"reason": "leader_unwilling"})
    client.post(url, {"reason": "nonsense"})
    association.refresh_from_db()
    assert association.no_party_reason == Association.NoPartyReason.LEADER_UNWILLING


@pytest.mark.parametrize(
    ("members", "fitting"),
    [
        (0, {"no_members"}),
        (2, {"too_few"}),
        (3, {"due"}),
        (None, {"no_members", "too_few", "due"}),
    ],
)
def test_a_reason_fits_the_number_of_members(client, reviewer, members, fitting) -> None:
    association = AssociationFactory(party_members=members)
    url = reverse("organizations:no-party-reason", args=[association.pk])
    edit = reverse("organizations:association-edit", args=[association.pk, "party"])
    always = {"leader_unwilling", "no_guidance", "other", ""}
    for reason in Association.NoPartyReason.values:
        client.post(url, {"reason": ""})
        client.post(url, {"reason": reason})
        association.refresh_from_db()
        fits = reason in fitting | always
        assert (association.no_party_reason == reason) == fits
        form = client.get(edit).context["form"]
        sent = {name: form[name].value() or "" for name in form.fields}
        answer = client.post(edit, sent | {"no_party_reason": reason})
        assert (answer.status_code == 302) == fits


PDF = b"%PDF-1.7 approval"


def at(stage: str, **fields) -> Establishment:
    """An establishment of a ready association at `stage`, all its days today."""
    row = start()
    days = {"requested_on": TODAY, "approved_on": TODAY, "approval_no": "1号", "elected_on": TODAY}
    if stage == "requested":
        days = {"requested_on": TODAY}
    for name, value in {"stage": stage, "since": TODAY, "kind": "branch", **days, **fields}.items():
        setattr(row, name, value)
    row.save()
    return row


class TestEstablishing:
    @pytest.mark.parametrize(
        ("kind", "ending"),
        [
            ("committee", "委员会"),
            ("general_branch", "总支部委员会"),
            ("branch", "支部委员会"),
            ("provisional_branch", "临时支部委员会"),
        ],
    )
    def test_proposes_the_usual_name(self, client, reviewer, kind, ending) -> None:
        row = at("elected", kind=kind)
        url = reverse("organizations:establishment-move", args=[row.pk, "established"])
        form = client.get(url).context["form"]
        assert form["name"].value() == f"中共{row.association.name}{ending}"
        assert kind_named(form["name"].value()) == kind

    def test_keeps_the_superior_and_advises_without_refusing(self, client, reviewer) -> None:
        row = at("elected")
        LeadershipTermFactory(association=row.association, post="president", name="李会长")
        url = reverse("organizations:establishment-move", args=[row.pk, "established"])
        sent = {
            "on": TODAY.isoformat(),
            "name": "张三",
            "kind": "branch",
            "superior": "中共菏泽市委社会工作部机关委员会",
            "secretary": "王书记",
            "secretary_source": "leader",
        }
        for field, said in (("name", "以“中共”开头"), ("secretary", "李会长")):
            assert said in client.post(url, sent | {"check": field}).text
        assert not PartyOrganization.objects.exists()
        page = client.post(url, sent, follow=True).text
        assert "以“中共”开头" in page
        assert PartyOrganization.objects.get().superior == sent["superior"]

    @pytest.mark.parametrize(
        ("values", "advised"),
        [
            ({"secretary": "李会长"}, set()),
            ({"secretary": "赵副会长"}, set()),
            ({"secretary": "王书记"}, {"secretary", "secretary_source"}),
            ({"secretary": "王书记", "secretary_source": "sent"}, set()),
            ({"name": "菏泽市花卉协会党支部"}, {"name"}),
        ],
    )
    def test_advises_only_where_something_is_unusual(self, values, advised, reviewer) -> None:
        row = at("elected")
        LeadershipTermFactory(association=row.association, post="president", name="李会长")
        vice = {"post": "vice_president", "name": "赵副会长"}
        LeadershipTermFactory(association=row.association, **vice)
        said = {
            "on": TODAY.isoformat(),
            "name": "中共菏泽市花卉协会支部委员会",
            "kind": "branch",
            "secretary": "李会长",
            "secretary_source": "leader",
        }
        form = MoveForm(said | values, move=move_to(row, "established"), establishment=row)
        assert form.is_valid()
        assert form.advice().keys() == advised

    @pytest.mark.parametrize(
        ("members", "kind", "preset"),
        [
            (5, "", "branch"),
            (None, "", "branch"),
            (60, "", "general_branch"),
            (120, "", "committee"),
            (120, "branch", "branch"),
        ],
    )
    def test_presets_the_kind_of_the_plan_else_that_of_the_members(
        self, client, reviewer, members, kind, preset
    ) -> None:
        row = at("elected", kind=kind)
        Association.objects.update(party_members=members)
        url = reverse("organizations:establishment-move", args=[row.pk, "established"])
        form = client.get(url).context["form"]
        assert form["kind"].value() == preset
        assert kind_named(form["name"].value()) == preset

    @pytest.mark.parametrize(
        ("name", "kind"),
        [
            ("中共菏泽市花卉协会支部委员会", "committee"),
            ("中共菏泽市花卉协会总支部委员会", "branch"),
            ("中共菏泽市花卉协会党总支", "branch"),
            ("菏泽市花卉协会党支部", "committee"),
        ],
    )
    def test_refuses_a_name_of_another_kind_before_anything_is_saved(
        self, client, reviewer, name, kind
    ) -> None:
        row = at("elected")
        url = reverse("organizations:establishment-move", args=[row.pk, "established"])
        sent = {"on": TODAY.isoformat(), "name": name, "kind": kind, "secretary": "王芳"}
        form = client.post(url, sent).context["form"]
        assert form.errors.keys() == {"name", "kind"}
        label = PartyOrganization.Kind(kind_named(name)).label
        assert f"“{label}”" in form.errors["kind"][0]
        assert not PartyOrganization.objects.exists()

    def test_a_joint_branch_bears_the_name_of_one(self, client, reviewer) -> None:
        row = at("elected", kind="joint_branch", formation="found")
        url = reverse("organizations:establishment-move", args=[row.pk, "established"])
        sent = {
            "on": TODAY.isoformat(),
            "name": "中共花卉行业支部委员会",
            "kind": "joint_branch",
            "secretary": "王芳",
        }
        form = client.post(url, sent).context["form"]
        assert form.errors.keys() == {"name"}
        assert "联合党支部" in form.errors["name"][0]

    def test_suggests_superiors_in_scope(self, client) -> None:
        own, other = CountyFactory(), CountyFactory()
        for name, kind, county in (
            ("中共甲行业委员会", "committee", own),
            ("中共乙行业总支部委员会", "general_branch", own),
            ("中共丙行业支部委员会", "branch", own),
            ("中共丁行业委员会", "committee", other),
        ):
            CoverageFactory(
                party_organization__name=name,
                party_organization__kind=kind,
                association__level="county",
                association__division=county,
            )
        client.force_login(StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=own))
        url = reverse("organizations:superior-suggestions")
        assert client.get(url).text.count("<option") == 2
        text = client.get(url, {"superior": "甲"}).text
        assert text.strip() == '<option value="中共甲行业委员会">'


class TestSteppingBack:
    def test_says_that_it_is_one(self, client, reviewer) -> None:
        row = at("elected")
        url = reverse("organizations:establishment-move", args=[row.pk, "approved"])
        page = client.get(url).text
        assert "退回至批复" in page
        assert "确认退回" in page
        assert "退回原因（必填，留存记录）" in page
        assert "选举 → 批复" not in page
        sent = {"on": TODAY.isoformat(), "note": "选举材料有误"}
        said = client.post(url, sent, follow=True).text
        assert "已退回至批复" in said
        row.refresh_from_db()
        assert row.stage == "approved"


class TestApproving:
    @pytest.fixture(autouse=True)
    def media(self, settings, tmp_path) -> None:
        settings.MEDIA_ROOT = tmp_path

    def test_keeps_the_approval_among_the_documents_of_all_that_move(
        self, client, reviewer
    ) -> None:
        row = at("requested", formation="found", kind="joint_branch")
        other = at("requested", formation="found", kind="joint_branch", lead=row)
        url = reverse("organizations:establishment-move", args=[row.pk, "approved"])
        assert "共2家" in client.get(url).text
        paper = SimpleUploadedFile("批复.pdf", PDF)
        sent = {"on": TODAY.isoformat(), "approval_no": "菏社工发〔2026〕1号", "document": paper}
        assert "共2家" in client.post(url, sent, follow=True).text
        kept = Document.objects.all()
        assert {each.association for each in kept} == {row.association, other.association}
        assert {Path(each.file.path).read_bytes() for each in kept} == {PDF}
        assert {(each.kind, each.title, each.issued_on, each.file_name) for each in kept} == {
            ("approval", sent["approval_no"], TODAY, "批复.pdf")
        }

    def test_keeps_a_file_too_large_for_memory_with_each(self, client, reviewer, settings) -> None:
        settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
        row = at("requested", formation="found", kind="joint_branch")
        at("requested", formation="found", kind="joint_branch", lead=row)
        url = reverse("organizations:establishment-move", args=[row.pk, "approved"])
        sent = {"on": TODAY.isoformat(), "approval_no": "菏社工复〔2026〕1号"}
        client.post(url, sent | {"document": SimpleUploadedFile("批复.pdf", PDF)})
        assert [Path(each.file.path).read_bytes() for each in Document.objects.all()] == [PDF] * 2

    def test_takes_no_file_that_is_not_what_its_name_says(self, client, reviewer) -> None:
        row = at("requested")
        url = reverse("organizations:establishment-move", args=[row.pk, "approved"])
        paper = SimpleUploadedFile("批复.pdf", b"MZ")
        sent = {"on": TODAY.isoformat(), "approval_no": "1号", "document": paper}
        assert client.post(url, sent).context["form"].errors.keys() == {"document"}
        assert not Document.objects.exists()


class TestPlanning:
    def test_of_one_s_own_organisation_says_its_kind(self, client, reviewer) -> None:
        row = start()
        url = reverse("organizations:establishment-plan", args=[row.pk])
        form = client.post(url, {"formation": "standalone", "kind": ""}).context["form"]
        assert form.errors.keys() == {"kind"}
        client.post(url, {"formation": "standalone", "kind": "general_branch"})
        row.refresh_from_db()
        assert row.kind == "general_branch"

    def test_the_branches_of_one_s_own_county_come_first(self, client, reviewer) -> None:
        own, other = CountyFactory(name="曹县"), CountyFactory(name="安县")
        names = {}
        for county, level in ((other, "county"), (own, "county"), (own, "city")):
            place = {"association__division": county, "association__level": level}
            branch = JointBranchFactory()
            CoverageFactory(party_organization=branch, **place)
            names[county.name if level == "county" else "市级"] = branch.name
        row = start(level="county", division=own)
        url = reverse("organizations:establishment-plan", args=[row.pk])
        choices = list(client.get(url).context["form"].fields["joins"].choices)[1:]
        told = [(county, [label for _pk, label in group]) for county, group in choices]
        assert told == [
            ("曹县", [names["曹县"]]),
            ("市级", [names["市级"]]),
            ("安县", [f"{names['安县']}（安县）"]),
        ]

    def test_suggests_uncovered_associations_in_scope(self, client) -> None:
        own, other = CountyFactory(), CountyFactory()
        for name, county in (("甲木业协会", own), ("乙木业协会", own), ("丙木业协会", other)):
            AssociationFactory(name=name, level="county", division=county)
        CoverageFactory(association=Association.objects.get(name="乙木业协会"))
        client.force_login(StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=own))
        url = reverse("organizations:establishment-associations")
        text = client.get(url, {"association": "木业"}).text
        assert text.strip() == '<option value="甲木业协会">'

    def test_unknown_numbers_of_members_are_put_right_where_they_are_kept(
        self, client, reviewer
    ) -> None:
        row = start(level="city")
        Establishment.objects.update(stage="cultivating", formation="found", kind="joint_branch")
        Association.objects.update(party_members=1)
        other = EstablishmentFactory(
            association__party_members=None, formation="found", kind="joint_branch", lead=row
        )
        page = client.get(reverse("organizations:establishment-detail", args=[row.pk])).text
        args = [other.association_id, "members"]
        assert reverse("organizations:association-edit", args=args) in page


def test_who_can_correct_nothing_is_not_asked_to(client, reviewer) -> None:
    row = at("elected", formation="found", kind="joint_branch")
    other = at("elected", formation="found", kind="joint_branch", lead=row)
    url = reverse("organizations:establishment-move", args=[row.pk, "established"])
    sent = {"on": TODAY.isoformat(), "name": "中共甲联合支部委员会", "kind": "joint_branch"}
    client.post(url, sent | {"secretary": "王书记"})
    for each, may in ((row, True), (other, False)):
        page = client.get(reverse("organizations:establishment-detail", args=[each.pk]))
        assert page.context["may_correct"] is may


def test_what_concerns_the_uncovered_alone_is_kept_and_not_shown(client, reviewer) -> None:
    association = AssociationFactory(no_party_reason="leader_unwilling", has_party_group=True)
    edit = reverse("organizations:association-edit", args=[association.pk, "party"])
    page = reverse("organizations:association-detail", args=[association.pk])
    assert "no_party_reason" in client.get(edit).context["form"].fields
    assert "负责人不支持" in client.get(page).text
    CoverageFactory(association=association)
    assert "负责人不支持" not in str(client.get(page).context["groups"])
    form = client.get(edit).context["form"]
    assert not {"no_party_reason", "has_party_group"} & form.fields.keys()
    client.post(edit, {"charter_has_party_building": "true", "version": form["version"].value()})
    association.refresh_from_db()
    assert (association.no_party_reason, association.has_party_group) == ("leader_unwilling", True)
    assert association.charter_has_party_building is True
