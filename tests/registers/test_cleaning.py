import datetime
import json
import math
from functools import partial
from typing import Any

import pytest
from django.utils.translation import gettext_lazy, override
from hypothesis import example, given, settings
from hypothesis import strategies as st
from stdnum.cn import uscc

from registers import cleaning
from registers.cleaning.credit_codes import ALPHABET, _organisation_check
from registers.problems import Problem
from registers.workbooks.cells import CellProblem

REAL_CODE = "11370100004188768U"
# As they stand in rosters: digits and X as organisation check, every kind of final character.
ROSTER_CODES = [
    "51371700MJ0400003G",
    "51371700MJ0400361H",
    "51371702MJ04100338",
    "51371703MJ041515X3",
    "51371703MJ041523XN",
    "51371721MJ050526XN",
    "51371723MJ05154926",
]
# A weighted sum that is a multiple of 31 makes this last digit 0.
SUM_MULTIPLE_OF_31 = "5137170000000010"
CHOICES = (("joint", "Joint"), ("alone", "Alone"))
KNOWN = {"joint": "joint", "联合组建": "joint", "单独组建": "alone"}


def cleaner_name(cleaner: Any) -> str:
    return getattr(cleaner, "func", cleaner).__name__


CLEANERS = [
    cleaning.text,
    cleaning.name,
    cleaning.names,
    cleaning.credit_code,
    cleaning.phone,
    cleaning.date,
    partial(cleaning.count, maximum=1_000_000),
    cleaning.yes_no,
    cleaning.ticked,
    partial(cleaning.choice, known=KNOWN, labels=["联合组建"]),
]

marks = st.sampled_from("是否无√×—/（）()“”\"'；;，,、.．:：_- \u3000\u200b年月日〇三十人0123EX")
words = st.text(max_size=12) | st.text(marks, max_size=12)
dates = st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 12, 31))
cells = st.one_of(
    words,
    st.floats(),
    st.integers(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.none(),
    st.booleans(),
    st.builds(
        CellProblem,
        st.sampled_from(["error_value", "formula_without_value", "control_characters"]),
        words,
    ),
)


def problem(cleaner, cell, **options):
    with pytest.raises(Problem) as raised:
        cleaner(cell, **options)
    return raised.value


@st.composite
def credit_codes(draw):
    """Codes with both check digits right."""
    registrar = draw(st.text("159", min_size=2, max_size=2))
    division = draw(st.text("0123456789", min_size=6, max_size=6))
    organisation = draw(st.text(ALPHABET, min_size=8, max_size=8))
    first17 = registrar + division + organisation + _organisation_check(organisation)
    return first17 + cleaning.check_digit(first17)


# Any cell at all


@pytest.mark.parametrize("cleaner", CLEANERS, ids=cleaner_name)
@settings(max_examples=150, deadline=None)
@given(cell=cells)
def test_any_cell_gives_a_json_value_or_a_problem_that_can_be_said(cleaner, cell):
    try:
        json.dumps(cleaner(cell), allow_nan=False)
    except Problem as wrong:
        json.dumps(wrong.params, allow_nan=False)
        assert str(wrong)


@pytest.mark.parametrize("cleaner", CLEANERS, ids=cleaner_name)
@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_nan_and_infinity_are_problems(cleaner, number):
    problem(cleaner, number)


@pytest.mark.parametrize("cleaner", CLEANERS, ids=cleaner_name)
def test_a_cell_without_usable_value_keeps_its_code_and_shows_its_text(cleaner):
    wrong = problem(cleaner, CellProblem("error_value", "#REF!"))
    assert (wrong.code, wrong.params) == ("error_value", {"value": "#REF!"})


@pytest.mark.parametrize("cleaner", CLEANERS, ids=cleaner_name)
@pytest.mark.parametrize("cell", [None, "", " ", "\u3000", "—", "——", "/", "／", "、", "N/A"])
def test_a_blank_cell_has_no_value(cleaner, cell):
    assert not cleaner(cell)


def test_a_problem_quotes_a_very_long_cell_only_in_part():
    assert len(problem(cleaning.date, "很" * 30_000).params["value"]) == 60


# Blank and ditto


@pytest.mark.parametrize(
    "cell", ["无", " 无 ", "没有", "暂无", "空", "-", "--", "－", "\\", "n/a", "NA", "null", "None"]
)
def test_writings_of_nothing_are_blank(cell):
    assert cleaning.blank(cell)


@pytest.mark.parametrize("cell", [0, 0.0, "0", "〇", "否", False, "无锡商会", "-1", "×", "？"])
def test_answers_are_not_blank(cell):
    assert not cleaning.blank(cell)


@pytest.mark.parametrize("cell", ["同上", " 同上 ", "″", "〃", '"', "同前"])
def test_ditto_marks_are_recognised(cell):
    assert cleaning.is_ditto(cell)


@pytest.mark.parametrize("cell", [None, "", 0, "同上街商会", "上", CellProblem("error_value", '"')])
def test_other_cells_are_not_ditto_marks(cell):
    assert not cleaning.is_ditto(cell)


# Text


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("\u3000牡丹区　青年路\n646号 ", "牡丹区 青年路 646号"),
        (12.0, "12"),
        (0, "0"),
        (1.5, "1.5"),
        ("e\u0301", "é"),
        (datetime.datetime(2021, 3, 5), "2021-03-05"),
        (datetime.datetime(2021, 3, 5, 8, 30), "2021-03-05 08:30"),
    ],
)
def test_text_is_one_line_as_the_spreadsheet_shows_it(cell, value):
    assert cleaning.text(cell) == value


