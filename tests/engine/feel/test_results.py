"""What kinds come out."""

from decimal import Decimal

import pytest

from engine.feel.builtins import BUILTINS
from engine.feel.compile import expression
from engine.feel.kinds import (
    ANY,
    BASES,
    DATE,
    DATE_TIME,
    DAYS,
    FUNCTION,
    NULL,
    NUMBER,
    STRING,
    TIME,
    YEARS,
    Kind,
)
from engine.feel.results import arithmetic_result, function_result, kind_of

SAMPLES = {
    NUMBER: "2",
    STRING: '"a"',
    DATE: '@"2026-11-22"',
    TIME: '@"10:00:00"',
    DATE_TIME: '@"2026-11-22T10:00:00"',
    DAYS: '@"P1D"',
    YEARS: '@"P1Y"',
}


@pytest.mark.parametrize("operator", ["+", "-", "*", "/", "**"])
@pytest.mark.parametrize("left", SAMPLES, ids=str)
@pytest.mark.parametrize("right", SAMPLES, ids=str)
def test_the_tables_agree_with_the_arithmetic(operator: str, left: Kind, right: Kind) -> None:
    text = f"{SAMPLES[left]} {operator} {SAMPLES[right]}"
    if {DATE, DATE_TIME} == {left, right}:
        text = text.replace("10:00:00", "10:00:00Z")  # a date counts as midnight in UTC
    value = expression(text, ())({})
    expected = arithmetic_result(operator, left, right)
    assert (kind_of(value) if value is not None else None) == expected


def test_what_nobody_knows_is_any_kind() -> None:
    assert arithmetic_result("+", ANY, NUMBER) == ANY
    assert arithmetic_result("+", NULL, STRING) == ANY
    assert arithmetic_result("*", ANY, STRING) is None
    assert arithmetic_result("+", BASES["duration"], DATE) == DATE


def test_kinds_of_values() -> None:
    assert kind_of(None) == NULL
    assert kind_of(True).name == "boolean"
    assert kind_of(Decimal(1)) == NUMBER
    assert kind_of(BUILTINS["count"]) == FUNCTION
    assert kind_of(object()) == ANY


def test_results_of_functions() -> None:
    numbers = Kind("list", of=NUMBER)
    assert function_result("count", [numbers]) == NUMBER
    assert function_result("sort", [numbers]) == numbers
    assert function_result("max", [numbers]) == NUMBER
    assert function_result("max", [STRING, STRING]) == STRING
    assert function_result("get value", [ANY, STRING]) == ANY
