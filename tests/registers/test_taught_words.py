"""The page of explained words: whose they are, who corrects them, what that changes."""

import io
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from accounts.roles import Role
from registers.models import LearnedAlias
from registers.word_forms import WordsForm
from tests.factories.accounts import StaffFactory
from tests.factories.organizations import CityFactory, CountyFactory, DepartmentFactory
from tests.factories.registers import LearnedAliasFactory
from tests.registers.import_steps import checked, page, uploaded
from tests.registers.workbook_builder import NAME, roster

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]
DEPARTMENT = "行业管理部门"
LIST = "registers:word-list"


@pytest.fixture
def city() -> Any:
    return CityFactory()


@pytest.fixture
def clerk(client: Client, city: Any, settings: Settings) -> User:
    """Somebody who imports for one county, logged in."""
    user = StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=CountyFactory(parent=city))
    client.force_login(user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return user


@pytest.fixture
def word() -> LearnedAlias:
    """Explained by somebody else."""
    return LearnedAliasFactory(text="老局", value=DepartmentFactory(short_name="新局").pk)


def address(name: str, word: LearnedAlias) -> str:
    return reverse(f"registers:word-{name}", args=[word.pk])


def listed(client: Client, **filters: str) -> list[str]:
    words = client.get(reverse(LIST), filters).context["words"]
    return [word["text"] for word in words]


def shown(client: Client) -> dict[str, Any]:
    (found,) = client.get(reverse(LIST)).context["words"]
    return dict(found)


def test_a_word_is_listed_with_its_meaning_columns_and_teacher(client, clerk, word) -> None:
    said = shown(client)
    assert (said["text"], said["meaning"], said["taught_by"]) == ("老局", "新局", word.taught_by)
    assert "Industry department" in said["space"]
    assert "Registration authority" in said["space"]


def test_a_word_for_nothing_says_so(client, clerk) -> None:
    LearnedAliasFactory(value=None)
    assert shown(client)["meaning"] == "nothing: the cell counts as blank"


def test_the_meaning_of_a_choice_is_said_in_the_readers_language(client, clerk, settings) -> None:
    LearnedAliasFactory(vocabulary="associations.level", value="city")
    assert shown(client)["meaning"] == "City level"
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    assert shown(client)["meaning"] == "市级"


def test_words_are_found_by_writing_meaning_and_teacher(client, clerk, word) -> None:
    LearnedAliasFactory(text="别的", value=None)
    assert listed(client, q="老") == ["老局"]
    assert listed(client, q="新局") == ["老局"]
    assert listed(client, q=word.taught_by.full_name) == ["老局"]
    assert listed(client, q="没有") == []


def test_words_are_found_by_where_they_hold(client, clerk, word) -> None:
    LearnedAliasFactory(vocabulary="associations.level", text="地方级", value="city")
    assert listed(client, space="associations.level") == ["地方级"]


def test_words_come_in_pages(client, clerk) -> None:
    LearnedAliasFactory.create_batch(51)
    assert len(listed(client)) == 50
    assert len(listed(client, page="2")) == 1


def test_who_explained_a_word_corrects_it(client, clerk, word) -> None:
    LearnedAlias.objects.update(taught_by=clerk)
    other = DepartmentFactory()
    client.post(address("detail", word), {"meaning": str(other.pk)})
    word.refresh_from_db()
    assert word.value == other.pk


def test_who_imports_citywide_corrects_every_word_and_answers_for_it(client, clerk, word) -> None:
    reviewer = StaffFactory(grant__role=Role.REVIEWER)
    client.force_login(reviewer)
    client.post(address("detail", word), {"meaning": "blank"})
    word.refresh_from_db()
    assert (word.value, word.taught_by) == (None, reviewer)


def test_others_words_are_read_only_within_a_scope(client, clerk, word) -> None:
    assert not shown(client)["changeable"]
    assert client.get(address("detail", word)).status_code == 403
    assert client.post(address("detail", word), {"meaning": "blank"}).status_code == 403
    assert client.post(address("forget", word)).status_code == 403
    word.refresh_from_db()
    assert word.value is not None


def test_a_word_that_nobody_explained_does_not_exist(client, clerk, word) -> None:
    assert client.get(reverse("registers:word-detail", args=[word.pk + 1])).status_code == 404


def test_a_meaning_must_be_one_of_the_possible_ones(client, clerk, word) -> None:
    LearnedAlias.objects.update(taught_by=clerk)
    response = client.post(address("detail", word), {"meaning": "999999"})
    assert response.context["form"].errors


def test_a_forgotten_word_is_asked_again(client, clerk, word) -> None:
    LearnedAlias.objects.update(taught_by=clerk)
    client.post(address("forget", word))
    batch = checked(client, roster({NAME: "菏泽市新协会", DEPARTMENT: "老局"}))
    assert [entry["text"] for entry in batch.unknown] == ["老局"]


def told(client: Client, word: LearnedAlias) -> list[tuple[str, str, str, str]]:
    """The history on the word's page: who, what was done, and the meaning before and after."""
    return [
        (entry.who, row.action, field.before, field.after)
        for entry in client.get(address("detail", word)).context["history"]
        for row in entry.rows
        for field in row.fields
    ]


@pytest.mark.django_db(transaction=True)
def test_the_page_of_a_word_tells_what_it_meant_and_who_said_so(client, word) -> None:
    reviewer = StaffFactory(grant__role=Role.REVIEWER)
    client.force_login(reviewer)
    other = DepartmentFactory(short_name="另一局")
    client.post(address("detail", word), {"meaning": str(other.pk)})
    assert told(client, word) == [
        (reviewer.full_name, "update", "新局", "另一局"),
        ("", "insert", "", "新局"),
    ]


@pytest.mark.django_db(transaction=True)
def test_a_word_explained_anew_still_tells_what_it_meant_before(client, settings, word) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    reviewer = StaffFactory(grant__role=Role.REVIEWER)
    client.force_login(reviewer)
    client.post(address("forget", word))
    anew = LearnedAliasFactory(text="老局", value=None)
    nothing = "nothing: the cell counts as blank"
    assert told(client, anew) == [
        ("", "insert", "", nothing),
        (reviewer.full_name, "delete", "新局", ""),
        ("", "insert", "", "新局"),
    ]


def test_a_word_for_something_that_is_gone_is_asked_again(client, clerk) -> None:
    LearnedAliasFactory(text="老局", value=999_999)
    batch = checked(client, roster({NAME: "菏泽市新协会", DEPARTMENT: "老局"}))
    assert [entry["text"] for entry in batch.unknown] == ["老局"]


def test_long_words_are_asked_for_each_by_itself(client, clerk) -> None:
    words = ["直" * 70 + end for end in "甲乙"]
    rows = [{NAME: f"菏泽市{word[-1]}协会", "登记类型": word} for word in words]
    batch = checked(client, roster(*rows))
    assert [entry["text"] for entry in batch.unknown] == words
    client.post(page("values", batch), {"word-0": "direct"})
    batch.refresh_from_db()
    assert [entry["text"] for entry in batch.unknown] == words[1:]


def test_an_answer_does_not_overturn_what_somebody_explained_meanwhile(client, clerk) -> None:
    meant, other = DepartmentFactory(), DepartmentFactory()
    batch = checked(client, roster({NAME: "菏泽市新协会", DEPARTMENT: "老局"}))
    word = LearnedAliasFactory(text="老局", value=meant.pk)
    response = client.post(page("values", batch), {"word-0": str(other.pk)}, follow=True)
    word.refresh_from_db()
    assert word.value == meant.pk
    assert "Somebody else has explained meanwhile" in response.content.decode()
    batch.refresh_from_db()
    assert not batch.unknown


def test_of_two_who_explain_a_word_at_once_the_second_is_told(client, clerk, monkeypatch) -> None:
    meant, other = DepartmentFactory(), DepartmentFactory()
    batch = checked(client, roster({NAME: "菏泽市新协会", DEPARTMENT: "老局"}))

    def explained_meanwhile(form: WordsForm) -> list[str]:
        LearnedAliasFactory(text="老局", value=meant.pk)
        return []

    monkeypatch.setattr(WordsForm, "overtaken", explained_meanwhile)
    response = client.post(page("values", batch), {"word-0": str(other.pk)}, follow=True)
    assert LearnedAlias.objects.get().value == meant.pk
    content = response.content.decode()
    assert ["Somebody else has explained" in content, "learned" in content] == [True, False]


def test_the_preview_names_the_explained_words_that_it_used(client, clerk, city, word) -> None:
    LearnedAliasFactory(text="空局", value=None)
    rows = [{NAME: f"菏泽市{n}协会", DEPARTMENT: n} for n in ("老局", "空局")]
    batch = checked(client, roster(*rows))
    seen = client.get(page("batch-detail", batch)).context["recalled"]
    assert seen == [("老局", "新局"), ("空局", None)]


def test_the_list_takes_as_many_queries_for_four_words_as_for_two(client, clerk) -> None:
    client.get(reverse(LIST))  # saves the session, which happens once a minute
    counts = []
    for _ in range(2):
        LearnedAliasFactory.create_batch(2)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(LIST))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_imports_lead_to_the_words(client, clerk) -> None:
    response = client.get(reverse("registers:batch-list"))
    assert f'href="{reverse(LIST)}"' in response.content.decode()


def test_the_admin_shows_meanings_by_name(client, word) -> None:
    client.force_login(StaffFactory(grant__role=Role.ADMINISTRATOR, is_superuser=False))
    content = client.get(reverse("admin:registers_learnedalias_changelist")).content.decode()
    assert "新局" in content
    assert f">{word.value}<" not in content


def test_similar_names_are_said_in_the_readers_language(client, clerk, settings) -> None:
    batch = uploaded(client, roster({NAME: "菏泽市新协会", "登记类型": "脱钩的类"}))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    client.post(page("check", batch))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    ((_entry, _label, similar, _field),) = client.get(page("values", batch)).context["form"].words
    assert "Decoupled" in similar


def test_the_words_as_a_file(client: Client, clerk: User, word: LearnedAlias) -> None:
    LearnedAliasFactory(text="=1+1", value=word.value)
    answer = client.get(reverse(LIST), {"format": "xlsx", "q": "=1"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).worksheets[0]
    cells = [value for row in sheet.iter_rows(values_only=True) for value in row]
    assert "=1+1" in cells
    assert "老局" not in cells
