import pytest
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import override

from registers import register as registry
from tests.factories.accounts import StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client):
    def answer(register):
        client.force_login(StaffFactory())
        return client.get(reverse("registers:dictionary", args=[register])).content.decode()

    return answer


@pytest.mark.parametrize("register", ["associations", "instructors"])
def test_every_column_is_listed_with_what_it_accepts(page, register):
    text = page(register)
    for column in registry.get(register).columns:
        assert f"<code>{column.key}</code>" in text
        assert escape(str(column.accepts)) in text


def test_other_headings_are_those_that_the_import_understands(page):
    text = page("associations")
    for column in registry.get("associations").columns:
        assert all(escape(alias) in text for alias in column.aliases)


def test_a_choice_names_its_answers():
    level = registry.get("associations").column("level")
    assert level.accepts == "可选：市级、县级、镇街"
    with override("en"):
        assert level.accepts == "One of: City level, County level, Township or street level"


def test_a_register_that_does_not_exist_is_not_found(client):
    client.force_login(StaffFactory())
    assert client.get(reverse("registers:dictionary", args=["nothing"])).status_code == 404
