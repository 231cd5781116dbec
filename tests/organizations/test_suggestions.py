"""What the public sends, and how it reads the answer."""

import datetime
import re
import threading
import time
from collections import Counter
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from organizations.forms.suggestions import FASTEST_SECONDS, LONGEST_SECONDS, SIGNER
from organizations.models import Allowance, Suggestion
from organizations.operations import allowances
from organizations.operations.allowances import DAY, HOUR, Limit, spend
from organizations.operations.suggestions import due_day, receive
from tests.factories.organizations import AssociationFactory, SuggestionFactory

pytestmark = pytest.mark.django_db
ADDRESS = "203.0.113.7"
CONTACT = "王小明 13812345678"
TEXT = "希望公开协会的服务指南。"


def token(monkeypatch: pytest.MonkeyPatch, seconds_ago: float = 60) -> str:
    """A form's token, made so long ago."""
    now = time.time()
    with monkeypatch.context() as patched:
        patched.setattr("django.core.signing.time.time", lambda: now - seconds_ago)
        return SIGNER.sign(uuid4().hex)


@pytest.fixture
def filled(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A form as a person fills it in."""
    return {
        "kind": "complaint",
        "about": "",
        "text": TEXT,
        "contact": CONTACT,
        "token": token(monkeypatch),
    }


def send(client: Client, data: dict[str, str], address: str = ADDRESS) -> Any:
    return client.post(reverse("organizations:suggestion-new"), data, REMOTE_ADDR=address)


def receipt(response: Any) -> tuple[str, str]:
    return response.context["suggestion"].number, response.context["code"]


def look_up(client: Client, number: str, code: str, address: str = ADDRESS) -> Any:
    url = reverse("organizations:suggestion-status")
    return client.post(url, {"number": number, "code": code}, REMOTE_ADDR=address)


def received(key: Any = None, client: str = ADDRESS) -> tuple[Suggestion, str]:
    said = {"kind": "suggestion", "about": "", "text": TEXT, "contact": CONTACT}
    return receive(**said, key=key or uuid4(), client=client)


def errors(response: Any) -> str:
    return " ".join(response.context["form"].non_field_errors())


# Sending


def test_a_message_is_taken_in_and_receipted(client: Client, filled: dict[str, str]) -> None:
    number, code = receipt(send(client, filled))
    row = Suggestion.objects.get()
    assert (row.number, row.state, row.kind, row.text) == (number, "new", "complaint", TEXT)
    assert row.due_on == due_day(timezone.localdate())
    assert re.fullmatch(r"(?:[2-9A-HJ-NP-Z]{4}-){2}[2-9A-HJ-NP-Z]{4}", code)


def test_neither_code_nor_address_is_kept(client: Client, filled: dict[str, str]) -> None:
    _number, code = receipt(send(client, filled))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT row_to_json(s)::text FROM organizations_suggestion s UNION ALL "
            "SELECT row_to_json(e)::text FROM organizations_suggestionevent e UNION ALL "
            "SELECT row_to_json(a)::text FROM organizations_allowance a UNION ALL "
            "SELECT metadata::text FROM pghistory_context"
        )
        kept = " ".join(text for (text,) in cursor.fetchall())
    assert TEXT in kept
    assert [said for said in (code, code.replace("-", ""), ADDRESS) if said in kept] == []


def test_history_keeps_no_contact(client: Client, filled: dict[str, str]) -> None:
    send(client, filled)
    Suggestion.objects.update(contact="另一人 13900001111")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(e)::text FROM organizations_suggestionevent e")
        events = [text for (text,) in cursor.fetchall()]
    assert len(events) == 1
    assert "1381234" not in events[0]
    assert "13900001111" not in events[0]


def test_the_same_form_sent_twice_gives_one_message_and_one_receipt(
    client: Client, filled: dict[str, str]
) -> None:
    first, second = receipt(send(client, filled)), receipt(send(client, filled))
    assert first == second
    assert Suggestion.objects.count() == 1
    assert {row.used for row in Allowance.objects.all()} == {1}


@pytest.mark.parametrize("by", ["name", "code", "nothing"])
def test_the_association_is_found_by_name_or_code(
    client: Client, filled: dict[str, str], by: str
) -> None:
    association = AssociationFactory(name="菏泽市林产工业协会")
    AssociationFactory(name=association.name, ended=True)
    about = {"name": association.name, "code": association.credit_code, "nothing": "林产协会"}[by]
    send(client, filled | {"about": about})
    row = Suggestion.objects.get()
    assert row.about == about
    assert row.association == (None if by == "nothing" else association)


@pytest.mark.parametrize(
    ("changed", "part"),
    [
        ({"text": ""}, "text"),
        ({"text": "字" * 2001}, "text"),
        ({"kind": "nonsense"}, "kind"),
        ({"contact": "字" * 101}, "contact"),
        ({"about": "字" * 121}, "about"),
        ({"website": "http://example.com"}, "__all__"),
        ({"token": ""}, "__all__"),
        ({"token": "forged:1abc:xyz"}, "__all__"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_is_not_in_order_comes_back_filled(
    client: Client, filled: dict[str, str], changed: dict[str, str], part: str
) -> None:
    response = send(client, filled | changed)
    assert part in response.context["form"].errors
    assert CONTACT[:3] in response.content.decode() or "contact" in changed
    assert Suggestion.objects.count() == 0


@pytest.mark.parametrize(
    ("seconds", "taken"),
    [
        (FASTEST_SECONDS - 2, False),
        (FASTEST_SECONDS + 1, True),
        (LONGEST_SECONDS - 5, True),
        (LONGEST_SECONDS + 5, False),
    ],
)
def test_only_a_form_as_old_as_a_person_makes_it_is_taken(
    client: Client,
    filled: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    seconds: float,
    taken: bool,
) -> None:
    send(client, filled | {"token": token(monkeypatch, seconds)})
    assert Suggestion.objects.exists() == taken


def test_a_form_open_too_long_comes_back_with_a_token_that_holds(
    client: Client, filled: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    response = send(client, filled | {"token": token(monkeypatch, LONGEST_SECONDS + 5)})
    assert SIGNER.unsign(response.context["token"], max_age=5)


def test_a_form_sent_too_fast_keeps_its_token(
    client: Client, filled: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = token(monkeypatch, 0)
    assert send(client, filled | {"token": fresh}).context["token"] == fresh


def test_a_form_from_elsewhere_is_refused(filled: dict[str, str]) -> None:
    assert send(Client(enforce_csrf_checks=True), filled).status_code == 403
    assert Suggestion.objects.count() == 0


def test_markup_is_shown_as_it_was_written(client: Client, filled: dict[str, str]) -> None:
    number, code = receipt(send(client, filled | {"text": "<script>alert(1)</script>"}))
    assert "<script>alert" not in look_up(client, number, code).content.decode()


# Limits


def test_too_much_from_one_address_is_refused_and_nothing_typed_is_lost(
    client: Client, filled: dict[str, str], monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.SUGGESTIONS_PER_HOUR = 2
    for _ in range(2):
        assert send(client, filled | {"token": token(monkeypatch)}).context["code"]
    response = send(client, filled | {"token": token(monkeypatch)})
    assert errors(response)
    assert TEXT in response.content.decode()
    assert Suggestion.objects.count() == 2
    assert send(client, filled | {"token": token(monkeypatch)}, "198.51.100.9").context["code"]


@pytest.mark.parametrize(
    ("other", "same"),
    [("2001:db8:1:1:ffff::9", True), ("2001:db8:1:2::1", False), ("203.0.113.8", False)],
)
def test_a_household_with_ipv6_counts_as_one(settings: Settings, other: str, same: bool) -> None:
    settings.SUGGESTIONS_PER_HOUR = 1
    received(client="2001:db8:1:1::1")
    if same:
        with pytest.raises(ValidationError):
            received(client=other)
    else:
        received(client=other)


def test_a_sending_that_comes_second_spends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where it finds nothing yet and is stopped only by what the first has made meanwhile."""
    key, said = uuid4(), {"kind": "complaint", "about": "", "text": TEXT, "contact": ""}
    receive(**said, key=key, client=ADDRESS)
    used = list(Allowance.objects.order_by("key").values_list("key", "used"))
    monkeypatch.setattr("django.db.models.query.QuerySet.exists", lambda rows: False)
    receive(**said, key=key, client=ADDRESS)
    assert list(Allowance.objects.order_by("key").values_list("key", "used")) == used
    assert Suggestion.objects.count() == 1


def test_everybody_together_is_limited(settings: Settings) -> None:
    settings.SUGGESTIONS_CITYWIDE_PER_HOUR = 2
    received(client="203.0.113.1")
    received(client="203.0.113.2")
    with pytest.raises(ValidationError):
        received(client="203.0.113.3")
    assert Suggestion.objects.count() == 2


def test_what_was_refused_counts_for_nothing(settings: Settings) -> None:
    settings.SUGGESTIONS_CITYWIDE_PER_HOUR = 1
    received(client="203.0.113.1")
    for _ in range(3):
        with pytest.raises(ValidationError):
            received(client="203.0.113.3")
    assert Counter(Allowance.objects.values_list("used", flat=True)) == {1: 3}


def test_an_allowance_is_there_again_when_its_time_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = timezone.localtime().replace(hour=12, minute=30)

    def at(moment: datetime.datetime) -> None:
        monkeypatch.setattr(allowances.timezone, "localtime", lambda: moment)
        limits = [Limit(1, HOUR), Limit(2, DAY)]
        spend(what="test", client=ADDRESS, limits=limits)

    at(now)
    with pytest.raises(ValidationError):
        at(now.replace(minute=59))
    at(now.replace(hour=13, minute=0))
    with pytest.raises(ValidationError):
        at(now.replace(hour=14))
    at(now + datetime.timedelta(1))


def test_past_allowances_are_forgotten() -> None:
    past = timezone.now() - datetime.timedelta(minutes=1)
    Allowance.objects.create(key="past", used=5, until=past)
    received()
    assert not Allowance.objects.filter(key="past").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same_form", [True, False])
def test_at_the_same_moment_limits_and_keys_hold(settings: Settings, same_form: bool) -> None:
    settings.SUGGESTIONS_PER_HOUR = 3
    keys = [uuid4()] * 6 if same_form else [uuid4() for _ in range(6)]
    outcomes: list[Any] = []
    start = threading.Barrier(6)

    def act(key: Any) -> None:
        start.wait()
        try:
            outcomes.append(received(key)[0].pk)
        except ValidationError:
            outcomes.append(None)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=[key]) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 6
    assert Suggestion.objects.count() == (1 if same_form else 3)


