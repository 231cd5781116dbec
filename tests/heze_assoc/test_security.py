import json
import os
import subprocess
import sys
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.templatetags.static import static
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from tests.factories.accounts import StaffFactory

PRODUCTION = {
    "DEBUG": "false",
    "HTTPS": "true",
    "SECRET_KEY": "k5!tq9@w2#z8%x1^m7&b4*v6(n3)c0_r+y-j=hLpQdFgSaUiOeTX",
    "ALLOWED_HOSTS": "dangjian.example.cn",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A Python process with the settings of a production site."""
    inherited = {k: v for k, v in os.environ.items() if k != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env=inherited | PRODUCTION | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_deployment_check_finds_nothing():
    outcome = run("manage.py", "check", "--deploy", "--fail-level", "INFO")
    assert outcome.returncode == 0, outcome.stderr


def test_cookies_and_transport_are_secure_in_production():
    names = [
        "SESSION_COOKIE_SECURE",
        "SESSION_COOKIE_HTTPONLY",
        "CSRF_COOKIE_SECURE",
        "CSRF_COOKIE_HTTPONLY",
        "LANGUAGE_COOKIE_SECURE",
        "LANGUAGE_COOKIE_HTTPONLY",
        "SECURE_SSL_REDIRECT",
        "SECURE_HSTS_SECONDS",
    ]
    same_site = ["SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_SAMESITE", "LANGUAGE_COOKIE_SAMESITE"]
    code = (
        "import json; from django.conf import settings;"
        f"print(json.dumps([getattr(settings, n) for n in {names + same_site}]))"
    )
    outcome = run(
        "-c", f"import os; os.environ['DJANGO_SETTINGS_MODULE']='heze_assoc.settings';{code}"
    )
    values = dict(zip(names + same_site, json.loads(outcome.stdout), strict=True))
    assert all(values[name] for name in names), values
    assert {values[name] for name in same_site} == {"Lax"}


def policy(response) -> dict[str, list[str]]:
    directives = response["Content-Security-Policy"].split("; ")
    return {name: values for name, *values in (directive.split(" ") for directive in directives)}


def page(client, path):
    return client.get(path)


def missing(client, path):
    return client.get("/nowhere/")


def forbidden(client, path):
    client.force_login(StaffFactory(grant__role=Role.LEADER))
    return client.get(reverse("admin:index"))


def administration(client, path):
    client.force_login(StaffFactory(grant__role=Role.ADMINISTRATOR))
    return client.get(reverse("admin:organizations_association_changelist"))


def stale(client, path):
    return Client(enforce_csrf_checks=True).post(reverse("accounts:login"))


def stylesheet(client, path):
    response = client.get(static("admin.css"))
    response.getvalue()  # read to its end, which closes the file
    return response


def broken(client, path):
    client.raise_request_exception = False
    return client.get(path)


ANSWERS = {
    page: 200, missing: 404, forbidden: 403, administration: 200, stale: 403, stylesheet: 200,
    broken: 500,
}  # fmt: skip


@pytest.fixture(params=list(ANSWERS), ids=lambda kind: kind.__name__)
def answer(request, client, db, monkeypatch):
    kind = request.param
    if kind is broken:
        monkeypatch.setattr("accounts.views.LogIn.get_form_class", lambda view: 1 / 0)
    response = kind(client, reverse("accounts:login"))
    assert response.status_code == ANSWERS[kind]
    return response


def test_every_answer_carries_a_policy_that_allows_only_our_own_files(answer):
    found = policy(answer)
    assert found["default-src"] == ["'self'"]
    assert found["frame-ancestors"] == ["'none'"]
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_every_answer_carries_the_other_headers(answer):
    assert {name: answer[name] for name in HEADERS} == HEADERS
    assert "geolocation=()" in answer["Permissions-Policy"]


def test_what_a_logged_in_person_reads_stays_in_no_cache(client, db):
    client.force_login(StaffFactory(grant__role=Role.LEADER))
    workbook = f"{reverse('organizations:instructor-list')}?format=xlsx"
    for path in (reverse("home"), workbook, "/nowhere/"):
        response = client.get(path)
        response.getvalue()  # read to its end, which closes the file
        assert response["Cache-Control"] == "private, no-store"
    assert "no-store" not in stylesheet(client, "/")["Cache-Control"]


@pytest.mark.parametrize("form", [{"password": "x\0y"}, {"us\0er": "x"}], ids=["value", "name"])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_nul_in_a_form_is_a_bad_request(client, db, form, kind):
    data = urlencode(form) if kind.endswith("urlencoded") else form
    more = {"content_type": kind} if kind.endswith("urlencoded") else {}
    assert client.post(reverse("accounts:login"), data, **more).status_code == 400


def test_a_nul_in_a_file_is_none_of_the_form_s(client, db, private_files):
    client.force_login(StaffFactory(grant__role=Role.REVIEWER))
    upload = SimpleUploadedFile("a.csv", b"a\0b")
    answer = client.post(reverse("registers:upload", args=["associations"]), {"file": upload})
    assert answer.status_code != 400


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(("charset", "expected"), [("gbk", 400), ("utf-16", 400), ("UTF-8", 200)])
def test_another_character_set_is_a_bad_request(client, db, method, charset, expected):
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    answer = getattr(client, method)("/accounts/login/?q=x", headers={"content-type": kind})
    assert answer.status_code == expected


def test_a_nul_in_an_address_is_a_bad_request(client, db):
    client.force_login(StaffFactory(grant__role=Role.ADMINISTRATOR))
    words = reverse("registers:word-list")
    people = reverse("admin:accounts_user_changelist")
    for path in (f"{words}?q=%00", f"{people}?grants__role=%00", f"{words}%00", "/%00"):
        assert client.get(path).status_code == 400
    assert client.get(f"{words}?q=%2500").status_code == 200


def test_pages_refuse_to_be_framed(client, db):
    assert client.get(reverse("accounts:login"))["X-Frame-Options"] == "DENY"


def test_a_stale_page_is_explained_in_our_own_words(client, db):
    response = Client(enforce_csrf_checks=True).post(reverse("accounts:login"))
    assert "skip-link" in response.text


def test_error_pages_have_no_inline_style_or_script(answer):
    if "text/html" in answer["Content-Type"]:
        assert " style=" not in answer.text
        assert "<style" not in answer.text
        assert "<script>" not in answer.text
