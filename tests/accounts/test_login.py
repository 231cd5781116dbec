import datetime
import logging
from collections.abc import Callable

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from accounts.lockout import client_address
from accounts.models import User
from tests.factories.accounts import PASSWORD, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db
LOGIN, LOGOUT = "/accounts/login/", "/accounts/logout/"
CHANGE = "/accounts/password/"
NEW_PASSWORD = "tulips on the table"
ADDRESS, OTHER_ADDRESS = "203.0.113.7", "203.0.113.8"


@pytest.fixture
def person(db: None) -> User:
    return UserFactory(username="zhangsan")


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Sets the clock forward, given the arguments of timedelta, and stops it there."""

    def forward(**length: int) -> None:
        later = timezone.now() + datetime.timedelta(**length)
        monkeypatch.setattr(timezone, "now", lambda: later)

    return forward


def log_in(client, password=PASSWORD, username="zhangsan", address=ADDRESS, **data):
    data = {"username": username, "password": password} | data
    return client.post(LOGIN, data, REMOTE_ADDR=address)


def fail(client, times, **data):
    for _time in range(times):
        response = log_in(client, password="wrong", **data)
    return response


def is_logged_in(client) -> bool:
    return client.get(reverse("desk")).status_code == 200


# Log-in


def test_log_in_leads_to_the_desk(client, person):
    assert log_in(client).url == reverse("desk")
    assert is_logged_in(client)


def test_log_in_changes_the_session_key(client, person):
    session = client.session
    session["before"] = 1
    session.save()
    client.cookies["sessionid"] = session.session_key
    log_in(client)
    assert client.session.session_key != session.session_key


def test_whoever_is_logged_in_is_not_asked_again(client, person):
    client.force_login(person)
    assert client.get(LOGIN).url == reverse("desk")


def test_inactive_people_cannot_log_in(client):
    UserFactory(username="zhangsan", is_active=False)
    assert log_in(client).status_code == 200
    assert not is_logged_in(client)


def test_next_leads_to_a_page_of_the_site(client, person):
    assert log_in(client, next="/desk/coverage/").url == "/desk/coverage/"


@pytest.mark.parametrize(
    "target",
    ["https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)"],
)
def test_next_never_leads_to_another_site(client, person, target):
    assert log_in(client, next=target).url == reverse("desk")


def test_a_part_of_a_page_sends_the_whole_page_to_the_log_in(client):
    response = client.get("/desk/coverage/?as_of=2026-03-01", headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == f"{LOGIN}?next=/desk/coverage/%3Fas_of%3D2026-03-01"


# Lock-out


def test_four_failures_leave_the_log_in_open(client, person):
    assert fail(client, 4).status_code == 200
    assert log_in(client).status_code == 302


def test_the_fifth_failure_locks_and_the_page_says_until_when(client, person):
    response = fail(client, 5)
    until = timezone.localtime() + datetime.timedelta(minutes=15)
    assert response.status_code == 429
    times = {(until - datetime.timedelta(minutes=m)).strftime("%H:%M") for m in (0, 1)}
    assert any(time in response.text for time in times)


def test_a_user_name_longer_than_any_is_refused_and_locked_like_another(client, person):
    assert fail(client, 4, username="张" * 500).status_code == 200
    assert fail(client, 1, username="张" * 500).status_code == 429


def test_the_right_password_does_not_open_a_lock(client, person):
    fail(client, 5)
    assert log_in(client).status_code == 429
    assert not is_logged_in(client)


def test_others_at_the_same_address_can_log_in(client, person):
    UserFactory(username="lisi")
    fail(client, 5)
    assert log_in(client, username="lisi").status_code == 302


def test_the_same_person_can_log_in_from_another_address(client, person):
    fail(client, 5)
    assert log_in(client, address=OTHER_ADDRESS).status_code == 302


def test_a_lock_ends_when_the_page_said_even_if_it_was_tried_meanwhile(client, person):
    fail(client, 5)
    age_attempts(minutes=10)
    fail(client, 1)
    age_attempts(minutes=5, seconds=1)
    assert log_in(client).status_code == 302


def age_attempts(**ago):
    for attempt in AccessAttempt.objects.all():
        attempt.attempt_time -= datetime.timedelta(**ago)
        attempt.save()


def test_a_success_forgets_the_failures_before_it(client, person):
    fail(client, 4)
    log_in(client)
    client.post(LOGOUT)
    assert fail(client, 4).status_code == 200


def test_an_administrator_lifts_a_lock(client, person):
    fail(client, 5)
    administrator = Client()
    administrator.force_login(StaffFactory(grant__role="administrator"))
    data = {"action": "lift_lock", "_selected_action": [person.pk]}
    administrator.post(reverse("admin:accounts_user_changelist"), data)
    assert log_in(client).status_code == 302


def test_failures_are_logged_without_saying_whose_they_are(client, person, caplog):
    with caplog.at_level(logging.DEBUG):
        fail(client, 5)
        log_in(client, address=OTHER_ADDRESS)
    assert "login failure" in caplog.text
    for personal in (person.username, ADDRESS, OTHER_ADDRESS, PASSWORD):
        assert personal not in caplog.text


def test_behind_the_proxy_the_address_is_the_one_that_the_proxy_adds(rf, settings):
    request = rf.get("/", headers={"X-Forwarded-For": f"{OTHER_ADDRESS}, {ADDRESS}"})
    assert client_address(request) == "127.0.0.1"
    settings.HTTPS = True
    assert client_address(request) == ADDRESS


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (f"{ADDRESS}:5678", ADDRESS),
        ("2001:db8::1", "2001:db8::1"),
        ("[2001:db8::1]:5678", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("not-an-ip", "127.0.0.1"),
        (f"{ADDRESS}, ", "127.0.0.1"),
    ],
)
def test_proxies_write_addresses_in_several_ways(rf, settings, written, read):
    settings.HTTPS = True
    request = rf.get("/", headers={"X-Forwarded-For": written})
    assert client_address(request) == read


@pytest.mark.parametrize("written", ["not-an-ip", f"{ADDRESS}:5678"])
def test_a_log_in_survives_whatever_the_proxy_writes(client, person, settings, written):
    settings.HTTPS = True
    data = {"username": person.username, "password": "wrong"}
    answer = client.post(LOGIN, data, headers={"X-Forwarded-For": written})
    assert answer.status_code == 200


# Log-out and idle time-out


def test_log_out_takes_a_post(client, person):
    client.force_login(person)
    assert client.get(LOGOUT).status_code == 405
    assert is_logged_in(client)
    assert client.post(LOGOUT).url == reverse("home")
    assert not is_logged_in(client)


def test_log_out_after_the_session_ended_leads_to_the_front_page(client):
    assert client.post(LOGOUT).url == reverse("home")


def test_an_idle_session_ends(client, person):
    client.force_login(person)
    expire = timezone.now() - datetime.timedelta(seconds=1)
    Session.objects.update(expire_date=expire)
    assert not is_logged_in(client)


def test_use_puts_the_end_off(client, person, pass_time):
    client.force_login(person)
    for _pause in range(3):
        pass_time(minutes=59)
        assert is_logged_in(client)


def test_a_session_ends_an_hour_after_its_last_use(client, person, pass_time):
    client.force_login(person)
    pass_time(minutes=30)
    assert is_logged_in(client)
    pass_time(hours=1)
    assert not is_logged_in(client)


def test_a_session_is_saved_once_a_minute(client, person, pass_time):
    def saved() -> bool:
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("desk"))
        return any('UPDATE "django_session"' in query["sql"] for query in queries)

    client.force_login(person)
    pass_time(minutes=1)
    assert [saved(), saved()] == [True, False]
    pass_time(minutes=1)
    assert saved()


# Password


def change_password(client, new, old=PASSWORD, again=None):
    data = {"old_password": old, "new_password1": new, "new_password2": again or new}
    return client.post(CHANGE, data)


def test_a_password_is_changed_with_the_old_one(client, person):
    client.force_login(person)
    assert change_password(client, NEW_PASSWORD).url == reverse("desk")
    person.refresh_from_db()
    assert person.check_password(NEW_PASSWORD)


def test_a_password_is_not_changed_without_the_old_one(client, person):
    client.force_login(person)
    assert change_password(client, NEW_PASSWORD, old="wrong").status_code == 200
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_other_sessions_end_with_the_old_password(client, person):
    elsewhere = Client()
    for each in (client, elsewhere):
        each.force_login(person)
    change_password(client, NEW_PASSWORD)
    assert is_logged_in(client)
    assert not is_logged_in(elsewhere)


@pytest.mark.parametrize(
    ("weak", "reason"),
    [
        ("a1b2c3d4e", "too short"),
        ("9182736455", "entirely numeric"),
        ("password1234", "too common"),
        ("zhangsan.01", "too similar to the username"),
    ],
)
def test_weak_passwords_are_refused_with_the_reason(client, person, weak, reason):
    client.force_login(person)
    client.cookies["django_language"] = "en"
    assert reason in change_password(client, weak).text


def test_the_password_rules_are_said_in_chinese(client, person):
    client.force_login(person)
    with translation.override("zh-hans"):
        assert "10个字符" in client.get(CHANGE).text
