"""An undone import deletes what it made only while nobody has worked on it since."""

import pytest

from accounts.roles import Role
from organizations.models import Association
from organizations.operations.establishment import begin
from registers.register import all_registers
from registers.undo import undo
from tests.factories.accounts import StaffFactory
from tests.factories.organizations import DocumentFactory
from tests.registers.workbook_builder import NAME, association, imported_rows


@pytest.mark.parametrize("register", all_registers(), ids=lambda register: register.key)
def test_every_table_that_refers_to_a_register_has_a_history_that_an_undo_can_ask(register):
    asked = {part.model for part in register.parts}
    relations = register.model._meta.related_objects
    referring = {
        each.related_model
        for each in relations
        if not each.many_to_many and each.field.db_constraint
    }
    assert referring - asked == set()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("private_files")
def test_an_association_on_which_somebody_has_worked_outlives_the_import_that_made_it():
    begun, documented, other = ({NAME: f"菏泽市{name}协会"} for name in "甲乙丙")
    batch = imported_rows(begun, documented, other)
    reviewer = StaffFactory(grant__role=Role.REVIEWER)
    begin(association=association(begun[NAME]), by=reviewer)
    DocumentFactory(association=association(documented[NAME]))
    assert undo(batch, by=None), batch.error
    names = set(Association.objects.values_list("name", flat=True))
    assert names == {begun[NAME], documented[NAME]}
