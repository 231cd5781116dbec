"""An undone import deletes what it made only while nobody has worked on it since."""

import pytest
from django.db import models

from registers.register import all_registers


def belongings(model: type[models.Model]) -> set[type[models.Model]]:
    """The tables whose rows would go with a row of `model`."""
    return {
        relation.related_model
        for relation in model._meta.related_objects
        if relation.on_delete is models.CASCADE
    }


@pytest.mark.parametrize("register", all_registers(), ids=lambda register: register.key)
def test_an_undo_knows_every_table_whose_rows_would_go_with_its_own(register):
    known = {part.model for part in register.parts}
    assert belongings(register.model) - known == set()
