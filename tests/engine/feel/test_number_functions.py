"""The built-in functions on numbers."""

from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("decimal(1/3, 2)", "0.33"),
        ("decimal(1.5, 0)", "2"),
        ("decimal(2.5, 0)", "2"),
        ("decimal(1234, -2)", "1200"),
        ("floor(-1.5)", "-2"),
        ("floor(1.56, 1)", "1.5"),
        ("ceiling(1.2)", "2"),
        ("ceiling(-1.56, 1)", "-1.5"),
        ("round up(5.5, 0)", "6"),
        ("round up(-5.5, 0)", "-6"),
        ("round down(5.9, 0)", "5"),
        ("round half up(2.5, 0)", "3"),
        ("round half up(-2.5, 0)", "-3"),
        ("round half down(2.5, 0)", "2"),
        ("round half down(2.6, 0)", "3"),
        ("round up(1.121, 2)", "1.13"),
        ("round up(10 ** 40, 2)", "10000000000000000000000000000000000000000"),
        ("abs(-1)", "1"),
        ('abs(@"-P1D")', "P1D"),
        ('abs(@"-P1Y")', "P1Y"),
        ("modulo(-12, 5)", "3"),
        ("modulo(12, -5)", "-3"),
        ("modulo(10.1, 4.5)", "1.1"),
        ("modulo(10, 5)", "0"),
        ("sqrt(16)", "4"),
        ("decimal(log(10), 4)", "2.3026"),
        ("decimal(exp(5), 4)", "148.4132"),
        ("odd(5)", "true"),
        ("odd(-3)", "true"),
        ("odd(1.5)", "false"),
        ("even(0)", "true"),
        ("even(10 ** 40)", "true"),
        ("even(-2)", "true"),
        ("even(0.5)", "false"),
        ("abs([-1])", "1"),
    ],
)
def test_numbers_are_rounded_and_reckoned_exactly(
    written: Callable[..., str], text: str, expected: str
) -> None:
    assert written(text) == expected


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("sqrt(-1)", "argument"),
        ("log(0)", "argument"),
        ("modulo(1, 0)", "division"),
        ("exp(10 ** 9)", "overflow"),
        ("decimal(1)", "arguments"),
        ("decimal(1, 10 ** 9)", "argument"),
        ('floor("1")', "argument"),
        ("abs(null)", "null"),
        ("floor(1.5, null)", "null"),
        ("round up(n: 1, scales: 0)", "arguments"),
    ],
)
def test_what_does_not_fit_is_null_with_its_cause(
    feel: Callable[..., object], why: Callable[..., str | None], text: str, cause: str
) -> None:
    assert feel(text) is None
    assert why(text) == f"feel.cause.{cause}"
