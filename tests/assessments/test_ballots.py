"""Ballots: each code once, all subjects or nothing, and nothing that ties a sheet to anybody."""

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from assessments.models import Ballot, BallotCode, BallotRating, BallotSheet, Cycle, Result
from assessments.operations.ballots import (
    cast,
    close_ballot,
    digest,
    make_codes,
    open_ballot,
)
from assessments.operations.calculating import calculate
from assessments.operations.measuring import measure
from tests.assessments.test_cycles import score_all
from tests.assessments.test_pages import ready_cycle
from tests.factories.accounts import StaffFactory

SHEET = "assessments:ballot-sheet"


def ready(participants: int = 2) -> tuple[Cycle, User]:
    """A cycle under way whose ballot counts 30 per cent."""
    cycle, office = ready_cycle(participants), StaffFactory(grant__role=Role.REVIEWER)
    Cycle.objects.update(stage="open", ballot_weight=30)
    cycle.refresh_from_db()
    return cycle, office


def opened(codes: int = 2, participants: int = 2) -> tuple[Cycle, User, list[str]]:
    cycle, office = ready(participants)
    made = make_codes(cycle=cycle, number=codes, by=office)
    open_ballot(cycle=cycle, by=office)
    return cycle, office, made


def all_rated(cycle: Cycle, mark: int = 4) -> dict[int, list[int]]:
    return {each.pk: [mark] * 6 for each in cycle.participants.rated()}


