import io

import openpyxl
import pytest
from django.contrib import admin
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext

from accounts.roles import Role
from organizations.models import (
    Association,
    Department,
    Instructor,
    PartyOrganization,
    WeakListing,
)
from registers.models import ImportBatch, ImportRow
from registers.register import imported_registers
from tests.factories.accounts import GrantFactory, StaffFactory
from tests.factories.organizations import (
    AssignmentFactory,
    AssociationFactory,
    CityFactory,
    CountyFactory,
    CoverageFactory,
    DepartmentFactory,
    WeakListingFactory,
)
from tests.factories.registers import LearnedAliasFactory

pytestmark = pytest.mark.django_db
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


@pytest.fixture
def administrator(client):
    user = StaffFactory(grant__role=Role.ADMINISTRATOR)
    client.force_login(user)
    return user


@pytest.fixture
def one_of_everything(administrator):
    """At least one row of every model in the admin."""
    add_one_of_everything()


def add_one_of_everything():
    association = AssociationFactory(division=CountyFactory())
    CoverageFactory(association=association)
    AssignmentFactory(association=association)
    person = StaffFactory(grant__division=association.division)
    ImportBatch.objects.create(
        register_key="associations", file_name="名册.xlsx", created_by=person
    )
    WeakListingFactory()
    LearnedAliasFactory(vocabulary="associations.level", value="city", taught_by=person)


def url(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
@pytest.mark.parametrize("page", ["change", "history"])
def test_every_record_opens(client, one_of_everything, model, page):
    row = model._default_manager.first()
    assert client.get(url(model, page, row.pk)).status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_list_opens(client, one_of_everything, model):
    assert client.get(url(model, "changelist")).status_code == 200


def listing(client, model):
    """The statements that the admin's list takes, and its rows."""
    with CaptureQueriesContext(connection) as captured:
        page = client.get(url(model, "changelist"))
    return len(captured), page.context["cl"].result_list


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_queries_of_a_list_do_not_grow_with_rows(client, one_of_everything, model):
    listing(client, model)  # saves the session, which happens once a minute
    before, few = listing(client, model)
    add_one_of_everything()
    add_one_of_everything()
    after, more = listing(client, model)
    assert len(more) >= len(few) + 2
    assert after == before


def test_the_list_of_imports_leaves_out_what_grows_with_the_file(client, one_of_everything):
    _count, (batch,) = listing(client, ImportBatch)
    assert {"plan", "unknown", "recalled", "kept"} <= batch.get_deferred_fields()


def test_history_shows_what_was_written_outside_the_admin(client, administrator):
    association = AssociationFactory(name="菏泽市旧名协会")
    Association.objects.update(name="菏泽市新名协会")
    text = client.get(url(Association, "history", association.pk)).text
    assert "菏泽市旧名协会" in text


def test_history_of_an_association_tells_of_the_rows_that_belong_to_it(client, administrator):
    coverage = CoverageFactory(party_organization__name="中共菏泽市某协会支部委员会")
    text = client.get(url(Association, "history", coverage.association.pk)).text
    assert "中共菏泽市某协会支部委员会" in text


def test_history_of_an_instructor_tells_of_assignments(client, administrator):
    assignment = AssignmentFactory(association__name="菏泽市某协会")
    text = client.get(url(Instructor, "history", assignment.instructor.pk)).text
    assert "菏泽市某协会" in text


def test_history_says_lists_in_words(client, administrator):
    department = DepartmentFactory(aliases=["甲局", "乙局"])
    text = client.get(url(Department, "history", department.pk)).text
    assert "甲局、乙局" in text


def test_an_import_says_its_counts_in_words(client, administrator, one_of_everything):
    ImportBatch.objects.update(counts={"new": 3, "changed": 0, "unchanged": 0, "wrong": 1})
    text = client.get(url(ImportBatch, "change", ImportBatch.objects.get().pk)).text
    assert f"{ImportRow.Action.NEW.label} 3" in text


def test_imports_are_filtered_by_the_names_of_registers(client, administrator, one_of_everything):
    instructors = ImportBatch.objects.create(register_key="instructors", file_name="花名册.xlsx")
    page = client.get(url(ImportBatch, "changelist"), {"register_key": "instructors"})
    assert list(page.context["cl"].result_list) == [instructors]
    choices = page.context["cl"].filter_specs[1].lookup_choices
    assert choices == [(register.key, register.label) for register in imported_registers()]


def test_departments_are_filtered_by_what_the_filter_says(client, administrator):
    DepartmentFactory(division=CityFactory())
    own = DepartmentFactory(division=CountyFactory())
    page = client.get(url(Department, "changelist"), {"division__kind__exact": own.division.kind})
    assert list(page.context["cl"].result_list) == [own]
    assert page.context["cl"].filter_specs[1].title == gettext("kind of division")


def test_a_persons_history_shows_their_grants(client, administrator):
    text = client.get(url(type(administrator), "history", administrator.pk)).text
    assert str(Role.ADMINISTRATOR.label) in text


def test_imports_are_only_read(client, one_of_everything):
    batch = ImportBatch.objects.get()
    assert client.post(url(ImportBatch, "delete", batch.pk), {"post": "yes"}).status_code == 403
    assert client.post(url(ImportBatch, "change", batch.pk), {}).status_code == 403


def test_an_administrator_gives_a_new_password(client, administrator):
    person = StaffFactory()
    page = reverse("admin:auth_user_password_change", args=[person.pk])
    assert 'name="usable_password"' not in client.get(page).text
    new = {"password1": "heze-fresh-4711", "password2": "heze-fresh-4711", "set-password": "1"}
    client.post(page, new)
    person.refresh_from_db()
    assert person.check_password("heze-fresh-4711")


def test_people_are_never_deleted(client, administrator):
    response = client.post(url(type(administrator), "delete", administrator.pk), {"post": "yes"})
    assert response.status_code == 403


@pytest.mark.parametrize("page", ["import", "process_import"])
def test_import_leads_into_the_engine(client, administrator, page):
    response = client.post(url(Association, page))
    assert response.url == reverse("registers:upload", args=["associations"])


def test_export_writes_the_rows_of_the_list_and_no_formula(client, administrator):
    AssociationFactory(name="=1+1", level=Association.Level.COUNTY)
    AssociationFactory(name="菏泽市市级协会")
    response = client.get(url(Association, "export"), {"level": "county"})
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).worksheets[0]
    cells = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row}
    assert cells["=1+1"] == "s"
    assert "菏泽市市级协会" not in cells


def test_an_administrator_is_responsible_for_the_whole_city(administrator):
    with pytest.raises(IntegrityError, match="grant_administrator_citywide"):
        GrantFactory(user=administrator, role=Role.ADMINISTRATOR, division=CountyFactory())


KEPT_ELSEWHERE = (Association, PartyOrganization, Instructor, WeakListing)


@pytest.mark.parametrize("model", KEPT_ELSEWHERE, ids=lambda model: model._meta.label)
def test_what_operations_guard_is_only_looked_at(client, one_of_everything, model):
    row = model._default_manager.first()
    assert client.post(url(model, "change", row.pk), {}).status_code == 403
    assert client.get(url(model, "add")).status_code == 403
    assert model._default_manager.filter(pk=row.pk).exists()


def test_an_association_entered_by_mistake_is_deleted(client, administrator):
    mistaken = AssociationFactory()
    client.post(url(Association, "delete", mistaken.pk), {"post": "yes"})
    assert not Association.objects.exists()
