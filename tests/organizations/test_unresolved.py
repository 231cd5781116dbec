import datetime
import threading

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from organizations.models import Assignment, UnresolvedAssignment
from organizations.operations.unresolved import assign_unresolved
from tests.factories.accounts import StaffFactory
from tests.factories.organizations import (
    AssignmentFactory,
    AssociationFactory,
    CountyFactory,
    DepartmentFactory,
    FormerNameFactory,
    UnresolvedAssignmentFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer(client):
    user = StaffFactory(grant__role=Role.REVIEWER)
    client.force_login(user)
    return user


def resolve(client, row, **answer):
    return client.post(reverse("organizations:resolve", args=[row.pk]), answer)


def test_a_name_is_assigned_to_the_association_that_is_meant(client, reviewer) -> None:
    row, meant = UnresolvedAssignmentFactory(), AssociationFactory()
    resolve(client, row, association=meant.name)
    assignment = Assignment.objects.get(association=meant)
    assert (assignment.instructor, assignment.assigned_on) == (row.instructor, row.assigned_on)
    assert not UnresolvedAssignment.objects.exists()


def test_a_name_from_a_day_to_come_stays_listed(client, reviewer) -> None:
    row = UnresolvedAssignmentFactory(assigned_on=timezone.localdate() + datetime.timedelta(1))
    response = resolve(client, row, association=AssociationFactory().name)
    assert [m.level_tag for m in get_messages(response.wsgi_request)] == ["error"]
    assert UnresolvedAssignment.objects.exists()
    assert not Assignment.objects.exists()


def test_a_name_is_settled_where_the_two_work_together_already(client, reviewer) -> None:
    known = AssignmentFactory()
    row = UnresolvedAssignmentFactory(instructor=known.instructor)
    resolve(client, row, association=known.association.name)
    assert Assignment.objects.get() == known
    assert not UnresolvedAssignment.objects.exists()


def test_a_new_assignment_begins_no_earlier_than_the_last_one_ended(client, reviewer) -> None:
    ended = AssignmentFactory(ended_on=datetime.date(2024, 6, 1))
    row = UnresolvedAssignmentFactory(instructor=ended.instructor)
    resolve(client, row, association=ended.association.name)
    assert Assignment.objects.get(ended_on=None).assigned_on == ended.ended_on


def test_the_association_is_meant_by_a_former_name_or_its_code_too(client, reviewer) -> None:
    renamed = FormerNameFactory(name="菏泽市旧名协会").association
    for typed in ("菏泽市旧名协会", renamed.credit_code.lower()):
        resolve(client, UnresolvedAssignmentFactory(), association=typed)
    assert Assignment.objects.filter(association=renamed).count() == 2


def test_a_name_can_be_dropped(client, reviewer) -> None:
    resolve(client, UnresolvedAssignmentFactory(), drop="1")
    assert not UnresolvedAssignment.objects.exists()
    assert not Assignment.objects.exists()


def test_a_name_stays_where_nothing_in_scope_is_meant(client, reviewer) -> None:
    resolve(client, UnresolvedAssignmentFactory(), association="菏泽市没有协会")
    assert UnresolvedAssignment.objects.exists()


def test_the_likest_association_is_offered(client, reviewer) -> None:
    UnresolvedAssignmentFactory(association_name="菏泽市牡丹行业协会会")
    AssociationFactory(name="菏泽市牡丹行业协会")
    AssociationFactory(name="菏泽市建材商会")
    ((_row, likest),) = client.get(reverse("organizations:unresolved")).context["entries"]
    assert likest == ["菏泽市牡丹行业协会"]


def test_what_is_typed_finds_associations_in_scope(client) -> None:
    county = CountyFactory()
    AssociationFactory(name="曹县牡丹协会", division=county)
    AssociationFactory(name="单县牡丹协会")
    AssociationFactory(name="曹县牡丹商会", division=county, ended=True)
    client.force_login(StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county))
    answer = client.get(reverse("organizations:unresolved-suggestions"), {"association": "牡丹"})
    assert answer.content.decode() == '<option value="曹县牡丹协会">'


def test_suggestions_are_few_however_many_are_found(client, reviewer) -> None:
    AssociationFactory.create_batch(12)
    answer = client.get(reverse("organizations:unresolved-suggestions"), {"association": "协会"})
    assert answer.content.decode().count("<option") == 10


def test_a_name_that_an_association_outside_the_scope_bears_is_not_listed(client) -> None:
    county = CountyFactory()
    shared = AssignmentFactory(association__division=county).instructor
    row = UnresolvedAssignmentFactory(
        instructor=shared, association_name=AssociationFactory(name="单县甲协会").name
    )
    UnresolvedAssignmentFactory(instructor=shared, association_name="无人知晓协会")
    client.force_login(StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county))
    content = client.get(reverse("organizations:unresolved")).content.decode()
    assert ("单县甲协会" in content, "无人知晓协会" in content) == (False, True)
    assert resolve(client, row, drop="1").status_code == 404


def test_names_of_other_counties_instructors_do_not_exist(client) -> None:
    own, other = CountyFactory(), CountyFactory()
    elsewhere = AssignmentFactory(association__division=other).instructor
    row = UnresolvedAssignmentFactory(instructor=elsewhere)
    client.force_login(StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=own))
    assert not client.get(reverse("organizations:unresolved")).context["entries"]
    assert resolve(client, row, drop="1").status_code == 404
    assert UnresolvedAssignment.objects.exists()


def test_without_the_ability_to_edit_instructors_the_page_is_refused(client) -> None:
    client.force_login(
        StaffFactory(grant__role=Role.DEPARTMENT_STAFF, grant__department=DepartmentFactory())
    )
    assert client.get(reverse("organizations:unresolved")).status_code == 403


@pytest.mark.parametrize(("role", "offered"), [(Role.REVIEWER, True), (Role.INSPECTOR, False)])
def test_the_list_of_instructors_leads_there_who_can_settle_it(client, role, offered) -> None:
    client.force_login(StaffFactory(grant__role=role))
    UnresolvedAssignmentFactory()
    page = client.get(reverse("organizations:instructor-list")).text
    assert (f'href="{reverse("organizations:unresolved")}"' in page) == offered


def test_who_comes_second_is_told_that_it_is_settled(client, reviewer) -> None:
    row, meant = UnresolvedAssignmentFactory(), AssociationFactory()
    resolve(client, row, association=meant.name)
    response = resolve(client, row, association=AssociationFactory().name)
    assert [str(m.level_tag) for m in get_messages(response.wsgi_request)][-1] == "error"
    assert Assignment.objects.get().association == meant


def test_an_association_outside_the_scope_is_refused_in_the_operation(db) -> None:
    by = StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=CountyFactory())
    row, foreign = UnresolvedAssignmentFactory(), AssociationFactory(division=CountyFactory())
    with pytest.raises(ValidationError):
        assign_unresolved(unresolved=row, association=foreign, by=by)
    assert UnresolvedAssignment.objects.exists()
    assert not Assignment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_assignment() -> None:
    by, row = StaffFactory(grant__role=Role.REVIEWER), UnresolvedAssignmentFactory()
    start, answers = threading.Barrier(2), []

    def act(association) -> None:
        start.wait()
        try:
            assign_unresolved(unresolved=row, association=association, by=by)
            answers.append("assigned")
        except ValidationError:
            answers.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=[AssociationFactory()]) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["assigned", "told"]
    assert Assignment.objects.count() == 1