def test_text_that_does_not_fit_is_refused_with_both_lengths():
    wrong = problem(cleaning.text, "长" * 11, max_length=10)
    assert (wrong.code, wrong.params) == ("too_long", {"maximum": 10, "length": 11})


@settings(max_examples=200, deadline=None)
@example("\u2028")
@given(words)
def test_text_is_idempotent(cell):
    once = cleaning.text(cell)
    assert cleaning.text(once) == once


# Names


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("菏泽市　大数据 商会；", "菏泽市大数据商会"),
        ("菏泽市商会(总会)", "菏泽市商会（总会）"),
        ("\u200b“菏泽市商会”。", "菏泽市商会"),
        ("“两新”组织协会", "“两新”组织协会"),
        ("曹县\u2066会\u2069协\u202e会\u202c", "曹县会协会"),
        ("曹\U000e0041县\ufeff商\u200f会\U000e007f", "曹县商会"),
        ("Heze  Chamber", "Heze Chamber"),
        ("菏泽 IT 协会", "菏泽IT协会"),
        ("ＡＢＣ协会", "ABC协会"),
        ("艾力 • 买买提", "艾力·买买提"),
        ("无", None),
        ("；无；", None),
        (0.0, None),
    ],
)
def test_a_name_gets_its_canonical_writing(cell, value):
    assert cleaning.name(cell, max_length=120) == value


def test_a_name_that_does_not_fit_is_refused():
    assert problem(cleaning.name, "协" * 121, max_length=120).code == "too_long"


@settings(max_examples=400, deadline=None)
@example("か \u3099")
@example("“”“")
@given(words)
def test_canonical_names_stay_as_they_are(cell):
    once = cleaning.name(cell, max_length=120)
    assert cleaning.name(once, max_length=120) == once


@settings(max_examples=400, deadline=None)
@example("ŉ ʼ")
@example("\u1100 \u1161")
@given(words)
def test_normalised_text_stays_as_it_is(value):
    once = cleaning.normalise(value)
    assert cleaning.normalise(once) == once


@settings(max_examples=200, deadline=None)
@given(words)
def test_a_name_and_its_canonical_writing_are_normalised_alike(cell):
    name = cleaning.name(cell, max_length=120)
    assert name is None or cleaning.normalise(name) == cleaning.normalise(cell)


