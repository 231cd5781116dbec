import io

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from accounts.roles import Role
from heze_assoc.management.commands.load_demo import PASSWORD
from organizations.models import Association, Grant, Report
from registers.models import ImportBatch

pytestmark = pytest.mark.django_db


def load_demo(*options: str) -> str:
    out = io.StringIO()
    call_command("load_demo", *options, stdout=out)
    return out.getvalue()


def test_a_public_site_gets_no_published_passwords(settings):
    settings.HTTPS = True
    with pytest.raises(CommandError, match="HTTPS"):
        load_demo()
    assert not User.objects.exists()


def test_demo_has_a_log_in_per_role_and_repeating_it_changes_nothing(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    printed = load_demo()
    made = counts()
    assert set(Grant.objects.values_list("role", flat=True)) == set(Role)
    for user in User.objects.all():
        assert user.check_password(PASSWORD)
        assert user.username in printed
    load_demo()
    assert counts() == made


def counts() -> list[int]:
    return [model.objects.count() for model in (User, Grant, ImportBatch, Association, Report)]
