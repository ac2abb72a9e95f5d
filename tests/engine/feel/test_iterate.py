"""Iterations, quantifiers and filters."""

from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("for i in [1, 2] return i * 2", "[2, 4]"),
        ("for i in 1..3 return i", "[1, 2, 3]"),
        ("for i in 3..1 return i", "[3, 2, 1]"),
        ("for i in 2..2 return i", "[2]"),
        ("for i in (1..4) return i", "[2, 3]"),
        ("for i in [1..3] return i", "[1, 2, 3]"),
        ("for i in 5 return i", "[5]"),
        ("for i in [] return i", "[]"),
        ("for i in 1..2, j in [10, 20] return i + j", "[11, 21, 12, 22]"),
        ("for i in [[1, 2], [3]], j in i return j", "[1, 2, 3]"),
        ("for i in 1..2, j in 1..i return j", "[1, 1, 2]"),
        ('for d in @"2026-02-27"..@"2026-03-01" return d.day', "[27, 28, 1]"),
        ("for i in 0..4 return if i = 0 then 1 else i * partial[-1]", "[1, 1, 2, 6, 24]"),
        ("for i in 1..3 return count(partial)", "[0, 1, 2]"),
        ("(for f in (for i in 1..3 return function(x) x + i) return f(10))", "[11, 12, 13]"),
        ("some x in [1, 2] satisfies x > 1", "true"),
        ("some x in [] satisfies true", "false"),
        ("some x in [1, null] satisfies x > 1", "null"),
        ("some x in [2, null] satisfies x > 1", "true"),
        ("every x in [] satisfies false", "true"),
        ("every x in [1, null] satisfies x > 1", "false"),
        ("every x in [2, null] satisfies x > 1", "null"),
        ("every x in [1, 2], y in [3, 4] satisfies x < y", "true"),
        ("[1, 2, 3][item >= 2]", "[2, 3]"),
        ("[1, 2, 3][2]", "2"),
        ("[1, 2, 3][-1]", "3"),
        ("[1, 2, 3][0]", "null"),
        ("[1, 2, 3][4]", "null"),
        ("[1, 2, 3][-4]", "null"),
        ("[{a: 1}, {a: 2}][a = 2]", "[{a: 2}]"),
        ("[{a: 1}, {a: 2}][item.a = 2].a", "[2]"),
        ("[{item: 1}, {item: 2}][item = 2]", "[{item: 2}]"),
        ("[1, null, 3][item > 1]", "[3]"),
        ("[1, 2][null]", "[]"),
        ("null[1]", "null"),
        ("null[item = 1]", "[]"),
        ("5[1]", "5"),
        ("5[item > 1]", "[5]"),
        ("[][1]", "null"),
        ("[][item > 1]", "[]"),
        ("[{x: 1}][x = 1][1].x", "1"),
        ("[1, 2, 3][count([1, 1])]", "2"),
        ("[true, false][item]", "[true]"),
        ("{x: 2, l: [{x: 1}, {y: 2}][x = 2]}.l", "[{y: 2}]"),
        ("[[1, 2], [3]][count(item) = 1]", "[[3]]"),
        ("for x in [{a: [1, 2]}] return x.a[item > 1]", "[[2]]"),
    ],
)
def test_the_results(written: Callable[..., str], text: str, expected: str) -> None:
    assert written(text) == expected


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("for i in null return i", "feel.cause.null"),
        ("for i in 1..null return i", "feel.cause.range"),
        ('for i in "a".."c" return i', "feel.cause.range"),
        ("for i in 1..2.5 return i", "feel.cause.range"),
        ("for i in (> 5) return i", "feel.cause.range"),
        ("some i in null satisfies i", "feel.cause.null"),
        ('[1, 2]["a"]', "feel.cause.condition"),
        ("[1][10 ** 40]", "feel.cause.overflow"),
        ("[1, 2][5]", "feel.cause.index"),
    ],
)
def test_what_cannot_be_run_through_is_null(
    feel: Callable[..., object], why: Callable[..., str | None], text: str, cause: str
) -> None:
    assert feel(text) is None
    assert why(text) == cause


def test_results_so_far_are_copies(feel: Callable[..., object]) -> None:
    assert feel("for i in 1..3 return partial") == [[], [[]], [[], [[]]]]


def test_many_turns_with_results_so_far_take_no_squared_time(
    feel: Callable[..., object],
) -> None:
    found = feel("for i in 1..3000 return if i = 1 then 1 else partial[-1] + 1")
    assert isinstance(found, list)
    assert found[-1] == 3000