@pytest.mark.parametrize(
    "heading", ["是否 建立党组织", "是否建立党组织（√/×）：", "是否\n建立党组织"]
)
def test_headings_are_compared_without_spaces_and_punctuation(heading):
    assert cleaning.normalise(heading) == "是否建立党组织"


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("甲协会、乙协会，丙商会", ["甲协会", "乙协会", "丙商会"]),
        ("甲协会\n乙协会", ["甲协会", "乙协会"]),
        ("甲协会 / 乙协会", ["甲协会", "乙协会"]),
        ("甲协会；甲 协会；", ["甲协会"]),
        ("甲协会（东区、西区）、乙协会", ["甲协会（东区、西区）", "乙协会"]),
        ("甲协会(东、西", ["甲协会（东", "西"]),
        ("1.甲协会；2、乙协会", ["甲协会", "乙协会"]),
        ("乙协会、无", ["乙协会"]),
        ("1.甲协会 2.乙协会", ["甲协会", "乙协会"]),
        ("①甲协会②乙协会。", ["甲协会", "乙协会"]),
        ("甲乙协会　丙丁商会", ["甲乙协会", "丙丁商会"]),
        ("王明 李小华", ["王明", "李小华"]),
        ("王 明", ["王明"]),
        ("菏泽市　木业协会", ["菏泽市木业协会"]),
        ("、；", None),
    ],
)
def test_names_are_split_in_order_each_once(cell, value):
    assert cleaning.names(cell) == value


# Credit codes


@pytest.mark.parametrize("code", [REAL_CODE, *ROSTER_CODES])
def test_real_codes_are_valid(code):
    assert cleaning.credit_code(code) == code


@pytest.mark.parametrize(
    "cell",
    [
        "11370100-00418876-8u",
        " 1137 0100 0041 8876 8U\u3000",
        "１１３７０１００００４１８８７６８Ｕ",
        f"'{REAL_CODE}",
    ],
)
def test_a_code_is_freed_of_separators_and_full_width_characters(cell):
    assert cleaning.credit_code(cell) == REAL_CODE


def test_the_check_digit_is_0_where_the_sum_is_a_multiple_of_31():
    first17 = next(
        code
        for code in (f"{SUM_MULTIPLE_OF_31}{last}" for last in ALPHABET)
        if uscc.calc_check_digit(code) == "0"
    )
    assert cleaning.check_digit(first17) == "0"


@settings(max_examples=200, deadline=None)
@given(st.text(ALPHABET, min_size=17, max_size=17))
def test_the_check_digit_is_that_of_an_independent_implementation(first17):
    assert cleaning.check_digit(first17) == uscc.calc_check_digit(first17)


@settings(max_examples=100, deadline=None)
@given(credit_codes())
def test_a_code_with_both_check_digits_right_is_valid(code):
    assert cleaning.credit_code(code) == code


@settings(max_examples=300, deadline=None)
@given(credit_codes(), st.integers(0, 17), st.sampled_from(ALPHABET + "IOSVZ"))
def test_any_single_wrong_character_is_detected(code, place, character):
    wrong = code[:place] + character + code[place + 1 :]
    if wrong != code:
        problem(cleaning.credit_code, wrong)


def test_a_wrong_check_digit_is_named_with_the_right_one():
    wrong = problem(cleaning.credit_code, REAL_CODE[:-1] + "T")
    assert (wrong.code, wrong.params["expected"], wrong.params["position"]) == (
        "code_check",
        "U",
        18,
    )


def test_a_wrong_organisation_code_is_found_where_the_last_digit_is_right():
    first17 = REAL_CODE[:16] + "9"
    wrong = problem(cleaning.credit_code, first17 + cleaning.check_digit(first17))
    assert (wrong.code, wrong.params["expected"]) == ("code_organisation_check", "8")


@pytest.mark.parametrize(
    "cell",
    [5.13717e17, 513717000000000000, "5.13717E+17", "5.13717e17", "513717004004000000", "5E+17"],
)
def test_a_code_that_became_a_number_is_refused(cell):
    assert problem(cleaning.credit_code, cell).code == "code_as_number"


@pytest.mark.parametrize("code", ["513717005000000580", "513717005000333000"])
def test_a_code_of_digits_only_that_is_right_is_no_damaged_number(code):
    assert cleaning.credit_code(code) == code


@pytest.mark.parametrize(("code", "length"), [(REAL_CODE[:-1], 17), (REAL_CODE + "A", 19)])
def test_a_code_of_another_length_is_refused_with_its_length(code, length):
    wrong = problem(cleaning.credit_code, code)
    assert (wrong.code, wrong.params["length"]) == ("code_length", length)


