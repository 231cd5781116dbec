"""How the office works on what the public sent."""

import datetime
from typing import Any

import pghistory
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from accounts.roles import Role
from organizations.figures import Scope
from organizations.models import Suggestion
from organizations.operations import suggestions as operations
from organizations.operations.suggestions import answerers
from organizations.tasks import open_tasks
from tests.factories.accounts import GrantFactory, StaffFactory, UserFactory
from tests.factories.organizations import (
    AssociationFactory,
    CountyFactory,
    CoverageFactory,
    LeadershipTermFactory,
    SuggestionFactory,
)

pytestmark = pytest.mark.django_db
State = Suggestion.State
CONTACT = "王小明 13812345678"


@pytest.fixture
def officer(client: Client) -> User:
    """Answers suggestions, and is logged in."""
    user = StaffFactory(full_name="承办人甲", grant__role=Role.REVIEWER)
    client.force_login(user)
    return user


@pytest.fixture
def colleague() -> User:
    return StaffFactory(full_name="承办人乙", grant__role=Role.REVIEWER)


def step(client: Client, row: Suggestion, name: str, **fields: Any) -> Any:
    url = reverse("organizations:suggestion-step", args=[row.pk, name])
    return client.post(url, {f"{name}-{key}": value for key, value in fields.items()})


def state_of(row: Suggestion) -> str:
    row.refresh_from_db()
    return row.state


def listed(client: Client, **query: str) -> list[int]:
    response = client.get(reverse("organizations:suggestion-list"), query)
    return [row.pk for row in response.context["page"]]


# Steps


def test_from_receipt_to_publication(client: Client, officer: User) -> None:
    row = SuggestionFactory()
    for name, fields, state in (
        ("take", {}, State.IN_HAND),
        ("answer", {"text": "已经办理。"}, State.ANSWERED),
        ("close", {}, State.CLOSED),
        ("publish", {"text": "问", "answer": "答", "is_checked": "on"}, State.CLOSED),
    ):
        assert step(client, row, name, **fields).status_code == 302
        assert state_of(row) == state
    assert (row.handler, row.answer) == (officer, "已经办理。")
    assert (row.public_text, row.public_answer) == ("问", "答")
    assert row.settled_on == row.published_on == timezone.localdate()
    assert step(client, row, "withdraw").status_code == 302
    row.refresh_from_db()
    assert row.published_on is None


def test_what_is_not_pertinent_is_put_aside_with_a_reason(client: Client, officer: User) -> None:
    row = SuggestionFactory()
    assert "put_aside" in step(client, row, "put-aside", reason="").context["forms"]
    assert state_of(row) == State.NEW
    step(client, row, "put-aside", reason="请向市场监管部门反映。")
    assert (state_of(row), row.reason) == (State.NOT_PERTINENT, "请向市场监管部门反映。")


def test_the_second_of_two_is_told_who_was_faster(
    client: Client, officer: User, colleague: User
) -> None:
    row = SuggestionFactory()
    operations.take(suggestion=row, by=colleague)
    response = step(client, row, "take")
    assert response.status_code == 200
    assert colleague.full_name in response.context["refusal"]
    row.refresh_from_db()
    assert row.handler == colleague


def test_a_refused_answer_comes_back_filled(client: Client, officer: User, colleague: User) -> None:
    row = SuggestionFactory(in_hand=True)
    operations.answer(suggestion=row, text="先到的答复", by=colleague)
    content = step(client, row, "answer", text="后到的答复").content.decode()
    assert "后到的答复" in content
    row.refresh_from_db()
    assert row.answer == "先到的答复"


def test_it_is_handed_over_from_the_hands_it_was_seen_in(
    client: Client, officer: User, colleague: User
) -> None:
    row = SuggestionFactory(in_hand=True, handler=officer)
    step(client, row, "hand-over", handler=colleague.pk, was=officer.pk)
    row.refresh_from_db()
    assert row.handler == colleague
    third = StaffFactory(grant__role=Role.ADMINISTRATOR)
    assert step(client, row, "hand-over", handler=third.pk, was=officer.pk).status_code == 200
    row.refresh_from_db()
    assert row.handler == colleague


