"""Phone numbers as people without need of them see them."""

import pytest

from registers.personal import masked


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13812345678", "138****5678"),
        ("0530-5551234", "****"),
        ("13812345678；0530-5551234", "138****5678；****"),
        ("0530-5551234；13812345678", "****；138****5678"),
        ("13812345678转8001", "****"),
        ("138 1234 5678", "****"),
        ("", ""),
        (None, None),
    ],
)
def test_of_several_numbers_none_is_told(number: str | None, shown: str | None) -> None:
    assert masked(number) == shown
