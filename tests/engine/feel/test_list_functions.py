"""The built-in functions on lists and booleans."""

from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("list contains([1, null], null)", "true"),
        ("list contains([1, 2], 3)", "false"),
        ("count([])", "0"),
        ("count([1, null])", "2"),
        ('count("a")', "1"),
        ("min([3, 1, 2])", "1"),
        ("max(1, 3, 2)", "3"),
        ('min("b", "a")', '"a"'),
        ('max(@"2026-01-01", @"2026-12-01")', "2026-12-01"),
        ("sum([1, 2.5])", "3.5"),
        ("sum(1, 2)", "3"),
        ('sum(@"P1D", @"PT1H")', "P1DT1H"),
        ("mean([1, 2, 6])", "3"),
        ("product(2, 3, 4)", "24"),
        ("median(8, 2, 5, 3, 4)", "4"),
        ("median([6, 1, 2, 3])", "2.5"),
        ("stddev(2, 4, 7, 5)", "2.081665999466132735282297706979931"),
        ("mode(6, 3, 9, 6, 6)", "[6]"),
        ("mode([6, 1, 9, 6, 1])", "[1, 6]"),
        ("mode([])", "[]"),
        ("all([true, false, null])", "false"),
        ("all([])", "true"),
        ("all([true, null])", "null"),
        ("any([false, true, null])", "true"),
        ("any([])", "false"),
        ("any([false, null])", "null"),
        ("all(true)", "true"),
        ("not(true)", "false"),
        ("not(null)", "null"),
        ('not("a")', "null"),
        ("is(1, 1)", "true"),
        ('is(1, "1")', "false"),
        ('is(@"10:00:00Z", @"10:00:00+00:00")', "true"),
        ('is(@"10:00:00Z", @"10:00:00@Etc/UTC")', "false"),
        ("sublist([1, 2, 3], 2)", "[2, 3]"),
        ("sublist([1, 2, 3], -2, 1)", "[2]"),
        ("append([1], 2, 3)", "[1, 2, 3]"),
        ("append([1], [2])", "[1, [2]]"),
        ("append(null, 1)", "[1]"),
        ("concatenate([1], [2, 3], 4)", "[1, 2, 3, 4]"),
        ("insert before([1, 3], 2, 2)", "[1, 2, 3]"),
        ("insert before([1, 3], -1, 2)", "[1, 2, 3]"),
        ("remove([1, 2, 3], 2)", "[1, 3]"),
        ("remove([1, 2, 3], -1)", "[1, 2]"),
        ('list replace([1, 2], 2, "x")', '[1, "x"]'),
        ("list replace([1, 5, 3], function(item, newItem) item > newItem, 3)", "[1, 3, 3]"),
        ("reverse([1, 2])", "[2, 1]"),
        ("index of([1, 2, 1, null], 1)", "[1, 3]"),
        ("index of([null], null)", "[1]"),
        ("union([1, 2], [2, 3])", "[1, 2, 3]"),
        ('distinct values([1, 1.0, "1", null, null, [1], [1.0]])', '[1, "1", null, [1]]'),
        ("flatten([[1, [2]], [], [[[3]]]])", "[1, 2, 3]"),
        ("sort([3, 1, 2])", "[1, 2, 3]"),
        ("sort([3, 1, 2], function(x, y) x > y)", "[3, 2, 1]"),
        ("sort([{a: 2}, {a: 1}], function(x, y) x.a < y.a)", "[{a: 1}, {a: 2}]"),
    ],
)
def test_lists_are_searched_and_made_anew(
    written: Callable[..., str], text: str, expected: str
) -> None:
    assert written(text) == expected


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("min([])", "empty"),
        ("sum([])", "empty"),
        ("mean([])", "empty"),
        ("product([])", "empty"),
        ("median([])", "empty"),
        ("stddev([1])", "empty"),
        ('min([1, "a"])', "kinds"),
        ("max([true])", "kinds"),
        ("sum([1, null])", "argument"),
        ("count(null)", "null"),
        ("sublist([1], 0)", "index"),
        ("sublist([1], 1, 2)", "index"),
        ("remove([1], 2)", "index"),
        ("insert before([1], 3, 1)", "index"),
        ('sort([1, "a"])', "kinds"),
        ("list replace([1], 0, 1)", "index"),
        ("list replace([1], function(a, b) 1, 2)", "condition"),
        ("concatenate(null)", "null"),
        ('mode(["a"])', "argument"),
    ],
)
def test_what_does_not_fit_is_null_with_its_cause(
    feel: Callable[..., object], why: Callable[..., str | None], text: str, cause: str
) -> None:
    assert feel(text) is None
    assert why(text) == f"feel.cause.{cause}"
