"""Arithmetic: numbers exactly as Decimal has them, dates and durations by the standard's tables."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import arithmetic
from engine.feel.evaluation import NoValue
from engine.feel.values import NUMBERS

NUMBER = st.decimals(-(10**12), 10**12, places=4)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.1 + 0.2", "0.3"),
        ("1 - 2 - 3", "-4"),
        ("2 * 3 + 4", "10"),
        ("2 + 3 * 4", "14"),
        ("-2 ** 2", "4"),
        ("2 ** 3 ** 2", "64"),
        ("2 ** -1", "0.5"),
        ("10 / 4", "2.5"),
        ("1 / 3 * 3", "0.9999999999999999999999999999999999"),
        ("100000000000000000000000000000000 + 0.01", "100000000000000000000000000000000"),
        ('"政务" + "大厅"', '"政务大厅"'),
        ('@"2026-01-31" + @"P1M"', "2026-02-28"),
        ('@"2024-02-29" - @"P1Y"', "2023-02-28"),
        ('@"2026-03-01" - @"P1D"', "2026-02-28"),
        ('@"2026-03-01" + @"PT23H"', "2026-03-01"),
        ('@"2026-03-01" - @"PT1S"', "2026-02-28"),
        ('@"2026-03-01" - @"2026-02-01"', "P28D"),
        ('@"P1D" + @"2026-12-31"', "2027-01-01"),
        ('@"23:30:00" + @"PT1H"', "00:30:00"),
        ('@"00:30:00+08:00" - @"PT1H"', "23:30:00+08:00"),
        ('@"10:00:00Z" - @"09:30:00Z"', "PT30M"),
        ('@"10:00:00+08:00" - @"02:00:00Z"', "PT0S"),
        ('@"2026-01-01T00:00:00Z" + @"P1D"', "2026-01-02T00:00:00Z"),
        ('@"2026-01-01T00:00:00+08:00" - @"2025-12-31T16:00:00Z"', "PT0S"),
        ('@"2026-03-29T01:30:00@Europe/Berlin" + @"PT1H"', "2026-03-29T03:30:00@Europe/Berlin"),
        ('@"P1D" * 1.5', "P1DT12H"),
        ('2 * @"P1Y1M"', "P2Y2M"),
        ('@"P1D" / 4', "PT6H"),
        ('@"P1D" / @"PT1H"', "24"),
        ('@"P1Y" / @"P1M"', "12"),
        ('-@"P1D"', "-P1D"),
        ('-@"P1Y"', "-P1Y"),
        ('@"P1Y" + @"P1M"', "P1Y1M"),
        ('@"P1D" - @"PT1H"', "PT23H"),
    ],
)
def test_the_result_is_what_the_standard_says(
    written: Callable[..., str], text: str, expected: str
) -> None:
    assert written(text) == expected


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("1 + null", "feel.cause.null"),
        ("null * 1", "feel.cause.null"),
        ('1 + "a"', "feel.cause.kinds"),
        ("true + 1", "feel.cause.kinds"),
        ("-true", "feel.cause.kinds"),
        ("10 / 0", "feel.cause.division"),
        ("0 / 0", "feel.cause.division"),
        ('@"P1D" / 0', "feel.cause.division"),
        ('@"P1Y" + @"P1D"', "feel.cause.kinds"),
        ('@"10:00:00" + @"P1Y"', "feel.cause.kinds"),
        ('@"2026-01-01" + 1', "feel.cause.kinds"),
        ('@"10:00:00" - @"10:00:00Z"', "feel.cause.zone"),
        ('@"2026-01-01T00:00:00" - @"2026-01-01T00:00:00Z"', "feel.cause.zone"),
        ('@"999999999-12-31" + @"P1D"', "feel.cause.date"),
        ("10 ** 6144 * 10", "feel.cause.overflow"),
        ("0 ** 0", "feel.cause.overflow"),
        ("(-1) ** 0.5", "feel.cause.overflow"),
    ],
)
def test_what_cannot_be_computed_is_null_with_its_cause(
    feel: Callable[..., object], why: Callable[..., str | None], text: str, cause: str
) -> None:
    assert feel(text) is None
    assert why(text) == cause


@given(left=NUMBER, right=NUMBER)
@settings(max_examples=60, deadline=None)
def test_numbers_are_added_subtracted_and_multiplied_as_decimals(
    left: Decimal, right: Decimal
) -> None:
    assert arithmetic.add(left, right) == NUMBERS.add(left, right)
    assert arithmetic.subtract(left, right) == NUMBERS.subtract(left, right)
    assert arithmetic.multiply(left, right) == NUMBERS.multiply(left, right)
    if right:
        assert arithmetic.divide(left, right) == NUMBERS.divide(left, right)


def test_the_precision_is_that_of_the_house_whatever_the_thread_has() -> None:
    assert arithmetic.divide(Decimal(1), Decimal(3)) == Decimal("0." + "3" * 34)


def test_a_number_too_large_for_a_position_has_no_whole_part() -> None:
    with pytest.raises(NoValue):
        arithmetic.whole(Decimal("1e40"))
