"""Staff keep associations right in forms: in scope, checked as they type, nothing lost."""

import datetime
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext

from accounts.models import User
from accounts.roles import Role
from organizations.models import Association, Document, Inspection, LeadershipTerm, Rating
from registers.editing import version_of
from registers.models import SentForm
from tests.factories.accounts import StaffFactory
from tests.factories.organizations import (
    AssociationFactory,
    CountyFactory,
    CoverageFactory,
    DepartmentFactory,
    DocumentFactory,
    InspectionFactory,
    LeadershipTermFactory,
    RatingFactory,
)

pytestmark = pytest.mark.django_db
TODAY = datetime.date.today()


@pytest.fixture
def reviewer() -> User:
    return StaffFactory(grant__role=Role.REVIEWER)


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def filled(client: Client, url: str) -> dict[str, Any]:
    """What a browser would send back of the untouched form at `url`."""
    form = client.get(url).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in values.items()}


def edit_url(association: Association, section: str = "basic") -> str:
    return reverse("organizations:association-edit", args=[association.pk, section])


def add_url(association: Association, kind: str) -> str:
    return reverse("organizations:belonging-add", args=[association.pk, kind])


def test_an_untouched_form_changes_nothing(reviewer):
    association = AssociationFactory(phone="0530-1234567", party_members=2)
    before = Association.objects.filter(pk=association.pk).values().get()
    client = logged_in(reviewer)
    for section in ("basic", "members", "party"):
        url = edit_url(association, section)
        assert client.post(url, filled(client, url)).status_code == 302
    assert Association.objects.filter(pk=association.pk).values().get() == before


def test_a_saved_change_is_in_the_history_with_who_and_where(reviewer):
    association = AssociationFactory(party_members=1)
    client, url = logged_in(reviewer), edit_url(association, "members")
    client.post(url, filled(client, url) | {"party_members": "2"})
    page = client.get(reverse("organizations:association-detail", args=[association.pk]))
    [entry] = [entry for entry in page.context["history"] if entry.who]
    assert (entry.who, entry.url) == (str(reviewer), url)


def test_a_refused_form_comes_back_filled_with_what_is_wrong_at_the_field(reviewer):
    association = AssociationFactory(staff_total=5)
    client, url = logged_in(reviewer), edit_url(association, "members")
    page = client.post(url, filled(client, url) | {"party_members": "9", "unit_members": "77"})
    assert page.status_code == 422
    form = page.context["form"]
    assert form["unit_members"].value() == "77"
    assert "5" in form.errors["party_members"][0]


def test_a_conflict_is_answered_with_both_sides(reviewer):
    association = AssociationFactory(party_members=1)
    client, url = logged_in(reviewer), edit_url(association, "members")
    data = filled(client, url)
    Association.objects.filter(pk=association.pk).update(party_members=2)
    page = client.post(url, data | {"party_members": "3"})
    assert page.status_code == 409
    [conflict] = page.context["form"].conflicts
    assert (conflict.before, conflict.theirs, conflict.mine) == ("1", "2", "3")
    association.refresh_from_db()
    assert association.party_members == 2


def test_a_conflict_is_settled_however_many_states_are_recorded(reviewer):
    association = AssociationFactory(party_members=1)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('organizations_associationevent', 'pgh_id'),"
            " max(pgh_id) + 1000000) FROM organizations_associationevent"
        )
    client, url = logged_in(reviewer), edit_url(association, "members")
    data = filled(client, url) | {"party_members": "3"}
    Association.objects.filter(pk=association.pk).update(party_members=2)
    page = client.post(url, data).content.decode()
    sides = dict(re.findall(r'type="hidden" name="(seen|asked)" value="([^"]*)"', page))
    client.post(url, data | sides | {"keep-party_members": "mine"})
    association.refresh_from_db()
    assert association.party_members == 3


def test_a_save_while_the_form_is_being_opened_is_not_overwritten(reviewer):
    association = AssociationFactory(party_members=1)
    client, url = logged_in(reviewer), edit_url(association, "members")
    others = iter([2])

    def save_once_read(execute, statement, params, many, context):
        answer = execute(statement, params, many, context)
        if statement.startswith("SELECT") and '"party_members"' in statement:
            for count in others:
                Association.objects.filter(pk=association.pk).update(party_members=count)
        return answer

    with connection.execute_wrapper(save_once_read):
        opened = filled(client, url)
    assert opened["party_members"] == 1
    page = client.post(url, opened | {"party_members": "3"})
    assert page.status_code == 409
    client.post(url, opened)
    association.refresh_from_db()
    assert association.party_members == 2


