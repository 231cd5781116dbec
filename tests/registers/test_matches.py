"""New rows that the registry has under another name."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from organizations.models import (
    Assignment,
    Association,
    DistinctName,
    Division,
    FormerName,
    UnresolvedAssignment,
)
from registers.matching import matched_rows
from registers.models import ImportBatch
from tests.factories.accounts import StaffFactory
from tests.factories.organizations import (
    AssociationFactory,
    CityFactory,
    CountyFactory,
    FormerNameFactory,
)
from tests.registers.workbook_builder import (
    CODE,
    NAME,
    PERSON,
    SERVED,
    imported_rows,
    roster,
    staged,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("private_files", "reference"),
]


@pytest.fixture
def reviewer(client):
    user = StaffFactory(grant__role=Role.REVIEWER)
    client.force_login(user)
    return user


@pytest.fixture
def known():
    return AssociationFactory(name="菏泽市木业协会")


def batch_of(by, *names) -> ImportBatch:
    return staged(roster(*({NAME: name, "联系电话": "19900000001"} for name in names)), by=by)


def settle(client, batch, said):
    row = batch.rows.get()
    return client.post(reverse("registers:matches", args=[batch.pk]), {f"row-{row.pk}": said})


def test_a_new_row_much_like_an_association_is_offered(client, reviewer, known) -> None:
    batch = batch_of(reviewer, "菏泽市木业商会", "菏泽市没有的协会")
    (matched,) = matched_rows(batch, reviewer)
    assert (matched.name, [m.record for m in matched.matches]) == ("菏泽市木业商会", [known])
    page = client.get(reverse("registers:batch-detail", args=[batch.pk]))
    assert page.context["matched"] == 1
    assert reverse("registers:matches", args=[batch.pk]) in page.text


def test_said_to_be_the_same_it_changes_that_association(client, reviewer, known) -> None:
    batch = batch_of(reviewer, "菏泽市木业商会")
    settle(client, batch, known.pk)
    batch.refresh_from_db()
    assert (batch.counts["new"], batch.counts["changed"]) == (0, 1)
    assert batch.rows.get().values == {"phone": "19900000001"}
    assert FormerName.objects.get().association == known


def test_said_to_be_another_it_is_not_asked_about_again(client, reviewer, known) -> None:
    batch = batch_of(reviewer, "菏泽市木业商会")
    settle(client, batch, "different")
    assert matched_rows(batch, reviewer) == []
    assert DistinctName.objects.get().association == known
    assert matched_rows(batch_of(reviewer, "菏泽市 木业商会"), reviewer) == []


@pytest.mark.parametrize("said", ["", "0", "x"])
def test_nothing_is_remembered_of_what_was_not_offered(client, reviewer, known, said) -> None:
    settle(client, batch_of(reviewer, "菏泽市木业商会"), said)
    assert not FormerName.objects.exists()
    assert not DistinctName.objects.exists()


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_associations_outside_the_scope_are_not_offered() -> None:
    caoxian = Division.objects.get(name="曹县")
    known = AssociationFactory(name="曹县木业协会", division=caoxian)
    by = StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=caoxian)
    batch = batch_of(by, "曹县木业商会")
    assert len(matched_rows(batch, by)) == 1
    Association.objects.filter(pk=known.pk).update(division=Division.objects.get(name="单县"))
    assert matched_rows(batch, by) == []
    assert settle(client_of(by), batch, known.pk).status_code == 302
    assert not FormerName.objects.exists()


def test_a_former_name_finds_its_association_in_one_query(django_assert_num_queries) -> None:
    CityFactory()
    FormerNameFactory(name="菏泽市板材协会", association__name="菏泽市木业协会")
    register = ImportBatch(register_key="associations").register
    with django_assert_num_queries(1):
        found = register.find([{"name": "菏泽市板材协会"}], None)
    assert found == [Association.objects.get().pk]


def test_a_former_name_renames_nothing(reviewer) -> None:
    former = FormerNameFactory(name="菏泽市板材协会", association__name="菏泽市木业协会")
    batch = imported_rows({NAME: "菏泽市板材协会", CODE: former.association.credit_code})
    assert batch.counts["unchanged"] == 1
    assert Association.objects.get().name == "菏泽市木业协会"


def test_an_instructors_roster_may_write_a_former_name_too(reviewer) -> None:
    former = FormerNameFactory(name="菏泽市板材协会", association__name="菏泽市木业协会")
    imported_rows({PERSON: "张三", SERVED: "菏泽市板材协会"}, register="instructors")
    assert Assignment.objects.get().association == former.association
    assert not UnresolvedAssignment.objects.exists()


def test_who_bears_the_name_now_goes_before_who_bore_it_once(reviewer) -> None:
    FormerNameFactory(name="菏泽市板材协会", association__name="菏泽市木业协会")
    now = AssociationFactory(name="菏泽市板材协会")
    imported_rows({NAME: "菏泽市板材协会", "联系电话": "19900000001"})
    now.refresh_from_db()
    assert now.phone == "19900000001"


def test_a_former_name_of_an_association_outside_the_scope_tells_nothing() -> None:
    FormerNameFactory(name="曹县板材协会", association__division=CountyFactory(code="371799"))
    by = StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=CountyFactory(code="371798"))
    batch = staged(roster({NAME: "曹县板材协会"}), by=by)
    assert [p["code"] for p in batch.rows.get().problems] == ["out_of_scope"]