@pytest.mark.parametrize(
    ("place", "character"),
    [(0, "I"), (8, "O"), (17, "S"), (9, "V"), (10, "Z"), (3, "A"), (8, "牡")],
)
def test_an_impossible_character_is_named_with_its_position(place, character):
    wrong = problem(cleaning.credit_code, REAL_CODE[:place] + character + REAL_CODE[place + 1 :])
    assert wrong.code == "code_character"
    assert (wrong.params["character"], wrong.params["position"]) == (character, place + 1)


# Phones


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("18421809679", "18421809679"),
        (18421809679, "18421809679"),
        (18421809679.0, "18421809679"),
        ("0530-5612345 / 138 0000 1111", "0530-5612345；138 0000 1111"),
        ("0530—5612345，13800001111", "0530-5612345；13800001111"),
        ("（0530）5612345转801", "(0530)5612345转801"),
        ("+86 13800001111", "+86 13800001111"),
        ("18421809679.0", "18421809679"),
        ("13800001111（微信同号）", "13800001111"),
        (0, None),
    ],
)
def test_phone_numbers_keep_all_their_digits(cell, value):
    assert cleaning.phone(cell) == value


@pytest.mark.parametrize("cell", [1.5, 1e15, -13800001111, "1.38E+10"])
def test_a_phone_number_that_lost_digits_is_refused(cell):
    assert problem(cleaning.phone, cell).code == "phone_as_number"


@pytest.mark.parametrize("cell", ["张三", "13800001111张三", "+-", True, datetime.date(2021, 3, 5)])
def test_something_else_in_the_phone_column_is_refused(cell):
    assert problem(cleaning.phone, cell).code == "phone_characters"


def test_a_phone_cell_that_is_too_long_is_refused():
    assert problem(cleaning.phone, "1" * 41).code == "too_long"


@settings(max_examples=100, deadline=None)
@given(st.text("0123456789+-() 转；、", max_size=40))
def test_a_cleaned_phone_number_stays_as_it_is(cell):
    try:
        once = cleaning.phone(cell)
    except Problem:
        return
    assert cleaning.phone(once) == once


# Dates

CHINESE_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
DAY_WRITINGS = [
    "{0:%Y}-{0:%m}-{0:%d}",
    "{0.year}-{0.month}-{0.day}",
    "{0.year}/{0.month}/{0.day}",
    "{0.year}.{0.month:02}.{0.day:02}",
    "{0.year}年{0.month}月{0.day}日",
    "{0.year} 年 {0.month} 月 {0.day} 号",
    "{0:%Y}{0:%m}{0:%d}",
    "{0:%Y}-{0:%m}-{0:%d} 00:00:00",
    "{0:%Y}-{0:%m}-{0:%d}T08:30:00+08:00",
]
MONTH_WRITINGS = [
    "{0.year}-{0.month}",
    "{0.year}/{0.month:02}",
    "{0.year}.{0.month}",
    "{0.year}年{0.month}月",
    "{0.year}年{0.month}月份",
    "{0.year} 年 {0.month} 月",
    "{0.year}{0.month:02}",
]


@pytest.mark.parametrize("writing", DAY_WRITINGS)
@settings(max_examples=40, deadline=None)
@given(day=dates)
def test_a_day_is_read_back_from_every_writing(writing, day):
    written = writing.format(day)
    assert cleaning.date(written) == cleaning.date(written.translate(FULL_WIDTH)) == day.isoformat()


@pytest.mark.parametrize("writing", MONTH_WRITINGS)
@settings(max_examples=40, deadline=None)
@given(day=dates)
def test_a_month_is_read_back_from_every_writing(writing, day):
    assert cleaning.date(writing.format(day)) == day.isoformat()[:7]


@settings(max_examples=60, deadline=None)
@given(dates)
def test_a_day_is_read_back_from_cells_that_are_no_text(day):
    instant = datetime.datetime.combine(day, datetime.time(8, 30))
    number = int(f"{day:%Y%m%d}")
    found = {cleaning.date(cell) for cell in (day, instant, number, float(number))}
    assert found == {day.isoformat()}


