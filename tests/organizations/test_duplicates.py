"""The pages on which likely duplicates are merged or told apart."""

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from organizations.models import Association, DistinctName, FormerName, Merger, NotDuplicate
from tests.factories.accounts import StaffFactory
from tests.factories.organizations import (
    AssociationFactory,
    CountyFactory,
    CoverageFactory,
    DistinctNameFactory,
    EstablishmentFactory,
    FormerNameFactory,
    InspectionFactory,
    MergerFactory,
    NotDuplicateFactory,
)

pytestmark = pytest.mark.django_db
LIST = reverse("organizations:duplicates")


@pytest.fixture
def reviewer(client):
    user = StaffFactory(grant__role=Role.REVIEWER)
    client.force_login(user)
    return user


def pair(name="木业", **of_both):
    """Two entries that are probably one."""
    return (
        AssociationFactory(name=f"菏泽市{name}协会", **of_both),
        AssociationFactory(name=f"菏泽市{name}商会", credit_code="", **of_both),
    )


def page_of(name, *entries):
    return reverse(f"organizations:{name}", args=[entry.pk for entry in entries])


def shown(client):
    pairs = client.get(LIST).context["pairs"]
    return [tuple(association for association, _phone in each.sides) for each in pairs]


def merged(client, kept, absorbed, **answers):
    page = client.get(page_of("merge", kept, absorbed), {"keep": kept.pk})
    version = page.context["merging"].version
    answers = {"keep": kept.pk, "version": version} | answers
    return client.post(page_of("merge", kept, absorbed), answers)


def test_a_likely_pair_is_shown_with_its_reasons(client, reviewer) -> None:
    entries = pair()
    assert shown(client) == [entries]
    assert "缺少统一社会信用代码" in client.get(LIST).text


def test_the_likeliest_pair_stands_first(client, reviewer) -> None:
    less = pair("家具")
    more = pair("木业", legal_representative="张三", phone="19900000001")
    assert shown(client) == [more, less]


def test_an_ended_association_is_no_duplicate(client, reviewer) -> None:
    AssociationFactory(name="菏泽市木业协会", ended=True)
    AssociationFactory(name="菏泽市木业商会", credit_code="")
    assert shown(client) == []


@pytest.fixture
def county(client):
    county = CountyFactory(name="曹县")
    client.force_login(StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county))
    return county


def test_a_pair_with_one_entry_outside_the_scope_does_not_exist(client, county) -> None:
    AssociationFactory(name="曹县木业协会", division=county)
    foreign = AssociationFactory(name="曹县木业商会", credit_code="", phone="19900000001")
    own = Association.objects.get(name="曹县木业协会")
    assert shown(client) == []
    assert "曹县木业商会" not in client.get(LIST).text
    for name, method in [
        ("merge", client.get),
        ("merge", client.post),
        ("tell-apart", client.post),
    ]:
        assert method(page_of(name, own, foreign)).status_code == 404
        assert method(page_of(name, foreign, own)).status_code == 404
    assert (Association.objects.count(), NotDuplicate.objects.count()) == (2, 0)


def test_settled_things_outside_the_scope_do_not_exist(client, county) -> None:
    own = AssociationFactory(division=county)
    rows = {
        "forget-pair": NotDuplicateFactory(low=own, high=AssociationFactory()),
        "forget-distinct": DistinctNameFactory(),
        "forget-former": FormerNameFactory(),
        "undo-merger": MergerFactory(),
    }
    pages = [
        client.get(reverse(f"organizations:{name}")).text for name in ("remembered", "mergers")
    ]
    for name, row in rows.items():
        assert client.post(page_of(name, row)).status_code == 404
        assert str(getattr(row, "name", "") or getattr(row, "absorbed_name", "") or row) not in (
            "".join(pages)
        )
    assert all(type(row).objects.filter(pk=row.pk).exists() for row in rows.values())


def test_what_is_not_a_duplicate_is_not_shown_again_until_that_is_taken_back(
    client, reviewer
) -> None:
    one, other = pair()
    client.post(page_of("tell-apart", other, one), {"reason": "两个法人"})
    client.post(page_of("tell-apart", one, other), {"reason": "又点了一次"})
    settled = NotDuplicate.objects.get()
    assert (settled.low, settled.high, settled.by) == (one, other, reviewer)
    assert shown(client) == []
    assert "两个法人" in client.get(reverse("organizations:remembered")).text
    client.post(page_of("forget-pair", settled))
    assert shown(client) == [(one, other)]