def test_it_is_handed_over_only_to_people_who_answer(client: Client, officer: User) -> None:
    row = SuggestionFactory(in_hand=True, handler=officer)
    finance = StaffFactory(grant__role=Role.FINANCE)
    step(client, row, "hand-over", handler=finance.pk, was=officer.pk)
    with pytest.raises(ValidationError):
        operations.hand_over(suggestion=row, handler=finance, by=officer)
    row.refresh_from_db()
    assert row.handler == officer


ALLOWED = {
    "take": {State.NEW},
    "hand_over": {State.IN_HAND},
    "answer": {State.IN_HAND},
    "put_aside": {State.NEW, State.IN_HAND},
    "close": {State.ANSWERED},
    "publish": {State.ANSWERED, State.CLOSED},
    "withdraw": {State.ANSWERED, State.CLOSED},
}
WORDS: dict[str, dict[str, Any]] = {
    "answer": {"text": "答"},
    "put_aside": {"reason": "非本部门职责"},
    "publish": {"text": "问", "answer": "答"},
}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(sorted(ALLOWED)), max_size=8))
def test_no_sequence_of_steps_leaves_the_path(names: list[str]) -> None:
    """Each step is taken from its states alone, else refused without a trace."""
    with transaction.atomic():
        by = StaffFactory(grant__role=Role.REVIEWER)
        row = SuggestionFactory()
        for name in names:
            row.refresh_from_db()
            before = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
            expected = row.state in ALLOWED[name]
            if name in ("publish", "withdraw"):
                expected &= (row.published_on is None) == (name == "publish")
            said = WORDS.get(name, {}) | ({"handler": by} if name == "hand_over" else {})
            try:
                getattr(operations, name)(suggestion=row, by=by, **said)
                taken = True
            except ValidationError:
                taken = False
            row.refresh_from_db()
            after = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
            assert taken == expected
            assert taken or before == after
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", sorted(ALLOWED))
@pytest.mark.parametrize("role", [Role.LEADER, Role.INSPECTOR, Role.FINANCE])
def test_nobody_else_takes_a_step(role: Role, name: str) -> None:
    trait = {"take": {}, "close": {"answered": True}, "publish": {"answered": True}}
    row = SuggestionFactory(
        **trait.get(name, {"published": True} if name == "withdraw" else {"in_hand": True})
    )
    by = StaffFactory(grant__role=role)
    handler = StaffFactory(grant__role=Role.REVIEWER)
    said = WORDS.get(name, {}) | ({"handler": handler} if name == "hand_over" else {})
    before = Suggestion.objects.values().get(pk=row.pk)
    with pytest.raises(ValidationError):
        getattr(operations, name)(suggestion=row, by=by, **said)
    assert Suggestion.objects.values().get(pk=row.pk) == before


def test_a_reviewer_of_one_county_answers_nothing(client: Client) -> None:
    SuggestionFactory(contact=CONTACT)
    user = StaffFactory(grant__role=Role.REVIEWER, grant__division=CountyFactory())
    client.force_login(user)
    assert listed(client, state="all") == []
    row = Suggestion.objects.get()
    url = reverse("organizations:suggestion-detail", args=[row.pk])
    assert client.get(url).status_code == 404
    assert step(client, row, "take").status_code == 404
    assert (
        reverse("organizations:suggestion-list") not in client.get(reverse("desk")).content.decode()
    )


def test_inspection_reads_everything_but_how_to_reach_the_sender(client: Client) -> None:
    client.force_login(StaffFactory(grant__role=Role.INSPECTOR))
    row = SuggestionFactory(contact=CONTACT, in_hand=True)
    assert listed(client) == [row.pk]
    page = client.get(reverse("organizations:suggestion-detail", args=[row.pk])).text
    assert row.text in page
    assert CONTACT not in page
    assert reverse("organizations:suggestion-step", args=[row.pk, "answer"]) not in page
    assert step(client, row, "answer", text="答").status_code == 403