@pytest.mark.parametrize(
    ("section", "field", "value", "said"),
    [
        ("basic", "credit_code", "91371700MJ06000131", "51371700"),
        ("basic", "registered_on", "2090-01-01", "2090"),
        ("members", "party_members", "900", "900"),
    ],
)
def test_a_field_is_checked_when_it_is_left(reviewer, section, field, value, said):
    association = AssociationFactory(staff_total=5)
    client, url = logged_in(reviewer), edit_url(association, section)
    answer = client.post(url, filled(client, url) | {field: value, "check": field})
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    association.refresh_from_db()
    assert str(getattr(association, field)) != value


def test_a_threshold_is_advice_and_no_error(reviewer):
    association = AssociationFactory()
    client, url = logged_in(reviewer), edit_url(association, "members")
    answer = client.post(
        url, filled(client, url) | {"party_members": "3", "check": "party_members"}
    )
    assert "应单独建立党支部" in answer.content.decode()
    association.refresh_from_db()
    assert association.party_members is None


class TestMembersAndTheReason:
    """The number of members and the reason for having no Party organisation must agree."""

    def test_a_number_that_contradicts_the_reason_asks_for_another(self, reviewer) -> None:
        association = AssociationFactory(party_members=0, no_party_reason="no_members")
        client, url = logged_in(reviewer), edit_url(association, "members")
        sent = filled(client, url)
        assert "no_party_reason" not in sent
        page = client.post(url, sent | {"party_members": "3"})
        assert page.status_code == 422
        form = page.context["form"]
        assert "没有党员" in form.errors["no_party_reason"][0]
        offered = [value for value, _label in form.fields["no_party_reason"].choices]
        assert offered == ["", "due", "leader_unwilling", "no_guidance", "other"]
        assert "id_no_party_reason" in page.text
        sent |= {"party_members": "3", "no_party_reason": "due"}
        assert client.post(url, sent).status_code == 302
        association.refresh_from_db()
        assert (association.party_members, association.no_party_reason) == (3, "due")

    def test_a_number_that_fits_leaves_the_reason_alone(self, reviewer) -> None:
        association = AssociationFactory(party_members=1, no_party_reason="too_few")
        client, url = logged_in(reviewer), edit_url(association, "members")
        assert client.post(url, filled(client, url) | {"party_members": "2"}).status_code == 302
        association.refresh_from_db()
        assert (association.party_members, association.no_party_reason) == (2, "too_few")

    def test_of_a_covered_association_no_reason_is_asked(self, reviewer) -> None:
        association = AssociationFactory(party_members=0, no_party_reason="no_members")
        CoverageFactory(association=association)
        client, url = logged_in(reviewer), edit_url(association, "members")
        assert client.post(url, filled(client, url) | {"party_members": "3"}).status_code == 302

    def test_in_the_list_the_number_alone_is_refused(self, reviewer) -> None:
        association = AssociationFactory(party_members=0, no_party_reason="no_members")
        client = logged_in(reviewer)
        url = reverse("organizations:association-cell", args=[association.pk, "party_members"])
        version = client.get(url).context["form"]["version"].value()
        answer = client.post(url, {"party_members": "3", "version": version})
        assert "没有党员" in answer.text
        association.refresh_from_db()
        assert association.party_members == 0


def test_a_record_cannot_be_moved_out_of_one_s_own_scope():
    department, other = DepartmentFactory(), DepartmentFactory()
    association = AssociationFactory(industry_department=department)
    client = logged_in(
        StaffFactory(grant__role=Role.DEPARTMENT_STAFF, grant__department=department)
    )
    url = edit_url(association)
    page = client.post(url, filled(client, url) | {"industry_department": other.pk})
    assert page.status_code == 422
    assert "管理范围" in str(page.context["form"].non_field_errors())
    association.refresh_from_db()
    assert association.industry_department == department


