import datetime
import io
import re
from dataclasses import replace

import openpyxl
import pghistory
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from accounts.roles import Role
from organizations.figures import Scope
from organizations.filters.associations import AssociationFilter
from organizations.filters.instructors import InstructorFilter
from organizations.models import Association, Division
from organizations.search.matching import MOST_NAMES
from organizations.tasks import open_tasks
from registers import register as registry
from tests.factories.accounts import GrantFactory, StaffFactory, UserFactory
from tests.factories.organizations import (
    AssignmentFactory,
    AssociationFactory,
    CountyFactory,
    CoverageFactory,
    DepartmentFactory,
    DormancyFactory,
    InspectionFactory,
    InstructorFactory,
    LeadershipTermFactory,
    RatingFactory,
)

pytestmark = pytest.mark.django_db
LIST = "organizations:association-list"
PHONE, MASKED = "13812341234", "138****1234"


@pytest.fixture
def leader(client):
    """An office leader, citywide, logged in."""
    user = StaffFactory(grant__role=Role.LEADER)
    client.force_login(user)
    return user


@pytest.fixture
def finance(client):
    """May view and export, but not see personal data."""
    user = StaffFactory(grant__role=Role.FINANCE)
    client.force_login(user)
    return user


@pytest.fixture
def county(client):
    """A county whose staff member is logged in."""
    county = CountyFactory()
    client.force_login(StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county))
    return county


def names(client, **query):
    rows = client.get(reverse(LIST), query).context["rows"]
    return [row.cells[0].value for row in rows]


def queries(client, url):
    client.get(url)  # saves the session, which happens once a minute
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def full_association(**fields):
    """An association with a row in every table that belongs to it."""
    association = AssociationFactory(phone=PHONE, **fields)
    for factory in (
        CoverageFactory, AssignmentFactory, InspectionFactory, RatingFactory,
        LeadershipTermFactory, DormancyFactory,
    ):  # fmt: skip
        factory(association=association)
    return association


@pytest.mark.parametrize("name", [LIST, "organizations:instructor-list"])
def test_list_wants_a_log_in(client, name):
    assert client.get(reverse(name)).status_code == 302


@pytest.mark.parametrize("name", [LIST, "organizations:instructor-list"])
def test_list_is_forbidden_without_the_ability(client, name):
    client.force_login(UserFactory())
    assert client.get(reverse(name)).status_code == 403


def test_list_shows_only_the_scope(client, county):
    inside = AssociationFactory(division=county)
    AssociationFactory()
    assert names(client) == [inside.name]


def test_list_hides_ended_associations(client, leader):
    AssociationFactory(ended=True)
    assert names(client) == []


def test_list_as_of_a_day_shows_what_was_registered_then(client, leader):
    ended = AssociationFactory(ended=True)
    AssociationFactory(registered_on=datetime.date(2023, 5, 1))
    assert names(client, as_of="2023-01-01") == [ended.name]


@pytest.mark.parametrize("text", ["1949-12-31", "0001-01-01", "soon"])
@pytest.mark.parametrize("name", [LIST, "organizations:instructor-list"])
def test_list_as_of_a_wrong_day_is_todays_with_a_message(client, leader, name, text):
    context = client.get(reverse(name), {"as_of": text}).context
    assert context["on"] == timezone.localdate()
    assert text in context["day_problem"]


def test_list_is_sorted_by_the_chosen_column_with_blanks_last(client, leader):
    for members in (2, None, 10):
        AssociationFactory(name=f"协会{members}", party_members=members, staff_total=20)
    assert names(client, sort="-party_members") == ["协会10", "协会2", "协会None"]
    assert names(client, sort="party_members") == ["协会2", "协会10", "协会None"]


def test_order_that_is_not_offered_is_ignored(client, leader):
    AssociationFactory.create_batch(2)
    assert client.get(reverse(LIST), {"sort": "phone"}).context["sort"] == ""


def test_list_has_pages_of_the_chosen_size(client, leader):
    AssociationFactory.create_batch(51)
    assert len(names(client)) == 50
    assert len(names(client, page=2)) == 1
    assert len(names(client, size=100)) == 51
    assert len(names(client, size=100000)) == 50


