"""Working days by a calendar that the test brings: weekends, one holiday, one swap."""

from datetime import date

import pytest

from engine.feel.compile import expression
from engine.feel.values import literal
from engine.feel.working_days import working_day_functions
from engine.kernel.errors import Invalid

HOLIDAY, SWAP = date(2026, 10, 1), date(2026, 10, 10)  # a Thursday off, a Saturday worked
FUNCTIONS = working_day_functions(lambda day: day == SWAP or (day.weekday() < 5 and day != HOLIDAY))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('add working days(@"2026-09-30", 1)', "2026-10-02"),
        ('add working days(@"2026-09-30", 2)', "2026-10-05"),
        ('add working days(@"2026-10-09", 1)', "2026-10-10"),
        ('add working days(@"2026-10-02", -1)', "2026-09-30"),
        ('add working days(@"2026-10-03", 0)', "2026-10-03"),
        ('working days between(@"2026-09-30", @"2026-10-05")', "2"),
        ('working days between(@"2026-10-05", @"2026-09-30")', "-2"),
        ('working days between(from: @"2026-10-05", to: @"2026-10-05")', "0"),
        ('add working days(@"2026-09-30", 1.5)', "null"),
        ('add working days(@"9999-12-30", 5)', "null"),
        ('add working days(@"12026-09-30", 1)', "null"),
        ('working days between("2026-09-30", @"2026-10-05")', "null"),
    ],
)
def test_holidays_and_swaps_count(text: str, expected: str) -> None:
    assert literal(expression(text, FUNCTIONS)(FUNCTIONS)) == expected


def test_a_calendar_without_working_days_ends_at_the_budget() -> None:
    never = working_day_functions(lambda day: False)
    with pytest.raises(Invalid, match=r"feel\.budget"):
        expression('add working days(@"2026-09-30", 1)', never)(never)


def test_the_functions_are_none_of_the_standards() -> None:
    assert expression('add working days(@"2026-09-30", 1)', ())({}) is None