def test_an_association_is_added_once_however_often_the_button_is_clicked(reviewer):
    client, url = logged_in(reviewer), reverse("organizations:association-add")
    data = filled(client, url) | {"name": "菏泽市新材料行业协会", "level": "city"}
    answers = {client.post(url, data)["Location"] for _ in range(3)}
    added = Association.objects.get(name="菏泽市新材料行业协会")
    assert answers == {reverse("organizations:association-detail", args=[added.pk])}
    assert SentForm.objects.count() == 1


def test_department_staff_add_associations_of_their_own_department_alone():
    department, other = DepartmentFactory(), DepartmentFactory()
    client = logged_in(
        StaffFactory(grant__role=Role.DEPARTMENT_STAFF, grant__department=department)
    )
    url = reverse("organizations:association-add")
    data = filled(client, url) | {"name": "菏泽市新材料行业协会"}
    assert data["industry_department"] == department.pk
    refused = client.post(url, data | {"industry_department": other.pk})
    assert refused.status_code == 422
    assert not Association.objects.filter(name="菏泽市新材料行业协会").exists()
    assert client.post(url, data).status_code == 302


def test_the_name_of_a_foreign_association_is_refused_without_telling_of_it():
    foreign = AssociationFactory(division=CountyFactory())
    department = DepartmentFactory()
    client = logged_in(
        StaffFactory(grant__role=Role.DEPARTMENT_STAFF, grant__department=department)
    )
    url = reverse("organizations:association-add")
    page = client.post(url, filled(client, url) | {"name": foreign.name})
    assert page.status_code == 422
    assert foreign.credit_code not in page.content.decode()


ROWS = {
    "leadership-terms": (
        LeadershipTerm,
        {"post": "president", "name": "李会长", "valid_from": "2024-03-01"},
    ),
    "inspections": (Inspection, {"year": str(TODAY.year - 1), "result": "reported"}),
    "ratings": (Rating, {"grade": "3A", "valid_from": "2024-03-01"}),
}


@pytest.mark.parametrize("kind", ROWS)
def test_a_row_is_added_once_and_changed_and_removed(reviewer, kind):
    model, values = ROWS[kind]
    association = AssociationFactory()
    client, url = logged_in(reviewer), add_url(association, kind)
    data = filled(client, url) | values
    assert [client.post(url, data).status_code for _ in range(2)] == [302, 302]
    row = model.objects.get(association=association)
    change = reverse("organizations:belonging-edit", args=[association.pk, kind, row.pk])
    assert client.post(change, filled(client, change)).status_code == 302
    remove = reverse("organizations:belonging-remove", args=[association.pk, kind, row.pk])
    assert [client.post(remove).status_code for _ in range(2)] == [302, 302]
    assert not model.objects.exists()


def test_the_regime_follows_from_the_result(reviewer):
    association = AssociationFactory()
    client, url = logged_in(reviewer), add_url(association, "inspections")
    client.post(url, filled(client, url) | {"result": "barely"})
    assert Inspection.objects.get().regime == Inspection.Regime.INSPECTION


def test_a_second_result_of_a_year_is_refused_in_words(reviewer):
    association = InspectionFactory(year=TODAY.year - 1).association
    client, url = logged_in(reviewer), add_url(association, "inspections")
    page = client.post(url, filled(client, url) | {"result": "passed"})
    assert page.status_code == 422
    assert "年度" in str(page.context["form"].errors)


def test_a_rating_lasts_five_years_unless_said_otherwise(reviewer):
    association = AssociationFactory()
    client, url = logged_in(reviewer), add_url(association, "ratings")
    client.post(url, filled(client, url) | {"grade": "4A", "valid_from": "2024-02-29"})
    assert Rating.objects.get().valid_until == datetime.date(2029, 2, 28)


def test_a_rating_lasts_until_the_one_that_follows(reviewer):
    later = RatingFactory(valid_from=datetime.date(2026, 1, 1), valid_until=None)
    client, url = logged_in(reviewer), add_url(later.association, "ratings")
    client.post(url, filled(client, url) | {"grade": "4A", "valid_from": "2024-02-29"})
    assert Rating.objects.get(grade="4A").valid_until == later.valid_from


def sent_term(reviewer: User, association: Association, **values: str) -> Any:
    """The answer to a leadership term sent to the form."""
    client, url = logged_in(reviewer), add_url(association, "leadership-terms")
    return client.post(url, filled(client, url) | values)


