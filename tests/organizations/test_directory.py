import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organizations.models import Association, PartyOrganization
from organizations.search import MOST_NAMES
from tests.factories.organizations import (
    AssignmentFactory,
    AssociationFactory,
    CountyFactory,
    CoverageFactory,
    LeadershipTermFactory,
    RatingFactory,
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
    "address": "人民路1号",
}


@pytest.fixture
def association():
    """An association with everything that must not leak."""
    association = AssociationFactory(
        name="菏泽市林产工业协会",
        legal_representative=SECRETS["legal_representative"],
        phone=SECRETS["phone"],
        remark=SECRETS["remark"],
        address=SECRETS["address"],
        staff_total=SECRETS["staff"],
        party_members=SECRETS["staff"],
        unit_members=SECRETS["staff"],
    )
    CoverageFactory(
        association=association,
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
    return [association.name for association in response.context["page_obj"]]


def page(client, association):
    return client.get(reverse("organizations:association-public", args=[association.pk]))


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())
def test_directory_shows_no_personal_data(client, association, secret):
    assert secret not in client.get(reverse("organizations:directory")).content.decode()


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())
def test_public_page_shows_no_personal_data(client, association, secret):
    content = page(client, association).content.decode()
    assert secret not in content.replace(",", "")


def test_public_page_shows_what_the_public_may_know(client, association):
    content = page(client, association).content.decode()
    shown = [association.name, association.credit_code, "3A", association.industry_department.name]
    assert [text for text in shown if text not in content] == []


def test_public_page_names_the_kind_of_party_organisation(client, association):
    assert page(client, association).context["party_kind"] == str(
        PartyOrganization.Kind.BRANCH.label
    )


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
    uncovered = AssociationFactory()
    assert listed(client, covered="yes") == [association.name]
    assert listed(client, covered="no") == [uncovered.name]


def test_ended_coverage_does_not_count(client):
    CoverageFactory(valid_until=datetime.date(2020, 1, 1))
    assert listed(client, covered="yes") == []


def test_directory_by_county(client, association):
    county = CountyFactory()
    there = AssociationFactory(division=county, level=Association.Level.COUNTY)
    assert listed(client, county=county.code) == [there.name]


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
    found = client.get(url, {"covered": shown}).context["page_obj"].object_list
    assert [row.pk for row in found] == [coverage.association_id]


def test_a_functional_party_organisation_is_one_in_public(client, settings) -> None:
    settings.COVERAGE_COUNTS_FUNCTIONAL = False
    coverage = CoverageFactory(party_organization__nature="functional")
    url = reverse("organizations:directory")
    found = client.get(url, {"covered": "yes"}).context["page_obj"].object_list
    assert [row.pk for row in found] == [coverage.association_id]


def test_the_public_is_offered_counties_that_exist(client):
    county = CountyFactory()
    filters = client.get(reverse("organizations:directory")).context["filterset"].form
    offered = [str(value) for value, _label in filters["county"].field.choices]
    assert offered == ["", "city", county.code]


@pytest.mark.parametrize("more", [0, 1])
def test_directory_says_that_a_pasted_column_was_too_long(client, more):
    client.cookies["django_language"] = "en"
    pasted = "、".join(f"协会{n}" for n in range(MOST_NAMES + more))
    content = client.get(reverse("organizations:directory"), {"q": pasted}).content.decode()
    assert ("names asked for only the first" in content) == bool(more)
