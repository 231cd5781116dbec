"""What holds of every page of the site."""

import re
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client

from accounts.roles import Role
from tests.factories.accounts import StaffFactory

TEMPLATES = Path(settings.BASE_DIR) / "templates"
FORM = re.compile(r"<form\b(?:\{%.*?%\}|\{\{.*?\}\}|[^>{])*>.*?</form>", re.DOTALL)
CONTROL = re.compile(r'field\.html|form\.html|<textarea|<select|<input (?!type="hidden")')


def test_what_is_wrong_in_a_form_is_said_by_us_and_not_by_the_browser() -> None:
    asking = {
        str(path.relative_to(TEMPLATES)): tag
        for path in TEMPLATES.rglob("*.html")
        if "admin" not in path.parts
        for found in FORM.findall(path.read_text())
        if 'method="post"' in (tag := found.partition("\n")[0]) and CONTROL.search(found)
    }
    assert len(asking) > 10
    assert [name for name, tag in asking.items() if "novalidate" not in tag] == []


@pytest.mark.parametrize("logged_in", [True, False])
def test_who_is_logged_in_keeps_the_workbench_around_a_missing_page(
    client: Client, db: None, logged_in: bool
) -> None:
    if logged_in:
        client.force_login(StaffFactory(grant__role=Role.LEADER))
    page = client.get("/nowhere/")
    assert page.status_code == 404
    assert ("site-nav-desk" in page.text) == logged_in


class OneForm(forms.Form):
    note = forms.CharField(required=False)


class TwoForm(OneForm):
    place = forms.CharField(required=False)


@pytest.mark.parametrize(("form", "said"), [(OneForm, False), (TwoForm, True)])
def test_the_sole_field_of_a_form_is_not_called_optional(form, said: bool) -> None:
    page = render_to_string("_components/form.html", {"form": form()})
    assert ("选填" in page) == said