@settings(max_examples=60, deadline=None)
@given(st.dates(datetime.date(1955, 1, 1), datetime.date(2100, 12, 31)))
def test_a_day_is_read_back_from_a_serial(day):
    serial = (day - datetime.date(1899, 12, 30)).days
    found = {cleaning.date(c) for c in (serial, float(serial), serial + 0.25, str(serial))}
    assert found == {day.isoformat()}


def test_a_serial_of_the_1900_system_is_a_known_day():
    assert cleaning.date(43145.0) == "2018-02-14"


@settings(max_examples=60, deadline=None)
@given(dates)
def test_a_cleaned_date_stays_as_it_is(day):
    for precision in (4, 7, 10):
        assert cleaning.date(day.isoformat()[:precision]) == day.isoformat()[:precision]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (2021.3, "2021-03"),
        (2021.12, "2021-12"),
        (2021.03, "2021-03"),
        ("2021.1", "2021-01"),
        ("2021.10", "2021-10"),
        (2021.0, "2021"),
        (2021, "2021"),
        ("2021年", "2021"),
        (202103, "2021-03"),
        ("二〇二一年三月", "2021-03"),
        ("二○一六年十二月二十五日", "2016-12-25"),
        ("2021.3.5.", "2021-03-05"),
        ("2021、3", "2021-03"),
        ("2021，3，5", "2021-03-05"),
        ("2021\\3\\5", "2021-03-05"),
        ("0", None),
    ],
)
def test_other_writings_of_dates_are_read(cell, value):
    assert cleaning.date(cell) == value


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (2021.1, "date_ambiguous"),
        ("2021-13", "month_out_of_range"),
        (2021.13, "month_out_of_range"),
        ("2021年0月", "month_out_of_range"),
        ("20211301", "month_out_of_range"),
        ("2021-02-30", "no_such_day"),
        ("2021年4月31日", "no_such_day"),
        ("1899-12-31", "year_out_of_range"),
        ("2101", "year_out_of_range"),
        (datetime.datetime(1899, 12, 31), "year_out_of_range"),
        ("21-3-5", "date_unreadable"),
        ("不详", "date_unreadable"),
        ("2021-3-5至今", "date_unreadable"),
        (210301, "date_unreadable"),
        (5, "date_unreadable"),
        (-43145, "date_unreadable"),
        (True, "date_unreadable"),
        (datetime.time(8), "date_unreadable"),
    ],
)
def test_a_date_that_cannot_be_is_refused_for_its_reason(cell, code):
    assert problem(cleaning.date, cell).code == code


def test_an_ambiguous_month_is_refused_with_both_ways_out():
    with override("en"):
        assert "Write 2021-01 or 2021-10" in str(problem(cleaning.date, 2021.1))


# Counts


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (5, 5),
        (5.0, 5),
        (0, 0),
        (-0.0, 0),
        ("5人", 5),
        (" 12 名", 12),
        ("1,200", 1200),
        ("1，200家", 1200),
        ("１２", 12),
        ("三", 3),
        ("十二人", 12),
        ("二十", 20),
        ("两家", 2),
        ("5.0", 5),
        ("007", 7),
        ("〇", 0),
    ],
)
def test_counts_are_read(cell, value):
    assert cleaning.count(cell, maximum=2000) == value


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (-1, "count_negative"),
        ("-1", "count_negative"),
        ("-3人", "count_negative"),
        (2.5, "count_fraction"),
        ("2.5", "count_fraction"),
        (2001, "count_too_large"),
        (1e300, "count_too_large"),
        ("2001", "count_too_large"),
        ("9" * 5000, "count_too_large"),
        ("约5", "count_unreadable"),
        ("1,20", "count_unreadable"),
        ("人", "count_unreadable"),
        (True, "count_unreadable"),
        (datetime.date(2021, 3, 5), "count_unreadable"),
    ],
)
def test_an_impossible_count_is_refused_for_its_reason(cell, code):
    assert problem(cleaning.count, cell, maximum=2000).code == code


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["{}", "{:,}", "{}人", " {} 户", "{}.0"]))
def test_a_count_is_read_back_from_every_writing(number, writing):
    assert cleaning.count(writing.format(number), maximum=10**6) == number


# Answers


