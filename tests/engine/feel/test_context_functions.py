"""The built-in functions on contexts."""

from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('get value({a: 1}, "a")', "1"),
        ('get value({a: {b: 2}}, ["a", "b"])', "2"),
        ("get entries({a: 1})", '[{key: "a", value: 1}]'),
        ("get entries({})", "[]"),
        ('context([{key: "名称", value: 1}])', "{名称: 1}"),
        ('context({key: "a", value: null})', "{a: null}"),
        ('context put({a: 1}, "b", 2)', "{a: 1, b: 2}"),
        ('context put({a: 1}, "a", 2)', "{a: 2}"),
        ('context put({a: {b: 1}}, ["a", "c"], 2)', "{a: {b: 1, c: 2}}"),
        ("context merge([{a: 1}, {a: 2, b: 3}])", "{a: 2, b: 3}"),
        ("context merge([])", "{}"),
    ],
)
def test_contexts_are_read_and_made_anew(
    written: Callable[..., str], text: str, expected: str
) -> None:
    assert written(text) == expected


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ('get value({a: 1}, "b")', "entry"),
        ("get value({a: 1}, [])", "entry"),
        ('get value({a: 1}, ["a", "b"])', "entry"),
        ('get value(1, "a")', "argument"),
        ('context([{key: "a", value: 1}, {key: "a", value: 2}])', "key_twice"),
        ("context([{key: 1, value: 1}])", "argument"),
        ('context([{key: "a"}])', "argument"),
        ('context put({a: 1}, ["a", "b"], 2)', "entry"),
        ("context put({}, [], 2)", "entry"),
        ('context put(null, "a", 1)', "null"),
        ("context merge([1])", "argument"),
    ],
)
def test_what_does_not_fit_is_null_with_its_cause(
    feel: Callable[..., object], why: Callable[..., str | None], text: str, cause: str
) -> None:
    assert feel(text) is None
    assert why(text) == f"feel.cause.{cause}"
