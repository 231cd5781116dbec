import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organizations.models import AbnormalListing, Association, PartyOrganization
from organizations.search.matching import MOST_NAMES
from tests.factories.organizations import (
    AbnormalListingFactory,
    AssignmentFactory,
    AssociationFactory,
    CountyFactory,
    CoverageFactory,
    DepartmentFactory,
    InspectionFactory,
    LeadershipTermFactory,
    RatingFactory,
    SuggestionFactory,
)

pytestmark = pytest.mark.django_db
SECRETS = {
    "legal_representative": "法人赵六",
    "phone": "13900001111",
    "secretary": "书记钱七",
    "superior": "上级党委",
    "instructor": "指导员孙八",
    "instructor_phone": "13800002222",
    "leader": "会长李九",
    "remark": "内部备注",
    "staff": "98765",
    "address_phone": "13700003333",
    "scope_phone": "0530-5551234",
    "entry_reason": "法人周十失联",
    "sender": "寄信人吴一",
}


@pytest.fixture
def association():
    """An association with everything that must not leak."""
    association = AssociationFactory(
        name="菏泽市林产工业协会",
        legal_representative=SECRETS["legal_representative"],
        phone=SECRETS["phone"],
        remark=SECRETS["remark"],
        address=f"人民路1号（{SECRETS['address_phone']}）",
        business_scope=f"林木种植、加工，咨询电话{SECRETS['scope_phone']}",
        industry="林产",
        staff_total=SECRETS["staff"],
        party_members=SECRETS["staff"],
        unit_members=321,
        registration_authority=DepartmentFactory(name="菏泽市行政审批服务局"),
    )
    AbnormalListingFactory(association=association, entry_reason=SECRETS["entry_reason"])
    SuggestionFactory(
        association=association,
        about=association.name,
        contact=SECRETS["sender"],
        text=SECRETS["sender"],
    )
    AssociationFactory(
        name="菏泽市板材协会",
        industry_department=association.industry_department,
        legal_representative=SECRETS["legal_representative"],
    )
    CoverageFactory(
        association=association,
        party_organization__name="中共菏泽市林产工业协会支部委员会",
        party_organization__kind=PartyOrganization.Kind.BRANCH,
        party_organization__secretary=SECRETS["secretary"],
        party_organization__superior=SECRETS["superior"],
    )
    AssignmentFactory(
        association=association,
        instructor__name=SECRETS["instructor"],
        instructor__phone=SECRETS["instructor_phone"],
    )
    LeadershipTermFactory(association=association, name=SECRETS["leader"])
    RatingFactory(association=association)
    return association


def listed(client, **query):
    response = client.get(reverse("organizations:directory"), query)
    return [association.name for association in response.context["rows"]]


def page(client, association):
    return client.get(reverse("organizations:association-public", args=[association.pk]))


PUBLIC_PAGES = {
    "front": lambda association: reverse("home"),
    "directory": lambda association: reverse("organizations:directory"),
    "search": lambda association: f"{reverse('organizations:directory')}?q=林产&rating=3A",
    "page": lambda association: reverse("organizations:association-public", args=[association.pk]),
    "names": lambda association: f"{reverse('organizations:association-names')}?about=林产",
    "answers": lambda association: reverse("organizations:suggestions-public"),
    "form": lambda association: (
        f"{reverse('organizations:suggestion-new')}?association={association.pk}"
    ),
    "status": lambda association: reverse("organizations:suggestion-status"),
}


@pytest.mark.parametrize("where", PUBLIC_PAGES)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["whole", "part"])
def test_nothing_personal_stands_in_any_public_answer(client, association, where, headers):
    """In no text, attribute, meta element, script data or header."""
    response = client.get(PUBLIC_PAGES[where](association), headers=headers)
    assert response.status_code == 200
    told = response.content.decode().replace(",", "") + str(dict(response.items()))
    assert [name for name, secret in SECRETS.items() if secret in told] == []


@pytest.mark.parametrize("field", ["name", "address", "business_scope"])
def test_the_test_above_would_notice(client, association, field):
    """What is public stands in the answers that were searched."""
    shown = {"name": association.name, "address": "人民路1号", "business_scope": "林木种植、加工"}
    assert shown[field] in page(client, association).content.decode()