@pytest.mark.parametrize(
    ("until", "status"), [("2029-03-01", 302), ("2029-03-02", 422)], ids=["five years", "longer"]
)
def test_a_term_of_more_than_five_years_is_refused(reviewer, until, status):
    values = {"post": "president", "name": "李会长", "valid_from": "2024-03-01"}
    answer = sent_term(reviewer, AssociationFactory(), **values, valid_until=until)
    assert answer.status_code == status
    assert LeadershipTerm.objects.count() == (status == 302)


@pytest.mark.parametrize(
    ("post", "since", "status"),
    [
        ("president", "2025-12-31", 422),
        ("president", "2026-01-01", 302),
        ("vice_president", "2025-12-31", 302),
    ],
)
def test_there_are_no_two_presidents_at_once(reviewer, post, since, status):
    term = LeadershipTermFactory(
        name="李会长", valid_from="2022-01-01", valid_until=datetime.date(2026, 1, 1)
    )
    answer = sent_term(reviewer, term.association, post=post, name="王会长", valid_from=since)
    assert answer.status_code == status
    assert ("李会长" in answer.content.decode()) == (status == 422)


@pytest.mark.parametrize(("post", "status"), [("secretary_general", 422), ("vice_president", 302)])
def test_one_person_is_not_president_and_secretary_general_at_once(reviewer, post, status):
    term = LeadershipTermFactory(
        name="李会长", valid_from="2022-01-01", valid_until=datetime.date(2026, 1, 1)
    )
    answer = sent_term(
        reviewer, term.association, post=post, name="李会长", valid_from="2023-01-01"
    )
    assert answer.status_code == status


class TestSuccession:
    """A new president while the old term is open: one form ends the one and begins the other."""

    SINCE = datetime.date(2026, 3, 1)

    @pytest.fixture
    def old(self) -> LeadershipTerm:
        return LeadershipTermFactory(
            post="president", name="李会长", valid_from=datetime.date(2022, 3, 1), valid_until=None
        )

    def sent(self, client: Client, old: LeadershipTerm, **more: str) -> dict[str, Any]:
        said = {"post": "president", "name": "王会长", "valid_from": self.SINCE.isoformat()}
        return filled(client, add_url(old.association, "leadership-terms")) | said | more

    @pytest.mark.parametrize("end", [None, datetime.date(2027, 3, 1)])
    def test_asks_for_the_end_of_the_old_term_and_saves_both_at_once(
        self, reviewer, old, end
    ) -> None:
        LeadershipTerm.objects.update(valid_until=end)
        client, url = logged_in(reviewer), add_url(old.association, "leadership-terms")
        sent = self.sent(client, old)
        assert "other_until" not in sent
        asked = client.post(url, sent)
        form = asked.context["form"]
        assert list(form.errors) == ["other_until"]
        assert "李会长" in form["other_until"].label
        assert form["other_until"].value() == self.SINCE.isoformat()
        assert form["name"].value() == "王会长"
        old.refresh_from_db()
        assert old.valid_until == end
        sent["other_until"] = self.SINCE.isoformat()
        assert [client.post(url, sent).status_code for _click in range(2)] == [302, 302]
        old.refresh_from_db()
        assert old.valid_until == self.SINCE
        assert LeadershipTerm.objects.get(valid_until=None).name == "王会长"

    @pytest.mark.parametrize("until", ["", "2022-03-01", "2026-03-02", "昨天"])
    def test_ends_it_on_a_day_that_can_be(self, reviewer, old, until) -> None:
        client, url = logged_in(reviewer), add_url(old.association, "leadership-terms")
        page = client.post(url, self.sent(client, old, other_until=until))
        assert list(page.context["form"].errors) == ["other_until"]
        old.refresh_from_db()
        assert (old.valid_until, LeadershipTerm.objects.count()) == (None, 1)

    def test_nothing_is_ended_where_the_new_term_is_refused(self, reviewer, old) -> None:
        LeadershipTermFactory(
            association=old.association, post="secretary_general", name="王会长", valid_until=None
        )
        client, url = logged_in(reviewer), add_url(old.association, "leadership-terms")
        sent = self.sent(client, old, other_until=self.SINCE.isoformat())
        assert list(client.post(url, sent).context["form"].errors) == ["name"]
        old.refresh_from_db()
        assert old.valid_until is None


