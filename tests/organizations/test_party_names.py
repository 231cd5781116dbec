"""A Party organisation's name and its kind say the same, in every form that keeps them."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from organizations.models import PartyOrganization
from organizations.party_names import ENDINGS, kind_named, other_kind_named
from tests.factories.accounts import StaffFactory
from tests.factories.organizations import DepartmentFactory, PartyOrganizationFactory


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *((f"中共甲协会{ending}", kind) for kind, ending in ENDINGS.items()),
        ("甲协会党支部", "branch"),
        ("甲协会联合党支部", "joint_branch"),
        ("甲协会临时党支部", "provisional_branch"),
        ("甲协会党总支", "general_branch"),
        ("甲协会党总支部", "general_branch"),
        ("甲协会党委", "committee"),
        ("甲协会", ""),
        ("", ""),
    ],
)
def test_a_name_says_its_kind_by_its_ending(name, kind) -> None:
    assert kind_named(name) == kind
    assert other_kind_named(name, kind) == ""
    assert {other_kind_named(name, other) for other in PartyOrganization.Kind if other != kind} == {
        kind
    }


@pytest.mark.django_db
class TestForms:
    @pytest.fixture(autouse=True)
    def reviewer(self, client) -> None:
        client.force_login(StaffFactory(grant__role=Role.REVIEWER))

    def test_particulars_of_another_kind_are_refused(self, client) -> None:
        row = PartyOrganizationFactory(name="中共甲协会支部委员会", kind="branch")
        url = reverse("organizations:partyorganization-edit", args=[row.pk, "particulars"])
        form = client.get(url).context["form"]
        sent = {name: form[name].value() or "" for name in form.fields}
        for wrong in ({"kind": "committee"}, {"name": "中共甲协会总支部委员会"}):
            answer = client.post(url, sent | wrong)
            assert answer.status_code == 422
            assert answer.context["form"].errors.keys() == {"name", "kind"}
        row.refresh_from_db()
        assert (row.name, row.kind) == ("中共甲协会支部委员会", "branch")
        both = {"name": "中共甲协会总支部委员会", "kind": "general_branch"}
        assert client.post(url, sent | both).status_code == 302

    def test_a_department_s_committee_bears_the_name_of_one(self, client) -> None:
        url = reverse("organizations:committee-add", args=[DepartmentFactory().pk])
        sent = {
            "key": str(client.get(url).context["form"]["key"].value()),
            "committee_form": "entity",
            "name": "中共菏泽市测试局支部委员会",
            "established_on": "2025-03-01",
        }
        assert client.post(url, sent).context["form"].errors.keys() == {"name"}
        sent["name"] = "中共菏泽市测试局社会组织委员会"
        assert client.post(url, sent).status_code == 302