def test_public_page_shows_what_the_public_may_know(client, association):
    InspectionFactory(association=association, year=2024)
    content = page(client, association).content.decode()
    shown = [
        association.name,
        association.credit_code,
        "3A",
        association.industry_department.name,
        "林产",
        "321",
        "人民路1号",
        "中共菏泽市林产工业协会支部委员会",
        "菏泽市行政审批服务局",
        "菏泽市板材协会",
        "2024",
        str(AbnormalListing.List.ABNORMAL.label),
    ]
    assert [text for text in shown if text not in content] == []


def test_public_page_leads_to_a_correction_of_this_association(client, association):
    url = page(client, association).context["correction_url"]
    form = client.get(url).context["form"]
    assert form["about"].value() == association.name
    assert form["kind"].value() == "correction"


def test_an_association_taken_off_the_list_is_not_called_listed(client):
    listing = AbnormalListingFactory(removed_on=datetime.date(2025, 1, 1), removal_reason="已补报")
    assert list(page(client, listing.association).context["listings"]) == []


def test_queries_of_the_public_page_do_not_grow_with_its_rows(client, association):
    url = reverse("organizations:association-public", args=[association.pk])
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for year in (2021, 2022, 2023):
        InspectionFactory(association=association, year=year)
        AssociationFactory(industry_department=association.industry_department)
    with CaptureQueriesContext(connection) as more:
        client.get(url)
    assert len(more) == len(one)


def test_public_page_names_the_kind_of_party_organisation(client, association):
    content = page(client, association).content.decode()
    assert str(PartyOrganization.Kind.BRANCH.label) in content


def test_public_page_of_an_ended_association_says_so(client):
    ended = AssociationFactory(ended=True)
    content = page(client, ended).content.decode()
    assert str(ended.get_status_display()) in content


def test_public_page_of_nothing_is_not_found(client):
    url = reverse("organizations:association-public", args=[999])
    assert client.get(url).status_code == 404


def test_ended_association_is_not_listed(client):
    AssociationFactory(name="在册协会")
    AssociationFactory(name="注销协会", ended=True)
    assert listed(client) == ["在册协会"]


def test_directory_finds_initials(client, association):
    AssociationFactory(name="曹县物流协会")
    assert listed(client, q="lcgy") == [association.name]


def test_best_answer_comes_first(client):
    AssociationFactory(name="菏泽市物流协会")
    AssociationFactory(name="物流协会")
    assert listed(client, q="物流协会") == ["物流协会", "菏泽市物流协会"]


def test_directory_by_coverage(client, association):
    assert listed(client, covered="yes") == [association.name]
    assert listed(client, covered="no") == ["菏泽市板材协会"]


def test_ended_coverage_does_not_count(client):
    CoverageFactory(valid_until=datetime.date(2020, 1, 1))
    assert listed(client, covered="yes") == []


def test_directory_by_county(client, association):
    county = CountyFactory()
    there = AssociationFactory(division=county, level=Association.Level.COUNTY)
    assert listed(client, county=county.code) == [there.name]


@pytest.mark.parametrize(
    ("filters", "fields"),
    [
        ({"level": "township"}, {"chamber": True}),
        ({"kind": "foundation"}, {"kind": Association.Kind.FOUNDATION}),
        ({"registration_type": "direct"}, {"registration_type": "direct"}),
        ({"industry": "木业"}, {"industry": "木业"}),
        ({"department": "ly"}, {"industry_department__code": "ly"}),
    ],
    ids=lambda value: next(iter(value)),
)
def test_directory_by_what_the_association_is(client, association, filters, fields):
    wanted = AssociationFactory(name="菏泽市所求协会", **fields)
    assert listed(client, **filters) == [wanted.name]


def test_directory_by_rating_in_force(client, association):
    past = {"valid_from": datetime.date(2015, 1, 1), "valid_until": datetime.date(2020, 1, 1)}
    RatingFactory(grade="3A", **past)
    RatingFactory(grade="4A")
    assert listed(client, rating="3A") == [association.name]


def test_directory_by_kind_of_party_organisation(client, association):
    CoverageFactory(party_organization__kind=PartyOrganization.Kind.COMMITTEE)
    ended = CoverageFactory(valid_until=datetime.date(2020, 1, 1))
    assert ended.party_organization.kind == PartyOrganization.Kind.BRANCH
    assert listed(client, party_kind="branch") == [association.name]


def test_filters_narrow_each_other_and_can_be_taken_away_one_by_one(client):
    for level in ("city", "county"):
        for kind in ("association", "foundation"):
            AssociationFactory(name=f"{level}{kind}", level=level, kind=kind)
    url = reverse("organizations:directory")
    response = client.get(url, {"level": "city", "kind": "foundation", "page": "1", "q": "city"})
    assert [row.name for row in response.context["rows"]] == ["cityfoundation"]
    addresses = [address for _label, address in response.context["chosen"]]
    assert addresses == ["?level=city&q=city", "?kind=foundation&q=city"] or addresses == [
        "?kind=foundation&q=city",
        "?level=city&q=city",
    ]