def test_an_unknown_step_is_not_found(client: Client, officer: User) -> None:
    assert step(client, SuggestionFactory(), "delete").status_code == 404


def test_answerers_are_those_who_answer_for_the_whole_city_today() -> None:
    wanted = StaffFactory(grant__role=Role.REVIEWER)
    GrantFactory(user=wanted, role=Role.ADMINISTRATOR)
    StaffFactory(grant__role=Role.FINANCE)
    StaffFactory(grant__role=Role.REVIEWER, grant__division=CountyFactory())
    StaffFactory(grant__role=Role.REVIEWER, grant__valid_until=datetime.date(2021, 1, 1))
    StaffFactory(grant__role=Role.REVIEWER, is_active=False)
    assert list(answerers()) == [wanted]


# Publication


@pytest.mark.parametrize(
    "personal",
    ["13900001111", "0530-5551234", "li@example.cn", CONTACT, "法人赵六", "会长李九", "书记钱七"],
)
@pytest.mark.parametrize("where", ["text", "answer"])
def test_nothing_personal_is_published(
    client: Client, officer: User, personal: str, where: str
) -> None:
    association = AssociationFactory(legal_representative="法人赵六")
    LeadershipTermFactory(association=association, name="会长李九")
    CoverageFactory(association=association, party_organization__secretary="书记钱七")
    row = SuggestionFactory(answered=True, contact=CONTACT, association=association)
    words = {"text": "问", "answer": "答"} | {where: f"请找{personal}。"}
    response = step(client, row, "publish", **words, is_checked="on")
    assert personal.split()[0] in response.context["refusal"]
    row.refresh_from_db()
    assert row.published_on is None


def test_publication_needs_somebody_s_word_for_it(client: Client, officer: User) -> None:
    row = SuggestionFactory(answered=True)
    assert step(client, row, "publish", text="问", answer="答").status_code == 200
    row.refresh_from_db()
    assert row.published_on is None


# List, page and tasks


def test_the_list_begins_with_what_is_open_and_most_urgent(client: Client, officer: User) -> None:
    today = timezone.localdate()
    later = SuggestionFactory(due_on=today + datetime.timedelta(9))
    sooner = SuggestionFactory(in_hand=True, due_on=today + datetime.timedelta(1))
    SuggestionFactory(answered=True)
    assert listed(client) == [sooner.pk, later.pk]


def test_open_ones_of_each_state_stand_by_their_due_day(client: Client, officer: User) -> None:
    today = timezone.localdate()
    days = [today + datetime.timedelta(number) for number in (5, -1, 2)]
    made = [SuggestionFactory(due_on=day) for day in days]
    assert listed(client, state="new") == [made[1].pk, made[2].pk, made[0].pk]


def test_who_wrote_a_letter_is_its_sender_and_nobody_s_address_is_shown(
    client: Client, officer: User
) -> None:
    with pghistory.context(user=None, url="/suggestions/new/"):
        row = SuggestionFactory()
    page = client.get(reverse("organizations:suggestion-detail", args=[row.pk])).text
    assert "来信人<br>" in page
    assert "/suggestions/new/" not in page.partition('id="history"')[2]