def test_list_shows_the_chosen_columns_in_the_register_order(client, leader):
    AssociationFactory()
    heads = client.get(reverse(LIST), {"columns": ["remark", "level"]}).context["heads"]
    assert [head.column.key for head in heads] == ["name", "level", "remark"]


def test_swapped_results_are_not_a_whole_page(client, leader):
    association = AssociationFactory()
    response = client.get(reverse(LIST), headers={"HX-Request": "true"})
    content = response.content.decode()
    assert association.name in content
    assert "<html" not in content
    assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize("columns", ["", "columns=all"])
def test_queries_of_the_list_do_not_grow_with_rows(client, leader, columns):
    url = f"{reverse(LIST)}?{columns}"
    full_association()
    one = queries(client, url)
    full_association()
    full_association()
    assert queries(client, url) == one


def test_queries_of_the_instructor_list_do_not_grow_with_rows(client, leader):
    url = reverse("organizations:instructor-list")
    AssignmentFactory()
    one = queries(client, url)
    AssignmentFactory.create_batch(2)
    assert queries(client, url) == one


def test_phone_is_masked_without_the_ability(client, finance):
    AssociationFactory(phone=PHONE)
    content = client.get(reverse(LIST), {"columns": "phone"}).content.decode()
    assert MASKED in content
    assert PHONE not in content


def test_phone_is_shown_only_where_personal_data_may_be_seen(client, county):
    """Two grants: everything is visible, personal data only in the county."""
    GrantFactory(user=User.objects.get(), role=Role.FINANCE)
    AssociationFactory(division=county, phone=PHONE)
    AssociationFactory(phone="13900001111")
    content = client.get(reverse(LIST), {"columns": "phone"}).content.decode()
    assert PHONE in content
    assert "13900001111" not in content


# Export


def exported(client, **query):
    """The sheet of an export."""
    response = client.get(reverse(LIST), query | {"format": "xlsx"})
    assert response.status_code == 200
    content = io.BytesIO(b"".join(response.streaming_content))
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(content).active]


def test_export_has_exactly_the_rows_and_columns_shown(client, leader):
    AssociationFactory(name="林产协会", level="county")
    AssociationFactory(name="物流协会")
    rows = exported(client, columns=["level"], q="林产")
    with translation.override("zh-hans"):
        county = str(Association.Level.COUNTY.label)
    assert rows[-1] == ["林产协会", county]
    assert len(rows) == 5


def test_export_tells_its_day_and_rule(client, leader):
    rows = exported(client, q="林产", as_of="2024-03-01")
    assert "2024" in rows[1][0]
    assert "林产" in rows[2][0]


def rule(client, name=LIST, **query):
    return client.get(reverse(name), query).context["rule"]


FILTERS = [
    *((LIST, name) for name in AssociationFilter.base_filters),
    *(("organizations:instructor-list", name) for name in InstructorFilter.base_filters),
]


@pytest.mark.parametrize(("page", "name"), FILTERS, ids=[name for _page, name in FILTERS])
def test_rule_says_every_filter_in_force(client, leader, page, name):
    CountyFactory()
    DepartmentFactory()
    CountyFactory(kind=Division.Kind.ZONE)
    field = client.get(reverse(page)).context["view"].filterset.form.fields[name]
    values = [key for key, _label in getattr(field, "choices", [("林产", "")]) if key]
    rules = [rule(client, page, **{name: value}) for value in values]
    assert rules
    assert len({rule(client, page), *rules}) == 1 + len(rules)


def test_rule_names_what_is_missing(client, leader):
    with translation.override("zh-hans"):
        label = str(dict(AssociationFilter.base_filters["missing"].extra["choices"])["party"])
    assert label in rule(client, status="active", missing="party")


def test_rule_says_the_filters_in_force_beside_a_misspelt_one(client, leader):
    AssociationFactory(name="林产协会")
    AssociationFactory()
    assert names(client, q="林产", level="nowhere") == ["林产协会"]
    assert "林产" in rule(client, q="林产", level="nowhere")


