"""The built-in functions on ranges."""

from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("before(1, 10)", "true"),
        ("before(1, [1..10])", "false"),
        ("before(1, (1..10])", "true"),
        ("before([1..10], 10)", "false"),
        ("before([1..10), 10)", "true"),
        ("before([1..10), [10..20])", "true"),
        ("after(12, [2..12))", "true"),
        ("after([10..20], [1..10])", "false"),
        ("after(2, 1)", "true"),
        ("meets([1..5], [5..10])", "true"),
        ("meets([1..5), [5..10])", "false"),
        ("met by([5..10], [1..5])", "true"),
        ("overlaps([1..5], [3..8])", "true"),
        ("overlaps([1..5], (5..8])", "false"),
        ("overlaps before([1..5], [3..8])", "true"),
        ("overlaps before([3..8], [1..5])", "false"),
        ("overlaps after([3..8], [1..5])", "true"),
        ("finishes(10, [1..10])", "true"),
        ("finishes(10, [1..10))", "false"),
        ("finishes([5..10], [1..10])", "true"),
        ("finished by([1..10], 10)", "true"),
        ("includes([1..10], 5)", "true"),
        ("includes((1..10), 1)", "false"),
        ("includes([1..10], [4..6])", "true"),
        ("during(5, [1..10])", "true"),
        ("during([4..6], [1..10])", "true"),
        ("starts(1, [1..10])", "true"),
        ("starts([1..5], [1..10])", "true"),
        ("starts((1..5], [1..10])", "false"),
        ("started by([1..10], 1)", "true"),
        ("coincides(5, 5)", "true"),
        ("coincides([1..5], [1..5])", "true"),
        ("coincides([1..5], [1..5))", "false"),
        ("before(point: 1, range: [2..3])", "true"),
        ('before(@"2026-01-01", @"2026-01-02")', "true"),
        ("includes((< 5), 3)", "true"),
        ("before((< 5), 5)", "true"),
        ("includes((< 5), (< 3))", "true"),
        ('range("[1..5)")', "[1..5)"),
        ('range("]1..5[")', "(1..5)"),
        ('range("(..5]")', "(..5]"),
        ('range("[5..)")', "[5..)"),
        ('range("[\\"a\\"..\\"c\\"]")', '["a".."c"]'),
        ('range("[-5..-1]")', "[-5..-1]"),
        ('range("[@\\"2026-01-01\\"..date(\\"2026-02-01\\")]")', "[2026-01-01..2026-02-01]"),
    ],
)
def test_ranges_and_points_are_compared_by_table_78(
    written: Callable[..., str], text: str, expected: str
) -> None:
    assert written(text) == expected


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("before(1, null)", "range"),
        ("before(null, 1)", "range"),
        ('before(1, "a")', "kinds"),
        ("meets(1, [1..2])", "argument"),
        ("during(1)", "arguments"),
        ('range("1..5")', "text"),
        ('range("[5..1]")', "range"),
        ('range("[1..x]")', "text"),
        ('range("[1..\\"a\\"]")', "kinds"),
        ('range("(..)")', "text"),
        ('range("[1..2+3]")', "text"),
        ('range("[..5]")', "text"),
        ("range(1)", "argument"),
    ],
)
def test_what_does_not_fit_is_null_with_its_cause(
    feel: Callable[..., object], why: Callable[..., str | None], text: str, cause: str
) -> None:
    assert feel(text) is None
    assert why(text) == f"feel.cause.{cause}"