@pytest.mark.parametrize(
    "cell", ["是", "有", "已建", "√", "✓", "✔", "☑", "对", "Y", "YES", True, 1, 1.0, "是。"]
)
def test_yes_is_understood(cell):
    assert cleaning.yes_no(cell) is True


@pytest.mark.parametrize(
    "cell", ["否", "无", "没有", "未", "未建", "×", "✗", "✘", "☒", "X", "x", "n", False, 0, 0.0]
)
def test_no_is_understood(cell):
    assert cleaning.yes_no(cell) is False


@pytest.mark.parametrize(
    ("cell", "answer"),
    [
        ("已单独建立", True),
        ("已成立党支部", True),
        ("是（联合）", True),
        ("尚未成立", False),
        ("暂未建立党组织", False),
        ("正在筹建", False),
        ("待建", False),
        ("否（正在筹备）", False),
    ],
)
def test_what_is_done_or_not_done_is_an_answer(cell, answer):
    assert cleaning.yes_no(cell) is answer


@pytest.mark.parametrize("cell", ["单独建立", "未知", "已退休"])
def test_another_phrase_is_no_answer(cell):
    assert problem(cleaning.yes_no, cell).code == "yes_no_unreadable"


def test_further_words_for_yes_and_no_are_understood():
    words = {"yes": ("组织覆盖",), "no": ("工作覆盖", "空白点")}
    assert [cleaning.yes_no(c, **words) for c in ("组织覆盖", "空白点", "是")] == [
        True,
        False,
        True,
    ]


@pytest.mark.parametrize("cell", ["可能", 2, "xx", datetime.date(2021, 3, 5)])
def test_another_answer_is_neither_yes_nor_no(cell):
    assert problem(cleaning.yes_no, cell).code == "yes_no_unreadable"


@pytest.mark.parametrize("cell", ["√", "✓", "✔", "☑", "■", "●", "是", "1", 1.0, "Y", "v", True])
def test_a_tick_is_seen(cell):
    assert cleaning.ticked(cell) is True


@pytest.mark.parametrize("cell", [None, "", "无", "×", "否", "0", 0.0, "□", "☐", False])
def test_no_tick_is_seen(cell):
    assert cleaning.ticked(cell) is False


def test_something_else_than_a_tick_is_refused():
    assert problem(cleaning.ticked, "三人").code == "tick_unreadable"


# Choices


def test_labels_codes_and_synonyms_are_writings_of_a_choice():
    known = cleaning.choice_writings(CHOICES, {"联合 组建": "joint", "√": "alone"})
    assert known == {"joint": "joint", "alone": "alone", "联合组建": "joint"}


def test_a_label_is_known_in_both_languages():
    known = cleaning.choice_writings((("1", gettext_lazy("January")),), {})
    assert known == {"january": "1", "一月": "1", "1": "1"}


def test_a_synonym_does_not_take_a_label_away():
    assert cleaning.choice_writings(CHOICES, {"Joint": "alone"})["joint"] == "joint"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("联合组建", "joint"),
        ("联合 组建。", "joint"),
        ("JOINT", "joint"),
        ("联合组建（行业）", "joint"),
        ("无", None),
        (0, None),
    ],
)
def test_a_choice_is_found_by_its_writing(cell, code):
    assert cleaning.choice(cell, KNOWN, ["联合组建"]) == code


def test_nothing_is_a_choice_where_the_column_says_so():
    assert cleaning.choice("无", {"无": "none"}, []) == "none"


def test_an_unknown_choice_is_refused_with_the_possible_ones():
    wrong = problem(cleaning.choice, "分别组建", known=KNOWN, labels=["联合组建", "单独组建"])
    assert wrong.code == "unknown_choice"
    assert wrong.params == {"value": "分别组建", "choices": "联合组建、单独组建"}


def test_unknown_choices_are_told_apart_to_their_ends():
    words = ["分" * 100 + end for end in "甲乙"]
    wrong = [problem(cleaning.choice, word, known=KNOWN, labels=[]) for word in words]
    assert [each.params["value"] for each in wrong] == words


def test_a_text_too_long_for_a_word_is_no_unknown_choice():
    assert problem(cleaning.choice, "分" * 201, known=KNOWN, labels=[]).code == "too_long"
