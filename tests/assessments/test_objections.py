"""Objecting to an announced result, and replying to it."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from assessments.models import Cycle, Objection, Participant, Result
from assessments.operations.cycles import publish, take_back
from assessments.operations.objections import raise_objection, reply
from assessments.tasks import open_tasks
from organizations.figures import Scope
from tests.assessments.test_cycles import brought_to
from tests.assessments.test_pages import ready_cycle
from tests.factories.accounts import StaffFactory
from tests.factories.assessments import ObjectionFactory
from tests.factories.organizations import DepartmentFactory

pytestmark = pytest.mark.django_db
TEXT = "年末新建的党组织未计入。"


@pytest.fixture
def office() -> User:
    return StaffFactory(grant__role=Role.REVIEWER)


@pytest.fixture
def participant(office) -> Participant:
    """Of an announced cycle."""
    return brought_to("announced", ready_cycle(), office).participants.get()


@pytest.fixture
def person(participant) -> User:
    """Answers for the participant."""
    return StaffFactory(grant__role=Role.DEPARTMENT_STAFF, grant__department=participant.department)


def test_an_objection_is_raised_and_replied_to_on_the_page_of_the_result(
    client, participant, person, office
) -> None:
    client.force_login(person)
    url = reverse("assessments:objection-raise", args=[participant.pk])
    page = reverse("assessments:result-detail", args=[Result.objects.get().pk])
    assert client.post(url, {"text": " "}).status_code == 422
    for _twice in range(2):
        assert TEXT in client.post(url, {"text": TEXT}, follow=True).text
    client.force_login(office)
    [task] = open_tasks(Scope(timezone.localdate(), office))
    assert page in client.get(task.url).text
    answer = reverse("assessments:objection-reply", args=[Objection.objects.get().pk])
    refused = client.post(answer, {"upheld": "no", "text": ""})
    assert (refused.status_code, "答复" in refused.text) == (422, True)
    client.post(answer, {"upheld": "no", "text": "该党组织于次年一月成立。"})
    client.force_login(person)
    assert "该党组织于次年一月成立。" in client.get(page).text


def test_only_who_answers_for_a_participant_objects(participant, office) -> None:
    other = StaffFactory(grant__role=Role.DEPARTMENT_STAFF, grant__department=DepartmentFactory())
    for somebody in (other, office):
        with pytest.raises(ValidationError):
            raise_objection(participant=participant, text=TEXT, by=somebody)


def test_one_objection_waits_at_a_time(participant, person) -> None:
    raise_objection(participant=participant, text=TEXT, by=person)
    with pytest.raises(ValidationError):
        raise_objection(participant=participant, text="另一条异议", by=person)


def test_nobody_objects_after_the_days_to_object(participant, person) -> None:
    over = timezone.localdate() - datetime.timedelta(participant.cycle.objection_days + 1)
    Cycle.objects.update(announced_on=over)
    with pytest.raises(ValidationError):
        raise_objection(participant=participant, text=TEXT, by=person)


def test_a_second_reply_is_refused_unless_it_is_the_same(participant, person, office) -> None:
    row = raise_objection(participant=participant, text=TEXT, by=person)
    for _twice in range(2):
        reply(objection=row, upheld=True, text="属实，重新核算。", by=office)
    with pytest.raises(ValidationError):
        reply(objection=row, upheld=False, text="不属实。", by=office)
    with pytest.raises(ValidationError):
        reply(objection=row, upheld=True, text="代答", by=person)


def test_nobody_replies_to_the_own_objection(participant, office) -> None:
    row = ObjectionFactory(participant=participant, raised_by=office)
    with pytest.raises(ValidationError):
        reply(objection=row, upheld=True, text="属实。", by=office)


def test_nothing_is_published_while_an_objection_waits(participant, person, office) -> None:
    row = raise_objection(participant=participant, text=TEXT, by=person)
    cycle = participant.cycle
    over = timezone.localdate() - datetime.timedelta(cycle.objection_days + 1)
    Cycle.objects.update(announced_on=over)
    with pytest.raises(ValidationError) as refused:
        publish(cycle=cycle, by=office)
    assert str(participant) in refused.value.messages[0]
    reply(objection=row, upheld=False, text="不属实。", by=office)
    publish(cycle=cycle, by=office)
    with pytest.raises(DatabaseError), transaction.atomic():
        Objection.objects.update(reply="改")
    with pytest.raises(DatabaseError), transaction.atomic():
        ObjectionFactory(participant=participant)


def test_an_upheld_objection_can_be_replied_to_while_it_is_calculated_anew(
    participant, person, office
) -> None:
    row = raise_objection(participant=participant, text=TEXT, by=person)
    take_back(cycle=participant.cycle, reason="异议属实", by=office)
    reply(objection=row, upheld=True, text="已重新核算。", by=office)
    assert not Objection.objects.waiting().exists()


def test_what_was_upheld_is_calculated_before_it_is_published(participant, person, office) -> None:
    cycle = participant.cycle
    row = raise_objection(participant=participant, text=TEXT, by=person)
    reply(objection=row, upheld=True, text="属实。", by=office)
    over = timezone.localdate() - datetime.timedelta(cycle.objection_days + 1)
    Cycle.objects.update(announced_on=over)
    # One transaction has one time, which is what the test runs in.
    later = timezone.now() + datetime.timedelta(minutes=1)
    Objection.objects.update(replied_at=later)
    with pytest.raises(ValidationError) as refused:
        publish(cycle=cycle, by=office)
    assert str(participant) in refused.value.messages[0]
    Objection.objects.update(replied_at=later - datetime.timedelta(days=1))
    publish(cycle=cycle, by=office)