# Reading the answer


def test_number_and_code_open_the_answer(client: Client) -> None:
    row, code = received()
    Suggestion.objects.filter(pk=row.pk).update(
        state="not_pertinent", reason="请向市场监管部门反映。", settled_on=timezone.localdate()
    )
    for number, said in (
        (row.number, code),
        (str(row.pk), code.replace("-", " ").lower()),
        (f" {row.number.lower()} ", code.replace("-", "")),
    ):
        assert "请向市场监管部门反映。" in look_up(client, number, said).content.decode()


def test_without_the_code_nothing_is_said(client: Client) -> None:
    row, code = received()
    other, other_code = received()
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    told = set()
    for number, said in (
        (row.number, wrong),
        (row.number, other_code),
        (other.number, code),
        ("YJ999999", code),
        ("nonsense", code),
        ("YJ000000", ""),
        (row.number, "0"),
    ):
        response = look_up(client, number, said or "-")
        assert response.context["suggestion"] is None
        assert TEXT not in response.content.decode()
        told.add(errors(response))
    assert len(told) == 1


def test_guessing_codes_is_limited(client: Client, settings: Settings) -> None:
    settings.SUGGESTION_LOOKUPS_PER_HOUR = 3
    row, code = received()
    for _ in range(3):
        look_up(client, row.number, "WRONG")
    assert look_up(client, row.number, code).context["suggestion"] is None
    assert look_up(client, row.number, code, "198.51.100.9").context["suggestion"] == row


