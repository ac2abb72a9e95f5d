"""What stands behind a dot."""

from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('@"2026-11-22".year', "2026"),
        ('@"2026-11-22".month', "11"),
        ('@"2026-11-22".day', "22"),
        ('@"2026-11-22".weekday', "7"),
        ('@"2026-11-22".hour', "0"),
        ('@"2026-11-22".time offset', "PT0S"),
        ('@"09:30:15.5".second', "15.5"),
        ('@"09:30:15".hour', "9"),
        ('@"09:30:15".minute', "30"),
        ('@"09:30:15+08:00".time offset', "PT8H"),
        ('@"09:30:15".time offset', "null"),
        ('@"09:30:15@Asia/Shanghai".timezone', '"Asia/Shanghai"'),
        ('@"09:30:15Z".timezone', "null"),
        ('@"2026-11-22T09:30:15@Asia/Shanghai".time offset', "PT8H"),
        ('@"2026-07-01T00:00:00@Europe/Berlin".time offset', "PT2H"),
        ('@"2026-11-22T09:30:15".weekday', "7"),
        ('@"2026-11-22T09:30:15".minute', "30"),
        ('@"P1DT2H3M4.5S".days', "1"),
        ('@"P1DT2H3M4.5S".hours', "2"),
        ('@"P1DT2H3M4.5S".minutes', "3"),
        ('@"P1DT2H3M4.5S".seconds', "4.5"),
        ('@"-P1DT2H".days', "-1"),
        ('@"-P1DT2H".hours', "-2"),
        ('@"P1Y2M".years', "1"),
        ('@"-P1Y2M".months', "-2"),
        ("[1..5).start", "1"),
        ("[1..5).end included", "false"),
        ("(1..5).start included", "false"),
        ("(> 5).end", "null"),
        ("(= 5).end included", "true"),
        ("{a: {b: 1}}.a.b", "1"),
        ("[{a: 1}, {b: 2}, 3].a", "[1, null, null]"),
        ("[].a", "[]"),
        ('{"申请 类型": 1}.申请 类型', "1"),
        ("{a-b: 1}.a-b", "1"),
    ],
)
def test_entries_and_properties(written: Callable[..., str], text: str, expected: str) -> None:
    assert written(text) == expected


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("{a: 1}.b", "feel.cause.entry"),
        ("null.a", "feel.cause.null"),
        ("(1).a", "feel.cause.entry"),
        ('"a".length', "feel.cause.entry"),
        ('@"P1D".years', "feel.cause.entry"),
        ('@"2026-11-22".__class__', "feel.cause.entry"),
    ],
)
def test_what_is_not_there_is_null(
    feel: Callable[..., object], why: Callable[..., str | None], text: str, cause: str
) -> None:
    assert feel(text) is None
    assert why(text) == cause
