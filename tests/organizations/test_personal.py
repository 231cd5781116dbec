import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.personal import BLOT, blotted, personal_parts
from tests.factories.organizations import credit_code

PERSONAL = {
    "mobile": "13812345678",
    "spaced mobile": "138 1234 5678",
    "with country": "+8613812345678",
    "land line": "0530-5551234",
    "identity card": "37290119800101123X",
    "e-mail": "zhang.san@example.cn",
    "messenger": "微信号：zhangsan_66",
}
PLAIN = ("2026年11月24日", "菏泽市人民路1号", "鲁政办发〔2025〕12号", "共 1,234 家会员", "37.5%")


@pytest.mark.parametrize("said", PERSONAL.values(), ids=PERSONAL)
def test_personal_data_is_found_and_blotted_out(said):
    text = f"请联系{said}，谢谢"
    assert "".join(personal_parts(text)) in text
    assert personal_parts(text) != []
    assert blotted(text) in (f"请联系{BLOT}，谢谢", f"请联系{BLOT}")


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_not_personal_stays(text):
    assert personal_parts(text) == []
    assert blotted(text) == text


@given(st.integers(0, 10**8 - 1), st.sampled_from(["371700", "371702", "371721", "371728"]))
def test_a_credit_code_is_never_taken_for_personal_data(number, division):
    text = f"统一社会信用代码{credit_code(number, division)}"
    assert blotted(text) == text


def test_people_who_must_not_be_named_are_found():
    assert personal_parts("会长李九已经答复", ["李九", "", "王"]) == ["李九"]


@given(st.text())
def test_nothing_personal_is_left_after_blotting(text):
    assert personal_parts(blotted(text)) == []