def test_the_code_stands_in_no_address_and_in_no_cookie(
    client: Client, filled: dict[str, str]
) -> None:
    response = send(client, filled)
    _number, code = receipt(response)
    assert code in response.content.decode()
    assert code not in str(dict(response.items())) + client.cookies.output()
    assert "no-store" in response["Cache-Control"]


def test_the_sender_never_reads_contact_or_handler_back(client: Client) -> None:
    row, code = received()
    answered = SuggestionFactory(answered=True, handler__full_name="承办人郑二")
    Suggestion.objects.filter(pk=row.pk).update(state="in_hand", handler=answered.handler)
    content = look_up(client, row.number, code).content.decode()
    assert TEXT in content
    assert "郑二" not in content
    assert "13812345678" not in content


# Published answers


def test_only_published_answers_are_public_and_only_in_their_published_words(
    client: Client,
) -> None:
    published = SuggestionFactory(published=True, contact=CONTACT)
    SuggestionFactory(answered=True, public_text="草稿问", public_answer="草稿答")
    content = client.get(reverse("organizations:suggestions-public")).content.decode()
    assert published.public_answer in content
    hidden = [published.text, published.answer, CONTACT, published.handler.full_name, "草稿"]
    assert [text for text in hidden if text in content] == []


def test_queries_of_published_answers_do_not_grow(
    client: Client, django_assert_num_queries: Any
) -> None:
    url = reverse("organizations:suggestions-public")
    for number in (1, 2):
        SuggestionFactory.create_batch(number, published=True)
        with django_assert_num_queries(2):
            client.get(url)