@pytest.mark.parametrize("more", [0, 1])
def test_rule_says_that_a_pasted_column_was_too_long(client, leader, more):
    pasted = "\n".join(f"协会{n}" for n in range(MOST_NAMES + more))
    said = str(MOST_NAMES + more) + " names asked for"
    client.cookies["django_language"] = "en"
    assert (said in rule(client, q=pasted)) == bool(more)
    assert (said in exported(client, q=pasted)[2][0]) == bool(more)


def test_export_is_forbidden_without_the_ability(client):
    client.force_login(StaffFactory(grant__role=Role.INSTRUCTOR, grant__division=CountyFactory()))
    assert client.get(reverse(LIST), {"format": "xlsx"}).status_code == 403


def test_export_leaves_phones_out_without_the_ability(client, finance):
    AssociationFactory(phone=PHONE)
    headings = exported(client, columns="all")[3]
    with translation.override("zh-hans"):
        label = str(registry.get("associations").column("phone").label)
    assert label not in headings


def test_export_has_phones_with_the_ability(client, leader):
    AssociationFactory(phone=PHONE)
    assert PHONE in exported(client, columns="all")[-1]


# One association


def detail(client, association, **query):
    return client.get(reverse("organizations:association-detail", args=[association.pk]), query)


def test_association_outside_the_scope_is_not_found(client, county):
    assert detail(client, AssociationFactory()).status_code == 404


def test_association_in_scope_shows_all_that_belongs_to_it(client, leader):
    association = full_association()
    content = detail(client, association).content.decode()
    shown = [
        association.coverages.get().party_organization.name,
        association.assignments.get().instructor.name,
        association.leadership_terms.get().name,
        "3A",
        PHONE,
    ]
    assert [text for text in shown if text not in content] == []


def test_association_page_masks_phones_in_facts_and_history(client, finance):
    association = AssociationFactory(phone=PHONE)
    Association.objects.filter(pk=association.pk).update(phone="13900001111")
    content = detail(client, association).content.decode()
    assert "139****1111" in content
    assert MASKED in content
    assert re.search(r"1(38|39)\d{8}", content) is None


@pytest.mark.parametrize(
    ("key", "make", "field"),
    [
        ("associations", AssociationFactory, "legal_representative"),
        ("instructors", InstructorFactory, "post"),
    ],
)
def test_what_a_column_calls_personal_is_masked_on_the_page_and_in_the_history(
    client, finance, monkeypatch, key, make, field
):
    register = registry.get(key)
    columns = [replace(c, personal=c.key == field) for c in register.columns]
    row = make(**{field: "不公开甲"})
    type(row)._default_manager.filter(pk=row.pk).update(**{field: "不公开乙"})
    url = reverse(f"organizations:{key[:-1]}-detail", args=[row.pk])
    assert client.get(url).text.count("不公开") == 4
    monkeypatch.setattr(type(register), "columns", columns)
    assert client.get(url).text.count("不公开") == 0


def test_queries_of_the_association_page_do_not_grow_with_its_rows(client, leader):
    association = full_association()
    url = reverse("organizations:association-detail", args=[association.pk])
    one = queries(client, url)
    AssignmentFactory(association=association)
    InspectionFactory(association=association, year=2023)
    ended = {"valid_from": datetime.date(2013, 1, 1), "valid_until": datetime.date(2014, 1, 1)}
    CoverageFactory(association=association, **ended)
    assert queries(client, url) == one


def history(client, association):
    return list(detail(client, association).context["history"])


def test_history_shows_before_and_after_in_words(client, leader):
    association = AssociationFactory(level=Association.Level.CITY)
    association.level = Association.Level.COUNTY
    association.save()
    fields = [field for e in history(client, association) for row in e.rows for field in row.fields]
    change = next(field for field in fields if field.before and field.after)
    with translation.override("zh-hans"):
        expected = [str(Association.Level.CITY.label), str(Association.Level.COUNTY.label)]
    assert [change.before, change.after] == expected