def test_a_name_told_apart_in_an_import_makes_no_pair_afterwards(client, reviewer) -> None:
    one, other = pair()
    settled = DistinctNameFactory(association=one, name=other.name)
    assert shown(client) == []
    client.post(page_of("forget-distinct", settled))
    assert shown(client) == [(one, other)]
    assert not DistinctName.objects.exists()


def test_a_former_name_can_be_taken_back(client, reviewer) -> None:
    client.post(page_of("forget-former", FormerNameFactory()))
    assert not FormerName.objects.exists()


def test_the_two_are_merged_as_chosen(client, reviewer) -> None:
    one, other = pair()
    Association.objects.filter(pk=other.pk).update(phone="19900000001")
    response = merged(client, one, other, **{"field-phone": "absorbed", "field-name": "kept"})
    assert response.url == page_of("association-detail", one)
    kept = Association.objects.get()
    assert (kept.pk, kept.name, kept.phone) == (one.pk, "菏泽市木业协会", "19900000001")
    assert Merger.objects.get().by == reviewer


def test_the_entry_to_be_kept_can_be_the_other_one(client, reviewer) -> None:
    one, other = pair()
    merged(client, other, one, **{"field-credit_code": "absorbed"})
    kept = Association.objects.get()
    assert (kept.pk, kept.credit_code) == (other.pk, one.credit_code)


def test_an_unanswered_conflict_brings_the_page_back_as_it_was_filled_in(client, reviewer) -> None:
    one, other = pair()
    CoverageFactory(association=one)
    CoverageFactory(association=other)
    response = merged(client, one, other, **{"field-name": "absorbed"})
    assert response.context["refusals"]
    chosen = {choice.name: takes for choice, takes in response.context["fields"]}
    assert chosen["name"]
    assert Association.objects.count() == 2


def test_a_conflict_shows_what_each_side_says(client, reviewer) -> None:
    one, other = pair()
    InspectionFactory(association=one, year=2024)
    InspectionFactory(association=other, year=2024, result="failed")
    page = client.get(page_of("merge", one, other)).text
    assert "2024" in page
    assert "2,024" not in page


def test_where_neither_side_can_go_the_page_says_so_and_offers_no_merger(client, reviewer) -> None:
    one, other = pair()
    EstablishmentFactory(association=one)
    EstablishmentFactory(association=other)
    page = client.get(page_of("merge", one, other)).text
    assert "请先结束其中一方" in page
    assert "确认合并" not in page


def test_the_page_of_the_entry_taken_in_leads_to_the_kept_one(client, reviewer) -> None:
    one, other = pair()
    key = other.pk
    merged(client, one, other)
    response = client.get(reverse("organizations:association-detail", args=[key]))
    assert response.url == page_of("association-detail", one)
    assert "菏泽市木业商会" in client.get(response.url).text


def test_the_page_of_an_entry_taken_in_elsewhere_does_not_exist(client, county) -> None:
    key = MergerFactory().absorbed
    url = reverse("organizations:association-detail", args=[key])
    assert client.get(url).status_code == 404


def test_a_merger_is_undone_from_its_list(client, reviewer) -> None:
    one, other = pair()
    merged(client, one, other)
    response = client.post(page_of("undo-merger", Merger.objects.get()))
    assert [m.level_tag for m in get_messages(response.wsgi_request)][-1] == "success"
    assert set(Association.objects.values_list("name", flat=True)) == {one.name, other.name}
    assert client.get(page_of("merge", one, other)).status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_pairs(client, reviewer) -> None:
    pair("木业")
    client.get(LIST)
    few = queries(client)
    pair("家具")
    pair("光伏")
    assert queries(client) == few


def queries(client) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get(LIST)
    return len(captured)


@pytest.mark.parametrize(
    ("role", "offered"), [(Role.REVIEWER, True), (Role.INSPECTOR, True), (Role.LEADER, False)]
)
def test_the_list_of_associations_leads_there_who_may_look(client, role, offered) -> None:
    client.force_login(StaffFactory(grant__role=role))
    page = client.get(reverse("organizations:association-list")).text
    assert (f'href="{LIST}"' in page) == offered


@pytest.mark.parametrize(("role", "forms"), [(Role.REVIEWER, True), (Role.INSPECTOR, False)])
@pytest.mark.parametrize("name", ["duplicates", "remembered", "mergers"])
def test_inspection_reads_what_was_settled_and_is_offered_nothing(client, name, role, forms):
    one, _other = pair()
    NotDuplicateFactory(low=one, high=AssociationFactory(name="菏泽市家具行业协会"))
    MergerFactory(survivor=one)
    client.force_login(StaffFactory(grant__role=role))
    page = client.get(reverse(f"organizations:{name}")).text
    assert one.name in page
    assert ('method="post" action="/desk/' in page.partition("<main")[2]) == forms