# Retention


@pytest.mark.parametrize(
    ("days", "kept"), [(89, True), (90, False), (None, True)], ids=["early", "due", "open"]
)
def test_contacts_are_deleted_after_their_time(
    settings: Settings, days: int | None, kept: bool
) -> None:
    settings.SUGGESTION_CONTACT_DAYS = 90
    if days is None:
        row = SuggestionFactory(contact=CONTACT)
    else:
        settled = timezone.localdate() - datetime.timedelta(days)
        row = SuggestionFactory(answered=True, contact=CONTACT, settled_on=settled)
    call_command("erase_contacts")
    row.refresh_from_db()
    assert bool(row.contact) == kept
    assert row.contact_erased_on == (None if kept else timezone.localdate())


def test_contacts_are_deleted_without_anybody_s_attention(settings: Settings) -> None:
    past = timezone.localdate() - datetime.timedelta(settings.SUGGESTION_CONTACT_DAYS)
    row = SuggestionFactory(answered=True, contact=CONTACT, settled_on=past)
    received()
    row.refresh_from_db()
    assert row.contact == ""


def test_the_form_says_how_long_the_contact_is_kept(client: Client, settings: Settings) -> None:
    settings.SUGGESTION_CONTACT_DAYS = 47
    assert "47" in client.get(reverse("organizations:suggestion-new")).content.decode()


# Days


@given(st.dates(datetime.date(2020, 1, 1), datetime.date(2040, 1, 1)), st.integers(0, 60))
def test_due_after_so_many_working_days(received_on: datetime.date, days: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("django.conf.settings.SUGGESTION_WORKING_DAYS", days)
        due = due_day(received_on)
    after = [received_on + datetime.timedelta(n + 1) for n in range((due - received_on).days)]
    assert sum(day.weekday() < 5 for day in after) == days
    assert days == 0 or due.weekday() < 5


def test_names_are_offered_only_for_what_is_typed(client: Client) -> None:
    AssociationFactory(name="菏泽市林产工业协会", legal_representative="林姓法人")
    url = reverse("organizations:association-names")
    assert "菏泽市林产工业协会" in client.get(url, {"about": "lcgy"}).content.decode()
    assert "option" not in client.get(url).content.decode()