def test_history_names_the_person_and_the_page(client, leader):
    association = AssociationFactory()
    with pghistory.context(user=leader.pk, url="/desk/x/"):
        Association.objects.filter(pk=association.pk).update(remark="新备注")
    entry = next(e for e in history(client, association) if e.who)
    assert [entry.who, entry.url] == [leader.full_name, "/desk/x/"]


def test_history_includes_rows_that_belong_to_the_association(client, leader):
    association = AssociationFactory()
    rating = RatingFactory(association=association)
    rating.delete()
    actions = [row.action for e in history(client, association) for row in e.rows]
    assert "delete" in actions


def test_history_of_the_party_organisation_is_the_association_s_too(client, leader):
    coverage = CoverageFactory()
    coverage.party_organization.secretary = "书记甲"
    coverage.party_organization.save()
    entries = history(client, coverage.association)
    assert "书记甲" in [f.after for e in entries for row in e.rows for f in row.fields]


# One instructor


def test_instructor_outside_the_scope_is_not_found(client, county):
    elsewhere = AssignmentFactory().instructor
    url = reverse("organizations:instructor-detail", args=[elsewhere.pk])
    assert client.get(url).status_code == 404


def test_instructor_page_shows_only_associations_in_scope(client, county):
    inside = AssignmentFactory(association__division=county)
    outside = AssignmentFactory(instructor=inside.instructor)
    url = reverse("organizations:instructor-detail", args=[inside.instructor.pk])
    shown = [a.association for a in client.get(url).context["assignments"]]
    assert shown == [inside.association]
    assert outside.association not in shown


def test_instructor_s_phone_is_masked_without_the_ability(client, finance):
    instructor = InstructorFactory(phone=PHONE)
    url = reverse("organizations:instructor-detail", args=[instructor.pk])
    content = client.get(url).content.decode()
    assert MASKED in content
    assert PHONE not in content


# The command


def command(path, *args):
    call_command("export_register", *args, stdout=io.StringIO())
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(path).active]


def test_command_exports_everything(tmp_path):
    out = tmp_path / "out.xlsx"
    AssociationFactory(name="注销协会", ended=True)
    assert [row[0] for row in command(out, "associations", str(out))][-1] == "注销协会"


def test_command_exports_what_a_person_may_export(tmp_path):
    out = tmp_path / "out.xlsx"
    inside = AssociationFactory(division=CountyFactory())
    AssociationFactory()
    StaffFactory(username="county", grant__role=Role.COUNTY_STAFF, grant__division=inside.division)
    rows = command(out, "associations", str(out), "--as", "county")
    assert [row[0] for row in rows[3:]] == [inside.name]


def test_command_exports_as_of_a_day(tmp_path):
    out = tmp_path / "out.xlsx"
    CoverageFactory(party_organization__name="中共甲支部", valid_until=datetime.date(2020, 1, 1))
    now = command(out, "associations", str(out))
    then = command(out, "associations", str(out), "--as-of", "2019-01-01")
    assert ["中共甲支部" in now[-1], "中共甲支部" in then[-1]] == [False, True]


@pytest.mark.parametrize("text", ["soon", "2999-01-01", "1949-12-31"])
def test_command_refuses_the_days_that_the_page_refuses(client, leader, tmp_path, text):
    assert client.get(reverse(LIST), {"as_of": text}).context["day_problem"]
    with pytest.raises(CommandError):
        command(tmp_path / "out.xlsx", "associations", str(tmp_path / "out.xlsx"), "--as-of", text)


@pytest.mark.parametrize(
    "args", [("nothing", "out.xlsx"), ("associations", "out.xlsx", "--as", "nobody")]
)
def test_command_refuses_what_does_not_exist(args):
    with pytest.raises(CommandError) as refused:
        call_command("export_register", *args)
    assert refused.value.returncode == 2


def test_a_limited_scope_is_offered_its_own_counties_and_departments(client):
    county, other = CountyFactory(), CountyFactory()
    department, elsewhere = DepartmentFactory(), DepartmentFactory()
    AssociationFactory(division=county, level="county", industry_department=department)
    AssociationFactory(division=other, level="county", industry_department=elsewhere)
    client.force_login(StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county))
    form = client.get(reverse(LIST)).context["view"].filterset.form
    assert [value for value, _label in form.fields["county"].widget.choices] == ["", county.code]
    offered = [value for value, _label in form.fields["department"].widget.choices]
    assert offered == ["", department.code, "known"]


