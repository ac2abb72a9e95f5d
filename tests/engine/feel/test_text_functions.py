"""The built-in functions on texts."""

from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('substring("政务大厅", 2)', '"务大厅"'),
        ('substring("政务大厅", 2, 2)', '"务大"'),
        ('substring("政务大厅", -2)', '"大厅"'),
        ('substring("abc", 1, 99)', '"abc"'),
        ('substring("abc", 2, null)', '"bc"'),
        ('string length("😀")', "1"),
        ('string length("")', "0"),
        ('upper case("aß")', '"ASS"'),
        ('lower case("ÄB")', '"äb"'),
        ('substring before("沪A-123", "-")', '"沪A"'),
        ('substring before("abc", "x")', '""'),
        ('substring before("abc", "")', '""'),
        ('substring after("沪A-123", "-")', '"123"'),
        ('substring after("abc", "x")', '""'),
        ('substring after("abc", "")', '"abc"'),
        ('contains("即办件", "办")', "true"),
        ('starts with("即办件", "即")', "true"),
        ('ends with("即办件", "即")', "false"),
        ('matches("430400", "^[0-9]{6}$")', "true"),
        ('matches("ABC", "abc", "i")', "true"),
        ('matches("a\\nb", "a.b")', "false"),
        ('matches("a\\nb", "a.b", "s")', "true"),
        ('replace("2026-11-22", "-", "/")', '"2026/11/22"'),
        ('replace("张三", "(张)(.)", "$2$1")', '"三张"'),
        ('replace("a.b", ".", "-", "q")', '"a-b"'),
        ('replace("abc", "b", "\\\\$")', '"a$c"'),
        ('replace("abcd", "(b)(c)?", "[$2]")', '"a[c]d"'),
        ('split("甲;乙;;", ";")', '["甲", "乙", "", ""]'),
        ('split("a1b22c", "[0-9]+")', '["a", "b", "c"]'),
        ('string join(["a", null, "b"], "、")', '"a、b"'),
        ('string join(["a"], ",", "<", ">")', '"<a>"'),
        ('string join([], ",")', '""'),
        ('string join(list: ["a", "b"], delimiter: "-")', '"a-b"'),
        ('string join("a")', '"a"'),
    ],
)
def test_texts_are_counted_in_characters_and_searched_exactly(
    written: Callable[..., str], text: str, expected: str
) -> None:
    assert written(text) == expected


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ('substring("abc", 0)', "index"),
        ('substring("abc", 4)', "index"),
        ('substring("abc", 1, 0)', "index"),
        ("substring(1, 1)", "argument"),
        ('substring("abc")', "arguments"),
        ('substring("abc", 1, 1, 1)', "arguments"),
        ("string length(null)", "null"),
        ('string length(text: "a")', "arguments"),
        ('contains("a", 1)', "argument"),
        ('matches("a", "(")', "pattern"),
        ('matches("a", "(a+)+")', "pattern_unsafe"),
        ('matches("a", "a", "k")', "pattern"),
        ('replace("abc", "x*", "y")', "pattern"),
        ('replace("abc", "b", "$x")', "pattern"),
        ('split("abc", "")', "pattern"),
        ('string join(["a", 1])', "argument"),
    ],
)
def test_what_does_not_fit_is_null_with_its_cause(
    feel: Callable[..., object], why: Callable[..., str | None], text: str, cause: str
) -> None:
    assert feel(text) is None
    assert why(text) == f"feel.cause.{cause}"


def test_the_first_use_of_a_pattern_costs_more_than_the_next(feel: Callable[..., object]) -> None:
    once = 'for i in 1..100 return matches("a", "[a-z]")'
    assert feel(once) == [True] * 100