@pytest.mark.django_db
def test_a_code_opens_one_sheet() -> None:
    cycle, _office, [code, other] = opened()
    cast(code=code.lower().replace("-", " "), ratings=all_rated(cycle))
    with pytest.raises(ValidationError):
        cast(code=code, ratings=all_rated(cycle))
    cast(code=other, ratings=all_rated(cycle, 1))
    assert (BallotSheet.objects.count(), BallotCode.objects.count()) == (2, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("left_out", ["a subject", "a row", "a mark beyond", "everything"])
def test_all_subjects_are_rated_or_nothing_is_cast(left_out) -> None:
    cycle, _office, [code, _other] = opened()
    ratings = all_rated(cycle)
    first = next(iter(ratings))
    if left_out == "a subject":
        del ratings[first]
    ratings = {} if left_out == "everything" else ratings
    if left_out == "a row":
        ratings[first] = [4] * 5
    if left_out == "a mark beyond":
        ratings[first] = [4] * 5 + [5]
    with pytest.raises((ValidationError, DatabaseError)), transaction.atomic():
        cast(code=code, ratings=ratings)
    assert not BallotSheet.objects.exists()
    cast(code=code, ratings=all_rated(cycle))  # the code was not used up


@pytest.mark.django_db
def test_nothing_is_cast_before_the_opening_and_after_the_close() -> None:
    cycle, office = ready()
    codes = make_codes(cycle=cycle, number=2, by=office)
    with pytest.raises(ValidationError):
        cast(code=codes[0], ratings=all_rated(cycle))
    open_ballot(cycle=cycle, by=office)
    cast(code=codes[0], ratings=all_rated(cycle))
    for _twice in range(2):
        close_ballot(cycle=cycle, by=office)
    with pytest.raises(ValidationError):
        cast(code=codes[1], ratings=all_rated(cycle))
    assert not BallotCode.objects.exists()
    with pytest.raises(ValidationError):
        open_ballot(cycle=cycle, by=office)
    for write in (
        lambda: Ballot.objects.update(state="open"),
        lambda: BallotCode.objects.create(ballot=Ballot.objects.get(), digest="a" * 64),
        lambda: BallotSheet.objects.create(ballot=Ballot.objects.get()),
        lambda: BallotRating.objects.update(marks=[1] * 6),
        lambda: BallotRating.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_a_sheet_that_leaves_a_subject_out() -> None:
    cycle, _office, _codes = opened()
    participant = cycle.participants.first()

    @transaction.atomic
    def cast_half() -> None:
        sheet = BallotSheet.objects.create(ballot=Ballot.objects.get())
        BallotRating.objects.create(sheet=sheet, participant=participant, marks=[4] * 6)

    with pytest.raises(DatabaseError):
        cast_half()
    assert not BallotSheet.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_hundred_sheets_at_once_are_counted_once_each() -> None:
    cycle, _office, codes = opened(codes=200)
    ratings = all_rated(cycle, 3)

    def send(code: str) -> bool:
        try:
            cast(code=code, ratings=ratings)
        except ValidationError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(6) as pool:  # every code twice, the two close together
        counted = list(pool.map(send, [code for code in codes for _twice in range(2)]))
    assert sum(counted) == 200
    assert BallotSheet.objects.count() == 200
    assert BallotRating.objects.count() == 400


@pytest.mark.django_db
def test_results_are_known_once_the_ballot_is_closed() -> None:
    cycle, office, codes = opened(codes=3, participants=1)
    participant = cycle.participants.get()
    for code, marks in zip(codes, ([4] * 6, [3] * 6, [4, 4, 4, 1, 1, 1]), strict=True):
        cast(code=code, ratings={participant.pk: marks})
    assert BallotRating.objects.closed(cycle).marks() == {}
    score_all(cycle)
    measure(cycle=cycle, by=office)
    with pytest.raises(ValidationError):
        calculate(cycle=cycle, by=office)
    close_ballot(cycle=cycle, by=office)
    calculate(cycle=cycle, by=office)
    result = Result.objects.get()
    # 24 + 18 + 15 of 72; indicators 50 of 100
    assert (str(result.ballot_score), str(result.total)) == ("79.17", "58.75")


@pytest.mark.django_db
def test_codes_are_not_kept_and_limited() -> None:
    cycle, office = ready()
    [code] = make_codes(cycle=cycle, number=1, by=office)
    assert list(BallotCode.objects.values_list("digest", flat=True)) == [digest(code)]
    assert code.replace("-", "") not in digest(code)
    for wrong in (0, 500):
        with pytest.raises(ValidationError):
            make_codes(cycle=cycle, number=wrong, by=office)
    with pytest.raises(ValidationError):
        make_codes(cycle=cycle, number=1, by=StaffFactory(grant__role=Role.LEADER))


def sheet_of(cycle: Cycle, mark: int = 4) -> dict[str, str]:
    return {f"{pk}-{row}": str(mark) for pk in all_rated(cycle) for row in range(6)}


@pytest.mark.django_db
def test_a_sheet_is_cast_on_a_phone(client: Client) -> None:
    cycle, _office, [code, _other] = opened()
    url = reverse(SHEET)
    assert "一次性测评码" in client.get(url).text
    assert client.post(url, {"code": "AAAAA-AAAAA"}).status_code == 422
    assert "推动重点任务落实情况及成效" in client.post(url, {"code": code}).text
    sent = sheet_of(cycle) | {"code": code, "cast": "1"}
    missing = dict(sent)
    del missing[next(key for key in sent if key.endswith("-5"))]
    page = client.post(url, missing)
    assert page.status_code == 422
    assert "测评表尚未提交" in page.text
    assert page.text.count("checked") == 11
    assert "测评表已提交" in client.post(url, sent).text
    again = client.post(url, sent)
    assert (again.status_code, "已使用" in again.text) == (422, True)
    assert BallotSheet.objects.count() == 1


@pytest.mark.django_db
def test_without_an_open_ballot_there_is_no_sheet(client: Client) -> None:
    assert "当前没有进行中的测评" in client.get(reverse(SHEET)).text


def everything_kept() -> str:
    """All rows of all tables, as text."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        kept = []
        for table in tables:
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT t::text FROM {name} t")
            kept += [row for (row,) in cursor.fetchall()]
    return "\n".join(kept)


@pytest.mark.django_db
def test_nothing_ties_a_sheet_to_its_code_or_to_an_address(client, caplog) -> None:
    cycle, _office, [code, _other] = opened()
    before = everything_kept()
    assert digest(code) in before
    caplog.set_level(logging.DEBUG)
    sent = sheet_of(cycle) | {"code": code, "cast": "1"}
    with caplog.filtering(NoStatements()):
        client.post(reverse(SHEET), sent, REMOTE_ADDR="203.0.113.77")
    assert BallotSheet.objects.count() == 1
    kept, said = everything_kept(), caplog.text
    for trace in (code, code.replace("-", ""), digest(code), "203.0.113.77"):
        assert trace not in kept
        assert trace not in said
    assert len(kept.splitlines()) == len(before.splitlines()) - 1 + 1 + 2  # code; sheet, ratings
    assert "sessionid" not in client.cookies


class NoStatements(logging.Filter):
    """SQL is logged while debugging alone."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not record.name.startswith("django.db")


def test_sheets_have_no_time_no_person_and_no_history() -> None:
    plain = {"UUIDField", "ForeignKey", "ArrayField", "CharField"}
    for model in (BallotCode, BallotSheet, BallotRating):
        assert {type(field).__name__ for field in model._meta.fields} <= plain
        related = {f.related_model.__name__ for f in model._meta.fields if f.is_relation}
        assert related <= {"Ballot", "BallotSheet", "Participant"}
        assert not hasattr(model, "pgh_event_model")
    names = {model.__name__ for model in apps.get_app_config("assessments").get_models()}
    assert {"BallotEvent"} <= names


@pytest.mark.django_db
def test_the_office_prints_codes_once_and_sees_how_many_came_in(client: Client) -> None:
    cycle, office = ready()
    client.force_login(office)
    page = reverse("assessments:ballot-detail", args=[cycle.pk])
    assert "未开始" in client.get(page).text
    printed = client.post(reverse("assessments:ballot-codes", args=[cycle.pk]), {"number": "3"})
    codes = printed.context["codes"]
    assert all(code in printed.text for code in codes)
    assert "no-store" in printed["Cache-Control"]
    client.post(reverse("assessments:ballot-step", args=[cycle.pk, "open"]))
    cast(code=codes[0], ratings=all_rated(cycle))
    part = client.get(page, headers={"HX-Request": "true"}).text
    assert (">1<" in part, "<html" in part) == (True, False)
    client.post(reverse("assessments:ballot-step", args=[cycle.pk, "close"]))
    assert "测评已结束" in client.get(page).text


@pytest.mark.django_db
def test_one_ballot_is_open_at_a_time() -> None:
    opened()
    cycle = ready_cycle(1, 2026)
    Cycle.objects.filter(pk=cycle.pk).update(stage="open")
    office = StaffFactory(grant__role=Role.REVIEWER)
    make_codes(cycle=cycle, number=1, by=office)
    with pytest.raises(ValidationError):
        open_ballot(cycle=cycle, by=office)


@pytest.mark.django_db
def test_who_is_logged_in_votes_without_a_session(client: Client) -> None:
    cycle, office, [code, _other] = opened()
    client.force_login(office)
    session = client.cookies["sessionid"].value
    before = dict(Session.objects.get().get_decoded())
    with CaptureQueriesContext(connection) as found:
        client.post(reverse(SHEET), sheet_of(cycle) | {"code": code, "cast": "1"})
    assert BallotSheet.objects.count() == 1
    assert not [query for query in found if "django_session" in query["sql"]]
    assert client.cookies["sessionid"].value == session
    assert dict(Session.objects.get().get_decoded()) == before
    assert client.get(reverse("desk")).status_code == 200