class TestWhatIsInForce:
    def test_filters_stay_closed_and_stand_as_chips(self, client, leader):
        AssociationFactory(level="city", credit_code="")
        page = client.get(reverse(LIST), {"missing": "credit_code", "level": "city", "page": "1"})
        chips = {chip["url"]: chip["value"] for chip in page.context["chips"]}
        assert set(chips) == {
            f"{reverse(LIST)}?missing=credit_code",
            f"{reverse(LIST)}?level=city",
        }
        assert "市级" in chips.values()
        assert 'class="chip"' in page.content.decode()
        assert '<details class="more" open' not in page.content.decode()

    def test_a_value_that_does_not_exist_is_no_chip(self, client, leader):
        page = client.get(reverse(LIST), {"level": "nothing", "q": "甲"})
        assert page.context["chips"] == []


class TestWhatATaskIsAbout:
    """Columns beside the register's, sorted by the day."""

    def told(self, client, url):
        page = client.get(url)
        keys = [head.column.key for head in page.context["heads"]]
        return [
            dict(zip(keys, [cell.value for cell in row.cells], strict=True))
            for row in page.context["rows"]
        ]

    def link(self, user, word):
        scope = Scope(timezone.localdate(), user)
        return next(task.url for task in open_tasks(scope) if f"missing={word}" in task.url)

    def test_leaders_whose_term_ends(self, client, leader):
        today = timezone.localdate()
        sooner, later = AssociationFactory.create_batch(2)
        soon = today + datetime.timedelta(days=30)
        given = {"post": "president", "valid_from": today - datetime.timedelta(days=400)}
        LeadershipTermFactory(association=later, name="周后", valid_until=soon, **given)
        LeadershipTermFactory(association=sooner, name="王先", valid_until=today, **given)
        long_ago = datetime.date(today.year - 5, 1, 1)
        LeadershipTermFactory(
            association=later, post="secretary_general", name="李秘", valid_from=long_ago
        )
        LeadershipTermFactory(
            association=later,
            post="vice_president",
            name="还早",
            valid_from=today,
            valid_until=today + datetime.timedelta(days=900),
        )
        rows = self.told(client, self.link(leader, "leadership"))
        assert [(row["name"], row["leaders_ending"], row["leadership_end"]) for row in rows] == [
            (later.name, "秘书长 李秘、会长 周后", datetime.date(today.year, 1, 1)),
            (sooner.name, "会长 王先", today),
        ]

    def test_until_when_a_rating_holds(self, client, leader):
        today = timezone.localdate()
        ends = [today + datetime.timedelta(days=days) for days in (90, 30)]
        rated = [
            RatingFactory(valid_from=datetime.date(2020, 1, 1), valid_until=end) for end in ends
        ]
        rows = self.told(client, self.link(leader, "rating"))
        assert [(row["name"], row["rating_end"]) for row in rows] == [
            (rated[1].association.name, ends[1]),
            (rated[0].association.name, ends[0]),
        ]

    def test_statements_do_not_grow_with_rows(self, client, leader):
        counts = []
        for number in (1, 2):
            LeadershipTermFactory.create_batch(number, valid_until=timezone.localdate())
            RatingFactory.create_batch(number)
            url = f"{reverse(LIST)}?columns=leaders_ending&columns=rating_end&sort=leadership_end"
            client.get(url)
            counts.append(queries(client, url))
        assert len(set(counts)) == 1

    def test_the_file_tells_them_too(self, client, leader):
        term = LeadershipTermFactory(name="王先", valid_until=timezone.localdate())
        url = f"{reverse(LIST)}?columns=leaders_ending&format=xlsx"
        book = openpyxl.load_workbook(io.BytesIO(client.get(url).getvalue()))
        cells = [cell.value for row in book.active.iter_rows() for cell in row]
        assert str(term) in cells
