import pytest

from registers.personal import personal_fields
from registers.register import Register, all_registers, register


@pytest.mark.parametrize("known", all_registers(), ids=lambda known: known.key)
def test_a_personal_column_is_named_as_the_field_that_is_masked_elsewhere(known: Register) -> None:
    personal = {column.key for column in known.columns if column.personal}
    assert personal <= {field.name for field in known.model._meta.concrete_fields}
    assert personal_fields(known.model) == personal


def test_a_register_keeps_its_key_for_itself() -> None:
    known = all_registers()
    with pytest.raises(ValueError, match=known[0].key):
        register(type(known[0]))
    assert all_registers() == known