def test_one_person_in_two_posts_is_pointed_out(reviewer):
    term = LeadershipTermFactory(name="李会长")
    values = {"post": "vice_president", "name": "李会长", "valid_from": "2024-03-01"}
    answer = sent_term(reviewer, term.association, **values, check="name")
    assert "同时担任会长" in answer.content.decode()


def test_the_owner_of_a_credit_code_is_named_within_the_scope_alone(reviewer):
    department = DepartmentFactory()
    other = AssociationFactory(credit_code="51371700MJ0400003G")
    own = AssociationFactory(industry_department=department)
    colleague = StaffFactory(grant__role=Role.DEPARTMENT_STAFF, grant__department=department)
    for user, named in [(reviewer, True), (colleague, False)]:
        client, url = logged_in(user), edit_url(own)
        page = client.post(url, filled(client, url) | {"credit_code": other.credit_code})
        errors = str(page.context["form"].errors["credit_code"])
        link = reverse("organizations:association-detail", args=[other.pk])
        assert (link in errors) == (other.name in errors) == named


def test_every_form_says_alike_that_nothing_is_chosen(reviewer):
    association = AssociationFactory()
    pages = [edit_url(association), edit_url(association, "party")]
    pages.append(add_url(association, "dormancies"))
    shown = [logged_in(reviewer).get(url).content.decode() for url in pages]
    assert all("请选择" in page and "---" not in page for page in shown)


def test_one_person_as_president_and_secretary_general_is_pointed_out(reviewer):
    term = LeadershipTermFactory(name="李会长")
    client, url = logged_in(reviewer), add_url(term.association, "leadership-terms")
    values = {"post": "secretary_general", "name": "李会长", "valid_from": "2024-03-01"}
    answer = client.post(url, filled(client, url) | values | {"check": "name"})
    assert "不得由同一人" in answer.content.decode()


@pytest.mark.parametrize(
    ("years", "is_third"),
    [
        ([(2014, 2019), (2019, None)], True),
        ([(2013, 2018), (2019, 2023)], True),  # each election late by a year at most
        ([(2019, 2024), (2029, None)], True),  # entered between two that stand already
        ([(2009, 2014), (2019, 2024)], False),
        ([(2004, 2009), (2009, 2014)], False),
        ([(2019, 2024)], False),
    ],
)
def test_a_third_term_running_is_pointed_out(reviewer, years, is_third):
    association = AssociationFactory()
    for begun, ended in years:
        until = ended and datetime.date(ended, 3, 1)
        dates = {"valid_from": datetime.date(begun, 3, 1), "valid_until": until}
        LeadershipTermFactory(association=association, name="李会长", **dates)
    client, url = logged_in(reviewer), add_url(association, "leadership-terms")
    values = {"post": "president", "name": "李会长", "valid_from": "2024-03-01"}
    values |= {"valid_until": "2029-03-01", "check": "valid_from"}
    text = client.post(url, filled(client, url) | values).text
    said = gettext("This would be the third term; at most two may follow each other.")
    assert (said in text) == is_third


def test_a_row_is_reached_only_through_its_own_association(reviewer):
    term, other = LeadershipTermFactory(), AssociationFactory()
    url = reverse("organizations:belonging-edit", args=[other.pk, "leadership-terms", term.pk])
    assert logged_in(reviewer).get(url).status_code == 404


PDF = b"%PDF-1.7 ..."


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("章程.pdf", PDF, 302),
        ("章程.exe", b"MZ", 422),
        ("章程.pdf", b"<script>alert(1)</script>", 422),
        ("章程.svg", b"<svg/>", 422),
        ("章程.html", PDF, 422),
    ],
)
def test_documents_are_what_they_say(reviewer, private_files, name, content, status):
    association = AssociationFactory()
    client, url = logged_in(reviewer), add_url(association, "documents")
    data = filled(client, url) | {
        "kind": "charter",
        "title": "章程",
        "file": SimpleUploadedFile(name, content),
    }
    assert client.post(url, data).status_code == status
    assert Document.objects.count() == (status == 302)


def test_a_document_above_the_limit_is_refused(reviewer, private_files, settings):
    settings.ATTACHMENT_BYTES = 10
    association = AssociationFactory()
    client, url = logged_in(reviewer), add_url(association, "documents")
    data = {"kind": "charter", "title": "章程", "file": SimpleUploadedFile("a.pdf", PDF)}
    page = client.post(url, filled(client, url) | data)
    assert page.status_code == 422