@pytest.mark.parametrize(
    ("sort", "order"),
    [("", "丙甲乙"), ("registered_on", "乙丙甲"), ("-registered_on", "丙乙甲")],
    ids=["by pinyin", "oldest first", "newest first"],
)
def test_directory_in_the_order_asked_for(client, sort, order):
    for name, year in (("甲", None), ("丙", 2020), ("乙", 2010)):
        day = datetime.date(year, 1, 1) if year else None
        AssociationFactory(name=name, registered_on=day)
    assert listed(client, sort=sort) == list(order)


def test_industries_offered_are_those_of_the_registry(client):
    for industry in ("木业", "林产", "木业", ""):
        AssociationFactory(industry=industry)
    form = client.get(reverse("organizations:directory")).context["form"]
    offered = {str(value) for value, _label in form["industry"].field.choices}
    assert offered == {"", "木业", "林产"}


def test_what_finds_too_much_stands_by_pinyin_but_a_whole_name_comes_first(client, monkeypatch):
    monkeypatch.setattr("organizations.directory.MOST_RANKED", 1)
    for name in ("白协会", "蔡协会", "协会"):
        AssociationFactory(name=name)
    assert listed(client, q="会") == ["白协会", "蔡协会", "协会"]
    assert listed(client, q="协会") == ["协会", "白协会", "蔡协会"]


def test_the_count_shown_is_exact(client):
    AssociationFactory.create_batch(3)
    AssociationFactory(ended=True)
    page = client.get(reverse("organizations:directory")).context["page_obj"]
    assert (page.paginator.count, page.paginator.num_pages) == (3, 1)


def test_unknown_filter_value_is_no_error(client):
    response = client.get(reverse("organizations:directory"), {"county": "nowhere", "page": "x"})
    assert response.status_code == 200


def test_swapped_results_are_not_a_whole_page(client, association):
    response = client.get(reverse("organizations:directory"), headers={"HX-Request": "true"})
    content = response.content.decode()
    assert association.name in content
    assert "<html" not in content


def test_queries_of_the_directory_do_not_grow_with_rows(client):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("organizations:directory"), {"q": "协会"})
        return len(captured)

    CoverageFactory()
    one = queries()
    CoverageFactory.create_batch(2)
    assert queries() == one


@pytest.mark.parametrize(("dissolved", "shown"), [(None, "yes"), (datetime.date(2024, 1, 1), "no")])
def test_a_dissolved_party_organisation_is_none_in_public(client, dissolved, shown) -> None:
    coverage = CoverageFactory(party_organization__dissolved_on=dissolved)
    url = reverse("organizations:directory")
    found = client.get(url, {"covered": shown}).context["rows"]
    assert [row.pk for row in found] == [coverage.association_id]


def test_a_functional_party_organisation_is_one_in_public(client, settings) -> None:
    settings.COVERAGE_COUNTS_FUNCTIONAL = False
    coverage = CoverageFactory(party_organization__nature="functional")
    url = reverse("organizations:directory")
    found = client.get(url, {"covered": "yes"}).context["rows"]
    assert [row.pk for row in found] == [coverage.association_id]


def test_the_public_is_offered_counties_that_exist(client):
    county = CountyFactory()
    form = client.get(reverse("organizations:directory")).context["form"]
    offered = [str(value) for value, _label in form["county"].field.choices]
    assert offered == ["", "city", county.code]


@pytest.mark.parametrize("more", [0, 1])
def test_directory_says_that_a_pasted_column_was_too_long(client, more):
    client.cookies["django_language"] = "en"
    pasted = "、".join(f"协会{n}" for n in range(MOST_NAMES + more))
    content = client.get(reverse("organizations:directory"), {"q": pasted}).content.decode()
    assert ("names asked for only the first" in content) == bool(more)


def test_free_texts_name_nobody_who_leads_the_association(client) -> None:
    row = AssociationFactory(
        legal_representative="王大明",
        address="人民路1号，联系人王大明",
        business_scope="行业服务，负责人李小红",
    )
    LeadershipTermFactory(association=row, name="李小红")
    page = client.get(reverse("organizations:association-public", args=[row.pk])).text
    assert "人民路1号" in page
    assert "王大明" not in page
    assert "李小红" not in page
