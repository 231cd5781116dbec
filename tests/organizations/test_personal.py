import datetime
import re

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
    "dotted mobile": "138.1234.5678",
    "bracketed mobile": "(138)1234-5678",
    "wide mobile": "１３８１２３４５６７８",
    "digit by digit": "1 3 8 1 2 3 4 5 6 7 8",
    "split by what nobody sees": "138\u200b1234\u200b5678",
    "bracketed land line": "（0530）555-1234",
    "dotted land line": "0530．5551234",
    "spaced identity card": "372901 19800101 123X",
    "wide identity card": "３７２９０１１９８００１０１１２３４",
    "messenger as the phone": "微信同号",
    "messenger with a space": "微信号 zhangsan66",
    "QQ": "QQ：12345678",
    "slashed mobile": "138/1234/5678",
    "split by variation selectors": "1\ufe0f3\ufe0f812345678",
    "split by a filler": "138\u31641234\u31645678",
    "wide e-mail": "zhang．san＠example．cn",
}
PLAIN = ("2026年11月24日", "菏泽市人民路1号", "鲁政办发〔2025〕12号", "共 1,234 家会员", "37.5%")
PLAIN += (
    "2025.08.12-2025.11.30",
    "1990.1.1-2000.1.1",
    "2019-12-31 至 2020-01-01",
    "13,456,789,012 元",
    "会员 15 家、从业 2000 人",
    "微信公众号：heze_xiehui",
    "微信同步更新",
)
GAPS = st.text("　 ．.·-—－()（）【】", max_size=2)


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


@given(st.integers(130_0000_0000, 199_9999_9999), st.lists(GAPS, min_size=10, max_size=10))
def test_a_mobile_number_is_found_whatever_stands_in_it(number, gaps):
    digits = str(number)
    if digits[1] in "012":
        digits = "13" + digits[2:]
    said = "".join(digit + gap for digit, gap in zip(digits, [*gaps, ""], strict=True))
    dated = re.match(r"19\d\d[.．/-]", said)
    wide = said.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    for text in (said, wide):
        assert dated or personal_parts(f"电话{text}。") != []


@given(st.dates(datetime.date(1930, 1, 1), datetime.date(2020, 12, 31)), GAPS, GAPS)
def test_an_identity_number_is_found_whatever_stands_in_it(born, gap, other):
    text = f"身份证372901{gap}{born:%Y%m%d}{other}123X号"
    assert "1" not in blotted(text)
    assert "3" not in blotted(text)


@given(st.integers(0, 10**8 - 1), st.sampled_from(["371700", "371702", "371721", "371728"]))
def test_a_credit_code_is_never_taken_for_personal_data(number, division):
    text = f"统一社会信用代码{credit_code(number, division)}"
    assert blotted(text) == text


def test_people_who_must_not_be_named_are_found():
    assert personal_parts("会长李九已经答复", ["李九", "", "王"]) == ["李九"]
    assert blotted("联系人李 九、李九", ["李九"]) == f"联系人李 九、{BLOT}"


@given(st.text())
def test_nothing_personal_is_left_after_blotting(text):
    assert personal_parts(blotted(text)) == []