def test_a_document_is_sent_to_be_saved_and_never_shown(reviewer, private_files):
    document = DocumentFactory()
    answer = logged_in(reviewer).get(reverse("organizations:document", args=[document.pk]))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    answer.close()


def test_a_field_is_changed_in_the_list(reviewer):
    association = AssociationFactory(party_members=1)
    client = logged_in(reviewer)
    page = client.get(reverse("organizations:association-list")).content.decode()
    url = reverse("organizations:association-cell", args=[association.pk, "party_members"])
    assert url in page
    headers = {"HX-Request": "true"}
    assert "<form" in client.get(url, headers=headers).content.decode()
    data = {"party_members": "2", "version": version_of(association)}
    assert ">2<" in client.post(url, data, headers=headers).content.decode()
    association.refresh_from_db()
    assert association.party_members == 2


def test_a_conflict_in_the_list_is_told_in_the_cell(reviewer):
    association = AssociationFactory(party_members=1)
    client = logged_in(reviewer)
    url = reverse("organizations:association-cell", args=[association.pk, "party_members"])
    headers = {"HX-Request": "true"}
    version = version_of(association)
    Association.objects.filter(pk=association.pk).update(party_members=5)
    data = {"party_members": "2", "version": version}
    answer = client.post(url, data, headers=headers)
    assert "5" in answer.content.decode()
    association.refresh_from_db()
    assert association.party_members == 5


@pytest.mark.parametrize("column", ["search_text", "pinyin", "id", "nothing"])
def test_other_fields_cannot_be_changed_in_the_list(reviewer, column):
    association = AssociationFactory()
    url = reverse("organizations:association-cell", args=[association.pk, column])
    assert logged_in(reviewer).get(url).status_code == 404


def test_who_may_not_change_sees_no_way_to(leader):
    association = AssociationFactory(party_members=1)
    page = logged_in(leader).get(reverse("organizations:association-list")).content.decode()
    assert (
        reverse("organizations:association-cell", args=[association.pk, "party_members"])
        not in page
    )
    assert reverse("organizations:association-add") not in page


def test_the_section_on_party_building_leads_to_the_party_organisation_of_today(reviewer):
    coverage = CoverageFactory()
    past = CoverageFactory(association=AssociationFactory(), valid_until=datetime.date(2020, 1, 1))
    name = "organizations:partyorganization-detail"
    for row, leads in ((coverage, True), (past, False)):
        page = logged_in(reviewer).get(edit_url(row.association, "party")).content.decode()
        assert (reverse(name, args=[row.party_organization_id]) in page) == leads


@pytest.mark.parametrize("parts", [(4_000_000_000, 0), (2_000_000_000, 2_000_000_000), (0, 10**30)])
def test_numbers_that_no_association_reaches_are_refused(reviewer, parts):
    association = AssociationFactory()
    client, url = logged_in(reviewer), edit_url(association, "members")
    given = dict(zip(("staff_full_time", "staff_part_time"), map(str, parts), strict=True))
    assert client.post(url, filled(client, url) | given).status_code == 422
    Association.objects.update(staff_full_time=10**6, staff_part_time=10**6)
    assert client.get(reverse("organizations:statistics")).status_code == 200


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("leadership-terms", "valid_from"),
        ("dormancies", "found_on"),
        ("documents", "issued_on"),
        ("ratings", "valid_from"),
        ("abnormal-listings", "entered_on"),
    ],
)
@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "9999-12-31"])
def test_days_lie_between_1900_and_2100(reviewer, kind, field, day):
    client, url = logged_in(reviewer), add_url(AssociationFactory(), kind)
    answer = client.post(url, {field: day})
    assert field in answer.context["form"].errors


@pytest.mark.parametrize(
    ("kind", "field", "ahead"),
    [("leadership-terms", "valid_from", 367), ("dormancies", "found_on", 1),
     ("documents", "issued_on", 1)],
)  # fmt: skip
def test_what_has_happened_lies_in_the_past(reviewer, kind, field, ahead):
    client, url = logged_in(reviewer), add_url(AssociationFactory(), kind)
    day = TODAY + datetime.timedelta(ahead)
    answer = client.post(url, {field: day.isoformat()})
    assert field in answer.context["form"].errors
