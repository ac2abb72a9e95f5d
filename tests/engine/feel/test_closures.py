"""What every node means: three-valued logic, comparison, scopes, functions."""

from collections.abc import Callable
from itertools import product

import pytest

TRUTH = {"true": True, "false": False, "null": None}


@pytest.mark.parametrize(("left", "right"), list(product(TRUTH, TRUTH)))
def test_and_or_and_not_follow_the_three_valued_tables(
    feel: Callable[..., object], left: str, right: str
) -> None:
    one, other = TRUTH[left], TRUTH[right]
    both = False if False in (one, other) else None if None in (one, other) else True
    either = True if True in (one, other) else None if None in (one, other) else False
    assert feel(f"{left} and {right}") is both
    assert feel(f"{left} or {right}") is either
    assert feel(f"not({left} and {right}) = (not({left}) or not({right}))") is True
    assert feel(f"{left} and {right} and {left}") is both
    assert feel(f"{left} or {right} or {left}") is either


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 = 1.0", "true"),
        ('1 = "1"', "null"),
        ("null = null", "true"),
        ("null = 1", "false"),
        ("null != null", "false"),
        ("1 != 2", "true"),
        ("1 < null", "null"),
        ('1 < "a"', "null"),
        ('"a" < "b"', "true"),
        ("true < false", "null"),
        ("[1, 2] = [1, 2]", "true"),
        ("[1, null] = [1, 2]", "false"),
        ("{a: 1} = {a: 1.0}", "true"),
        ('@"P1M" = @"P30D"', "null"),
        ('@"10:00:00" = @"10:00:00Z"', "false"),
        ('@"10:00:00" < @"10:00:00Z"', "null"),
        ('@"10:00:00+08:00" = @"02:00:00Z"', "true"),
        ("1 between 0 and 2", "true"),
        ("1 between 2 and null", "false"),
        ("1 between 0 and null", "null"),
        ('1 and "a"', "null"),
        ("false and 5", "false"),
        ("if null then 1 else 2", "2"),
        ('if "a" then 1 else 2', "2"),
        ("if false then 1 else if true then 2 else 3", "2"),
        ("1 in [1, 2]", "true"),
        ("1 in (2, 1)", "true"),
        ("1 in (< 5)", "true"),
        ("1 in < 5", "true"),
        ("5 in (< 5, > 7)", "false"),
        ("5 in (1..5)", "false"),
        ("5 in [1..5]", "true"),
        ("5 in [[1..5], [7..9]]", "true"),
        ("null in (null, 1)", "true"),
        ("5 in (null..10]", "null"),
        ("5 in (!= 5)", "false"),
        ("5 in (= 5)", "true"),
        ("[1] in [[1], [2]]", "true"),
        ('{a: 1, b: a + 1, "c d": b + 1}', "{a: 1, b: 2, c d: 3}"),
        ("{a: 1, a: 2}", "null"),
        ("{a: 1, b: {a: 2, c: a}}.b.c", "2"),
        ("[1..3]", "[1..3]"),
        ("[1..null]", "null"),
        ('[1.."a"]', "null"),
        ("(function(x, y) x + y)(1, 2)", "3"),
        ("(function(x, y) x - y)(y: 1, x: 3)", "2"),
        ("(function(x: number) x)([1])", "1"),
        ('(function(x: number) x)("a")', "null"),
        ("(function(x: tNone) x)(1)", "1"),
        ("{f: function(n) if n = 0 then 1 else n * f(n - 1), v: f(10)}.v", "3628800"),
        ("{x: 1, f: function(y) x + y, v: for x in [5] return f(x)}.v", "[6]"),
        ("(function(f) f([1, 2]))(count)", "2"),
        ("(function() 7)()", "7"),
        ("unknown", "null"),
        ("unknown(1)", "null"),
        ("for x in [1] return unknown", "[null]"),
        ("[{unknown: 1}][unknown = 1]", "[{unknown: 1}]"),
        ("1 + 2 - null", "null"),
        ('@"2026-02-30"', "null"),
        ("-(-1)", "1"),
        ("- - 1", "1"),
    ],
)
def test_the_meaning_of_expressions(written: Callable[..., str], text: str, expected: str) -> None:
    assert written(text) == expected


def test_facts_are_found_by_their_declared_names(written: Callable[..., str]) -> None:
    facts = {
        "申请 金额": 120,
        "授权 范围 and 办件": "市级",
        "金额（元）": 5,
        "a-b": 3,
        "a": 9,
        "b": 1,
    }
    assert written("申请　金额 * 2", **facts) == "240"
    assert written('授权 范围 and 办件 = "市级" and 申请 金额 > 100', **facts) == "true"
    assert written("金额（元） + a-b", **facts) == "8"
    assert written("a - b", **facts) == "8"


def test_a_name_is_declared_in_any_form_of_its_white_space(written: Callable[..., str]) -> None:
    assert written("申请 类型 + 1", **{"申请　　类型": 1}) == "2"


def test_a_declared_name_wins_over_a_built_in_one(written: Callable[..., str]) -> None:
    assert written("count + 1", count=2) == "3"
    assert written("date and time > 1", **{"date and time": 2}) == "true"


def test_a_fact_that_is_missing_is_null(feel: Callable[..., object]) -> None:
    assert feel("a = null", a=None) is True


def test_names_that_are_not_declared_are_not_looked_up(why: Callable[..., str | None]) -> None:
    assert why("secret") == "feel.cause.name"


def test_an_external_function_is_none(why: Callable[..., str | None]) -> None:
    call = '(function(x) external {java: {class: "java.lang.Math"}})(1)'
    assert why(call) == "feel.cause.external"
