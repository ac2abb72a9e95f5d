"""Codes with a check of their own, against reference values and another implementation."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import ric
from stdnum.cn import uscc as other_uscc

from engine.domain.codes import (
    USCC_SYMBOLS,
    build_uscc,
    case_number,
    check_id_number,
    check_task_code,
    check_uscc,
    new_uscc,
    organisation_check,
)
from engine.kernel.errors import Invalid

REFERENCE = "91350100M000100Y43"
CITIZEN = "11010519491231002X"
TASK = build_uscc("11", "439900", "70000026") + "3010260034200"


def refusal(check, *args):
    with pytest.raises(Invalid) as refused:
        check(*args)
    return refused.value


def has_right_checks(code):
    """Both checks of a uscc, by way of the other implementation and the plain formula."""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(symbol, 36) * w for symbol, w in zip(code[8:16], weights, strict=True))
    return other_uscc.is_valid(code) and code[16] == "0123456789X0"[11 - total % 11]


def test_the_reference_values_of_the_standards_hold():
    assert check_uscc(REFERENCE) == REFERENCE
    assert check_id_number(CITIZEN) == CITIZEN


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 31**6 - 1))
def test_a_new_code_is_right_for_the_other_implementation_too(serial):
    code = new_uscc(serial)
    assert code.startswith("91439900MA")
    assert check_uscc(code) == code
    assert has_right_checks(code)


def test_each_serial_has_its_own_code():
    assert len({new_uscc(serial) for serial in range(2000)}) == 2000


@pytest.mark.parametrize("serial", [-1, 31**6], ids=["before the first", "after the last"])
def test_a_serial_without_a_code_is_refused(serial):
    assert refusal(new_uscc, serial).code == "code.serial"


@pytest.mark.parametrize("code", [REFERENCE, new_uscc(1), new_uscc(99_999), TASK[:18]])
def test_m_code_1_a_wrong_character_is_refused_with_the_position_of_the_check(code):
    for place in range(18):
        for symbol in set(USCC_SYMBOLS) - {code[place]}:
            wrong = code[:place] + symbol + code[place + 1 :]
            if 2 <= place < 8 and not symbol.isdigit():
                assert refusal(check_uscc, wrong).code == "code.uscc_symbol"
                continue
            assert not has_right_checks(wrong)
            said = refusal(check_uscc, wrong)
            inside = organisation_check(wrong[8:16]) == wrong[16]
            assert said.code == "code.uscc_check"
            assert said.params == {"position": "18" if inside else "17"}


@pytest.mark.parametrize("code", [REFERENCE, new_uscc(7), new_uscc(123_456), TASK[:18]])
def test_m_code_1_a_swap_that_breaks_a_check_is_refused(code):
    broken = 0
    for place in range(17):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        if swapped == code or (any(not c.isdigit() for c in swapped[2:8])):
            continue
        if has_right_checks(swapped):
            assert check_uscc(swapped) == swapped
        else:
            said = refusal(check_uscc, swapped)
            assert said.code == "code.uscc_check"
            assert said.params["position"] in ("17", "18")
            broken += 1
    assert broken >= 4


@pytest.mark.parametrize(
    ("code", "said", "params"),
    [
        pytest.param("", "code.uscc_length", {"length": 0}, id="empty"),
        pytest.param(REFERENCE[:-1], "code.uscc_length", {"length": 17}, id="one short"),
        pytest.param(REFERENCE + "3", "code.uscc_length", {"length": 19}, id="one long"),
        pytest.param(REFERENCE.lower(), "code.uscc_symbol", {"position": "9"}, id="small letters"),
        pytest.param("9135O100M000100Y43", "code.uscc_symbol", {"position": "5"}, id="O for 0"),
        pytest.param("91350100M00010IY43", "code.uscc_symbol", {"position": "15"}, id="I for 1"),
        pytest.param("９1350100M000100Y43", "code.uscc_symbol", {"position": "1"}, id="full width"),
        pytest.param("91350100M000100Y34", "code.uscc_check", {"position": "17"}, id="swap at 17"),
        pytest.param("91350100M000100Y44", "code.uscc_check", {"position": "18"}, id="wrong 18"),
    ],
)
def test_a_wrong_uscc_says_what_is_wrong(code, said, params):
    refused = refusal(check_uscc, code)
    assert (refused.code, refused.params) == (said, params)


@settings(max_examples=150, deadline=None)
@given(
    st.dates(date(1900, 1, 1), date(2015, 10, 26)),
    st.integers(0, 999),
    st.sampled_from("0123456789X"),
)
def test_id_numbers_are_right_exactly_when_the_other_implementation_says_so(born, serial, check):
    number = f"110105{born:%Y%m%d}{serial:03d}{check}"
    if ric.is_valid(number):
        assert check_id_number(number) == number
    else:
        assert refusal(check_id_number, number).params == {"position": "18"}


@pytest.mark.parametrize(
    ("number", "said"),
    [
        pytest.param("110105491231002", "code.id_length", id="the old fifteen digits"),
        pytest.param("11010519491331002X", "code.id_birth", id="thirteenth month"),
        pytest.param("110105190002290021", "code.id_birth", id="no leap year"),
        pytest.param("11010519491231002x", "code.id_symbol", id="small x"),
        pytest.param("1101051949123100X2", "code.id_symbol", id="X before the end"),
        pytest.param("１10105194912310020", "code.id_symbol", id="full width digit"),
        pytest.param("110105194912310021", "code.id_check", id="wrong check"),
    ],
)
def test_a_wrong_id_number_says_what_is_wrong(number, said):
    assert refusal(check_id_number, number).code == said


def test_a_case_number_is_task_code_day_and_serial():
    number = case_number(TASK, date(2015, 10, 26), 7)
    assert number == TASK + "20151026" + "0007"
    assert len(number) == 43


@pytest.mark.parametrize(
    ("code", "serial", "said"),
    [
        pytest.param(TASK, 0, "code.serial", id="no zeroth case"),
        pytest.param(TASK, 10_000, "code.serial", id="five digits"),
        pytest.param(TASK[:-1], 1, "code.task_length", id="short task code"),
        pytest.param(TASK[:-1] + "A", 1, "code.task_symbol", id="letter in the tail"),
        pytest.param("2" + TASK[1:], 1, "code.uscc_check", id="unit of another code"),
    ],
)
def test_a_case_number_is_built_on_right_parts_only(code, serial, said):
    assert refusal(case_number, code, date(2015, 10, 26), serial).code == said


def test_a_task_code_is_returned_as_it_is():
    assert check_task_code(TASK) == TASK
