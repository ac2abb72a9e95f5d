"""The built-in functions that convert, and those on dates."""

from collections.abc import Callable

import pytest

from engine.feel.compile import expression


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('date("2026-11-22")', "2026-11-22"),
        ("date(2026, 11, 22)", "2026-11-22"),
        ("date(year: 2026, month: 11, day: 22)", "2026-11-22"),
        ('date(@"2026-11-22T09:30:00")', "2026-11-22"),
        ('date(from: "2026-11-22")', "2026-11-22"),
        ('time("09:30:00")', "09:30:00"),
        ("time(9, 30, 0)", "09:30:00"),
        ('time(9, 30, 0.5, @"PT8H")', "09:30:00.5+08:00"),
        ("time(9, 30, 0, null)", "09:30:00"),
        ('time(@"2026-11-22T09:30:00Z")', "09:30:00Z"),
        ('time(@"2026-11-22")', "00:00:00Z"),
        ('date and time("2026-11-22T09:30:00@Asia/Shanghai")', "2026-11-22T09:30:00@Asia/Shanghai"),
        ('date and time("2026-11-22")', "2026-11-22T00:00:00"),
        ('date and time(@"2026-11-22", @"09:30:00")', "2026-11-22T09:30:00"),
        ('date and time(@"2026-11-22T01:00:00", @"09:30:00")', "2026-11-22T09:30:00"),
        ('date and time(@"2026-11-22")', "2026-11-22T00:00:00"),
        ('duration("P1Y2M")', "P1Y2M"),
        ('duration("PT36H")', "P1DT12H"),
        ('years and months duration(@"2026-01-31", @"2027-03-01")', "P1Y1M"),
        ('years and months duration(from: @"2027-03-01", to: @"2026-01-31")', "-P1Y1M"),
        ('number("1 000,5", " ", ",")', "1000.5"),
        ('number("1.000,5", ".", ",")', "1000.5"),
        ('number("1,000")', "null"),
        ('number("1e3")', "1000"),
        ('number("-.5")', "-0.5"),
        ('number("1,5", null, ",")', "1.5"),
        ("string(1.10)", '"1.1"'),
        ('string("a")', '"a"'),
        ('string([1, "a"])', '"[1, \\"a\\"]"'),
        ("string(null)", "null"),
        ('string(@"P1D")', '"P1D"'),
        ('day of year(@"2024-12-31")', "366"),
        ('day of week(@"2026-11-22")', '"Sunday"'),
        ('month of year(@"2026-11-22T00:00:00")', '"November"'),
        ('week of year(@"2026-01-01")', "1"),
        ('week of year(@"2027-01-01")', "53"),
        ('week of year(@"2024-12-30")', "1"),
        ('week of year(@"2005-01-01")', "53"),
        ("now()", "2026-11-22T01:30:00Z"),
        ("today()", "2026-11-22"),
        ('today() + @"P7D"', "2026-11-29"),
    ],
)
def test_texts_and_parts_become_dates_times_and_numbers(
    written: Callable[..., str], text: str, expected: str
) -> None:
    assert written(text) == expected


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ('date("2026-02-30")', "date"),
        ('date("22.11.2026")', "text"),
        ("date(2026, 2.5, 1)", "argument"),
        ("date(null)", "null"),
        ("date(2026, 11)", "arguments"),
        ("time(25, 0, 0)", "time"),
        ('date and time("x")', "text"),
        ('date and time(@"2026-11-22", "09:30:00")', "argument"),
        ('duration("1D")', "text"),
        ("duration(1)", "argument"),
        ('number("1,5")', "text"),
        ('number("1", "x")', "argument"),
        ('number("1", ".", ".")', "argument"),
        ('number("1.5", ",", ",")', "argument"),
        ('number("")', "text"),
        ('day of week("2026-11-22")', "argument"),
        ('time("10:00:00@Nowhere/Land")', "zone"),
    ],
)
def test_what_does_not_fit_is_null_with_its_cause(
    feel: Callable[..., object], why: Callable[..., str | None], text: str, cause: str
) -> None:
    assert feel(text) is None
    assert why(text) == f"feel.cause.{cause}"


def test_without_a_moment_there_is_no_now() -> None:
    assert expression("now()", ()).explain({}) == (None, "feel.cause.moment")