@pytest.mark.parametrize("state", [*State.values, "overdue", "all", "nonsense"])
def test_the_list_by_state_and_its_counts(client: Client, officer: User, state: str) -> None:
    today = timezone.localdate()
    made = {
        "new": SuggestionFactory(),
        "in_hand": SuggestionFactory(in_hand=True, handler=officer),
        "answered": SuggestionFactory(answered=True),
        "overdue": SuggestionFactory(due_on=today - datetime.timedelta(1)),
    }
    expected = {
        "new": {made["new"].pk, made["overdue"].pk},
        "all": {row.pk for row in made.values()},
        "nonsense": {made[key].pk for key in ("new", "in_hand", "overdue")},
    }.get(state, {made[state].pk} if state in made else set())
    response = client.get(reverse("organizations:suggestion-list"), {"state": state})
    assert {row.pk for row in response.context["page"]} == expected
    current = next(tab for tab in response.context["tabs"] if tab["current"])
    assert current["count"] == len(expected)


def test_the_list_by_text_number_and_handler(client: Client, officer: User) -> None:
    mine = SuggestionFactory(in_hand=True, handler=officer, text="停车难")
    other = SuggestionFactory(in_hand=True, about="菏泽市物流协会")
    assert listed(client, q="停车") == [mine.pk]
    assert listed(client, q="物流") == [other.pk]
    assert listed(client, q=other.number) == [other.pk]
    assert listed(client, mine="yes") == [mine.pk]
    assert listed(client, kind="complaint") == []


@pytest.mark.parametrize("page", ["list", "detail"])
def test_queries_do_not_grow_with_rows(
    client: Client, officer: User, page: str, django_assert_max_num_queries: Any
) -> None:
    def queries() -> int:
        args = [row.pk] if page == "detail" else []
        with django_assert_max_num_queries(40) as captured:
            client.get(reverse(f"organizations:suggestion-{page}", args=args))
        return len(captured)

    row = SuggestionFactory(in_hand=True, association=AssociationFactory())
    one = queries()
    for _ in range(2):
        SuggestionFactory(in_hand=True, association=AssociationFactory())
    operations.answer(suggestion=row, text="答", by=officer)
    assert queries() <= one


def test_the_page_shows_contact_and_history(client: Client, officer: User) -> None:
    row = SuggestionFactory(contact=CONTACT)
    operations.take(suggestion=row, by=officer)
    url = reverse("organizations:suggestion-detail", args=[row.pk])
    response = client.get(url)
    assert CONTACT in response.content.decode()
    changed = [f for e in response.context["history"] for r in e.rows for f in r.fields]
    assert str(State.IN_HAND.label) in {change.after for change in changed}
    assert CONTACT not in str(changed)


def test_overdue_ones_are_a_task_for_who_answers(officer: User) -> None:
    today = timezone.localdate()
    SuggestionFactory(due_on=today)
    SuggestionFactory(in_hand=True, due_on=today - datetime.timedelta(1))
    SuggestionFactory(answered=True, due_on=today - datetime.timedelta(1))
    found = {task.url.rpartition("=")[2]: task.number for task in open_tasks(Scope(today, officer))}
    assert found == {"overdue": 1, "new": 1}
    assert open_tasks(Scope(today, StaffFactory(grant__role=Role.LEADER))) == []


# Constraints


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": ""},
        {"state": "in_hand"},
        {"state": "answered", "settled_on": datetime.date(2026, 1, 1)},
        {"answer": "答"},
        {"reason": "无关"},
        {"state": "not_pertinent", "settled_on": datetime.date(2026, 1, 1)},
        {"settled_on": datetime.date(2026, 1, 1)},
        {"published_on": datetime.date(2026, 1, 1), "public_text": "问", "public_answer": "答"},
        {"contact": CONTACT, "contact_erased_on": datetime.date(2026, 1, 1)},
    ],
    ids=str,
)
def test_what_must_always_hold_is_held_by_the_database(wrong: dict[str, Any]) -> None:
    row = SuggestionFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Suggestion.objects.filter(pk=row.pk).update(**wrong)


def test_an_answer_without_handler_is_no_answer() -> None:
    row = SuggestionFactory(answered=True)
    assert isinstance(row.handler, UserFactory._meta.model)
    with pytest.raises(IntegrityError), transaction.atomic():
        Suggestion.objects.filter(pk=row.pk).update(handler=None)
