import json
import pickle
import re

import pytest
from django.utils.translation import override

from registers.problems import MESSAGES, Problem, declare, message

# What each code's sentence is told.
PARAMS = {
    "required": {},
    "too_long": {"length": 130, "maximum": 120},
    "error_value": {"value": "#REF!"},
    "formula_without_value": {"value": "=A1"},
    "control_characters": {"value": "甲␀协会"},
    "code_as_number": {"value": "5.13717E+17"},
    "code_length": {"value": "51371700MJ04000", "length": 15},
    "code_character": {"value": "51371700MJ04O0003G", "character": "O", "position": 13},
    "code_check": {"value": "51371700MJ0400003H", "expected": "G", "position": 18},
    "code_organisation_check": {"value": "51371700MJ0400004G", "expected": "3", "position": 17},
    "code_of_other": {"value": "51371700MJ0400003G", "name": "甲协会"},
    "name_of_other": {
        "value": "51371700MJ0400003G",
        "name": "甲协会",
        "code": "51371700MJ0400361H",
    },
    "phone_as_number": {"value": "1.38E+10"},
    "phone_characters": {"value": "张三"},
    "date_ambiguous": {"value": "2021.1", "year": 2021},
    "month_out_of_range": {"value": "2021-13", "month": 13},
    "no_such_day": {"value": "2021-02-30", "year": 2021, "month": 2, "day": 30},
    "year_out_of_range": {"value": "1021-02-03", "year": 1021, "first": 1900, "last": 2100},
    "date_unreadable": {"value": "不详"},
    "date_to_come": {"value": "2099-01-01"},
    "count_negative": {"value": "-3"},
    "count_fraction": {"value": "2.5"},
    "count_too_large": {"value": "1000001", "maximum": 1_000_000},
    "count_unreadable": {"value": "约5"},
    "yes_no_unreadable": {"value": "可能"},
    "tick_unreadable": {"value": "三人"},
    "unknown_choice": {"value": "分别", "choices": "单独组建、联合组建"},
    "unknown_lookup": {"value": "市发改", "suggestions": ["市发展和改革委员会"]},
    "ambiguous_instructor": {"value": "张伟", "units": ["市财政局", "市水务局"]},
    "out_of_scope": {"value": "甲协会"},
    "shared_instructor": {"value": "王强"},
    "shared_party_organization": {"value": "中共某某联合支部委员会"},
    "duplicate_in_file": {"value": "甲协会", "other_row": 7, "other_sheet": "曹县"},
    "two_ticks": {},
    "more_than_staff": {"value": 9, "whole_value": 5},
    "more_than_members": {"value": 9, "whole_value": 5},
    "sum_mismatch": {"value": 9, "sum": 7},
    "ended_before_registered": {"value": "2020-01", "earlier_value": "2021-03"},
    "elected_before_established": {"value": "2020-01", "earlier_value": "2021-03"},
    "term_ends_before_it_begins": {"value": "2020-01", "earlier_value": "2021-03"},
    "session_ends_before_it_begins": {"value": "2020-01-01", "earlier_value": "2021-03-01"},
    "ended_while_registered": {"value": "2024-05-01"},
    "term_without_beginning": {"value": "2026-05"},
    "direct_with_supervisor": {},
    "instructor_of_others": {"value": "张三"},
    "unknown_association": {"value": "甲协会"},
    "members_without_whole": {"value": 2},
    "wrong_rows": {"count": 3},
    "undo_outside_scope": {},
    "registry_changed": {"sheet": "曹县", "row": 7},
    "undo_refused": {"rule": "A registered association of this name exists already."},
    "try_again": {},
    "left_scope": {},
    "refused_by_database": {"rule": "Another association has this credit code."},
}
codes = pytest.mark.parametrize("code", MESSAGES)


@codes
def test_every_sentence_names_each_value_that_it_is_told(code):
    with override("en"):
        sentence = message(code, PARAMS[code])
    told = [value if isinstance(value, list) else [value] for value in PARAMS[code].values()]
    missing = [part for value in told for part in value if str(part) not in sentence]
    assert not missing


@codes
def test_every_sentence_needs_no_other_value_than_it_is_told(code):
    places = {
        "sheet": "place",
        "row": "place",
        "other_sheet": "other_place",
        "other_row": "other_place",
    }
    told = {places.get(name, name) for name in PARAMS[code]}
    assert set(re.findall(r"%\((\w+)\)s", str(MESSAGES[code]))) == told


@codes
def test_every_sentence_ends_as_a_sentence(code):
    with override("en"):
        assert message(code, PARAMS[code]).endswith(".")


def test_a_name_like_nothing_known_comes_without_suggestions():
    with override("en"):
        assert "Similar" not in message("unknown_lookup", {"value": "市发改", "suggestions": []})


def test_a_row_out_of_scope_is_not_said_to_exist():
    with override("en"):
        sentence = message("out_of_scope", {"value": "甲协会"})
    assert not re.search("exist|scope|permi|other|right", sentence)


def test_a_row_of_a_file_without_sheets_is_named_by_its_number():
    with override("en"):
        sentence = message("registry_changed", {"sheet": "", "row": 7})
    assert ": row 7 no longer matches" in sentence


def test_a_percent_sign_in_a_cell_is_said_as_it_is():
    with override("en"):
        assert "%(maximum)s 100%" in message("count_unreadable", {"value": "%(maximum)s 100%"})


def test_a_problem_is_said_by_str():
    with override("en"):
        assert str(Problem("count_negative", {"value": "-3"})).startswith(
            "A count cannot be below zero (-3)"
        )


def test_a_problem_survives_storage_and_the_way_between_processes():
    problem = pickle.loads(pickle.dumps(Problem("code_length", PARAMS["code_length"])))
    assert (problem.code, json.loads(json.dumps(problem.params))) == (
        "code_length",
        PARAMS["code_length"],
    )


def test_a_code_keeps_the_sentence_that_it_was_declared_with() -> None:
    before = dict(MESSAGES)
    with pytest.raises(ValueError, match="required"):
        declare({"required": "Something else.", "new": "Something new."})
    assert before == MESSAGES
